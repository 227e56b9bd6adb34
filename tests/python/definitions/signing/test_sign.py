"""`sign` records what a team agreed to, and refuses whatever would not be honest."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library
from plumbline.definitions.problems import Problem
from plumbline.definitions.proving.ledger import look
from plumbline.definitions.schemas import SignOff
from plumbline.definitions.signing.codes import fits, is_code, short_code
from plumbline.definitions.signing.sign import Agreement, NothingToSignError, SigningError, to_sign
from plumbline.definitions.signing.writing import with_sign_off

from ..proving.test_changes import with_next
from ..small_project import TERM, write_definitions
from .agreed import MINUTES, SINCE, TODAY, agreement, commit, git, signed


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with a minute, committed."""
    root = write_definitions(tmp_path_factory.mktemp("committed"))
    minutes = root / MINUTES
    minutes.parent.mkdir(parents=True)
    minutes.write_text("The heads of sales and of marketing agree.\n", encoding="utf-8")
    return commit(root)


@pytest.fixture
def kept(committed: Path, tmp_path: Path) -> Path:
    """A copy of it to sign in."""
    return Path(shutil.copytree(committed, tmp_path / "kept"))


def test_both_teams_sign_and_the_definitions_hold(kept: Path) -> None:
    first = signed(kept, agreement(evidence=MINUTES))
    assert (first.version, first.waits_for, first.line) == (3, ("marketing",), 39)
    governed = load_library(kept).terms["big"]
    assert governed.standing(governed.newest) == "partly_signed"
    assert signed(kept, agreement("marketing", evidence=MINUTES)).waits_for == ()
    library = load_library(kept)
    governed = library.terms["big"]
    assert governed.standing(governed.newest) == "signed"
    assert [item.team for item in governed.newest.sign_off] == ["sales", "marketing"]
    assert {item.meaning for item in governed.newest.sign_off} == {governed.meaning(governed.newest)}
    assert check_library(library, TODAY) == []


def test_a_proved_rewording_is_signed_under_the_meaning_that_is_on_record(kept: Path) -> None:
    before = load_library(kept).terms["big"]
    write_definitions(kept, TERM.replace("stage = 'open' OR NOT stage IN ('won', 'lost')", "stage = 'open'"))
    commit(kept, date(2026, 2, 1))
    done = signed(kept, agreement(code=short_code(before.meaning(before.newest))))
    assert done.sign_off.meaning == before.meaning(before.newest)


@pytest.mark.parametrize(
    ("given", "what", "mending"),
    [
        (agreement("markting"), "`markting` does not sign big.", "Those who do: marketing, sales (--team)."),
        (agreement("customer_success"), "`customer_success` does not sign big.", "sales"),
        (agreement(role="pat@example.com"), "The role holds a person's address.", "never a person"),
        (agreement(role="  "), "The role is empty.", "--role"),
        (
            agreement(on=date(2026, 3, 2)),
            "2026-03-02 is yet to come: today is 2026-03-01 (UTC).",
            "once it has happened",
        ),
        (
            agreement(on=date(2026, 1, 9)),
            "Version 3 of big is in git since 2026-01-10; nobody can have signed it on 2026-01-09.",
            "Give the day",
        ),
        (agreement(evidence="minutes/none.pdf"), "There is no file `minutes/none.pdf`.", "definitions/minutes/"),
        (agreement(evidence="the minutes.pdf"), "There is no file `the minutes.pdf`.", "say in words"),
        (agreement(version=9), "`big` has no version 9.", "It has versions 1 to 3."),
        (agreement(code="read it"), "`read it` is no code of a meaning.", "definitions packet big --version 3"),
        (
            agreement(code="0123-4567-89ab"),
            "What was read has the code 0123-4567-89ab; version 3 of big means something else now.",
            "let people read `plumbline definitions packet big --version 3`, and sign that.",
        ),
    ],
)
def test_what_is_not_honest_is_refused_and_nothing_is_written(
    kept: Path, given: Agreement, what: str, mending: str
) -> None:
    before = (kept / "definitions" / "terms" / "big.yml").read_bytes()
    with pytest.raises(SigningError) as raised:
        signed(kept, given)
    assert raised.value.what == what and mending in raised.value.mending
    assert (kept / "definitions" / "terms" / "big.yml").read_bytes() == before


def test_the_code_of_another_version_is_named(kept: Path) -> None:
    governed = load_library(kept).terms["big"]
    old = short_code(governed.meaning(governed.term.versions[1]))
    with pytest.raises(SigningError, match=f"has the code {old}; that is version 2"):
        signed(kept, agreement(code=old))


def test_a_change_after_the_packet_is_found(kept: Path) -> None:
    governed = load_library(kept).terms["big"]
    code = short_code(governed.meaning(governed.newest))
    changed = TERM.replace("stage = 'open' OR NOT stage IN ('won', 'lost')", "stage = 'won'").replace(
        "{stage: open, expect: true}", "{stage: won, expect: true}"
    )
    write_definitions(kept, changed)
    with pytest.raises(SigningError, match="What version 3 of big means now is not on record"):
        signed(kept, agreement(code=code))
    (kept / "definitions" / "meanings" / "big.json").unlink()
    commit(kept, date(2026, 1, 15))
    with pytest.raises(SigningError, match=f"has the code {code}; version 3 of big means something else now"):
        signed(kept, agreement(code=code))


def test_who_has_agreed_agrees_once(kept: Path) -> None:
    signed(kept, agreement())
    with pytest.raises(
        NothingToSignError, match="sales has signed version 3 of big already: the head of sales"
    ) as told:
        signed(kept, agreement(role="somebody else"))
    assert (told.value.exit_code, told.value.mending) == (1, "Waits for: marketing.")


def test_one_role_is_one_voice(kept: Path) -> None:
    signed(kept, agreement(role="chief revenue officer"))
    with pytest.raises(SigningError, match="one voice is not two"):
        signed(kept, agreement("marketing", role="Chief  Revenue Officer"))


def test_what_is_not_committed_is_not_there_to_be_signed(kept: Path) -> None:
    write_definitions(kept, with_next(TERM))
    with pytest.raises(SigningError, match="What version 4 of big means now is not on record"):
        signed(kept, agreement(version=4))
    library = load_library(kept)
    for name, text in look(library).files.items():
        (kept / name).write_text(text, encoding="utf-8")
    with pytest.raises(SigningError, match="Version 4 of big is not committed yet"):
        signed(kept, agreement(version=4))
    commit(kept)
    # two versions in question: which one was read has to be said, by its number or by its code
    with pytest.raises(SigningError, match="sales has not signed versions 3 and 4 of big yet"):
        signed(kept, agreement(version=None))
    governed = load_library(kept).terms["big"]
    assert signed(kept, agreement(version=None, code=short_code(governed.meaning(governed.newest)))).version == 4
    assert signed(kept, agreement(version=None)).version == 3
    signed(kept, agreement("marketing", version=4))
    word = load_library(kept).terms["big"]
    assert to_sign(word, None, TODAY).version == 3, "the newest has its sign-offs"


def test_without_git_nobody_knows_since_when(small: Path) -> None:
    library = load_library(small)
    (small / "definitions" / "meanings").mkdir()
    for name, text in look(library).files.items():
        (small / name).write_text(text, encoding="utf-8")
    with pytest.raises(SigningError, match="The definitions are not in git"):
        signed(small, agreement())


def test_days_are_those_of_utc_wherever_the_commit_was_made(kept: Path) -> None:
    """It is the 10th in Auckland while it is the 9th in UTC, which is what `today` is."""
    write_definitions(kept, with_next(TERM))
    commit(kept, moment="2026-01-10T08:00:00+1300")
    assert signed(kept, agreement(version=4, on=date(2026, 1, 9)), date(2026, 1, 9)).version == 4


def test_a_shallow_clone_says_how_to_get_the_rest(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (kept / "later.txt").write_text("later\n", encoding="utf-8")
    commit(kept, date(2026, 2, 20))
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    git(kept, "clone", "--quiet", "--depth=1", kept.as_uri(), str(clone))
    with pytest.raises(SigningError) as raised:
        signed(clone, agreement(on=SINCE))
    assert "git fetch --unshallow" in raised.value.mending
    shutil.copyfile(_by_hand(kept, SINCE), clone / "definitions" / "terms" / "big.yml")
    [found] = _of_days(clone)
    assert (found.severity, found.mending) == ("warning", raised.value.mending), "nothing is known, so nobody is wrong"
    write_definitions(kept)
    assert signed(kept, agreement(on=SINCE)).version == 3


def test_a_day_written_by_hand_is_held_against_git_too(kept: Path) -> None:
    _by_hand(kept, SINCE)
    assert _of_days(kept) == []
    _by_hand(kept, date(2026, 1, 9))
    [early] = _of_days(kept)
    assert (early.code, early.line, early.severity) == ("sign-off-before-the-version", 39, "error")
    assert early.message.startswith("sales signed on 2026-01-09: Version 3 of big is in git since 2026-01-10; nobody")
    write_definitions(kept, TERM.replace("stage = 'open' OR NOT", "stage IS NULL OR NOT"))
    (kept / "definitions" / "meanings" / "big.json").unlink()
    _by_hand(kept, TODAY)
    [unknown] = _of_days(kept)
    assert "is not committed yet" in unknown.message and "Commit definitions/ first" in unknown.mending


def _by_hand(root: Path, on: date) -> Path:
    """The newest version as it stands, signed by nobody but a line of its file."""
    path = root / "definitions" / "terms" / "big.yml"
    word = load_library(root).terms["big"]
    index = len(word.term.versions) - 1
    line = {
        "team": "sales",
        "role": "head of sales",
        "on": on,
        "evidence": "said",
        "meaning": word.meaning(word.newest),
    }
    parts = path.read_text(encoding="utf-8").split("  - version: 3")
    unsigned = re.sub(r"sign_off:.*?(?=\nwaits_for|\Z)", "sign_off: []", parts[1], flags=re.DOTALL)
    text = with_sign_off("  - version: 3".join([parts[0], unsigned]), index, SignOff.model_validate(line))
    path.write_text(text, encoding="utf-8")
    return path


def _of_days(root: Path) -> list[Problem]:
    found = check_library(load_library(root), TODAY)
    return [problem for problem in found if problem.code == "sign-off-before-the-version"]


def test_evidence_is_a_file_of_the_project_or_words(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = kept.parent / f"{kept.name}.pdf"
    outside.write_bytes(b"signed")
    with pytest.raises(SigningError, match="lies outside the project"):
        signed(kept, agreement(evidence=str(outside)))
    (kept / ".gitignore").write_text("build/\n", encoding="utf-8")
    (kept / "build").mkdir()
    (kept / "build" / "signed.pdf").write_bytes(b"signed")
    with pytest.raises(SigningError, match=r"git is told to ignore build/signed\.pdf"):
        signed(kept, agreement(evidence="build/signed.pdf"))
    monkeypatch.chdir(kept / "definitions" / "minutes")
    assert signed(kept, agreement(evidence="2026-01-20.md")).sign_off.evidence == MINUTES
    words = "Said in the meeting of the quarter, by both heads, and noted in the book of decisions. " * 4
    told = signed(kept, agreement("marketing", evidence=words))
    assert told.sign_off.evidence == words.strip(), "longer than any name of a file"
    assert check_library(load_library(kept), TODAY) == []


def test_codes_are_read_however_they_are_written() -> None:
    meaning = "sha256:4675f9a7d12b" + "0" * 52
    assert short_code(meaning) == "4675-f9a7-d12b"
    for code in ("4675-f9a7-d12b", "4675 F9A7", meaning, "4675f9a7d12b000"):
        assert is_code(code) and fits(code, meaning)
    for code in ("4675", "", "4675-f9a7-d12c", "sha256:", "4675-f9a7-d12g"):
        assert not fits(code, meaning)
