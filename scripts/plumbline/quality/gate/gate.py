"""Judge a candidate: evaluate all suites, compare with what was accepted, say what blocks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from plumbline.project.errors import ChecksBrokenError, ChecksFailedError
from plumbline.quality.gate.accepted import Accepted
from plumbline.quality.gate.catalogue import CANDIDATE, PUBLISHED, Instance, read_catalogue
from plumbline.quality.gate.evaluation import Evaluate
from plumbline.quality.gate.history import History
from plumbline.quality.gate.plan import Item, Planner
from plumbline.quality.gate.results import NO_HISTORY, CheckResult
from plumbline.quality.gate.suites import Suite

_SHOWN = 10
_CAUSES = ("instances", "raw_volume", "lag", "freshness")


@dataclass(frozen=True)
class Verdict:
    """What the gate found."""

    results: list[CheckResult] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)

    @property
    def blocking(self) -> list[CheckResult]:
        """What keeps the candidate from being published, causes before what follows from them."""
        found = [result for result in self.results if result.blocks]
        return sorted(found, key=lambda result: _CAUSES.index(result.kind) if result.kind in _CAUSES else len(_CAUSES))

    @property
    def shown(self) -> list[CheckResult]:
        """What does not hold and does not block: warnings, and what was accepted."""
        return [result for result in self.results if result.status != "passed" and not result.blocks]

    @property
    def counts(self) -> Counter[str]:
        """How many results there are by status."""
        return Counter(result.status for result in self.results)

    @property
    def without_history(self) -> int:
        """How many passed because nothing was there to compare with."""
        return sum(1 for result in self.results if result.note == NO_HISTORY)

    @property
    def in_words(self) -> str:
        """How many hold, and what became of the others, for a person."""
        total, held, blocking = len(self.results), self.counts["passed"], self.blocking
        accepted = sum(1 for result in self.shown if result.is_accepted)
        warnings = len(self.shown) - accepted
        parts = [f"all {total} hold: nothing looks out of line" if held == total else f"{held} of {total} hold"]
        if blocking:
            broken = sum(1 for result in blocking if result.status == "broken")
            also = f" ({broken} of them could not run)" if broken else ""
            parts.append(f"{_counted(len(blocking), 'finding')}{also} stopped the publish")
        if self.shown:
            kinds = ((warnings, "warning"), (accepted, "accepted finding"))
            named = " and ".join(_counted(count, noun) for count, noun in kinds if count)
            parts.append(f"{named} did not stop the publish")
        if self.without_history:
            parts.append(f"{self.without_history} have no earlier version to compare with yet")
        return "; ".join(parts)


@dataclass(frozen=True)
class Case:
    """A candidate, and what it is held against."""

    database: Path
    spill: Path
    published: Path | None
    history: History
    moment: datetime
    """When the run judges."""
    follows_clock: bool = True
    """Whether load times are compared with the clock: those of the sample company are of days of its own."""
    accepted: list[Accepted] = field(default_factory=list)
    configured: frozenset[Instance] = frozenset()
    """The instances that the settings name."""


def judge(suites: list[Suite], case: Case, evaluate: Evaluate) -> Verdict:
    """Evaluate all suites on a candidate; it and what is published are only read."""
    accepted = case.accepted
    if not suites:
        return Verdict([], accepted)
    catalogue = read_catalogue(case.database, case.published)
    plan = Planner(catalogue, case.history, case.moment if case.follows_clock else None, case.configured).plan(suites)
    attach = {CANDIDATE: str(case.database)} | ({} if case.published is None else {PUBLISHED: str(case.published)})
    request = {"attach": attach, "spill": str(case.spill), "items": [item.as_request() for item in plan.items]}
    answers = {answer["check"]: answer for answer in (evaluate(request) if plan.items else [])}
    through = {entry.check: entry for entry in accepted}
    results = [*plan.settled, *(_answered(item, answers.get(item.result.check)) for item in plan.items)]
    return Verdict(
        [
            _let_through(result, through.get(result.check), case)
            for result in sorted(results, key=lambda result: (result.suite, result.check))
        ],
        accepted,
    )


def _let_through(result: CheckResult, entry: Accepted | None, case: Case) -> CheckResult:
    if result.status != "failed" or entry is None:
        return result
    if entry.covers(result, case.moment):
        return replace(result, is_accepted=True)
    worse = f"worse than what was {entry.extent} until {entry.until}"
    return replace(result, note=f"{result.note}; {worse}" if result.note else worse)


def _answered(item: Item, answer: dict[str, Any] | None) -> CheckResult:
    result = item.result
    if answer is None:
        return replace(result, status="broken", note="Great Expectations gave no answer")
    if answer["error"] is not None:
        return replace(result, status="broken", note=answer["error"])
    seen = answer["seen"]
    if seen is None:
        # A mean of no rows: fine where there never were any.
        is_new = result.usual is None
        return replace(result, status="passed" if is_new else "failed", note="nothing to measure")
    if item.is_complement:
        seen = 1 - seen
    note = ", ".join(text for text in (result.note, answer["detail"]) if text) or None
    return replace(result, status="passed" if answer["success"] else "failed", seen=seen, note=note)


def require_no_finding(verdict: Verdict, page: str) -> None:
    """Raise ChecksFailedError or ChecksBrokenError unless the candidate may be published."""
    blocking = verdict.blocking
    if not blocking:
        return
    failed = [result for result in blocking if result.status == "failed"]
    broken = [result for result in blocking if result.status == "broken"]
    parts = [_paragraph(failed, "does not hold", "do not hold"), _paragraph(broken, "is broken", "are broken")]
    what = "\n".join(part for part in parts if part)
    mendings = dict.fromkeys(f"{_name(result)}: {result.mending}" for result in blocking[:_SHOWN] if result.mending)
    mending = "\n".join([f"Nothing was published. All results: {page}", *mendings])
    if failed:
        name = failed[0].check
        hint = f"To let a finding through: plumbline accept {name} --reason '…' --until YYYY-MM-DD"
        raise ChecksFailedError(what, f"{mending}\n{hint}")
    raise ChecksBrokenError(what, mending)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _paragraph(results: list[CheckResult], one: str, many: str) -> str:
    if not results:
        return ""
    heading = f"1 check {one}:" if len(results) == 1 else f"{len(results)} checks {many}:"
    more = [f"- and {len(results) - _SHOWN} more"] if len(results) > _SHOWN else []
    return "\n".join([heading, *(f"- {result.sentence}" for result in results[:_SHOWN]), *more])


def _name(result: CheckResult) -> str:
    return result.check.split(".", 1)[0]
