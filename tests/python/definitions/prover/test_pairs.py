"""Verdicts on random pairs, some spelled in two ways, some broken: none is wrong, and few are unknown."""

import duckdb

from plumbline.definitions.prover import Prover

from .deals import DEAL, rows
from .judging import judged, random_pairs
from .vendor_shapes import PERSON, people, vendor_pairs


def test_no_verdict_is_wrong(prover: Prover, engine: duckdb.DuckDBPyConnection) -> None:
    wrong, verdicts = judged(prover, engine, random_pairs(50, 21), rows(200, 11))
    assert wrong == []
    assert sum(verdict.verdict == "unknown" for verdict in verdicts) <= 2
    assert {"equivalent", "narrower", "wider", "overlapping"} <= {verdict.verdict for verdict in verdicts}


def test_the_same_question_has_the_same_answer(engine: duckdb.DuckDBPyConnection) -> None:
    pairs = random_pairs(8, 4)
    with Prover(DEAL) as one, Prover(DEAL) as two:
        assert judged(one, engine, pairs, rows(20, 11)) == judged(two, engine, pairs, rows(20, 11))


def test_no_verdict_on_imported_filters_is_wrong(engine: duckdb.DuckDBPyConnection) -> None:
    with Prover(PERSON) as prover:
        wrong, verdicts = judged(prover, engine, vendor_pairs(24, 3), people(150, 3))
    assert wrong == []
    assert "unknown" not in {verdict.verdict for verdict in verdicts}
    assert {"equivalent", "narrower", "wider", "overlapping"} <= {verdict.verdict for verdict in verdicts}
