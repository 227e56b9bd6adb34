"""A sign-off is one more line of the file, whatever its layout; the rest stays byte for byte."""

from datetime import date

import pytest

from plumbline.definitions.schemas import SignOff
from plumbline.definitions.signing.writing import UnwritableError, with_sign_off
from plumbline.definitions.yaml_files import parse_yaml

SIGNED = "{team: sales, role: head of sales, on: 2026-01-02, meaning: 'sha256:aa', evidence: minutes}"
HEAD = """# people read this first
term: big   # a word
versions:
  - version: 1
    statement: "One: the first."   # said by all
    """
TAIL = """
  - version: 2   # to come

    statement: >
      Two.
    sign_off: []   # nobody yet
# the end
"""


def sign_off(role: str = "head of marketing", evidence: str = "definitions/minutes/2026-01-03.pdf") -> SignOff:
    return SignOff(team="marketing", role=role, on=date(2026, 1, 3), meaning="sha256:" + "0" * 64, evidence=evidence)


def added(before: str, after: str) -> list[str]:
    """The lines that are new; every other has to be as it was."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    extra = [line for line in new if line not in old]
    assert [line for line in new if line not in extra] == [line for line in old if line in new]
    return extra


@pytest.mark.parametrize(
    ("layout", "count", "indent"),
    [
        ("sign_off: []", 0, 6),
        ("sign_off:  [ ]   # wanted by March", 0, 6),
        (f"sign_off:\n      - {SIGNED}", 1, 6),
        (f"sign_off:\n    - {SIGNED}   # the first", 1, 4),
        (f"sign_off:\n      # in the order of the days\n      - {SIGNED}\n      # the rest follows", 1, 6),
        (
            "sign_off:\n      - team: sales\n        role: head\n        on: 2026-01-02\n        meaning: m\n"
            "        evidence: |\n          by mail,\n          and by word\n",
            1,
            6,
        ),
    ],
)
@pytest.mark.parametrize("index", [0, 1])
def test_nothing_but_the_sign_off_changes(layout: str, count: int, indent: int, index: int) -> None:
    text = HEAD + layout + TAIL
    changed = with_sign_off(text, index, sign_off())
    new = [line for line in added(text, changed) if "marketing" in line]
    assert len(new) == 1
    assert new[0].startswith(" " * (indent if index == 0 else 6) + "- {team: marketing, role: head of marketing, on: ")
    before, after = parse_yaml(text, "").data["versions"], parse_yaml(changed, "").data["versions"]
    assert after[index]["sign_off"] == [*before[index]["sign_off"], sign_off().model_dump()]
    assert len(after[0]["sign_off"]) == count + (index == 0)
    for comment in ("# people read this first", "# a word", "# said by all", "# to come", "# nobody yet", "# the end"):
        assert comment in changed
    assert all(part in changed for part in layout.split("\n") if "#" in part and "[" not in part)


def test_a_list_between_brackets_stays_one_line() -> None:
    text = HEAD + f"sign_off: [{SIGNED}]" + TAIL
    changed = with_sign_off(text, 0, sign_off())
    assert len(changed.splitlines()) == len(text.splitlines())
    assert len(parse_yaml(changed, "").data["versions"][0]["sign_off"]) == 2


def test_line_breaks_stay_what_they_are() -> None:
    text = (HEAD + "sign_off: []" + TAIL).replace("\n", "\r\n")
    changed = with_sign_off(text, 0, sign_off())
    assert changed.count("\n") == changed.count("\r\n") == text.count("\r\n") + 1


@pytest.mark.parametrize(
    "words", ["agreed: in the room, on Monday", "yes", "#12", "“so be it” {all}", "2026-01-03", "a\\b \"c\" 'd'", "ok."]
)
def test_any_words_are_read_as_they_were_given(words: str) -> None:
    changed = with_sign_off(HEAD + "sign_off: []" + TAIL, 0, sign_off(role=words, evidence=words))
    [found] = parse_yaml(changed, "").data["versions"][0]["sign_off"]
    assert (found["role"], found["evidence"]) == (words, words)


@pytest.mark.parametrize("layout", ["sign_off: *nobody", "unsigned: []"])
def test_what_cannot_be_added_to_is_left_alone(layout: str) -> None:
    text = "nobody: &nobody []\n" + HEAD + layout + TAIL
    with pytest.raises(UnwritableError):
        with_sign_off(text, 0, sign_off())
