"""No value of the data in a log."""

from __future__ import annotations

import pytest

from plumbline.project.redact import REDACTED, redacted


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Conversion Error: Could not convert string 'Ada Lovelace' to INT32", "Ada"),
        ('Constraint Error: Duplicate key "name: O\'Neill" violates primary key', "Neill"),
        ('Conversion Error: invalid date field format: "31 Feb, Ada"', "Ada"),
        ("the row of ada.l+x@mail.example.org was late", "ada"),
        ("Invalid Input Error: Malformed JSON: \"{'n': 1}\"", "'n'"),
    ],
)
def test_values_are_hidden(text: str, hidden: str) -> None:
    assert hidden not in redacted(text)
    assert REDACTED in redacted(text)


def test_names_of_tables_and_columns_stay() -> None:
    text = 'Binder Error: Referenced column "amout" not found in FROM clause! Candidates: "amount"'
    assert redacted(text) == text
    assert "NOT NULL constraint failed: dim_a.id" in redacted("Constraint Error: NOT NULL constraint failed: dim_a.id")
