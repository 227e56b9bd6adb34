"""What a team would change is said as its own tool says it."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.definitions import Library, load_library
from plumbline.definitions.importing import import_variant, load_variants
from plumbline.definitions.reporting.plain_words import condition_words
from plumbline.definitions.reporting.words import change_sentences, tool_labels
from plumbline.definitions.semantics import load_semantics

from ..small_project import ROOT


@pytest.fixture(scope="module")
def library() -> Library:
    """The definitions of the project."""
    return load_library(ROOT)


@pytest.mark.parametrize(
    ("name", "criterion", "added", "sentences"),
    [
        (
            "mql_marketing",
            {"standing": "different", "shared": "lead_score > 65", "said": "lead_score >= 60"},
            {},
            [
                "Change in the smart list what it says now, “Lead Score”: at least 60, "
                "to: “Lead Score”: more than 65 (x).",
            ],
        ),
        (
            "mql_sales",
            {"standing": "missing", "shared": "is_competitor IS NOT TRUE"},
            {"unseen": "is_deleted IS NOT TRUE"},
            [
                "Add to the report: competitor: no or missing (x).",
                "Take out of the report: deleted: no or missing; or let the teams add it to the shared version.",
            ],
        ),
        (
            "commit_sales",
            {"standing": "looser", "shared": "probability >= 0.8", "said": "probability >= 0.7"},
            {},
            # The report has per cent: its own name beside our number would be a wrong filter.
            ["Change in the report what it says now, probability: at least 0.7, to: probability: at least 0.8 (x)."],
        ),
        (
            "pipeline_customer_success",
            {"standing": "missing", "shared": "amount > 0"},
            {},
            ["Add to the query: amount > 0 (x)."],
        ),
    ],
)
def test_a_change_is_said_in_the_words_of_the_tool(
    library: Library, name: str, criterion: dict[str, Any], added: dict[str, str], sentences: list[str]
) -> None:
    variant = load_variants(library)[name]
    labelled = tool_labels(variant.variant, library.entities[variant.variant.entity])
    told = change_sentences(
        variant.variant,
        import_variant(variant, load_semantics(ROOT)),
        [{"criterion": "one", **criterion}],
        added,
        {"one": "x"},
        lambda sql: condition_words(sql, labelled),
    )
    assert told == sentences
