"""What people see of definitions: pages beside the published marts, and the commands that read the marts."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cli.definitions.running import run
from plumbline.definitions import load_library
from plumbline.definitions.reporting.explaining import NoRecordError
from plumbline.definitions.reporting.pages import render_pages


class Page(HTMLParser):
    """A page's text, links and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in ("src", "href", "srcset", "action") or "url(" in (value or ""):
                self.fetched.append(value or "")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open[-1:]:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What people read, with single spaces."""
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def pages(built_project: Any) -> dict[str, Page]:
    """The pages of the published version, by file name."""
    return {
        path.name: Page(path.read_text(encoding="utf-8"))
        for path in built_project.published.glob("*.html")
        if path.name != "checks.html"
    }


def test_every_word_has_a_page_that_needs_no_network(built_project: Any, pages: dict[str, Page]) -> None:
    library = load_library(built_project.root)
    names = {f"term_{word.term.term}.html" for word in library.words}
    assert set(pages) == {"definitions.html", *names}
    for page in pages.values():
        assert page.fetched == []
        assert all(link in pages for link in page.links)
    assert set(pages["definitions.html"].links) == names
    manifest = json.loads((built_project.published / "manifest.json").read_text())
    assert set(manifest["pages"]) == {*pages, "checks.html"}


def test_the_index_is_led_by_the_share_of_open_pipeline_in_dispute(built_project: Any, pages: dict[str, Page]) -> None:
    with built_project.connect() as connection:
        [(total, disputed, count, parted)] = connection.execute(
            """
            select sum(corporate_amount), sum(case when parts then corporate_amount end), count(*), sum(parts::int)
            from (
                select deals.corporate_amount, exists (
                    from fct_definition_disagreements as told
                    where told.opportunity_key = deals.opportunity_key
                        or (told.basis = 'stated' and told.person_key in (
                            select person_key from bridge_opportunity_people as people
                            where people.opportunity_key = deals.opportunity_key and people.is_primary
                        ))
                ) as parts
                from fct_opportunities as deals
                where deals.is_open
            )
            """
        ).fetchall()
    text = pages["definitions.html"].text
    assert 0 < disputed < total
    assert f"{disputed / total * 100:.0f} % of open pipeline is in dispute" in text
    assert f"{disputed:,.0f} USD of {total:,.0f} USD, {parted} of {count} open opportunities" in text
    assert f"{disputed:,.0f} USD of {total:,.0f} USD, {parted} of {count} open" in built_project.report.dispute


def test_a_page_says_who_parts_on_what_and_what_would_mend_it(pages: dict[str, Page]) -> None:
    text = pages["term_pipeline.html"].text
    for told in (
        "An open opportunity that its owner has not taken out of the forecast.",
        "A draft: waits for sales, marketing, customer success.",
        "missing",
        "Overlapping. To be retired by 2029-12-31.",
        "The shared version says yes, customer success says no: type is “new_business”.",
        "The shared version says yes, sales says no: stage is “Prospecting”.",
        "Take out of the report: STAGE_NAME notEqual Prospecting",
        "Add to the query: COALESCE(forecast_category, 'pipeline') <> 'omitted'",
        "Read on 2026-11-20 from definitions/exports/sales/pipeline_report.json.",
    ):
        assert told in text, told
    people = pages["term_mql.html"].text
    assert "What sales does, beside what it signed" in people
    assert re.search(r"Person \d+.*Sales acts as if it said yes, the shared version says no: lead score is", people)
    assert "Equivalent. The teams agreed that it must match." in pages["term_won.html"].text
    assert "A proof leans on this: fact `no_last_win_without_a_win`" in pages["term_active_customer.html"].text
    assert "No mart yet: it waits for agg_retention." in pages["term_nrr.html"].text


def test_a_page_tells_what_was_published_of_each_metric(built_project: Any, pages: dict[str, Page]) -> None:
    with built_project.connect() as connection:
        ((amount, period, reported),) = connection.execute(
            """
            select results.metric_value, results.period_key, any_value(gaps.reported_value)
            from fct_metric_results as results
            inner join fct_reported_metric_gaps as gaps on gaps.metric = results.metric and gaps.team = 'sales'
            where results.metric = 'pipeline_amount' and results.slice_type = 'total' and results.is_standing
                and results.basis = 'in_force_then' and results.period_key like '%-M%'
            group by all order by results.period_key desc limit 1
            """
        ).fetchall()
    text = pages["term_pipeline.html"].text
    assert f"{period}{amount:,.0f} USDthe same" in text.replace(" USD ", " USD"), text
    assert f"Pipeline: Sales reported {reported:,.0f} USD for" in text
    assert "What was published" not in pages["term_prospect.html"].text, "it has no metric"


def test_what_stands_in_the_data_stays_text(built_project: Any) -> None:
    """A deal may be called like a tag, or like a cell of a table."""
    library = load_library(built_project.root)
    hostile = "<script>alert(1)</script> | =cmd()"
    with built_project.connect() as connection:
        connection.execute("create schema memory.odd; set search_path = 'memory.odd'")
        for name in (
            *("dim_accounts", "agg_definition_divergence_monthly", "fct_definition_verdicts"),
            *("bridge_opportunity_people", "fct_person_versions", "dim_people"),
            "fct_reported_metric_gaps",
        ):
            connection.execute(f"create view {name} as select * from built.main.{name}")
        connection.execute("create table fct_definition_disagreements as from built.main.fct_definition_disagreements")
        connection.execute("create table fct_opportunities as from built.main.fct_opportunities")
        connection.execute("create table fct_metric_results as from built.main.fct_metric_results limit 0")
        connection.execute("update fct_opportunities set opportunity_name = ?", [hostile])
        day = built_project.report.findings.as_of_date
        html = render_pages(library, connection, date.fromisoformat(day)).pages["term_pipeline.html"]
        markdown = render_pages(library, connection, date.fromisoformat(day), "md").pages["term_pipeline.md"]
    assert "<script" not in html and "&lt;script&gt;" in html
    assert f"- “{hostile}”" in markdown
    for text in (Page(html).text, markdown):
        assert "Pipeline: no figure has been published yet." in text


def test_markdown_has_whole_tables(built_project: Any, tmp_path: Path) -> None:
    """For a pull request: every table has as many cells in each row as in its head."""
    found = run(built_project.root, "report", "--format", "md", "--out", str(tmp_path))
    assert found.exit_code == 0 and "begin with" in found.stdout
    machine = json.loads(run(built_project.root, "report", "--json", "--out", str(tmp_path / "pages")).stdout)
    assert Path(machine["index"]).is_file() and machine["index"] in machine["pages"]
    assert float(machine["dispute"]["disputed_amount"]) <= float(machine["dispute"]["open_amount"])
    for path in tmp_path.glob("*.md"):
        cells: int | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            count = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
            assert count is None or cells in (None, count), (path.name, line)
            cells = count


def test_explain_answers_each_criterion_of_each_side(built_project: Any) -> None:
    with built_project.connect() as connection:
        [(record,)] = connection.execute(
            "select opportunity_id from fct_opportunities where is_open and stage_name = 'Prospecting' limit 1"
        ).fetchall()
    found = run(built_project.root, "explain", "pipeline", "--record", record, "--json")
    said = json.loads(found.stdout)
    assert [(side["team"], side["answer"]) for side in said["sides"]] == [
        (None, True), ("customer_success", False), ("sales", False)
    ]  # fmt: skip
    assert said["values"]["stage_name"] == "Prospecting"
    assert isinstance(said["record_key"], str), "numbers of 64 bits are others in JavaScript"
    assert [name for name, _, answer in said["sides"][2]["criteria"] if answer is not True] == ["stage_name"]
    shown = run(built_project.root, "explain", "pipeline", "--record", record[:15])
    assert "Sales, Pipeline, as the Monday report filters it: no" in shown.stdout
    unknown = run(built_project.root, "explain", "pipeline", "--record", "nobody")
    assert isinstance(unknown.exception, NoRecordError)
    assert "There is no opportunity `nobody`." in unknown.exception.what


def test_measure_ends_with_1_where_a_term_tolerates_less(built_project: Any, tmp_path: Path) -> None:
    found = run(built_project.root, "measure", "pipeline", "--json")
    said = json.loads(found.stdout)
    assert (found.exit_code, said["problems"]) == (0, [])
    sides = {(item["first_side"], item["second_side"]): item for item in said["agreements"]}
    apart = sides["shared", "pipeline_customer_success"]
    either = apart["both"] + apart["only_first"] + apart["only_second"]
    assert apart["disputed_share"] == pytest.approx((apart["only_first"] + apart["only_second"]) / either)
    for part in ("definitions", "models"):
        shutil.copytree(built_project.root / part, tmp_path / part)
    shutil.copyfile(built_project.root / "dbt_project.yml", tmp_path / "dbt_project.yml")
    path = tmp_path / "definitions" / "terms" / "pipeline.yml"
    tolerance = "tolerance: {min_kappa: 0.99, max_disputed_share: 0.01}"
    path.write_text(path.read_text().replace("drives:", f"{tolerance}\ndrives:", 1))
    strict = run(tmp_path, "measure", "pipeline", "--json", "--database", str(built_project.database))
    problems = json.loads(strict.stdout)["problems"]
    assert strict.exit_code == 1
    assert {problem["code"] for problem in problems} == {"outside-tolerance"}
    assert any("at least 0.99 is tolerated" in problem["message"] for problem in problems)
    assert any("at most 1.0% is tolerated" in problem["message"] for problem in problems)
    assert Decimal(str(apart["kappa"])) < 1
