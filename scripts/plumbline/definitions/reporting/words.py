"""Sentences: a record on which two sides part, and what a team would change in its own tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plumbline.definitions.conditions import columns
from plumbline.definitions.importing import GovernedVariant
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.prover.verdicts import Counterexample
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.measured import PRACTICE, SHARED, Headline, PartingRecord
from plumbline.definitions.schemas import Entity
from plumbline.definitions.variant_schemas import Variant

_TOOLS = {
    "marketo_smart_list": "the smart list",
    "salesforce_report": "the report",
    "sql": "the query",
    "document": "the document",
}


def plain(name: str) -> str:
    """An id as words."""
    return name.replace("_", " ")


def listed(names: Sequence[str]) -> str:
    """Ids as words, in a list with «and»."""
    told = [plain(name) for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def money(amount: Decimal, currency: str | None) -> str:
    """An amount with its currency, without cents."""
    return f"{amount:,.0f} {currency or ''}".rstrip()


def percent(share: Decimal | None) -> str:
    """A share in per cent, one digit behind the point below ten."""
    if share is None:
        return "–"
    return f"{share * 100:.1f} %" if share < Decimal("0.1") else f"{share * 100:.0f} %"


def dispute_sentence(found: Headline) -> str:
    """The headline in one sentence."""
    deals = f"{found.disputed_count:,} of {found.open_count:,} open opportunities"
    amounts = f"{money(found.disputed_amount, found.currency)} of {money(found.open_amount, found.currency)}"
    return f"{percent(found.share)} of open pipeline: {amounts}, {deals}"


def shown_value(value: Any) -> str:
    """A value as people write it."""
    match value:
        case None:
            return "missing"
        case bool():
            return "yes" if value else "no"
        case Decimal() | float():
            exact = Decimal(str(value))
            return f"{exact.normalize():f}" if exact != exact.to_integral_value() else f"{exact:,.0f}"
        case int():
            return f"{value:,}"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case _:
            return f"“{value}”"


def label(name: str, entity: Entity) -> str:
    """What people call a column, within a sentence."""
    text = entity.columns[name].label
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _answer(answer: Any) -> str:
    """What a condition says, unknown being no; or a number of a measure."""
    if answer is None or isinstance(answer, bool):
        return "yes" if answer else "no"
    return shown_value(answer)


def counterexample_sentence(found: Counterexample, entity: Entity, names: tuple[str, str]) -> str:
    """A row that could be, and who says what about it."""
    values = [f"{label(column, entity)} is {shown_value(value)}" for column, value in found.row.items()]
    told = [f"{name} says {_answer(answer)}" for name, answer in zip(names, found.answers, strict=True)]
    article = "an" if entity.name[:1].lower() in "aeio" else "a"
    return f"{article.capitalize()} {entity.name.lower()} whose {', '.join(values)}: {', '.join(told)}."


def record_sentence(
    record: PartingRecord,
    entity: Entity,
    sides: Mapping[str, Mapping[str, str]],
    teams: Mapping[str, str],
    currency: str | None,
) -> str:
    """Who says what about a record, and by which of its values. `sides`: each side's criteria by name, as SQL."""
    criteria = sides.get(record.no_side, {})
    looked_at = {column for name in record.unmet if name in criteria for column in columns(parse(criteria[name]))}
    if record.no_side == PRACTICE:
        looked_at = {"sales_response", "rejection_reason"}
    because = ", ".join(
        f"{label(column, entity)} is {shown_value(record.values.get(column))}"
        for column in entity.columns
        if column in looked_at and column in record.values
    )
    at_stake = f", {money(record.open_amount, currency)} open" if record.open_count else ""
    called = f"“{record.name}”" if record.name else f"{entity.name} {record.record_key}"
    reason = f": {because}" if because else ""
    return f"{called}{at_stake}. {said(record.yes_side, teams)} yes, {lower(said(record.no_side, teams))} no{reason}."


def decided_sentence(
    record: PartingRecord,
    entity: Entity,
    sides: Mapping[str, Mapping[str, str]],
    teams: Mapping[str, str],
    currency: str | None,
) -> str:
    """The same, with the criteria that decide by their names."""
    sentence = record_sentence(record, entity, sides, teams, currency)
    return f"{sentence} Decides: {', '.join(plain(name) for name in record.unmet)}."


def called(side: str, variants: Mapping[str, GovernedVariant]) -> str:
    """A side by the name that people know it by, within a sentence."""
    if side == SHARED:
        return "the shared version"
    if side == PRACTICE:
        return "what sales does"
    found = variants.get(side)
    return plain(side) if found is None else f"{plain(found.variant.team)} (“{found.variant.name}”)"


def said(side: str, teams: Mapping[str, str]) -> str:
    """Who says something, at the beginning of a sentence."""
    if side == SHARED:
        return "The shared version says"
    return f"{plain(teams[side]).capitalize()} {'acts as if it said' if side == PRACTICE else 'says'}"


def lower(text: str) -> str:
    """A sentence's beginning within a sentence."""
    return text[:1].lower() + text[1:]


def tool_labels(variant: Variant, entity: Entity) -> Entity:
    """The entity with columns called as the team's tool calls them, in quotes, where values are the same in both."""
    called = {
        field.column: name for name, field in variant.fields.items() if field.values is None and field.times is None
    }
    columns = {
        name: column.model_copy(update={"label": f"“{called[name]}”"}) if name in called else column
        for name, column in entity.columns.items()
    }
    return entity.model_copy(update={"columns": columns})


def change_sentences(
    variant: Variant,
    imported: Imported,
    criteria: list[dict[str, Any]],
    added: Mapping[str, str],
    why: Mapping[str, str | None],
    in_words: Callable[[str], str],
) -> list[str]:
    """What a team would change in its own tool to say what the shared version says; to a query SQL is its own words."""
    kind = variant.source.kind
    tool = _TOOLS[kind]
    told = str if kind == "sql" else in_words
    shown = {item.name: item.shown for item in imported.filters}
    changes = []
    for item in criteria:
        reason = f" ({why[item['criterion']]})" if why.get(item["criterion"]) else ""
        if item["standing"] == "missing":
            changes.append(f"Add to {tool}: {told(item['shared'])}{reason}.")
        elif item["standing"] != "same":
            changes.append(
                f"Change in {tool} what it says now, {told(item['said'])}, to: {told(item['shared'])}{reason}."
            )
    for name, sql in added.items():
        changes.append(
            f"Take out of {tool}: {shown.get(name) or told(sql)}; or let the teams add it to the shared version."
        )
    return changes
