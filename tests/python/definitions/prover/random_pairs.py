"""Random predicates over deals, and pairs of them whose relation is known: one meaning spelled in two ways, or nearly.

A predicate is a tree of atoms. Each atom has spellings that mean the same on every row, NULLs included, and broken
ones that mean something else on some row.
"""

import random
from dataclasses import dataclass
from typing import Literal

from .deals import AMOUNTS, DAYS, NUMBERS, WORDS


@dataclass(frozen=True)
class Atom:
    """One condition: what it may be written as, and what it is mistaken for."""

    spellings: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """An atom, or conditions joined (`not` has one part)."""

    kind: Literal["atom", "and", "or", "not"]
    atom: Atom | None = None
    parts: tuple["Tree", ...] = ()


@dataclass(frozen=True)
class RandomPair:
    """Two predicates; `same` when they were written to mean the same."""

    first: str
    second: str
    same: bool


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _whole_number(chance: random.Random) -> list[Atom]:
    column, number = chance.choice(["score", "seats"]), chance.choice(NUMBERS)
    other = chance.choice([found for found in NUMBERS if found != number])
    return [
        Atom(
            (
                f"{column} >= {number}",
                f"{column} > {number - 1}",
                f"NOT {column} < {number}",
                f"{number} <= {column}",
                f"{column} + 1 > {number}",
                f"2 * {column} >= {2 * number}",
                f"-{column} <= {-number}",
                f"{column} >= CAST({number} AS DOUBLE)",
                f"GREATEST({column}, {number}) = {column}",
                f"CASE WHEN {column} >= {number} THEN 1 WHEN {column} < {number} THEN 0 END = 1",
                f"CAST({column} AS DECIMAL(18, 2)) > {number - 0.5}",
            ),
            (
                f"{column} > {number}",
                f"COALESCE({column}, {number}) >= {number}",
                f"{column} >= {other}",
                f"{column} <= {number}",
                f"COALESCE({column} >= {number}, FALSE)",
            ),
        ),
        Atom(
            (
                f"{column} BETWEEN {min(number, other)} AND {max(number, other)}",
                f"{column} >= {min(number, other)} AND {column} <= {max(number, other)}",
                f"NOT {column} NOT BETWEEN {min(number, other)} AND {max(number, other)}",
                f"{column} < {max(number, other) + 1} AND NOT ({column} < {min(number, other)})",
                f"LEAST(GREATEST({column}, {min(number, other)}), {max(number, other)}) = {column}",
            ),
            (
                f"{column} > {min(number, other)} AND {column} <= {max(number, other)}",
                f"{column} BETWEEN {max(number, other)} AND {min(number, other)}",
                f"{column} BETWEEN {min(number, other)} AND {max(number, other)} OR {column} IS NULL",
            ),
        ),
        Atom(
            (
                f"{column} IN ({number}, {other})",
                f"{column} = {number} OR {column} = {other}",
                f"NOT ({column} NOT IN ({other}, {number}))",
                f"CASE {column} WHEN {number} THEN TRUE WHEN {other} THEN TRUE ELSE {column} <> {column} END",
            ),
            (
                f"{column} IN ({number}, {other}, NULL)",
                f"{column} IN ({number})",
                f"{column} NOT IN ({number}, {other})",
                f"{column} IS NOT DISTINCT FROM {number} OR {column} IS NOT DISTINCT FROM {other}",
            ),
        ),
        Atom(
            (
                f"ABS({column}) > {abs(number)}",
                f"{column} > {abs(number)} OR {column} < {-abs(number)}",
                f"NOT {column} BETWEEN {-abs(number)} AND {abs(number)}",
                f"GREATEST({column}, -{column}) > {abs(number)}",
            ),
            (f"ABS({column}) >= {abs(number)}", f"{column} > {abs(number)}", f"ABS({column}) < {abs(number)}"),
        ),
        Atom(
            (
                f"NULLIF({column}, {number}) IS NULL",
                f"{column} IS NOT DISTINCT FROM {number} OR {column} IS NULL",
                f"COALESCE({column}, {number}) = {number}",
                f"({column} = {number}) IS NOT FALSE",
            ),
            (f"({column} = {number}) IS TRUE", f"COALESCE({column}, {other}) = {number}"),
        ),
        Atom(
            (
                "score > seats",
                "seats < score",
                "score - seats > 0",
                "NOT score <= seats",
                "score - 1 >= seats",
                "(score > seats AND seats IS NOT NULL) OR (score > seats AND seats IS NULL)",
            ),
            ("score >= seats", "score > COALESCE(seats, 0)", "GREATEST(score, seats) > seats"),
        ),
    ]


def _decimal_number(chance: random.Random) -> list[Atom]:
    amount = chance.choice(AMOUNTS)
    return [
        Atom(
            (
                f"amount < {amount}",
                f"NOT (amount >= {amount})",
                f"{amount} > amount",
                f"amount - {amount} < 0",
                f"amount * 3 < 3 * {amount}",
            ),
            (f"amount <= {amount}", f"COALESCE(amount, 0) < {amount}", f"amount < {amount} + 0.01"),
        ),
        Atom(
            (
                f"amount * 1.5 >= {amount}",
                f"1.5 * amount >= {amount}",
                f"amount + amount + amount >= 2 * {amount}",
                f"NOT 3 * amount < 2 * {amount}",
            ),
            (f"amount * 1.5 > {amount}", f"amount * 2 >= {amount}"),
        ),
        Atom(
            ("amount > seats", "seats < amount", "amount - seats > 0"),
            ("amount >= seats", "amount > score"),
        ),
        Atom(
            ("discount IS NULL OR discount <= 1", "COALESCE(discount, 0) <= 1", "TRUE"),
            ("discount <= 1", "discount IS NULL OR discount < 1"),
        ),
    ]


def _text(chance: random.Random) -> list[Atom]:
    column, word = chance.choice(["status", "source"]), chance.choice(WORDS)
    other = chance.choice([found for found in WORDS if found != word])
    one, two = _quoted(word), _quoted(other)
    some = word or "Web"
    low = some.lower()
    return [
        Atom(
            (
                f"{column} = {one}",
                f"{column} IN ({one})",
                f"NOT {column} <> {one}",
                f"{column} LIKE {one}",
                f"CASE WHEN {column} = {one} THEN TRUE WHEN {column} <> {one} THEN FALSE END",
                f"STARTS_WITH({column}, {one}) AND LENGTH({column}) = {len(word)}",
            ),
            (f"LOWER({column}) = {_quoted(low)}", f"{column} IN ({one}, {two})", f"{column} IS DISTINCT FROM {one}"),
        ),
        Atom(
            (
                f"LOWER({column}) = {_quoted(low)}",
                f"{column} ILIKE {_quoted(some)}",
                f"{column} ILIKE {_quoted(some.upper())}",
                f"NOT {column} NOT ILIKE {_quoted(low)}",
            ),
            (
                f"{column} = {_quoted(low)}",
                f"UPPER({column}) = {_quoted(some.upper())}" if some != "k" else f"{column} IN ('k', 'K')",
                f"TRIM({column}) = {_quoted(low)}",
            ),
        ),
        Atom(
            (
                f"COALESCE({column}, '') <> {one}",
                f"NOT COALESCE({column}, '') = {one}",
                f"CASE WHEN {column} IS NULL THEN {'FALSE' if word == '' else 'TRUE'} ELSE {column} <> {one} END",
                f"COALESCE({column} <> {one}, {'FALSE' if word == '' else 'TRUE'})",
            ),
            (f"{column} <> {one}", f"COALESCE({column}, {one}) <> {one}", f"COALESCE({column}, '') <> {two}"),
        ),
        Atom(
            (
                f"{column} LIKE '%e%'",
                f"CONTAINS({column}, 'e')",
                f"NOT {column} NOT LIKE '%e%'",
                f"{column} LIKE 'e%' OR {column} LIKE '_%e%'",
                f"STRPOS({column}, 'e') > 0",
            ),
            (f"{column} LIKE 'e%'", f"{column} ILIKE '%e%'", f"{column} NOT LIKE '%e%'", f"{column} LIKE '%e'"),
        ),
        Atom(
            (f"{column} LIKE 'o%'", f"STARTS_WITH({column}, 'o')", f"{column} ^@ 'o'", f"PREFIX({column}, 'o')"),
            (f"{column} LIKE '%o'", f"{column} LIKE 'o_%'", f"{column} LIKE 'O%'", f"{column} LIKE 'o'"),
        ),
        Atom(
            (f"LOWER({column}) = 'k'", f"{column} ILIKE 'K'", f"LOWER({column}) IN ('k')"),
            (f"{column} IN ('k', 'K')", f"UPPER({column}) = 'K'"),
        ),
        Atom(
            (f"LENGTH({column}) > 3", f"{column} LIKE '____%'", f"NOT LENGTH({column}) <= 3", f"4 <= LENGTH({column})"),
            (f"LENGTH({column}) >= 3", f"LENGTH(TRIM({column})) > 3", f"{column} LIKE '___%'"),
        ),
        Atom(
            (f"TRIM({column}) = {_quoted(some.strip())}", f"LTRIM(RTRIM({column})) = {_quoted(some.strip())}"),
            (f"{column} = {_quoted(some.strip())}", f"LTRIM({column}) = {_quoted(some.strip())}"),
        ),
        Atom(
            (f"NULLIF({column}, '') IS NULL", f"COALESCE({column}, '') = ''", f"{column} IS NULL OR {column} = ''"),
            (f"{column} IS NULL", f"{column} = ''", f"NULLIF(TRIM({column}), '') IS NULL"),
        ),
        Atom(
            ("status = source", "source = status", "NOT status <> source"),
            ("status IS NOT DISTINCT FROM source", "LOWER(status) = LOWER(source)", "status <> source"),
        ),
        Atom(
            (f"{column} LIKE 'a!_b' ESCAPE '!'", f"{column} = 'a_b'"),
            (f"{column} LIKE 'a_b'", f"{column} = 'a%b'"),
        ),
        Atom(
            ("stage = 'won'", "stage NOT IN ('open', 'lost')", "stage LIKE 'w%'", "LENGTH(stage) < 4"),
            ("stage <> 'won'", "stage IN ('won', 'lost')", "stage = 'Won'"),
        ),
    ]


def _boolean(chance: random.Random) -> list[Atom]:
    return [
        Atom(
            ("is_gone", "is_gone = TRUE", "NOT NOT is_gone", "is_gone <> FALSE", "is_gone = 1"),
            ("is_gone IS TRUE", "NOT is_gone", "COALESCE(is_gone, TRUE)", "is_gone IS NOT FALSE"),
        ),
        Atom(
            ("is_gone IS NOT TRUE", "NOT COALESCE(is_gone, FALSE)", "COALESCE(NOT is_gone, TRUE)"),
            ("NOT is_gone", "is_gone IS FALSE", "is_gone IS NULL"),
        ),
        Atom(
            ("is_key", "is_key IS TRUE", "COALESCE(is_key, FALSE)", "is_key IS NOT FALSE"),
            ("NOT is_key", "is_key OR is_gone", "is_key AND is_gone"),
        ),
        Atom(
            ("is_gone IS DISTINCT FROM is_key", "NOT (is_key IS NOT DISTINCT FROM is_gone)"),
            ("is_gone <> is_key", "is_gone IS NOT DISTINCT FROM is_key"),
        ),
    ]


def _time(chance: random.Random) -> list[Atom]:
    day = chance.choice(DAYS)
    first = day.replace(day=1)
    following = first.replace(month=first.month + 1)
    return [
        Atom(
            (
                f"due_date >= DATE '{day}'",
                f"NOT due_date < '{day}'",
                f"due_date + 7 >= DATE '{day}' + INTERVAL 1 WEEK",
                f"due_date - DATE '{day}' >= 0",
                f"due_date >= TIMESTAMP '{day} 00:00:00'",
                f"DATE_DIFF('day', DATE '{day}', due_date) > -1",
            ),
            (f"due_date > DATE '{day}'", f"due_date >= DATE '{day}' - 1", f"due_date >= TIMESTAMP '{day} 00:00:01'"),
        ),
        Atom(
            (
                f"CAST(made_at AS DATE) = '{day}'",
                f"made_at >= '{day}' AND made_at < DATE '{day}' + INTERVAL '1 day'",
                f"DATE_TRUNC('day', made_at) = TIMESTAMP '{day} 00:00:00'",
                f"made_at::DATE IN (DATE '{day}')",
            ),
            (
                f"made_at = '{day}'",
                f"made_at >= '{day}' AND made_at <= DATE '{day}' + INTERVAL '1 day'",
                f"made_at BETWEEN '{day}' AND '{day} 23:59:59'",
            ),
        ),
        Atom(
            (
                f"DATE_TRUNC('month', due_date) = '{first}'",
                f"due_date >= '{first}' AND due_date < DATE '{following}'",
                f"NOT DATE_TRUNC('month', due_date) <> DATE '{first}'",
                f"DATE_TRUNC('month', due_date) >= '{first}' AND DATE_TRUNC('month', due_date) < '{following}'",
            ),
            (
                f"due_date BETWEEN '{first}' AND '{following}'",
                f"DATE_TRUNC('month', due_date) >= '{first}'",
                f"DATE_TRUNC('month', due_date) = '{following}'",
            ),
        ),
        Atom(
            (
                f"EXTRACT(YEAR FROM made_at) >= {day.year}",
                f"YEAR(made_at) > {day.year - 1}",
                f"made_at >= '{day.year}-01-01'",
                f"DATE_TRUNC('year', made_at) >= '{day.year}-01-01'",
                f"NOT made_at < TIMESTAMP '{day.year}-01-01 00:00:00'",
            ),
            (f"YEAR(made_at) > {day.year}", f"made_at >= '{day.year}-01-02'", f"YEAR(due_date) >= {day.year}"),
        ),
        Atom(
            (
                "DATE_TRUNC('week', due_date) = due_date",
                "due_date <= DATE_TRUNC('week', due_date)",
                "NOT due_date > DATE_TRUNC('week', due_date)",
            ),
            ("DATE_TRUNC('week', due_date) = due_date - 1", "DATE_TRUNC('week', due_date + 1) = due_date"),
        ),
        Atom(
            (
                "due_date > made_at",
                "CAST(due_date AS TIMESTAMP) > made_at",
                "NOT made_at >= due_date",
                "made_at < due_date",
            ),
            ("due_date > CAST(made_at AS DATE)", "due_date >= made_at", "due_date + 1 > made_at"),
        ),
        Atom(
            (
                "made_at >= DATE_TRUNC('month', due_date)",
                "DATE_TRUNC('month', due_date) <= made_at",
                "NOT made_at < DATE_TRUNC('month', due_date)",
            ),
            ("made_at >= due_date", "made_at >= DATE_TRUNC('quarter', due_date)"),
        ),
        Atom(
            (
                "made_at < due_date + INTERVAL '1 month'",
                "due_date + INTERVAL 1 MONTH > made_at",
            ),
            ("made_at < due_date + INTERVAL '30 days'", "made_at < due_date + INTERVAL '2 months'"),
        ),
    ]


def _atom(chance: random.Random) -> Atom:
    maker = chance.choices([_whole_number, _decimal_number, _text, _boolean, _time], weights=[4, 2, 5, 2, 3])[0]
    return chance.choice(maker(chance))


def every_atom(seed: int) -> list[Atom]:
    """One of each kind of atom, with random constants."""
    chance = random.Random(seed)
    return [atom for maker in (_text, _whole_number, _decimal_number, _boolean, _time) for atom in maker(chance)]


def tree(chance: random.Random, depth: int = 2) -> Tree:
    """A random predicate; depth 2 has up to four atoms."""
    kind = chance.choice(["atom", "and", "and", "or", "not"]) if depth else "atom"
    if kind == "atom":
        return Tree("atom", _atom(chance))
    if kind == "not":
        return Tree("not", parts=(tree(chance, depth - 1),))
    return Tree("and" if kind == "and" else "or", parts=(tree(chance, depth - 1), tree(chance, depth - 1)))


def spelled(found: Tree, chance: random.Random, plain: bool = False) -> str:
    """One of a predicate's spellings; `plain` takes the first of everything."""
    if found.atom is not None:
        return found.atom.spellings[0] if plain else chance.choice(found.atom.spellings)
    parts = [f"({spelled(part, chance, plain)})" for part in found.parts]
    if found.kind == "not":
        (only,) = parts
        ways = [f"NOT {only}", f"CASE WHEN {only} THEN FALSE WHEN NOT {only} THEN TRUE END", f"{only} = FALSE"]
        return ways[0] if plain else chance.choice(ways)
    one, two = parts
    if found.kind == "and":
        ways = [
            f"{one} AND {two}",
            f"{two} AND {one}",
            f"NOT (NOT {one} OR NOT {two})",
            f"CASE WHEN {one} THEN {two} WHEN NOT {one} THEN FALSE WHEN NOT {two} THEN FALSE END",
            f"{one} AND {two} AND {one}",
        ]
    else:
        ways = [
            f"{one} OR {two}",
            f"{two} OR {one}",
            f"NOT (NOT {two} AND NOT {one})",
            f"CASE WHEN {one} THEN TRUE WHEN {two} THEN TRUE WHEN NOT {one} THEN {two} END",
        ]
    return ways[0] if plain else chance.choice(ways)


def broken(found: Tree, chance: random.Random) -> Tree:
    """The tree with one place changed: another meaning on some row, unless the rest of the tree hides it."""
    if found.atom is not None:
        return Tree("atom", Atom((chance.choice(found.atom.broken),), found.atom.spellings))
    if found.kind != "not" and chance.random() < 0.2:
        return Tree("or" if found.kind == "and" else "and", parts=found.parts)
    place = chance.randrange(len(found.parts))
    parts = tuple(broken(part, chance) if index == place else part for index, part in enumerate(found.parts))
    return Tree(found.kind, parts=parts)


def random_pair(chance: random.Random) -> RandomPair:
    """Half of them mean the same, two fifths nearly, the rest have nothing to do with each other."""
    made = tree(chance)
    first = spelled(made, chance)
    drawn = chance.random()
    if drawn < 0.5:
        ways = ["{}", "({}) IS TRUE", "COALESCE({}, FALSE)", "({}) AND TRUE", "NOT ({}) IS NOT TRUE"]
        return RandomPair(first, chance.choice(ways).format(spelled(made, chance)), True)
    other = broken(made, chance) if drawn < 0.9 else tree(chance)
    return RandomPair(first, spelled(other, chance), False)
