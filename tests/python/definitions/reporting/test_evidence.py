"""One file about one record: what it holds is what the marts hold, and nothing of a person."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.definitions.running import run
from plumbline.definitions import load_library
from plumbline.definitions.reporting.evidence import collect, written
from plumbline.definitions.reporting.explaining import NoRecordError, explain

from .test_pages import Page


@pytest.fixture(scope="module")
def person(built_project: Any) -> tuple[int, str]:
    """Somebody on whom sides part and of whom several states are known, and the record's id in a source."""
    with built_project.connect() as connection:
        [(key, record)] = connection.execute(
            """
            select told.person_key, min(maps.source_record_id)
            from fct_definition_disagreements as told
            inner join fct_person_versions as versions on told.person_key = versions.person_key
            inner join map_people as maps on told.person_key = maps.person_key and maps.source_system = 'salesforce'
            where told.term = 'mql' and told.basis = 'stated'
            group by told.person_key
            order by count(distinct versions.version_number) desc, told.person_key limit 1
            """
        ).fetchall()
    return key, record


def test_the_file_holds_what_the_marts_hold(built_project: Any, person: tuple[int, str], tmp_path: Path) -> None:
    (key, record), terms = person, ("mql", "sal")
    found = run(built_project.root, "evidence", record, "--out", str(tmp_path / "told.json"))
    assert found.exit_code == 0, found.output
    said = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    manifest = json.loads((built_project.published / "manifest.json").read_text())
    assert (said["entity"], said["record_key"]) == ("person", str(key))
    assert [said["run"][name] for name in ("run_id", "as_of_date", "git_commit", "database_sha256")] == [
        manifest[name] for name in ("run_id", "as_of_date", "git_commit", "database_sha256")
    ]
    assert said["run"]["tables"]["dim_people"] == manifest["tables"]["dim_people"]["content_hash"]
    with built_project.connect() as connection:
        states = connection.execute(
            "select version_number, lead_score, case when evidence <> 'unknown' then is_mql end, "
            "case when evidence <> 'unknown' then is_sal end from fct_person_versions where person_key = ? order by 1",
            [key],
        ).fetchall()
        sources = connection.execute(
            "select source_system, source_record_id from map_people where person_key = ? order by all", [key]
        ).fetchall()
        [(parted,)] = connection.execute(
            "select count(*) from fct_definition_disagreements where person_key = ?", [key]
        ).fetchall()
    told = [
        (state["version_number"], state["values"]["lead_score"], *(state["answers"][term]["answer"] for term in terms))
        for state in said["states"]
    ]
    assert told == states and len(states) > 2
    assert sorted((row["source_system"], row["source_record_id"]) for row in said["sources"]) == sources
    assert len(said["disagreements"]) == parted > 0
    assert {word["term"] for word in said["terms"]} == {"inquiry", "mql", "sal", "sql_lead"}
    sides = {side["side"]: side for word in said["terms"] if word["term"] == "mql" for side in word["sides"]}
    assert len(sides) == 4 and all(side.get("meaning") or side.get("source_hash") for side in sides.values())


def test_a_version_that_means_something_else_than_the_marts_judged_by_says_so(
    built_project: Any, person: tuple[int, str]
) -> None:
    library = load_library(built_project.root)
    with built_project.connect() as connection:
        same = collect(library, [], connection, str(person[0]), "mql")
        connection.execute(
            "create temp view dim_definitions as "
            "select * replace ('sha256:other' as meaning) from built.main.dim_definitions"
        )
        other = collect(library, [], connection, str(person[0]), "mql")
    for found, judged in ((same, True), (other, False)):
        assert {side["is_as_judged"] for side in found["terms"][0]["sides"]} == {judged}
        said = written(found | {"run": {"as_of_date": "", "run_id": "", "database": ""}}, "html")
        assert ("the marts judged by another meaning" in said) is not judged


def test_what_a_record_was_before_is_never_left_out_silently(built_project: Any, person: tuple[int, str]) -> None:
    """No accepted lead that was never an MQL: today's values do not tell."""
    library = load_library(built_project.root)
    sal = library.terms["sal"]
    versions = [version.model_copy(update={"comes_from": "mql"}) for version in sal.term.versions]
    moved = replace(sal, term=sal.term.model_copy(update={"kind": "transition", "versions": versions}))
    changed = replace(library, terms={**library.terms, "sal": moved})
    why = "version 1 is reached only from mql, which the record has to be before."
    with built_project.connect() as connection:
        with pytest.raises(NoRecordError, match=why):
            explain(moved, [], connection, str(person[0]))
        with pytest.raises(NoRecordError, match=why):
            collect(changed, [], connection, str(person[0]), "sal")
        found = collect(changed, [], connection, str(person[0]), None)
    assert {word["term"] for word in found["terms"]} == {"inquiry", "mql", "sql_lead"}
    assert not any("sal" in state["answers"] for state in found["states"])
    assert found["not_judged"] == {"Sales accepted lead": why}
    told = found | {"run": {"as_of_date": "", "run_id": "", "database": ""}}
    assert f"Not judged is Sales accepted lead: {why}" in written(told, "md")
    assert f"Sales accepted lead is not judged: {why}" in Page(written(told, "html")).text


def test_a_deal_has_the_dispute_about_its_contact_and_no_names(built_project: Any, tmp_path: Path) -> None:
    with built_project.connect() as connection:
        [(key, name, contact)] = connection.execute(
            """
            select deals.opportunity_key, deals.opportunity_name, people.person_key
            from fct_opportunities as deals
            inner join bridge_opportunity_people as people on deals.opportunity_key = people.opportunity_key
            where people.is_primary and people.person_key in (
                select person_key from fct_definition_disagreements where basis = 'stated' and entity = 'person'
            )
            order by deals.opportunity_key limit 1
            """
        ).fetchall()
    page = tmp_path / "told.html"
    found = run(built_project.root, "evidence", str(key), "--out", str(page))
    assert found.exit_code == 0, found.output
    shown = Page(page.read_text(encoding="utf-8"))
    assert shown.fetched == [] and f"person {contact}" in shown.text and "Pipeline" in shown.text
    assert name not in shown.text and not re.search(r"[\w.]+@[\w-]+\.\w+", shown.text)
    alone = json.loads(run(built_project.root, "evidence", str(key), "--term", "pipeline", "--json").stdout)
    assert [word["term"] for word in alone["terms"]] == ["pipeline"]
    assert {row["term"] for row in alone["disagreements"]} <= {"pipeline"}
    markdown = written(alone, "md")
    assert "## The states that it was in" in markdown
    cells: int | None = None
    for line in markdown.splitlines():
        count = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert count is None or cells in (None, count), line
        cells = count


def test_a_record_that_is_not_there_ends_with_the_nearest(built_project: Any, person: tuple[int, str]) -> None:
    near = run(built_project.root, "evidence", f"{person[1][:-1]}~", "--term", "mql")
    assert isinstance(near.exception, NoRecordError) and near.exception.exit_code == 2
    assert person[1] in near.exception.mending
    assert run(built_project.root, "evidence", str(person[0]), "--out", "told.pdf").exit_code == 2
