"""The packet: one page by which people who do not use git read, and sign, what a version of a word means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from plumbline.definitions.importing import import_variant, load_variants
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.prover import Verdict
from plumbline.definitions.proving.meanings import differing, relation, said, versions_of
from plumbline.definitions.proving.variants import CriterionStanding, Proof, Provers, prove_versions
from plumbline.definitions.reporting import words
from plumbline.definitions.reporting.measured import SHARED, Headline, Parting, headline, measured
from plumbline.definitions.reporting.pages import Format, criteria_of, parting_sentences
from plumbline.definitions.reporting.plain_words import (
    condition_words,
    number_words,
    promise_words,
    row_words,
)
from plumbline.definitions.reporting.templating import template
from plumbline.definitions.schemas import AnyVersion, Criterion, MeasureVersion, SignOff, Version
from plumbline.definitions.semantics import load_semantics
from plumbline.definitions.signing.codes import short_code

Word = Governed | GovernedMeasure
# What a variant says of each criterion of the shared version, and what it asks for besides.
Said = tuple[dict[str, str | None], dict[str, str]]
_ROWS = 2
_SENTENCES = 2
# How a version relates to the one before it: the new one is the first.
_AGAINST_BEFORE = {
    "equivalent": "It means the same records as version {before}.",
    "narrower": "It means fewer records than version {before}: whatever it means, version {before} means, too.",
    "wider": "It means more records than version {before}: whatever version {before} means, it means, too.",
    "overlapping": "It takes some records out that version {before} means, and some in.",
    "disjoint": "No record that version {before} means is meant any more.",
    "different": "It does not say the same as version {before}.",
    "unknown": "How it relates to version {before} is not proved.",
}
# How a team's own version relates to the one to be signed: the team's is the first.
_AGAINST_TEAM = {
    "equivalent": "means the same records.",
    "narrower": "means fewer: every record that it means, this version means, too.",
    "wider": "means more: every record that this version means, it means, too.",
    "overlapping": "means some records that this version does not, and the other way round.",
    "disjoint": "means none of the records that this version means.",
    "different": "does not say the same.",
    "unknown": "could not be compared by proof.",
}


@dataclass(frozen=True)
class Condition:
    """One condition in words, with its reason and with the SQL that is signed."""

    name: str
    told: str
    why: str | None
    sql: str


@dataclass(frozen=True)
class Edit:
    """What became of one condition against the version before: `was` is what it said there, if it was there."""

    kind: Literal["new", "changed", "gone"]
    name: str
    told: str
    was: str | None = None


@dataclass(frozen=True)
class Asked:
    """A team that has to sign: its sign-off, or the line that records it."""

    team: str
    sign_off: SignOff | None
    command: str


@dataclass(frozen=True)
class TeamSays:
    """What a team's own tool says beside the version: proved, and counted where marts are at hand."""

    team: str
    name: str
    verdict: str
    relation: str
    differences: tuple[str, ...]
    rows: tuple[str, ...]
    counted: str | None
    records: tuple[str, ...]
    not_seen: str


@dataclass(frozen=True)
class Packet:
    """All that stands on the page."""

    word: Word
    version: AnyVersion
    before: AnyVersion | None
    code: str
    conditions: tuple[Condition, ...]
    promises: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]
    is_proved: bool
    edits: tuple[Edit, ...]
    change_rows: tuple[str, ...]
    teams: tuple[TeamSays, ...]
    examples: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]
    assumptions: tuple[str, ...]
    counted_on: str

    @property
    def stem(self) -> str:
        """The name of the page's file, without its ending."""
        return f"packet_{self.word.term.term}_{self.version.version}"


@dataclass(frozen=True)
class Counted:
    """What the marts tell about a word: the version and the meaning that they judge by, and where sides part.

    `variants` is what each variant said when they were built, by its name.
    """

    first: Headline
    version: int
    meaning: str | None
    partings: tuple[Parting, ...]
    variants: Mapping[str, Said]


def counted(connection: duckdb.DuckDBPyConnection, word: Word, as_of_date: date) -> Counted:
    """What built marts tell about a word."""
    found = measured(connection).get(word.term.term)
    partings = () if found is None else found.partings
    judging = connection.execute(
        "select version, meaning from dim_definitions where term = $1 and is_in_force", [word.term.term]
    ).fetchone()
    version, judged_by = judging or (word.in_force(as_of_date).version, None)
    variants = {
        variant: ({item["criterion"]: item["said"] for item in json.loads(criteria or "[]")}, json.loads(added or "{}"))
        for variant, criteria, added in connection.execute(
            "select variant, criteria, added_criteria from fct_definition_verdicts where term = $1 and version = $2",
            [word.term.term, version],
        ).fetchall()
    }
    return Counted(headline(connection, as_of_date), version, judged_by, partings, variants)


def make_packet(library: Library, word: Word, version: AnyVersion, known: Counted | None) -> Packet:
    """Everything on the page about one version. Raises DefinitionsError when a variant cannot be imported."""
    before = next((other for other in versions_of(word) if other.version == version.version - 1), None)
    fits = known is not None and known.version == version.version and known.meaning in word.meanings(version)
    with Provers() as provers:
        verdict = None
        if before is not None:
            verdict = relation(provers.of(word.entity), said(word.term, before), said(word.term, version))
    teams, leant = _teams(library, word, version, known if fits else None)
    assumed = [*(verdict.assumptions if verdict else ()), *leant]
    return Packet(
        word,
        version,
        before,
        short_code(word.meaning(version)),
        tuple(_conditions(word, version)),
        tuple(_promises(word, version)),
        () if before is None or verdict is None else tuple(_changes(word, before, version, verdict)),
        verdict is not None and verdict.verdict != "unknown",
        () if before is None else tuple(_edits(word, before, version)),
        () if before is None or verdict is None else tuple(_change_rows(word, before, version, verdict)),
        tuple(teams),
        tuple(_examples(word, version)),
        tuple(_asked(word, version)),
        tuple(dict.fromkeys(assumed)),
        _counted_on(word, version, known),
    )


def render_packet(packet: Packet, kind: Format) -> str:
    """The page as text."""
    return str(template(f"packet.{kind}.j2").render(packet=packet, words=words))


def packet_object(packet: Packet) -> dict[str, Any]:
    """The packet for machines."""
    return {
        "term": packet.word.term.term,
        "version": packet.version.version,
        "meaning": packet.word.meaning(packet.version),
        "code": packet.code,
        "effective_from": packet.version.effective_from.isoformat(),
        "statement": packet.version.statement,
        "conditions": [vars(item) for item in packet.conditions],
        "promises": [f"{name}: {told}" for name, told in packet.promises],
        "changes": list(packet.changes),
        "edits": [vars(item) for item in packet.edits],
        "change_rows": list(packet.change_rows),
        "teams": [vars(item) for item in packet.teams],
        "examples": [{"row": row, "answer": answer} for row, answer in packet.examples],
        "signed": [item.sign_off.model_dump(mode="json") for item in packet.asked if item.sign_off is not None],
        "waits_for": [{"team": item.team, "sign": item.command} for item in packet.asked if item.sign_off is None],
        "assumptions": list(packet.assumptions),
        "counted_on": packet.counted_on,
    }


# What the version says --------------------------------------------------------------------------------------


def _conditions(word: Word, version: AnyVersion) -> Iterator[Condition]:
    for name, criterion in criteria_of(version).items():
        yield _condition(word, name, criterion)
    if isinstance(version, MeasureVersion):
        for name, number in (("summed up", version.numerator), ("divided by", version.denominator)):
            if number is not None:
                yield Condition(name, number_words(number.sql, word.entity), number.why, _one_line(number.sql))


def _condition(word: Word, name: str, criterion: Criterion) -> Condition:
    told = condition_words(criterion.sql, word.entity)
    return Condition(words.plain(name), told[:1].upper() + told[1:], criterion.why, _one_line(criterion.sql))


def _promises(word: Word, version: AnyVersion) -> Iterator[tuple[str, str]]:
    for level in version.sla if isinstance(version, Version) else ():
        yield words.plain(level.id).capitalize(), promise_words(level, word.entity)


def _examples(word: Word, version: AnyVersion) -> Iterator[tuple[str, str]]:
    if isinstance(version, Version):
        for example in version.examples:
            note = f" ({example.note})" if example.note else ""
            yield row_words(example.values, word.entity) + note, "yes" if example.expect else "no"
    elif isinstance(version, MeasureVersion):
        for several in version.examples:
            note = f" ({several.note})" if several.note else ""
            yield (
                "; ".join(row_words(row, word.entity) for row in several.rows) + note,
                words.shown_value(several.expect),
            )


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


# What changed -----------------------------------------------------------------------------------------------


def _changes(word: Word, before: AnyVersion, version: AnyVersion, verdict: Verdict) -> Iterator[str]:
    open_ = f" ({verdict.reason})" if verdict.reason else ""
    told = _AGAINST_BEFORE[verdict.verdict].format(before=before.version)
    yield told.removesuffix(".") + open_ + (", only where a value is missing." if verdict.only_on_null else ".")
    others = [item for item in differing(said(word.term, before), said(word.term, version)) if item != "first day"]
    if others:
        yield f"Other {' and '.join(others)}, as they stand above."


def _edits(word: Word, before: AnyVersion, version: AnyVersion) -> Iterator[Edit]:
    then, now = criteria_of(before), criteria_of(version)
    for name, criterion in now.items():
        told = condition_words(criterion.sql, word.entity)
        was = condition_words(then[name].sql, word.entity) if name in then else None
        if told != was:
            yield Edit("new" if was is None else "changed", words.plain(name), told, was)
    for name, criterion in then.items():
        if name not in now:
            yield Edit("gone", words.plain(name), condition_words(criterion.sql, word.entity))


def _change_rows(word: Word, before: AnyVersion, version: AnyVersion, verdict: Verdict) -> Iterator[str]:
    names = (f"version {version.version}", f"version {before.version}")
    for found in verdict.counterexamples[:_ROWS]:
        yield words.counterexample_sentence(found, word.entity, names)


# What teams' tools say --------------------------------------------------------------------------------------


def _teams(
    library: Library, word: Word, version: AnyVersion, known: Counted | None
) -> tuple[list[TeamSays], list[str]]:
    if not isinstance(word, Governed):
        return [], []
    semantics = load_semantics(library.root)
    own = [found for found in load_variants(library).values() if found.variant.term == word.term.term]
    proofs = [proof for proof in prove_versions(own, semantics) if proof.version.version == version.version]
    leant = [assumption for proof in proofs for assumption in proof.verdict.assumptions]
    return [_team(word, version, proof, known, semantics) for proof in proofs], leant


def _team(word: Governed, version: AnyVersion, proof: Proof, known: Counted | None, semantics: Any) -> TeamSays:
    variant = proof.variant.variant
    differences = [item for standing in proof.criteria for item in _difference(word, standing)]
    for sql in proof.added.values():
        differences.append(f"asks besides for {condition_words(sql, word.entity)}")
    names = (words.plain(variant.team), "this version")
    told, records = None, []
    says = {item.criterion: item.said for item in proof.criteria}, dict(proof.added)
    if known is not None and known.variants.get(variant.variant) != says:
        told = f"What it says now is not in the marts of {known.first.as_of_date}."
    elif known is not None:
        pairs = [item for item in known.partings if (item.first_side, item.second_side) == (SHARED, variant.variant)]
        told = _told(pairs[0] if pairs else None, known.first)
        own = [(proof.variant, import_variant(proof.variant, semantics))]
        records = [line for pair in pairs for line in parting_sentences(word, version, own, pair, known.first)]
    return TeamSays(
        words.plain(variant.team),
        variant.name,
        proof.verdict.verdict,
        _AGAINST_TEAM[proof.verdict.verdict],
        tuple(differences),
        tuple(
            words.counterexample_sentence(found, word.entity, names) for found in proof.verdict.counterexamples[:_ROWS]
        ),
        told,
        tuple(records[:_SENTENCES]),
        "; ".join(proof.said.missing),
    )


def _difference(word: Governed, item: CriterionStanding) -> Iterator[str]:
    if item.standing == "same":
        return
    name = words.plain(item.criterion)
    if item.said is None:
        yield f"does not look at {name}"
    elif item.standing == "unknown":
        yield f"not comparable on {name} ({item.reason})"
    else:
        yield f"{item.standing} on {name} ({condition_words(item.said, word.entity)})"


def _told(pair: Parting | None, first: Headline) -> str:
    if pair is None:
        return f"On {first.as_of_date} there is no record on which they part."
    theirs = pair.record_count - pair.only_first_count
    records = "record" if pair.record_count == 1 else "records"
    told = f"On {first.as_of_date} they part on {pair.record_count:,} {records}: "
    told += f"{pair.only_first_count:,} that only this version means, {theirs:,} that only the team's does"
    if pair.open_count:
        told += f"; {words.money(pair.open_amount, first.currency)} of open pipeline lies on them"
    return f"{told}."


def _counted_on(word: Word, version: AnyVersion, known: Counted | None) -> str:
    if known is None:
        return "Nothing is counted here: no built version of the marts was at hand."
    day = known.first.as_of_date
    if known.version != version.version:
        return f"Nothing is counted here: the marts of {day} judge by version {known.version}."
    if known.meaning not in word.meanings(version):
        return f"Nothing is counted here: in the marts of {day}, version {version.version} meant something else."
    return f"Counted on the records of {day}."


# Who signs --------------------------------------------------------------------------------------------------


def _asked(word: Word, version: AnyVersion) -> Iterator[Asked]:
    signed = {sign_off.team: sign_off for sign_off in word.valid_sign_offs(version)}
    for team in word.term.required_sign_offs:
        command = (
            f"plumbline definitions sign {word.term.term} --version {version.version} --team {team} --role ROLE "
            f"--on DATE --meaning {short_code(word.meaning(version))} --evidence FILE"
        )
        yield Asked(team, signed.get(team), command)
