"""What the prover is held against: DuckDB's answers on many rows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import z3

from plumbline.definitions.prover import Prover, calendar
from plumbline.definitions.prover.encoding import Encoder
from plumbline.definitions.prover.languages import Texts
from plumbline.definitions.prover.reading import read_condition
from plumbline.definitions.prover.solver import forget_everything
from plumbline.definitions.prover.verdicts import Verdict

from .deals import DEAL, Row, asked, stored
from .random_pairs import RandomPair, random_pair, spelled, tree


def plain_memory() -> duckdb.DuckDBPyConnection:
    """A database in memory that rewrites nothing: DuckDB 1.5 merges INTERVAL '1 month' and INTERVAL '30 days'."""
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    connection.execute("pragma disable_optimizer; set enable_progress_bar = false")
    return connection


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


def computed(sql: str, found: list[Row]) -> list[bool | str | None]:
    """What the encoding says of a predicate on each row; `open`: it leaves a choice, `axiom`: the row breaks one."""
    forget_everything()
    encoder = Encoder()
    pair = encoder.pair(read_condition(sql, DEAL).term)
    encoder.axioms()
    axioms = z3.And(*encoder._axioms)
    code = z3.If(axioms, z3.If(pair.null, 2, z3.If(pair.value, 1, 0)), 3)
    said: dict[int, bool | str | None] = {0: False, 1: True, 2: None, 3: "axiom"}
    answers: list[bool | str | None] = []
    for row in found:
        bound = _binding(encoder, row)
        if any(
            Texts(text.languages).vector(row[name] or "") not in encoder.examples(name)
            for name, text in encoder.texts.items()
        ):
            answers.append("axiom")
            continue
        for step in encoder.steps:
            argument = z3.simplify(z3.substitute(step.argument, *bound)).as_long()
            piece = z3.simplify(z3.substitute(step.piece(argument), *bound))
            bound.append((step.result, piece.arg(0) if z3.is_int_value(piece.arg(0)) else piece.arg(1)))
        bound += [(same, z3.BoolVal(row[one] == row[other])) for one, other, same in encoder._equal]
        result = z3.simplify(z3.substitute(code, *bound))
        answers.append(said[result.as_long()] if z3.is_int_value(result) else "open")
    return answers


@dataclass(frozen=True)
class Wrong:
    """Where the encoding and DuckDB part."""

    sql: str
    row: Row
    computed: bool | str | None
    duckdb: bool | None


Truths = list[list[bool | None]]


def truths(connection: duckdb.DuckDBPyConnection, predicates: list[str], found: list[Row]) -> Truths:
    """What DuckDB says: for each predicate, its value on each row."""
    stored(connection, found)
    return asked(connection, predicates)


def misread(predicates: list[str], found: list[Row], so: Truths) -> Iterator[Wrong]:
    """Predicates and rows on which the encoding says something else than DuckDB; `open` is no mistake."""
    for sql, truth in zip(predicates, so, strict=True):
        for row, said, is_so in zip(found, computed(sql, found), truth, strict=True):
            if said != "open" and said is not is_so:
                yield Wrong(sql, row, said, is_so)


# Each thing that the translator knows, in the fewest words: what the mutation test breaks shows here.
EVERYTHING = (
    "NOT is_gone",
    "is_gone AND is_key",
    "is_gone OR is_key",
    "is_gone IS NOT FALSE",
    "score < 40",
    "score <= seats",
    "score = seats",
    "score <> 5",
    "score BETWEEN 0 AND 40",
    "score IN (5, NULL)",
    "NOT score IN (5, NULL)",
    "score IS DISTINCT FROM seats",
    "CASE WHEN is_gone THEN score > 5 ELSE score < 5 END",
    "CASE score WHEN 5 THEN TRUE WHEN 40 THEN FALSE END",
    "COALESCE(score, seats, 7) > 5",
    "NULLIF(score, 5) IS NULL",
    "ABS(score) > 3",
    "GREATEST(score, seats) > 5",
    "LEAST(score, seats) > 5",
    "score - 2 * seats > 0",
    "-score > seats",
    "amount * 1.5 > 13.5",
    "amount - discount < 9",
    "status IS NULL",
    "COALESCE(status, 'k') = 'k'",
    "status = source",
    "status IN ('Open', 'Web', 'k') AND status <> 'Web'",
    "status LIKE 'o%n'",
    "status NOT LIKE '%e%'",
    "source LIKE 'web_site'",
    "source LIKE 'web!_site' ESCAPE '!'",
    "LOWER(status) = 'k'",
    "UPPER(status) = 'OPEN'",
    "status ILIKE 'w_b'",
    "TRIM(status) = 'open'",
    "LTRIM(status) = 'Open'",
    "RTRIM(status) = 'open'",
    "LENGTH(status) >= 4",
    "STARTS_WITH(status, 'o')",
    "SUFFIX(status, 'n')",
    "CONTAINS(status, 'pe')",
    "due_date <= DATE '2026-03-02'",
    "due_date - DATE '2026-02-28' > 1",
    "due_date + 7 > made_at",
    "CAST(made_at AS DATE) = '2026-03-02'",
    "CAST(made_at AS DATE) <= '1969-12-31'",
    "DATE_TRUNC('month', due_date) = '2026-03-01'",
    "DATE_TRUNC('month', due_date) >= DATE '2026-02-15'",
    "DATE_TRUNC('month', due_date) <= made_at",
    "DATE_TRUNC('week', due_date) = due_date",
    "DATE_TRUNC('day', made_at) = made_at",
    "made_at > due_date + INTERVAL '1 month'",
    "made_at - INTERVAL '3 hours' > due_date",
    "YEAR(made_at) >= 2026",
    "DATE_DIFF('day', due_date, made_at) > 0",
)


def random_predicates(count: int, seed: int) -> list[str]:
    """Spellings of random predicates."""
    chance = random.Random(seed)
    return [spelled(tree(chance), chance) for _ in range(count)]


def contradiction(
    pair: RandomPair, verdict: Verdict, first: list[bool | None], second: list[bool | None]
) -> str | None:
    """Why a verdict is wrong, by what is known of the pair and DuckDB's answers on rows; None when it may be right."""
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
    prover: Prover, connection: duckdb.DuckDBPyConnection, pairs: list[RandomPair], found: list[Row]
) -> tuple[list[str], list[Verdict]]:
    """Wrong verdicts, described, and all verdicts; DuckDB answers on the rows `found`."""
    stored(connection, found, prover.entity)
    so = asked(connection, [sql for pair in pairs for sql in (pair.first, pair.second)])
    wrong, verdicts = [], []
    for place, pair in enumerate(pairs):
        verdict = prover.compare(pair.first, pair.second)
        why = contradiction(pair, verdict, so[2 * place], so[2 * place + 1])
        if why is not None:
            wrong.append(f"{why}: {pair.first} | {pair.second}")
        verdicts.append(verdict)
    return wrong, verdicts


def random_pairs(count: int, seed: int) -> list[RandomPair]:
    """Pairs of one seed."""
    chance = random.Random(seed)
    return [random_pair(chance) for _ in range(count)]
