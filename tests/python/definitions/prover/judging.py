"""What the prover is held against: DuckDB's answers on many rows."""

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import z3

from plumbline.definitions.prover import Prover, calendar
from plumbline.definitions.prover.encoding import Encoder
from plumbline.definitions.prover.languages import Texts
from plumbline.definitions.prover.questions import Question
from plumbline.definitions.prover.reading import read_condition
from plumbline.definitions.prover.verdicts import Verdict

from .deals import DEAL, Row, asked, rows, stored
from .random_pairs import RandomPair, random_pair, spelled, tree


def _value(value: Any, kind: str) -> Any:
    if kind == "boolean":
        return z3.BoolVal(bool(value))
    if value is None:
        value = 0
    elif kind == "date":
        value = calendar.days(value)
    elif kind == "timestamp":
        value = calendar.microseconds(value)
    return z3.RealVal(str(Fraction(value))) if kind == "decimal" else z3.IntVal(int(value))


def _binding(encoder: Encoder, row: Row) -> list[tuple[Any, Any]]:
    """The solver's variables with the values that a row gives them."""
    bound = []
    for column, pair in encoder.columns.items():
        raw = pair.value.arg(1) if column.kind == "boolean" else pair.value
        value = _value(row[column.name], column.kind)
        bound += [(pair.null, z3.BoolVal(row[column.name] is None)), (raw, value)]
    for name, text in encoder.texts.items():
        word = row[name]
        bound.append((text.null, z3.BoolVal(word is None)))
        vector = Texts(text.languages).vector(word or "")
        bound += [(answer, z3.BoolVal(holds)) for answer, holds in zip(text.answers, vector, strict=True)]
    return bound


def computed(sql: str, found: list[Row]) -> list[bool | None | str]:
    """What the encoding says of a predicate on each row; `open` where it leaves a choice, `axiom` where one is broken."""
    term = read_condition(sql, DEAL).term
    question = Question([term], [])
    encoder = question.encoder
    pair, axioms = encoder.pair(term), z3.And(*encoder.axioms())
    answers: list[bool | None | str] = []
    for row in found:
        bound = _binding(encoder, row)
        for step in encoder.steps:
            argument = z3.simplify(z3.substitute(step.argument, *bound)).as_long()
            piece = z3.simplify(z3.substitute(step.piece(argument), *bound))
            bound.append((step.result, piece.arg(0) if z3.is_int_value(piece.arg(0)) else piece.arg(1)))
        for one, other, same in encoder._equal:
            bound.append((same, z3.BoolVal(row[one] == row[other])))
            for name in (one, other):  # any numbering that tells texts of one vector apart
                words = sorted({row[one] or "", row[other] or ""})
                bound.append((encoder.texts[name].index, z3.IntVal(words.index(row[name] or ""))))
        null, true, holds = (z3.simplify(z3.substitute(part, *bound)) for part in (pair.null, pair.value, axioms))
        if not z3.is_true(holds) and not encoder._equal:
            answers.append("axiom")
        elif not (z3.is_true(null) or z3.is_false(null)) or not (z3.is_true(true) or z3.is_false(true)):
            answers.append("open")
        else:
            answers.append(None if z3.is_true(null) else z3.is_true(true))
    return answers


@dataclass(frozen=True)
class Wrong:
    """Where the encoding and DuckDB part."""

    sql: str
    row: Row
    computed: bool | None | str
    duckdb: bool | None


def misread(connection: duckdb.DuckDBPyConnection, predicates: list[str], found: list[Row]) -> list[Wrong]:
    """Every predicate and row on which the encoding says something else than DuckDB; `open` is no mistake."""
    stored(connection, found)
    wrong = []
    for sql, truth in zip(predicates, asked(connection, predicates), strict=True):
        for row, said, is_so in zip(found, computed(sql, found), truth, strict=True):
            if said != "open" and said is not is_so:
                wrong.append(Wrong(sql, row, said, is_so))
    return wrong


def random_predicates(count: int, seed: int) -> list[str]:
    """Spellings of random predicates."""
    chance = random.Random(seed)
    return [spelled(tree(chance), chance) for _ in range(count)]


def contradiction(pair: RandomPair, verdict: Verdict, first: list[bool | None], second: list[bool | None]) -> str | None:
    """Why a verdict is wrong, by what is known of the pair and by DuckDB's answers on the rows; None when it may be right."""
    relation = verdict.verdict
    if pair.same and relation not in ("equivalent", "unknown"):
        return f"{relation}, but they mean the same"
    both = [(one is True, two is True) for one, two in zip(first, second, strict=True)]
    if (True, False) in both and relation in ("equivalent", "narrower"):
        return f"{relation}, but a row is in the first only"
    if (False, True) in both and relation in ("equivalent", "wider"):
        return f"{relation}, but a row is in the second only"
    if (True, True) in both and relation == "disjoint":
        return "disjoint, but a row is in both"
    return None


def judged(
    prover: Prover, connection: duckdb.DuckDBPyConnection, pairs: list[RandomPair], row_count: int = 400, seed: int = 11
) -> tuple[list[str], list[Verdict]]:
    """Wrong verdicts, described, and all verdicts."""
    stored(connection, rows(row_count, seed))
    truths = asked(connection, [sql for pair in pairs for sql in (pair.first, pair.second)])
    wrong, verdicts = [], []
    for place, pair in enumerate(pairs):
        verdict = prover.compare(pair.first, pair.second)
        why = contradiction(pair, verdict, truths[2 * place], truths[2 * place + 1])
        if why is not None:
            wrong.append(f"{why}: {pair.first} | {pair.second}")
        verdicts.append(verdict)
    return wrong, verdicts


def random_pairs(count: int, seed: int) -> list[RandomPair]:
    """Pairs of one seed."""
    chance = random.Random(seed)
    return [random_pair(chance) for _ in range(count)]
