"""The encoding says of random predicates on random rows what DuckDB says, NULLs included."""

import duckdb
import pytest

from . import random_pairs
from .deals import asked, every_value, rows, stored
from .judging import EVERYTHING, computed, misread, random_predicates, truths


@pytest.mark.parametrize("seed", [1, 2])
def test_encoding_agrees_with_duckdb(engine: duckdb.DuckDBPyConnection, seed: int) -> None:
    predicates, found = random_predicates(25, seed), rows(8, seed)
    assert list(misread(predicates, found, truths(engine, predicates, found))) == []


def test_everything_that_is_known_agrees_with_duckdb(engine: duckdb.DuckDBPyConnection) -> None:
    predicates, found = list(EVERYTHING), every_value(32)
    assert list(misread(predicates, found, truths(engine, predicates, found))) == []
    assert not any("open" in computed(sql, found[:3]) for sql in EVERYTHING)


def test_nearly_every_answer_is_decided(engine: duckdb.DuckDBPyConnection) -> None:
    """An encoding that leaves everything open would agree with everything."""
    answers = [answer for sql in random_predicates(20, 3) for answer in computed(sql, rows(5, 3))]
    assert answers.count("open") <= 0.1 * len(answers)


def test_spellings_mean_the_same_and_broken_ones_do_not(engine: duckdb.DuckDBPyConnection) -> None:
    """The generator's own claims, held against DuckDB."""
    stored(engine, [*rows(300, 5), *every_value(6)])
    for atom in (*random_pairs.every_atom(1), *random_pairs.every_atom(2), *random_pairs.every_atom(3)):
        first, *others = asked(engine, [*atom.spellings, *atom.broken])
        same, broken = others[: len(atom.spellings) - 1], others[len(atom.spellings) - 1 :]
        assert all(answers == first for answers in same), atom.spellings
        assert any(answers != first for answers in broken), atom.broken
