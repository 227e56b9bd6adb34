"""What a person reads of a verdict: one line in the summary, and the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plumbline.quality.gate.gate import Verdict
from plumbline.quality.gate.page import render_page
from plumbline.quality.gate.results import NO_HISTORY, CheckResult

HELD = CheckResult("rows.a", "suite", "volume", "a", "error", "passed", seen=3.0, unit="rows", mending="Load again.")
FAILED = replace(HELD, check="rows.b", table="b", status="failed")
WARNING = replace(FAILED, check="fresh", severity="warning")
ACCEPTED = replace(FAILED, check="rows.c", is_accepted=True)
BROKEN = replace(HELD, check="sum", status="broken")


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([HELD, HELD], "all 2 hold: nothing looks out of line"),
        ([HELD, WARNING], "1 of 2 hold; 1 warning did not stop the publish"),
        (
            [HELD, WARNING, WARNING, ACCEPTED],
            "1 of 4 hold; 2 warnings and 1 accepted finding did not stop the publish",
        ),
        ([HELD, FAILED], "1 of 2 hold; 1 finding stopped the publish"),
        (
            [HELD, FAILED, BROKEN, ACCEPTED],
            "1 of 4 hold; 2 findings (1 of them could not run) stopped the publish; "
            "1 accepted finding did not stop the publish",
        ),
        (
            [replace(HELD, note=NO_HISTORY)],
            "all 1 hold: nothing looks out of line; 1 have no earlier version to compare with yet",
        ),
    ],
)
def test_a_verdict_is_said_in_plain_words(results: list[CheckResult], words: str) -> None:
    assert Verdict(results).in_words == words


def test_findings_of_one_check_stand_together_with_one_mending() -> None:
    page = render_page(Verdict([HELD, FAILED, replace(FAILED, check="rows.d", table="d"), ACCEPTED]), "r", "2026-06-30")
    assert page.count("<section") == 1 and page.count("Load again.") == 1
    assert "Of the checks, 1 of 4 hold; 2 findings stopped the publish" in page and "Not published." in page
    assert "4 expectations, 3 do not hold" in page


def test_a_state_is_one_word_that_says_whether_it_blocks() -> None:
    assert [each.state for each in (HELD, FAILED, WARNING, ACCEPTED, BROKEN)] == [
        "passed", "failed", "warning", "accepted", "broken",
    ]  # fmt: skip
