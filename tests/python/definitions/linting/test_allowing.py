"""What is not told: places that a comment allows, and what the baseline knows."""

from pathlib import Path

import pytest

from plumbline.definitions.linting.baseline import BASELINE, hold, read_baseline, write_baseline
from plumbline.definitions.linting.places import SqlFile
from plumbline.definitions.proving.sides import NamingError

from .small_lint import linted_queries, told

NEARLY = "select 1 from fct_deals where size >= 20 and size < 50"
REASON = "-- plumbline: allow D2 because the middle only"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{REASON}\n{NEARLY}", []),
        (NEARLY + " -- plumbline: allow D4, D2 because large ones only", [("S2", None, 1)]),
        ("/* plumbline: allow D2 because large ones only */\n" + NEARLY, []),
        (f"select 1 from fct_deals\nwhere size >= 20\n{REASON}\nand size < 50", []),
        # no reason, nothing that it allows, another rule, too far away
        ("-- plumbline: allow D2\n" + NEARLY, [("S1", None, 1), ("D2", "big", 2)]),
        ("-- plumbline: allow D2 because\n" + NEARLY, [("S1", None, 1), ("D2", "big", 2)]),
        (f"{REASON}\nselect 1 from fct_deals", [("S2", None, 1)]),
        ("-- plumbline: allow D1 because large ones only\n" + NEARLY, [("S2", None, 1), ("D2", "big", 2)]),
        (f"{REASON}\n\n{NEARLY}", [("S2", None, 1), ("D2", "big", 3)]),
    ],
)  # fmt: skip
def test_a_comment_with_a_reason_allows(tmp_path: Path, text: str, expected: list[tuple[str, str | None, int]]) -> None:
    assert told(linted_queries(tmp_path, a=text).findings) == expected


def test_the_baseline_knows_findings_wherever_they_move(tmp_path: Path) -> None:
    first = linted_queries(tmp_path, a=NEARLY, b=NEARLY + " -- plumbline: allow D2")
    assert write_baseline(tmp_path, first) == 2
    known = read_baseline(tmp_path)
    moved = hold(tmp_path, linted_queries(tmp_path, a="\n\n" + NEARLY), known)
    # comments are mended, never known
    assert (told(moved.new), told(moved.known), moved.gone) == (
        [("S1", None, 1)],
        [("D2", "big", 3), ("D2", "big", 1)],
        (),
    )
    twice = hold(tmp_path, linted_queries(tmp_path, a=f"{NEARLY};\n{NEARLY}", b="select 1"), known)
    assert told(twice.new) == [("D2", "big", 2)]
    assert [key[:3] for key in twice.gone] == [("queries/b.sql", "D2", "big")]
    # of what was not looked at nothing is said, unless it is no more
    (tmp_path / "queries" / "b.sql").unlink()
    alone = hold(tmp_path, linted_queries(tmp_path, a="select 1"), known)
    assert [key[0] for key in alone.gone] == ["queries/a.sql", "queries/b.sql"]


def test_writing_the_baseline_keeps_what_it_knows_of_other_files(tmp_path: Path) -> None:
    write_baseline(tmp_path, linted_queries(tmp_path, a=NEARLY, b=NEARLY))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "queries" / "a.sql").rename(tmp_path / "elsewhere" / "a.sql")
    text = (tmp_path / BASELINE).read_text(encoding="utf-8").replace("queries/a.sql", "elsewhere/a.sql")
    (tmp_path / BASELINE).write_text(text, encoding="utf-8")
    assert write_baseline(tmp_path, linted_queries(tmp_path, b="select 1")) == 1
    assert [key[0] for key in read_baseline(tmp_path)] == ["elsewhere/a.sql"]


@pytest.mark.parametrize("text", ["findings: [", "findings: [{path: a.sql, code: D1}]", "found: []"])
def test_a_baseline_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "definitions").mkdir()
    (tmp_path / BASELINE).write_text(text, encoding="utf-8")
    with pytest.raises(NamingError, match=r"lint_baseline\.yml is no baseline"):
        read_baseline(tmp_path)


def test_lines_are_those_of_the_file_that_people_wrote() -> None:
    import sqlglot

    raw = "{{ config(x) }}\n\nselect\n    a,\n    {{ macro('b') }} as b\nfrom t\nwhere c = 1"
    compiled = "\nselect\n    a,\n    coalesce(\n        x,\n        y\n    ) as b\nfrom t\nwhere c = 1"
    file = SqlFile("models/m.sql", raw, compiled)
    tree = sqlglot.parse_one(compiled)
    assert file.span([tree.args["where"]]) == (7, 7)
    assert file.span([tree.selects[1]]) == (5, 5)
