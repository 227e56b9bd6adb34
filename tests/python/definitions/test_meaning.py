"""The hash of a meaning moves with the meaning and with nothing else."""

import copy
from typing import Any

import pytest
import yaml

from plumbline.definitions import load_library, meaning
from plumbline.definitions.schemas import Term

from .small_project import ROOT, TERM


def hash_of(change: Any = None) -> str:
    data = copy.deepcopy(yaml.safe_load(TERM))
    if change is not None:
        change(data, data["versions"][1])
    term = Term.model_validate(data)
    return meaning(term, term.versions[1])


@pytest.mark.parametrize(
    "change",
    [
        lambda term, version: version["criteria"]["size"].update(sql="( SIZE>=20.00 )"),
        lambda term, version: version["criteria"]["kept"].update(sql="NOT (is_gone is true)"),
        lambda term, version: version["criteria"]["kept"].update(why="another reason"),
        lambda term, version: version.update(criteria=dict(reversed(version["criteria"].items()))),
        lambda term, version: version.update(statement="Other words."),
        lambda term, version: version["examples"].append({"size": 30, "expect": True}),
        lambda term, version: term.update(name="Large deal", required_sign_offs=["sales"]),
    ],
)
def test_spelling_reasons_and_examples_are_outside_the_meaning(change: Any) -> None:
    assert hash_of(change) == hash_of()


@pytest.mark.parametrize(
    "change",
    [
        lambda term, version: version["criteria"]["size"].update(sql="size > 20"),
        lambda term, version: version["criteria"]["size"].update(sql="size >= 20.01"),
        lambda term, version: version["criteria"]["kept"].update(sql="NOT is_gone"),
        lambda term, version: version["criteria"].pop("kept"),
        lambda term, version: version["criteria"].update(there=version["criteria"].pop("kept")),
        lambda term, version: version.update(effective_from="2025-07-02"),
        lambda term, version: term.update(entity="quote"),
        lambda term, version: version.update(
            sla=[
                {
                    "id": "reply",
                    "start": "made_at",
                    "within": "4 business hours",
                    "target": 0.9,
                    "owner": "sales",
                }
            ]
        ),
    ],
)
def test_every_part_of_the_meaning_moves_the_hash(change: Any) -> None:
    assert hash_of(change) != hash_of()


def test_the_hash_is_pinned() -> None:
    """A new version of a library must not move what people have signed."""
    assert hash_of() == "sha256:26548efc9a70b1ebaed957140ff2c5df517f4fa7dfaf546fdb8eb5db8c6f4b2d"


def test_no_two_versions_share_a_meaning_within_a_term() -> None:
    for governed in load_library(ROOT).terms.values():
        hashes = [meaning(governed.term, version) for version in governed.term.versions]
        assert len(set(hashes)) == len(hashes)
