"""Realistic pairs, with verdicts that people wrote down before the prover saw them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from plumbline.definitions.prover import Prover
from plumbline.definitions.schemas import Entity

HERE = Path(__file__).parent
CORPUS: dict[str, list[list[str]]] = yaml.safe_load((HERE / "corpus.yml").read_text(encoding="utf-8"))
PERSON = Entity.model_validate(yaml.safe_load((HERE / "corpus_entity.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def people() -> Iterator[Prover]:
    with Prover(PERSON) as prover:
        yield prover


@pytest.mark.parametrize("dialect", CORPUS)
def test_verdicts_are_as_written_down(people: Prover, dialect: str) -> None:
    wrong = []
    for expected, first, second, *rest in CORPUS[dialect]:
        verdict = people.compare(first, second, dialect)
        if (verdict.verdict, verdict.only_on_null) != (expected, rest == ["null"]):
            wrong.append(f"{first} | {second}: {verdict.verdict}, not {expected} ({verdict.reason})")
    assert wrong == []


def test_the_corpus_is_large_enough() -> None:
    assert sum(len(pairs) for pairs in CORPUS.values()) >= 80


@pytest.mark.parametrize("dialect", ["duckdb"])
def test_the_other_way_round_is_the_mirrored_verdict(people: Prover, dialect: str) -> None:
    mirrored = {"narrower": "wider", "wider": "narrower"}
    for expected, first, second, *_ in CORPUS[dialect][:40]:
        assert people.compare(second, first, dialect).verdict == mirrored.get(expected, expected)
