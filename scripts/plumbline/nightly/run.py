"""One night, from the lock to the published version, with its journal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from plumbline.config.apply import require_custom_models
from plumbline.config.dbt_files import differing_variables
from plumbline.nightly import journal as events
from plumbline.nightly.builder import Builder, BuildPlan, build_with_dbt, require_success
from plumbline.nightly.clock import stamp, utc_now
from plumbline.nightly.export import OnStep, read_descriptions
from plumbline.nightly.findings import Findings, read_findings
from plumbline.nightly.git import read_commit
from plumbline.nightly.journal import Journal
from plumbline.nightly.lock import RunLock
from plumbline.nightly.manifest import Manifest, changes, read_manifest
from plumbline.nightly.metric_results import hand_over, record_published
from plumbline.nightly.operations import OPS_DESCRIPTIONS, WriteOperations, write_operations
from plumbline.nightly.pages import definition_pages
from plumbline.nightly.progress import Progress, Silent
from plumbline.nightly.publish import Candidate, Published, Verifier, publish, reason_of
from plumbline.nightly.raw import MakeSample, RawData, find_raw, make_sample_company
from plumbline.nightly.run_ids import new_run_id
from plumbline.nightly.signals import Interrupts, Stopped
from plumbline.nightly.verify import verify_in_fresh_process
from plumbline.nightly.versions import Versions
from plumbline.project.dbt_runner import DbtOutcome
from plumbline.project.durable import write_json, write_text
from plumbline.project.errors import InterruptedRunError, PlumblineError, PublishError, exit_code_of
from plumbline.project.exit_codes import ExitCode
from plumbline.project.paths import DATABASE_NAME, TargetPaths
from plumbline.project.redact import redacted
from plumbline.project.settings import ATTACHED_RAW, Settings, Target
from plumbline.quality.gate.accepted import read_accepted
from plumbline.quality.gate.evaluation import Evaluate, GreatExpectations
from plumbline.quality.gate.gate import Case, Verdict, judge, require_no_finding
from plumbline.quality.gate.history import History, read_runs, record
from plumbline.quality.gate.page import PAGE, render_page
from plumbline.quality.gate.suites import Suite, load_suites
from plumbline.quality.landed import RawSnapshot
from plumbline.quality.preflight import Preflight, check_raw
from plumbline.quality.raw import declared_tables

_NAMED = 5


def _nothing(step: str) -> None:
    """The step hook of real nights."""


@dataclass
class Night:
    """Everything a night is made of. Tests put their own parts in."""

    root: Path
    settings: Settings
    target: Target
    progress: Progress = field(default_factory=Silent)
    build: Builder = build_with_dbt
    make_sample: MakeSample = make_sample_company
    verify: Verifier = verify_in_fresh_process
    evaluator: Callable[[], AbstractContextManager[Evaluate]] = GreatExpectations
    operations: WriteOperations = write_operations
    now: Callable[[], datetime] = utc_now
    on_step: OnStep = _nothing


@dataclass(frozen=True)
class Report:
    """What a night did, for the summary."""

    run_id: str
    paths: TargetPaths
    raw: RawData
    preflight: Preflight
    outcome: DbtOutcome
    findings: Findings
    verdict: Verdict
    dispute: str | None
    published: Published
    changes: list[str]
    replaced: str | None
    removed: list[str]
    notes: list[str]
    seconds: float


def run_night(night: Night) -> Report:
    """Build, test and publish; raise a PlumblineError that says why not."""
    paths = TargetPaths.of(night.root, night.settings, night.target)
    journal, versions = Journal(paths.journal), Versions(paths.published)
    with Interrupts() as interrupts:
        try:
            with RunLock(paths.lock, f"nightly {night.target}") as lock:
                night.on_step("locked")
                notes = _recover(paths, journal, versions)
                night.on_step("recovered")
                run_id = new_run_id(utc_now(), [*journal.run_ids(), *versions.all()])
                return _journalled(_Run(night, paths, journal, versions, interrupts, lock, run_id, notes))
        except Stopped as stopped:
            raise _interrupted(stopped) from None


@dataclass
class _Run:
    night: Night
    paths: TargetPaths
    journal: Journal
    versions: Versions
    interrupts: Interrupts
    lock: RunLock
    run_id: str
    notes: list[str]
    is_recorded: bool = False


def _journalled(run: _Run) -> Report:
    """Run the night and see to it that the journal says how it ended."""
    try:
        run.journal.append(events.STARTED, run.run_id, target=run.night.target)
        run.night.on_step("started")
        return _night(run)
    except Stopped as stopped:
        with run.interrupts.shielded():
            _record_end(run, events.INTERRUPTED, 128 + stopped.signal_number, stopped.args[0])
        raise
    except PlumblineError as error:
        with run.interrupts.shielded():
            _record_end(run, events.FAILED, exit_code_of(error), error.what)
        raise
    except (OSError, duckdb.Error) as error:
        wrapped = PublishError(
            f"the night could not read or write: {reason_of(error)}",
            "What is published stays. Check free space and rights of the project's folders, then run again.",
        )
        with run.interrupts.shielded():
            _record_end(run, events.FAILED, exit_code_of(wrapped), wrapped.what)
        raise wrapped from error
    except Exception as error:
        with run.interrupts.shielded():
            _record_end(run, events.FAILED, int(ExitCode.UNEXPECTED), f"{type(error).__name__}: {error}")
        raise


def _record_end(run: _Run, event: str, exit_code: int, reason: str) -> None:
    if run.is_recorded:
        return
    try:
        run.journal.append(event, run.run_id, exit_code=exit_code, reason=redacted(reason))
    except OSError as error:
        run.night.progress.note(f"The journal could not be written: {error}")


def _interrupted(stopped: Stopped) -> InterruptedRunError:
    name = stopped.args[0]
    return InterruptedRunError(
        stopped.signal_number,
        f"stopped by {name}",
        "The published version is whole. Start again when you like.",
    )


def _night(run: _Run) -> Report:
    night, paths, progress, step = run.night, run.paths, run.night.progress, run.night.on_step
    began = utc_now()
    progress.stage(f"run {run.run_id}, target {night.target}")
    require_custom_models(night.root, night.settings)
    raw = find_raw(night.root, night.settings, progress, night.make_sample)
    step("raw data found")

    # Before the build: a misspelt setting of a suite should not cost a build.
    suites = load_suites(night.root / night.settings.quality.suites)

    progress.stage("check the raw tables")
    preflight = check_raw(night.root, raw.path, declared_tables(night.root), night.settings.models)
    if differing := differing_variables(night.root, night.settings):
        run.notes.append(_other_settings(differing))
    for system in preflight.not_connected:
        progress.note(f"{system} is not connected")
    step("preflight")

    with night.evaluator() if suites else nullcontext(_no_answers) as evaluate, ThreadPoolExecutor(1) as beside:
        built = _build(run, raw)
        # Great Expectations judges in a process of its own: time enough to write the pages.
        writing = beside.submit(definition_pages, night.root, paths.work_file, built.findings.as_of_date)
        judged = _judge(run, suites, evaluate, raw, built)
        words = writing.result()

    replaced, verdict = run.versions.current(), judged.verdict
    night.operations(paths.work_file, run.run_id, built.outcome.nodes, run.journal.entries(), read_runs(paths.checks))

    progress.stage("publish")
    before = _manifest_or_none(run.versions, replaced)
    candidate = Candidate(
        run_id=run.run_id,
        target=night.target,
        work_file=paths.work_file,
        spill=paths.work_file.parent / "spill",
        as_of_date=built.findings.as_of_date,
        commit=read_commit(night.root),
        started_at=stamp(began),
        descriptions=read_descriptions(built.target_path / "manifest.json").with_all(OPS_DESCRIPTIONS),
        pages={PAGE: judged.page, **words.pages},
    )
    recorder = _recorder(run, built.outcome, verdict, replaced)
    published = publish(candidate, run.versions, run.interrupts, step, recorder, night.verify)
    _keep_snapshot(run, preflight)
    run.interrupts.check()
    removed = _tidy(run)
    step("tidied")
    return Report(
        run_id=run.run_id,
        paths=paths,
        raw=raw,
        preflight=preflight,
        outcome=built.outcome,
        findings=built.findings,
        verdict=verdict,
        dispute=words.dispute,
        published=published,
        changes=[] if before is None else changes(before, published.manifest),
        replaced=replaced,
        removed=removed,
        notes=[*run.notes, *([published.notice] if published.notice else [])],
        seconds=(utc_now() - began).total_seconds(),
    )


@dataclass(frozen=True)
class _Built:
    """A work file in which every test holds."""

    outcome: DbtOutcome
    findings: Findings
    target_path: Path


def _build(run: _Run, raw: RawData) -> _Built:
    night, paths = run.night, run.paths
    night.progress.stage("build and test")
    _fresh_work_file(paths)
    hand_over(paths.metric_results, run.journal.lineage(), paths.work_file, night.settings.models.state_schema)
    plan = BuildPlan(
        night.root,
        night.target,
        raw.path,
        paths.work_file,
        paths.runs / run.run_id,
        paths.parse_cache,
        run.lock.descriptor,
        _variables(night),
        run.run_id,
    )
    outcome = night.build(plan, night.progress)
    night.on_step("built")
    require_success(outcome, night.root, paths.work_file)
    findings = read_findings(paths.work_file)
    night.on_step("tested")
    return _Built(outcome, findings, plan.target_path)


@dataclass(frozen=True)
class _Judged:
    verdict: Verdict
    page: str


def _judge(run: _Run, suites: list[Suite], evaluate: Evaluate, raw: RawData, built: _Built) -> _Judged:
    """Judge the candidate; what was seen is recorded and shown on a page whether or not it may be published."""
    paths, night = run.paths, run.night
    night.progress.stage("judge the candidate")
    now, current = night.now(), run.versions.current()
    verdict = judge(
        suites,
        Case(
            paths.work_file,
            spill=paths.work_file.parent / "spill",
            published=None if current is None else run.versions.path(current) / DATABASE_NAME,
            history=History(read_runs(paths.checks), run.journal.lineage(), night.settings.quality.history),
            moment=now,
            # The sample company lives in days of its own: its load times say nothing about a loader.
            follows_clock=raw.is_configured,
            accepted=read_accepted(paths.accepted, now.date()),
            configured=night.settings.models.configured_instances,
        ),
        evaluate,
    )
    if verdict.results:
        record(paths.checks, run.run_id, stamp(now), verdict.results)
    page = render_page(verdict, run.run_id, built.findings.as_of_date)
    built.target_path.mkdir(parents=True, exist_ok=True)
    write_text(built.target_path / PAGE, page)
    night.on_step("judged")
    require_no_finding(verdict, str((built.target_path / PAGE).relative_to(night.root)))
    return _Judged(verdict, page)


def _variables(night: Night) -> dict[str, Any]:
    """What dbt gets as variables: raw schemas of the target database are attached, since the work file has none."""
    variables = night.settings.dbt_variables()
    return {**variables, "raw_database": ATTACHED_RAW} if night.settings.reads_target_database else variables


def _other_settings(names: list[str]) -> str:
    listed = f"{', '.join(names[:_NAMED])}{' …' if len(names) > _NAMED else ''}"
    return f"Plain dbt would see other settings than plumbline.yml has ({listed}): run `plumbline config apply`."


def _no_answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    """A project without suites asks nothing."""
    return []


def _recorder(run: _Run, outcome: DbtOutcome, verdict: Verdict, replaced: str | None) -> Callable[[Manifest], None]:
    """What writes the journal as soon as readers have the new version."""

    def record(manifest: Manifest) -> None:
        run.is_recorded = True
        try:
            run.journal.append(
                events.PUBLISHED,
                run.run_id,
                exit_code=0,
                as_of_date=manifest.as_of_date,
                replaced=replaced,
                tables=len(manifest.marts),
                rows=manifest.row_count,
                tests_passed=sum(1 for node in outcome.nodes if node.is_test and node.status == "pass"),
                tests_warned=len(outcome.warned_tests),
                checks_passed=verdict.counts["passed"],
                checks_shown=len(verdict.shown),
            )
        except OSError as error:
            # The version is current; the next run finds that out and completes the journal.
            run.notes.append(f"The journal could not be written ({error.strerror}); the next run completes it.")
            return
        run.night.on_step("in the journal")
        run.notes.extend(_record_results(run.paths, run.journal, run.versions))

    return record


def _record_results(paths: TargetPaths, journal: Journal, versions: Versions) -> list[str]:
    """Write down what was published of every metric. A failure here does not undo what is published."""
    try:
        record_published(paths.metric_results, journal.lineage(), versions)
    except (OSError, duckdb.Error) as error:
        return [f"What was published could not be written to state/ ({reason_of(error)}); the next run completes it."]
    return []


def _keep_snapshot(run: _Run, preflight: Preflight) -> None:
    """Write down what the raw data looked like. A failure here does not undo what is published."""
    snapshot = RawSnapshot(run_id=run.run_id, schemas=preflight.landed)
    try:
        write_json(run.paths.raw_snapshot, snapshot.model_dump(mode="json"))
    except OSError as error:
        run.notes.append(
            f"The raw tables' shape could not be kept ({error.strerror}): "
            "`plumbline doctor` compares with the night before."
        )


def _tidy(run: _Run) -> list[str]:
    """Delete old versions and run folders. A failure here does not undo what is published."""
    try:
        removed = run.versions.prune(run.night.settings.publish.keep)
        run_folders = sorted(run.paths.runs.iterdir()) if run.paths.runs.is_dir() else []
        for folder in run_folders[: -run.night.settings.publish.keep]:
            shutil.rmtree(folder)
    except OSError as error:
        run.notes.append(f"Old versions could not all be removed ({error.strerror}); the next run tries again.")
        return []
    return removed


def _fresh_work_file(paths: TargetPaths) -> None:
    """Start from nothing: a work file that a killed run left may be damaged."""
    folder = paths.work_file.parent
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.iterdir():
        if leftover == paths.parse_cache:
            continue
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _manifest_or_none(versions: Versions, version: str | None) -> Manifest | None:
    if version is None:
        return None
    try:
        return read_manifest(versions.path(version))
    except PublishError:
        return None


def _recover(paths: TargetPaths, journal: Journal, versions: Versions) -> list[str]:
    """Clear up after killed runs: say in the journal how they ended, and delete what they left."""
    notes: list[str] = []
    current = versions.current()
    for start in journal.unfinished():
        if start.run_id == current:
            journal.append(events.PUBLISHED, start.run_id, completed_by="the next run")
            notes.append(f"Run {start.run_id} was killed just after it published; its version is whole.")
            continue
        if versions.path(start.run_id).exists():
            versions.remove(start.run_id)
        journal.append(events.KILLED, start.run_id, reason="the process ended without a word")
        notes.append(f"Run {start.run_id} had been killed; what it left was removed.")
    if paths.published.is_dir():
        versions.sweep()
    return [*notes, *_record_results(paths, journal, versions)]
