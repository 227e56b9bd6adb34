"""Faults put into the translator, one at a time: the evaluation test notices each of them."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
import z3

from plumbline.definitions.prover import Prover, arguments, calendar, encoding, languages, reading, terms
from plumbline.definitions.prover.encoding import ENCODERS, Encoder, Pair

from .deals import Row, every_value
from .judging import EVERYTHING, Truths, misread, truths

Patch = pytest.MonkeyPatch


def _encoder(kind: type, wrong: Callable[[Encoder, Any], Pair]) -> Callable[[Patch], None]:
    return lambda patch: patch.setitem(ENCODERS, kind, wrong)


def _two_valued_negation(encoder: Encoder, term: terms.Not) -> Pair:
    pair = encoder.pair(term.item)
    return Pair(z3.BoolVal(False), z3.Not(pair.value))


def _null_or_is_null(encoder: Encoder, term: terms.AnyOf) -> Pair:
    pairs = [encoder.pair(item) for item in term.items]
    null = z3.Or(*[pair.null for pair in pairs])
    return Pair(null, z3.And(z3.Not(null), z3.Or(*[pair.value for pair in pairs])))


def _null_and_is_false(encoder: Encoder, term: terms.All) -> Pair:
    true = z3.And(*[encoder.true(item) for item in term.items])
    return Pair(z3.BoolVal(False), true)


def _case_takes_null_as_true(encoder: Encoder, term: terms.Case) -> Pair:
    found = encoder.pair(term.default)
    for condition, result in reversed(term.branches):
        pair = encoder.pair(condition)
        found = encoder._choice(z3.Or(pair.null, pair.value), encoder.pair(result), found)
    return found


def _coalesce_takes_the_last(encoder: Encoder, term: terms.Coalesce) -> Pair:
    return encoder.pair(term.items[-1])


def _compare_forgets_null(encoder: Encoder, term: terms.Compare) -> Pair:
    right = encoder.compare(term)
    return Pair(encoder.pair(term.left).null, z3.And(z3.Not(encoder.pair(term.left).null), right.value))


def _off_by_one(encoder: Encoder, term: terms.Compare) -> Pair:
    strict = terms.Compare("<=" if term.operator == "<" else term.operator, term.left, term.right)
    return encoder.compare(strict)


def _extreme_keeps_null(encoder: Encoder, term: terms.Extreme) -> Pair:
    return encoder.extreme(terms.Extreme(term.largest, term.items, not term.ignores_nulls, term.kind))


def _least_for_greatest(encoder: Encoder, term: terms.Extreme) -> Pair:
    return encoder.extreme(terms.Extreme(not term.largest, term.items, term.ignores_nulls, term.kind))


def _absolute_is_negative(encoder: Encoder, term: terms.Absolute) -> Pair:
    pair = encoder.pair(term.item)
    return Pair(pair.null, -pair.value)


def _week_begins_on_sunday(encoder: Encoder, term: terms.Truncate) -> Pair:
    if term.unit != "week":
        return encoder.truncate(term)
    pair = encoder.pair(term.item)
    scale = calendar.DAY if term.kind == "timestamp" else 1
    return Pair(pair.null, pair.value - (pair.value + 4 * scale) % (7 * scale))


def _is_null_of_a_text(patch: Patch) -> None:
    patch.setattr(
        Encoder, "null", lambda self, term: z3.BoolVal(False) if term.kind == "text" else self.pair(term).null
    )


def _overlooked_negation(patch: Patch) -> None:
    def like(reader: Any, node: Any) -> Any:
        node = node.copy()
        node.set("negate", None)
        return reader._like(node, reader.engine.escape)

    patch.setitem(reading._HANDLERS, reading.exp.Like, like)


def _underscore_matches_any_number(patch: Patch) -> None:
    true = reading._pattern
    patch.setattr(
        reading,
        "_pattern",
        lambda text, escape: terms.Pattern(
            tuple(terms.MANY if part is None else part for part in true(text, escape).parts)
        ),
    )


def _plain_letters_only(patch: Patch) -> None:
    true = languages.Casing.mapped
    patch.setattr(
        languages.Casing,
        "mapped",
        lambda self, change, character: true(self, change, character) if character.isascii() else character,
    )


def _trim_on_one_side(patch: Patch) -> None:
    original = languages._Trimmed.__init__
    patch.setattr(
        languages._Trimmed, "__init__", lambda self, inner, change, table: original(self, inner, "ltrim", table)
    )


def _inclusive_month(patch: Patch) -> None:
    true = calendar.start_of_next
    patch.setattr(calendar, "start_of_next", lambda unit, day: true(unit, day) + 1)


def _wrong_sign_of_subtraction(patch: Patch) -> None:
    def plus(reader: Any, node: Any) -> Any:
        return reader.sum(reading.exp.Add(this=node.this.copy(), expression=node.expression.copy()))

    patch.setitem(reading._HANDLERS, reading.exp.Sub, plus)


def _day_of_a_timestamp_rounds_up(encoder: Encoder, term: terms.Convert) -> Pair:
    if (term.item.kind, term.kind) != ("timestamp", "date"):
        return encoder.convert(term)
    pair = encoder.pair(term.item)
    return Pair(pair.null, (pair.value + calendar.DAY - 1) / calendar.DAY)


def _between_without_its_end(patch: Patch) -> None:
    def between(reader: Any, node: Any) -> Any:
        item = reader.value(node.this)
        low, high = reader.value(node.args["low"]), reader.value(node.args["high"])
        return terms.All((reader.compare(">=", item, low), reader.compare("<", item, high)))

    patch.setitem(reading._HANDLERS, reading.exp.Between, between)


def _words_are_mixed_up(patch: Patch) -> None:
    true = languages._Words.said
    patch.setattr(languages._Words, "said", lambda self, state: None if true(self, state) is None else 0)


def _infeasible_texts(patch: Patch) -> None:
    """Every combination of answers on a text taken as possible: unsharp, not false, so pairs become unknown."""
    patch.setattr(encoding, "MAX_VECTORS", 0)


FAULTS: dict[str, Callable[[Patch], None]] = {
    "NOT NULL is true": _encoder(terms.Not, _two_valued_negation),
    "NULL OR TRUE is NULL": _encoder(terms.AnyOf, _null_or_is_null),
    "NULL AND TRUE is false": _encoder(terms.All, _null_and_is_false),
    "CASE takes a branch on NULL": _encoder(terms.Case, _case_takes_null_as_true),
    "COALESCE takes the last": _encoder(terms.Coalesce, _coalesce_takes_the_last),
    "a comparison forgets one NULL": _encoder(terms.Compare, _compare_forgets_null),
    "< is <=": _encoder(terms.Compare, _off_by_one),
    "GREATEST is NULL with a NULL": _encoder(terms.Extreme, _extreme_keeps_null),
    "GREATEST is LEAST": _encoder(terms.Extreme, _least_for_greatest),
    "ABS is minus": _encoder(terms.Absolute, _absolute_is_negative),
    "weeks begin on Sunday": _encoder(terms.Truncate, _week_begins_on_sunday),
    "a text is never NULL": _is_null_of_a_text,
    "NOT LIKE is LIKE": _overlooked_negation,
    "_ matches any number": _underscore_matches_any_number,
    "case of plain letters only": _plain_letters_only,
    "TRIM on one side": _trim_on_one_side,
    "months are a day longer": _inclusive_month,
    "minus is plus": _wrong_sign_of_subtraction,
    "days begin at their end": _encoder(terms.Convert, _day_of_a_timestamp_rounds_up),
    "BETWEEN leaves its end out": _between_without_its_end,
    "texts are given up on": _infeasible_texts,
    "every plain word is the first": _words_are_mixed_up,
}


@pytest.fixture(scope="module")
def claims(engine: duckdb.DuckDBPyConnection) -> tuple[list[str], list[Row], Truths]:
    """Conditions of every kind, rows, and what DuckDB says; drawn up before anything is broken."""
    predicates, found = list(EVERYTHING), every_value(32)
    return predicates, found, truths(engine, predicates, found)


def _noticed(claims: tuple[list[str], list[Row], Truths]) -> bool:
    """Whether the evaluation test sees anything."""
    languages.feasible.cache_clear()
    try:
        return next(misread(*claims), None) is not None
    except encoding.TooHardError:
        return True


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_noticed(claims: tuple[list[str], list[Row], Truths], monkeypatch: Patch, fault: str) -> None:
    FAULTS[fault](monkeypatch)
    try:
        assert _noticed(claims)
    finally:
        languages.feasible.cache_clear()


def test_arguments_that_nobody_reads_are_noticed(prover: Prover) -> None:
    """The table of understood arguments is what keeps `negate` and the like from being overlooked."""
    tree = reading._parse("score BETWEEN SYMMETRIC 5 AND 0", "postgres")
    assert arguments.overlooked(tree) == {"symmetric"}
    assert prover.compare("score BETWEEN SYMMETRIC 5 AND 0", "FALSE", "postgres").verdict != "equivalent"
