"""Verdicts as people read them: a sentence, and a small table of rows with the columns' labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from plumbline.definitions.prover.verdicts import Cell, Counterexample, Truth, Verdict
from plumbline.definitions.proving.variants import Proof
from plumbline.definitions.schemas import Entity

_LONGEST_LABEL = 40
_SENTENCES = {
    "equivalent": "{first} and {second} mean the same: they are true for the same rows.",
    "narrower": "{first} is narrower than {second}: whatever it is true for, {second} is, too.",
    "wider": "{first} is wider than {second}: it is true for whatever {second} is.",
    "overlapping": "{first} and {second} overlap: each is true for rows for which the other is not.",
    "disjoint": "{first} and {second} exclude each other: no row is in both.",
    "different": "{first} and {second} differ.",
    "unknown": "Whether {first} and {second} mean the same is not known.",
}


def sentence_of(verdict: Verdict, names: tuple[str, str]) -> str:
    """A verdict on two conditions in one sentence."""
    first, second = short_names(names)
    return _SENTENCES[verdict.verdict].format(first=first, second=second)


def verdict_shown(verdict: Verdict, entity: Entity, names: tuple[str, str]) -> Iterator[RenderableType]:
    """A verdict on two conditions, with its rows."""
    first, second = short_names(names)
    yield Text(sentence_of(verdict, names), style="bold")
    if verdict.only_on_null:
        yield Text("They part only where a value is missing.")
    if verdict.reason is not None:
        yield Text(f"Open: {verdict.reason}.")
    if verdict.counterexamples:
        yield rows_shown(verdict.counterexamples, entity, (first, second))
    yield from assumptions_shown(verdict.assumptions)


def truth_shown(truth: Truth, entity: Entity, names: tuple[str, str]) -> Iterator[RenderableType]:
    """Whether two numbers are equal on every row."""
    first, second = short_names(names)
    said = {True: "are equal on every row.", False: "differ.", None: "cannot be compared."}[truth.holds]
    yield Text(f"{first} and {second} {said}", style="bold")
    if truth.reason is not None:
        yield Text(f"Open: {truth.reason}.")
    if truth.counterexample is not None:
        yield rows_shown([truth.counterexample], entity, (first, second))
    yield from assumptions_shown(truth.assumptions)


def proof_shown(proof: Proof) -> Iterator[RenderableType]:
    """A variant against the shared version: the verdict, rows, then criterion by criterion."""
    variant = proof.variant.variant
    until = "" if variant.expires is None else f" until {variant.expires}"
    heading = f"{variant.term}: {variant.name} ({variant.team}, {variant.stance.replace('_', ' ')}{until})"
    yield Text(heading, style="bold")
    held = "As expected." if proof.as_expected else f"Expected: {variant.expect}."
    yield Text(held, style="green" if proof.as_expected else "red")
    yield from verdict_shown(proof.verdict, proof.shared.entity, (variant.variant, proof.shared.label))
    yield criteria_shown(proof)
    for note in proof.said.missing:
        yield Text(f"Not seen: {note}")


def criteria_shown(proof: Proof) -> Table:
    """Criterion by criterion: how the team's version stands to the shared one."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("criterion", proof.variant.variant.team, "shared", "theirs"):
        table.add_column(heading, overflow="fold")
    for item in proof.criteria:
        table.add_row(item.criterion, item.standing, item.shared, item.said or "")
    for name, sql in proof.added.items():
        table.add_row(name, "added", "", sql)
    return table


def rows_shown(found: Sequence[Counterexample], entity: Entity, names: tuple[str, str]) -> Table:
    """Rows beside each other: what is in them, then what each of the two says."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("row", style="cyan", overflow="fold")
    for place in range(len(found)):
        table.add_column(str(place + 1), overflow="fold")
    columns = list(dict.fromkeys(name for example in found for name in example.row))
    for name in columns:
        cells = [value_shown(example.row[name]) if name in example.row else "" for example in found]
        table.add_row(entity.columns[name].label, *cells)
    if any(example.now is not None for example in found):
        table.add_row("Now", *["" if example.now is None else value_shown(example.now) for example in found])
    for place, name in enumerate(names):
        table.add_row(Text(name, style="bold"), *[_answer(example.answers[place]) for example in found])
    return table


def assumptions_shown(assumptions: Sequence[str]) -> Iterator[RenderableType]:
    """What a proof leans on."""
    for assumption in assumptions:
        yield Text(f"Assumed: {assumption}.", style="dim")


def value_shown(value: Cell) -> str:
    """A value as people write it."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return f"“{value}”" if isinstance(value, str) else str(value)


def short_names(names: tuple[str, str]) -> tuple[str, str]:
    """Names that fit into a sentence: what is long is «the first» and «the second»."""
    first, second = names
    return (
        first if len(first) <= _LONGEST_LABEL else "the first",
        second if len(second) <= _LONGEST_LABEL else "the second",
    )


def _answer(answer: Cell | float) -> str:
    if isinstance(answer, float):
        return f"{answer:g}"
    if isinstance(answer, bool) or answer is None:
        return {True: "yes", False: "no", None: "unknown (NULL)"}[answer]
    return value_shown(answer)
