"""`packet`, `sign` and `review`, from the first page to the signed version."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from definitions.proving.small_variants import write_variant
from definitions.signing.agreed import commit
from definitions.small_project import TERM, write_definitions
from plumbline.definitions.reviewing import QuarterError
from plumbline.definitions.signing.sign import NothingToSignError, SigningError
from plumbline.project.errors import NoVersionError

from .running import run

TODAY = ("--today", "2026-03-01")


def test_from_the_packet_to_the_signed_version(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    run(root, "build")
    commit(root)
    packet = run(root, "packet", "big", *TODAY)
    assert packet.exit_code == 0
    shown = packet.stdout.split(": ")[0]
    assert shown == "build/definitions/packet_big_3.html"
    code = packet.stdout.split("code ")[1].split(";")[0]
    assert packet.stdout.endswith("waits for sales, marketing.\n")
    assert code in (root / shown).read_text(encoding="utf-8")
    before = (root / "definitions" / "terms" / "big.yml").read_text(encoding="utf-8")

    first = sign(root, "sales", code)
    assert first.exit_code == 0
    assert first.stdout.splitlines() == [
        f"definitions/terms/big.yml:39: sales signed version 3 of big, code {code}.",
        "Waits for: marketing.",
        "Run `plumbline definitions build`, and commit what changed.",
    ]
    again = sign(root, "sales", code)
    assert isinstance(again.exception, NothingToSignError) and again.exception.exit_code == 1
    half = run(root, "check", *TODAY)
    assert half.exit_code == 0 and "warning [half-signed] Version 3 is signed by sales" in half.stderr

    second = json.loads(sign(root, "marketing", code, "--json").stdout)
    assert (second["line"], second["waits_for"], second["sign_off"]["role"]) == (40, [], "head of marketing")
    after = (root / "definitions" / "terms" / "big.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in after if "on: 2026-01-20" not in line]
    lines = before.splitlines()
    assert kept == [*lines[:37], "    sign_off:", *lines[38:]]

    assert run(root, "build", "--check").exit_code == 1, "the catalogue tells who has signed"
    assert run(root, "build").exit_code == 0
    assert "head of sales, 2026-01-20" in (root / "seeds" / "definitions" / "definitions.csv").read_text()
    assert run(root, "check", *TODAY).exit_code == 0
    done = run(root, "packet", "big", *TODAY)
    assert isinstance(done.exception, NothingToSignError)
    assert "every required team has agreed to what version 3 of big means" in done.exception.what
    assert run(root, "packet", "big", "--version", "2", *TODAY).exit_code == 0


def sign(root: Path, team: str, code: str, *more: str) -> Result:
    about = ("--team", team, "--role", f"head of {team}", "--on", "2026-01-20", "--meaning", code)
    return run(root, "sign", "big", *about, "--evidence", "said in the room", *TODAY, *more)


def test_wrong_calls_name_what_is_valid(root: Path) -> None:
    unknown = run(root, "packet", "bigg")
    assert unknown.exit_code == 2 and "Did you mean `big`?" in unknown.stderr
    day = run(root, "sign", "big", "--team", "sales", "--role", "head", "--on", "soon", "--evidence", "none")
    assert day.exit_code == 2 and "YYYY-MM-DD" in day.stderr
    version = run(root, "packet", "big", "--version", "7")
    assert isinstance(version.exception, SigningError) and "It has versions 1 to 3." in version.exception.mending
    missing = run(root, "packet", "big", "--database", str(root / "none.duckdb"))
    assert isinstance(missing.exception, NoVersionError)
    quarter = run(root, "review", "--quarter", "summer")
    assert isinstance(quarter.exception, QuarterError)


def test_a_packet_is_one_object_for_machines_and_markdown_for_a_pull_request(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    machine = json.loads(run(root, "packet", "big", "--version", "2", "--json").stdout)
    assert (machine["version"], machine["conditions"][0]["told"]) == (2, "Size: at least 20")
    assert not (root / "build").exists()
    assert run(root, "packet", "big", "--format", "md", "--out", "packet.md", *TODAY).exit_code == 0
    assert (root / "packet.md").read_text(encoding="utf-8").startswith("# For approval: Big deal, version 3\n")


def test_definitions_that_cannot_be_read_are_findings_with_their_place(root: Path) -> None:
    """Exit 1 says that there is nothing to sign, or that a review is overdue: this is neither."""
    write_variant(root, "size >= 30")
    (root / "definitions" / "exports" / "big_sales.sql").write_text("size >= 31", encoding="utf-8")
    for call in (("packet", "big", *TODAY), ("review", "--quarter", "2026-Q1", *TODAY)):
        refused = run(root, *call)
        assert refused.exit_code == 2 and "error [source-changed]" in refused.stderr, refused.stderr
        [found] = json.loads(run(root, *call, "--json").stdout)["problems"]
        assert found["path"] == "definitions/variants/big_sales.yml"
    write_definitions(root, TERM.replace("owner:", "ownr:"))
    for call in (("packet", "big"), ("review", "--quarter", "2026-Q1")):
        assert run(root, *call).exit_code == 2


def test_a_review_that_is_overdue_ends_with_1(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    asked = ("review", "--quarter", "2026-Q1")
    write_definitions(root, TERM.replace("{every: 3 months}", "{every: 3 months, last: 2026-01-31}"))
    held = run(root, *asked, "--today", "2026-04-30")
    assert held.exit_code == 0
    assert "Big deal, version 3, from 2026-02-01: overlapping against the version before" in held.stdout
    late = run(root, *asked, "--today", "2026-05-01", "--format", "md", "--out", "agenda.md")
    assert (late.exit_code, late.stdout) == (1, "agenda.md: the agenda of 2026-Q1.\n")
    assert "Big deal, due 2026-04-30: **overdue** (the head of sales operations)" in (root / "agenda.md").read_text()
    machine = run(root, *asked, "--today", "2026-05-01", "--json")
    assert (machine.exit_code, json.loads(machine.stdout)["reviews"][0]["overdue"]) == (1, True)
