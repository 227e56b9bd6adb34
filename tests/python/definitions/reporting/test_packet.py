"""The packet and the agenda: what people who do not use git read before they agree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from cli.definitions.running import run
from plumbline.definitions import load_library
from plumbline.definitions.importing import source_hash
from plumbline.definitions.prover import Verdict
from plumbline.definitions.reporting.agenda import Agenda, agenda_object, make_agenda, render_agenda
from plumbline.definitions.reporting.packet import Packet, counted, make_packet, packet_object, render_packet
from plumbline.definitions.reviewing import Quarter, QuarterError, quarter_of

from ..proving.small_variants import write_variant
from ..small_project import ENTITY, MEASURE, TERM, write_definitions
from ..test_approvals import signed
from .test_pages import Page

PROMISED = TERM.replace(
    "    examples:\n      - {stage: open",
    "    sla:\n      - {id: follow_up, start: made_at, stop: due_date, within: 4 business hours,"
    " target: 0.9, owner: sales}\n"
    "    examples:\n      - {stage: open",
)


def packet(root: Path, number: int) -> Packet:
    library = load_library(root)
    word = library.terms["big"]
    return make_packet(library, word, word.term.versions[number - 1], None)


def test_a_packet_says_what_is_signed_and_what_changed(small: Path) -> None:
    write_definitions(small, PROMISED)
    write_variant(small, "size >= 20 AND seats > 1")
    found = packet(small, 2)
    page = Page(render_packet(found, "html"))
    assert page.fetched == [] and page.links == []
    for told in (
        "Big deal, version 2",
        "A deal of twenty or more that is still there.",
        f"Code of this meaning: {found.code}",
        "Size: at least 20",
        "Gone: no or missing",
        "It means fewer records than version 1: whatever it means, version 1 means, too.",
        "New, kept: gone: no or missing",
        "Changed, size: size: at least 20 (it was size: at least 10)",
        "version 2 says no, version 1 says yes.",
        "yes: size 20",
        "no: size 20, gone yes",
        "Nothing is counted here: no built version of the marts was at hand.",
        "give the page to the head of sales operations",
        f"plumbline definitions sign big --version 2 --team marketing --role ROLE --on DATE --meaning {found.code}",
    ):
        assert told in page.text, told
    assert found.teams[0].differences == ("does not look at kept", "asks besides for seats: more than 1")
    [row] = found.change_rows
    assert row.startswith("A deal whose size is 1") and row.endswith(": version 2 says no, version 1 says yes.")


def test_the_reasons_of_a_version_and_its_promises_are_on_the_page(small: Path) -> None:
    write_definitions(small, PROMISED)
    first = Page(render_packet(packet(small, 1), "html")).text
    assert "because small ones are not worth a word" in first and "Nothing: it is the first version." in first
    third = Page(render_packet(packet(small, 3), "html")).text
    assert (
        "Follow up: within 4 business hours from “Made” to “Due”, in at least 90 % of cases. Sales answers for it."
        in third
    )
    assert "Gone, kept: gone: no or missing" in third and "Other service levels, as they stand above." in third


def test_what_a_teams_own_tool_says_stands_beside_it(small: Path) -> None:
    write_variant(small, "size >= 30 AND seats > 1")
    [team] = packet(small, 2).teams
    assert (team.team, team.verdict) == ("sales", "overlapping")
    assert team.relation == "means some records that this version does not, and the other way round."
    assert team.differences == (
        "stricter on size (size: at least 30)",
        "does not look at kept",
        "asks besides for seats: more than 1",
    )
    assert {row.rpartition(": ")[2] for row in team.rows} == {
        "sales says yes, this version says no.",
        "sales says no, this version says yes.",
    }
    markdown = render_packet(packet(small, 2), "md")
    assert "- Beside this version: stricter on size (size: at least 30); does not look at kept;" in markdown


def test_what_is_not_proved_is_not_called_proved(small: Path) -> None:
    assert "Proved for every record that can exist." in render_packet(packet(small, 2), "md")
    unknown = Verdict("unknown", reason="it took too long")
    with patch("plumbline.definitions.reporting.packet.relation", return_value=unknown):
        found = packet(small, 2)
    assert found.changes[0].startswith("How it relates to version 1 is not proved"), found.changes
    for form in ("html", "md"):
        assert "Proved for every record" not in render_packet(found, form)  # type: ignore[arg-type]


def test_a_packet_tells_who_has_signed(small: Path) -> None:
    write_definitions(small, signed(small, "2026-01-20", teams=("sales",)))
    found = packet(small, 3)
    text = Page(render_packet(found, "html")).text
    assert "signed by the head of sales on 2026-01-20: minutes" in text
    assert "--team marketing" in text and "--team sales" not in text
    machine = packet_object(found)
    assert [item["team"] for item in machine["signed"]] == ["sales"]
    assert [item["team"] for item in machine["waits_for"]] == ["marketing"]
    json.dumps(machine, default=str)


def test_what_people_write_stays_text(small: Path) -> None:
    hostile = "<script>alert(1)</script>"
    write_definitions(small, TERM.replace("small ones are not worth a word", f'"{hostile} | x"'))
    assert "<script" not in render_packet(packet(small, 1), "html")
    cells = [line for line in render_packet(packet(small, 1), "md").splitlines() if hostile in line]
    assert len(cells) == 1 and "\\| x" in cells[0]


def test_a_measure_has_a_packet(small: Path) -> None:
    write_definitions(small, MEASURE, ENTITY)
    library = load_library(small)
    word = library.measures["rate"]
    text = Page(render_packet(make_packet(library, word, word.newest, None), "html")).text
    for told in ("Size: at least 10", "summed upsize", "divided byseats", "7.5: stage “open”, size 10, seats 3; "):
        assert told in text, told


@pytest.fixture
def of_pipeline(built_project: Any) -> Iterator[Packet]:
    """The packet of a term of the sample company, with its marts."""
    library = load_library(built_project.root)
    word = library.terms["pipeline"]
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    with built_project.connect() as connection:
        yield make_packet(library, word, word.newest, counted(connection, word, day))


def test_records_are_counted_where_marts_are_at_hand(built_project: Any, of_pipeline: Packet) -> None:
    with built_project.connect() as connection:
        [(parted, only_shared)] = connection.execute(
            """
            select count(*), sum((yes_side = 'shared')::int) from fct_definition_disagreements
            where term = 'pipeline' and first_side = 'shared' and second_side = 'pipeline_sales'
            """
        ).fetchall()
    sales = next(team for team in of_pipeline.teams if team.team == "sales")
    assert parted > 0 and sales.counted is not None
    assert f"they part on {parted:,} record" in sales.counted
    assert f"{only_shared:,} that only this version means" in sales.counted
    assert "sales says no: stage is “Prospecting”." in sales.records[0]
    library = load_library(built_project.root)
    mql = library.terms["mql"]
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    with built_project.connect() as connection:
        old = make_packet(library, mql, mql.term.versions[0], counted(connection, mql, day))
    assert old.counted_on == f"Nothing is counted here: the marts of {day} judge by version 2."
    assert {team.counted for team in old.teams} == {None}


def test_marts_of_another_meaning_count_for_nothing(built_project: Any, tmp_path: Path) -> None:
    """What was built before the version was drawn up anew tells nothing about what is to be signed."""
    shutil.copytree(built_project.root / "definitions", tmp_path / "definitions")
    path = tmp_path / "definitions" / "terms" / "mqa.yml"
    text = path.read_text(encoding="utf-8")
    assert "touches_30d >= 5" in text
    path.write_text(text.replace("touches_30d >= 5", "touches_30d >= 6"), encoding="utf-8")
    library = load_library(tmp_path)
    word = library.terms["mqa"]
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    with built_project.connect() as connection:
        found = make_packet(library, word, word.newest, counted(connection, word, day))
    assert found.counted_on == f"Nothing is counted here: in the marts of {day}, version 1 meant something else."


def test_what_a_team_says_since_the_night_is_not_counted(built_project: Any, tmp_path: Path) -> None:
    shutil.copytree(built_project.root / "definitions", tmp_path / "definitions")
    path = tmp_path / "definitions" / "exports" / "sales" / "pipeline_report.json"
    before = source_hash(path)
    text = path.read_text(encoding="utf-8")
    assert "Prospecting" in text
    path.write_text(text.replace("Prospecting", "Discovery"), encoding="utf-8")
    variant = tmp_path / "definitions" / "variants" / "pipeline_sales.yml"
    variant.write_text(variant.read_text(encoding="utf-8").replace(before, source_hash(path)), encoding="utf-8")
    library = load_library(tmp_path)
    word = library.terms["pipeline"]
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    with built_project.connect() as connection:
        found = make_packet(library, word, word.newest, counted(connection, word, day))
    sales = next(team for team in found.teams if team.team == "sales")
    assert (sales.counted, sales.records) == (f"What it says now is not in the marts of {day}.", ())
    other = next(team for team in found.teams if team.team == "customer success")
    assert other.counted is not None and "they part on" in other.counted


def test_a_quarter_is_what_the_calendar_says() -> None:
    third = quarter_of("2026-Q3")
    assert (third.first, third.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (third.next, third.before, quarter_of("2026q4").next) == (
        Quarter(2026, 4),
        Quarter(2026, 2),
        Quarter(2027, 1),
    )
    assert Quarter(2027, 1).before == Quarter(2026, 4)
    for text in ("2026-Q5", "Q3", "2026-3", "2026-Q3 "[:6]):
        with pytest.raises(QuarterError):
            quarter_of(text)


def agenda(root: Path, quarter: str, today: date) -> Agenda:
    return make_agenda(load_library(root), quarter_of(quarter), today, None)


def test_the_agenda_of_a_quarter(small: Path) -> None:
    write_variant(small, "size >= 30", expires="2026-06-30")
    write_definitions(small, signed(small, "2026-01-20", teams=("sales",)))
    found = agenda(small, "2026-Q1", date(2026, 4, 20))
    [changed] = found.changed
    assert (changed.version.version, changed.told) == (3, "overlapping against the version before")
    assert changed.row is not None and "version 3 says" in changed.row
    assert [item.variant.variant for item in found.expiring] == ["big_sales"]
    assert (found.reviews, found.overdue) == ((), False)
    assert agenda(small, "2026-Q1", date(2026, 4, 21)).overdue
    due = agenda(small, "2026-Q2", date(2026, 4, 20))
    assert [(item.due, item.overdue) for item in due.reviews] == [(date(2026, 4, 20), False)]
    [unsigned] = found.unsigned
    assert (unsigned.version.version, unsigned.waits_for, unsigned.standing) == (3, ("marketing",), "partly signed")
    assert [item.question for item in found.decisions] == [
        "May sales go on differing on “Big deal” after 2026-06-30, as “Big deals, as sales counts them” does?",
        "Does marketing agree to “Big deal”, version 3?",
    ]
    assert due.decisions[0].question == "Does “Big deal” still mean what it should?"
    assert found.counted_on == "Nothing is counted: there are no built marts."
    before = agenda(small, "2025-Q4", date(2025, 12, 31))
    assert (before.changed, before.expiring) == ((), ())
    for text in (render_agenda(found, "text"), render_agenda(found, "md"), Page(render_agenda(found, "html")).text):
        assert "version before" in text and "2026-06-30" in text
        assert "waits for marketing" in text or "Big deal, version 3marketingpartly signed" in text
    assert agenda_object(found)["unsigned"][0]["standing"] == "partly signed"


def test_the_agenda_tells_how_far_sides_have_moved(built_project: Any) -> None:
    found = run(built_project.root, "review", "--quarter", "2026-Q2", "--today", "2026-07-01", "--json")
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    with built_project.connect() as connection:
        rows = connection.execute(
            """
            select (only_first_count + only_second_count) / (both_count + only_first_count + only_second_count)
            from agg_definition_divergence_monthly
            where term = 'pipeline' and second_side = 'pipeline_sales' and first_side = 'shared'
                and end_date in ('2026-03-31', '2026-06-30')
            order by end_date
            """
        ).fetchall()
    [sales] = [item for item in told["divergence"] if item["sides"] == ["shared", "pipeline_sales"]]
    (before,), (now,) = rows
    assert sales["disputed_share"] == pytest.approx(now) and sales["moved"] == pytest.approx(now - before)
    shares = [item["disputed_share"] for item in told["divergence"]]
    assert shares == sorted(shares, reverse=True) and all(shares)
    assert "no past is kept: sides part today over “Active customer” on " in told["counted_on"]
    outside = told["outside_tolerance"]
    pairs = [(item["term"], *item["sides"]) for item in outside]
    assert len(pairs) == len(set(pairs)) and ["min_kappa", "max_disputed_share"] in [item["limits"] for item in outside]
    asked = [item["question"] for item in told["decisions"] if item["question"].endswith("Who moves?")]
    assert len(asked) == len(pairs), "once of each pair, however many limits it breaks"
    hot = next(question for question in asked if "the shared version and sales" in question)
    assert hot.startswith(
        "Marketing qualified lead: the shared version and sales (“Hot lead, as the report of sales lists them”) agree"
    )
    later = json.loads(run(built_project.root, "review", "--quarter", "2031-Q1", "--json").stdout)
    assert later["divergence"] == [] and "hold no month of 2031-Q1" in later["counted_on"]
