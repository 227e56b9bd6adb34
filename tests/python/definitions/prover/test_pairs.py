"""Verdicts on random pairs, some spelled in two ways, some broken: none is wrong, and few are unknown."""

import duckdb

from plumbline.definitions.prover import Prover

from .judging import judged, random_pairs


def test_no_verdict_is_wrong(prover: Prover, engine: duckdb.DuckDBPyConnection) -> None:
    wrong, verdicts = judged(prover, engine, random_pairs(60, 21))
    assert wrong == []
    assert sum(verdict.verdict == "unknown" for verdict in verdicts) <= 2
    assert {"equivalent", "narrower", "wider", "overlapping"} <= {verdict.verdict for verdict in verdicts}


def test_the_same_question_has_the_same_answer(engine: duckdb.DuckDBPyConnection) -> None:
    from .deals import DEAL

    pairs = random_pairs(8, 4)
    with Prover(DEAL) as one, Prover(DEAL) as two:
        assert judged(one, engine, pairs, 20) == judged(two, engine, pairs, 20)
