"""Where the sample company's teams part, against a reference in plain Python that reads the CRM's own rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from alignment.reference import (
    ACCOUNT_MEANINGS,
    DEAL_MEANINGS,
    FORECASTS,
    PERSON_COLUMNS,
    PERSON_MEANINGS,
    TYPES,
    Deal,
    landed_deals,
    mql_of_2024,
)
from pipeline.test_truth import TruthBuild, fetch, known_span

ROOT = Path(__file__).resolve().parents[3]
PARTING_AT_LEAST = {
    ("pipeline", "shared", "pipeline_sales"): 100,
    ("pipeline", "shared", "pipeline_customer_success"): 100,
    ("qualified_pipeline", "shared", "qualified_pipeline_marketing"): 50,
    ("new_business", "shared", "new_business_marketing"): 100,
    ("active_customer", "shared", "active_customer_customer_success"): 50,
    ("active_customer", "shared", "active_customer_sales"): 50,
    ("engaged_account", "shared", "engaged_account_sales"): 100,
    ("icp_fit", "shared", "icp_fit_sales"): 100,
    ("mql", "shared", "mql_marketing"): 100,
    ("mql", "shared", "mql_sales"): 100,
    ("sal", "shared", "sal_marketing"): 50,
}
OF_ACCOUNTS = {term for term, _ in ACCOUNT_MEANINGS}
OF_PEOPLE = {term for term, _ in PERSON_MEANINGS}


def pairs(meanings: Mapping[tuple[str, str], Any]) -> Iterator[tuple[str, str, str]]:
    """Every two sides of a term, the shared one first, then by name."""
    for term in sorted({term for term, _ in meanings}):
        sides = sorted((side for known, side in meanings if known == term), key=lambda side: (side != "shared", side))
        for first, second in combinations(sides, 2):
            yield term, first, second


def parted(
    meanings: Mapping[tuple[str, str], Callable[[Any], bool]], records: Mapping[Any, Any]
) -> set[tuple[Any, ...]]:
    """(record, term, first side, second side, who says yes) wherever two sides differ."""
    found = set()
    for term, first, second in pairs(meanings):
        for key, record in records.items():
            answers = meanings[term, first](record), meanings[term, second](record)
            if answers[0] != answers[1]:
                found.add((key, term, first, second, first if answers[0] else second))
    return found


def test_deals_on_which_teams_part_are_those_of_their_tools(truth_build: TruthBuild) -> None:
    expected = parted(DEAL_MEANINGS, landed_deals(truth_build.connection))
    found = fetch(
        truth_build,
        "select opportunities.source_record_id, told.term, told.first_side, told.second_side, told.yes_side "
        "from @.main.fct_definition_disagreements as told "
        "inner join @.intermediate.int_opportunities_resolved as opportunities using (opportunity_key) "
        "where told.entity = 'opportunity'",
    )
    assert len(found) == len(set(found))
    assert set(found) == expected
    count = Counter(item[1:4] for item in found)
    for pair, least in PARTING_AT_LEAST.items():
        if pair[0] not in OF_ACCOUNTS | OF_PEOPLE:
            assert count[pair] >= least, (pair, count[pair])
    assert not count["won", "shared", "won_sales"], "what means the same never parts"
    happened = parted(DEAL_MEANINGS, planted_deals(truth_build))
    assert set(found) == happened, "what the CRM has landed is what happened"
    for pair in (("lost", "shared", "lost_marketing"), ("commit", "shared", "commit_sales")):
        assert count[pair] == sum(item[1:4] == pair for item in happened) > 0, pair


def planted_deals(build: TruthBuild) -> dict[str, Deal]:
    """Every deal as the sample company's truth has it now."""
    rows = fetch(
        build,
        "select opportunity_id, is_listed_stage, stage_category, stage_name, forecast_category, opportunity_type, "
        "amount, probability, close_date, is_deleted from truth.main.truth_opportunity_states "
        "inner join truth.main.truth_opportunities using (opportunity_id) where valid_to is null",
    )
    return {row[0]: planted(*row[1:]) for row in rows}


def planted(
    is_listed: bool,
    category: str,
    stage: str | None,
    forecast: str,
    of_type: str | None,
    amount: Decimal | None,
    per_cent: float | None,
    close_date: date | None,
    in_bin: bool,
) -> Deal:
    """A state of the truth, in the words of definitions."""
    return Deal(
        standing=category if is_listed else "unlisted",
        stage=stage,
        forecast=FORECASTS.get(forecast, "pipeline"),
        type=TYPES.get(of_type or ""),
        amount=amount,
        chance=None if per_cent is None else Decimal(str(per_cent)) / 100,
        close_date=close_date,
        in_bin=in_bin,
    )


def test_rare_differences_are_those_of_the_truth_in_every_month(truth_build: TruthBuild) -> None:
    """Few deals at a time are told apart, so all months in which everything is known are held to what was planted.

    Neither word looks at what is left out here: deals that are alike are judged once.
    """
    first, last = known_span(truth_build)
    months = "select end_date from @.main.dim_periods where period_type = 'month' and end_date between $1 and $2"
    expected: Counter[tuple[date, str, bool, bool]] = Counter()
    for end, is_listed, category, forecast, per_cent, close_date, in_bin, number in fetch(
        truth_build,
        "select end_date, is_listed_stage, stage_category, forecast_category, probability, "
        f"case when close_date is not null then $2 end, is_deleted, count(*) from ({months}) as months "
        "inner join truth.main.truth_opportunity_states on valid_from < end_date + interval 1 day "
        "and (valid_to is null or valid_to >= end_date + interval 1 day) group by all",
        first,
        last,
    ):
        deal = planted(is_listed, category, None, forecast, None, None, per_cent, close_date, in_bin)
        for term, side in (("commit", "commit_sales"), ("lost", "lost_marketing")):
            expected[end, term, DEAL_MEANINGS[term, "shared"](deal), DEAL_MEANINGS[term, side](deal)] += number
    found = fetch(
        truth_build,
        "select end_date, term, both_count, only_first_count, only_second_count "
        "from @.main.agg_definition_divergence_monthly where second_side in ('commit_sales', 'lost_marketing') "
        "and first_side = 'shared' and end_date between $1 and $2",
        first,
        last,
    )
    answers = ((True, True), (True, False), (False, True))
    assert {row[:2]: row[2:] for row in found} == {
        row[:2]: tuple(expected[row[0], row[1], shared, own] for shared, own in answers) for row in found
    }
    parting = Counter({term: sum(row[3] + row[4] for row in found if row[1] == term) for term in ("commit", "lost")})
    assert len(found) >= 24 and parting["commit"] >= 20 and parting["lost"] >= 400


def test_accounts_on_which_teams_part_are_those_of_their_lists(truth_build: TruthBuild) -> None:
    columns = (
        "account_key, account_type, segment, won_opportunity_count, days_since_last_won, touches_30d, people_30d, "
        "sales_touches_30d, employee_count, industry, is_competitor"
    )
    names = columns.split(", ")
    rows = fetch(truth_build, f"select {columns} from @.main.dim_accounts")
    expected = parted(ACCOUNT_MEANINGS, {row[0]: dict(zip(names, row, strict=True)) for row in rows})
    found = fetch(
        truth_build,
        "select account_key, term, first_side, second_side, yes_side from @.main.fct_definition_disagreements "
        "where entity = 'account'",
    )
    assert len(found) == len(set(found))
    assert set(found) == expected
    count = Counter(item[1:4] for item in found)
    for pair, least in PARTING_AT_LEAST.items():
        if pair[0] in OF_ACCOUNTS:
            assert count[pair] >= least, (pair, count[pair])


def people(build: TruthBuild, standing: str, *parameters: Any) -> dict[int, dict[str, Any]]:
    """Versions of people who are not deleted, by key."""
    names = PERSON_COLUMNS.split(", ")
    sql = f"select {PERSON_COLUMNS} from @.main.fct_person_versions where not is_deleted and {standing}"
    return {row[0]: dict(zip(names, row, strict=True)) for row in fetch(build, sql, *parameters)}


def test_people_on_whom_teams_part_are_those_of_their_lists(truth_build: TruthBuild) -> None:
    known = people(truth_build, "is_current")
    found = fetch(
        truth_build,
        "select person_key, term, first_side, second_side, yes_side from @.main.fct_definition_disagreements "
        "where entity = 'person' and basis = 'stated'",
    )
    assert len(found) == len(set(found))
    assert set(found) == parted(PERSON_MEANINGS, known)
    count = Counter(item[1:4] for item in found)
    for pair, least in PARTING_AT_LEAST.items():
        if pair[0] in OF_PEOPLE:
            assert count[pair] >= least, (pair, count[pair])


def test_what_sales_does_stands_beside_the_rule_that_it_signed(truth_build: TruthBuild) -> None:
    means = PERSON_MEANINGS["mql", "shared"]
    expected = set()
    for key, seen in people(truth_build, "is_current").items():
        if means(seen) and seen["sales_response"] == "rejected":
            expected.add((key, "shared", "sales_practice"))
        elif not means(seen) and PERSON_MEANINGS["sal", "shared"](seen):
            expected.add((key, "sales_practice", "shared"))
    found = fetch(
        truth_build,
        "select person_key, yes_side, no_side from @.main.fct_definition_disagreements where basis = 'practised'",
    )
    assert len(found) == len(expected) >= 100
    assert set(found) == expected


def test_money_on_a_disagreement_is_that_of_the_open_deal(truth_build: TruthBuild) -> None:
    wrong = fetch(
        truth_build,
        "select told.opportunity_key from @.main.fct_definition_disagreements as told "
        "left join @.main.fct_opportunities as deals using (opportunity_key) "
        "where told.entity = 'opportunity' and told.open_corporate_amount is distinct from "
        "case when deals.is_open then coalesce(deals.corporate_amount, 0) else 0 end",
    )
    assert wrong == []


def kappa(both: int, first: int, second: int, neither: int) -> Fraction | None:
    """Cohen's kappa as its definition says: observed agreement beyond what chance gives."""
    total = both + first + second + neither
    observed = Fraction(both + neither, total)
    chance = Fraction((both + first) * (both + second) + (neither + first) * (neither + second), total * total)
    return None if chance == 1 else (observed - chance) / (1 - chance)


@pytest.mark.parametrize("months_ago", [0, 1, 7, 19])
def test_divergence_of_a_month_is_what_the_versions_say(truth_build: TruthBuild, months_ago: int) -> None:
    [(period, end)] = fetch(
        truth_build,
        "select period_key, end_date from @.main.dim_periods where period_type = 'month' and (is_past or is_current) "
        "order by end_date desc limit 1 offset $1",
        months_ago,
    )
    rows = fetch(
        truth_build,
        "select stage_category, stage_name, forecast_category, opportunity_type, amount, probability, close_date, "
        "is_deleted, evidence = 'unknown' from @.main.fct_opportunity_versions "
        "where valid_from_at < $1 and (valid_to_at is null or valid_to_at >= $1)",
        end + timedelta(days=1),
    )
    deals = [Deal(*row[:8]) for row in rows if not row[8]]
    found = {
        row[:3]: row[3:]
        for row in fetch(
            truth_build,
            "select term, first_side, second_side, both_count, only_first_count, only_second_count, neither_count, "
            "unknown_count, jaccard, kappa from @.main.agg_definition_divergence_monthly "
            "where period_key = $1 and entity = 'opportunity'",
            period,
        )
    }
    assert set(found) == set(pairs(DEAL_MEANINGS))
    for pair, (both, first, second, neither, unknown, jaccard, measured) in found.items():
        term, one, other = pair
        cells = Counter((DEAL_MEANINGS[term, one](deal), DEAL_MEANINGS[term, other](deal)) for deal in deals)
        counted = (cells[True, True], cells[True, False], cells[False, True], cells[False, False])
        assert (both, first, second, neither) == counted, pair
        assert unknown == len(rows) - len(deals)
        either = both + first + second
        assert jaccard is None if not either else abs(Fraction(jaccard) - Fraction(both, either)) <= Fraction(1, 20000)
        wanted = kappa(both, first, second, neither)
        assert measured is None if wanted is None else abs(Fraction(measured) - wanted) <= Fraction(1, 20000), pair


@pytest.mark.parametrize("end", [date(2026, 6, 30), date(2025, 12, 31)])
def test_people_are_judged_by_the_version_of_their_day(truth_build: TruthBuild, end: date) -> None:
    """The limit was raised, and the size of the company counts, from 2026 on."""
    means = PERSON_MEANINGS["mql", "shared"] if end >= date(2026, 1, 1) else mql_of_2024
    list_of_marketing = PERSON_MEANINGS["mql", "mql_marketing"]
    standing = "valid_from_at < $1 and (valid_to_at is null or valid_to_at >= $1) and evidence <> 'unknown'"
    known = people(truth_build, standing, end + timedelta(days=1)).values()
    [found] = fetch(
        truth_build,
        "select both_count, only_first_count, only_second_count, neither_count "
        "from @.main.agg_definition_divergence_monthly "
        "where end_date = $1 and term = 'mql' and first_side = 'shared' and second_side = 'mql_marketing'",
        end,
    )
    cells = Counter((means(seen), list_of_marketing(seen)) for seen in known)
    assert found == (cells[True, True], cells[True, False], cells[False, True], cells[False, False])
    assert found[0] and found[1] + found[2]


@pytest.fixture(scope="module")
def published(truth_build: TruthBuild) -> dict[tuple[str, str, str], Any]:
    """The figure of each metric, basis and fiscal month, over all segments."""
    rows = fetch(
        truth_build,
        "select metric, basis, results.period_key, metric_value from @.main.fct_metric_results as results "
        "inner join @.main.dim_periods as periods using (period_key) "
        "where slice_type = 'total' and is_standing and periods.period_type = 'month'",
    )
    return {row[:3]: row[3] for row in rows}


def month_of(day: date) -> str:
    """The fiscal month of the sample company: its years are calendar years."""
    return f"FY{day.year}-M{day.month:02d}"


def nonzero(published: Mapping[tuple[str, str, str], Any], metric: str, basis: str = "in_force_then") -> dict[str, Any]:
    """The figures of one metric by month, where there are any."""
    return {key[2]: value for key, value in published.items() if key[:2] == (metric, basis) and value}


def test_what_is_published_as_won_and_lost_is_what_the_crm_closed(
    truth_build: TruthBuild, published: dict[tuple[str, str, str], Any]
) -> None:
    worth = dict(
        fetch(
            truth_build, "select source_record_id, corporate_amount from @.main.fct_opportunities as deals where is_won"
        )
    )
    deals = landed_deals(truth_build.connection)
    periods = {key[2] for key in published}
    last = max(periods)
    count, amount, decided, won_new = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for key, deal in deals.items():
        if deal.in_bin or deal.close_date is None or (month := month_of(deal.close_date)) > last:
            continue
        if deal.standing == "won":
            count[month] += 1
            amount[month] += worth[key] or 0
        if deal.standing in ("won", "lost") and deal.type == "new_business":
            decided[month] += 1
            won_new[month] += deal.standing == "won"
    assert len(count) >= 24 and sum(count.values()) > 500
    assert nonzero(published, "won_count") == count
    assert nonzero(published, "won_amount") == {month: value for month, value in amount.items() if value}
    rates = {month: value for (metric, _, month), value in published.items() if metric == "win_rate"}
    assert {month for month, value in rates.items() if value is not None} == set(decided)
    for month, of_all in decided.items():
        assert abs(Fraction(rates[month]) - Fraction(won_new[month], of_all)) <= Fraction(1, 20000), month


@pytest.mark.parametrize("months_ago", [0, 1, 7, 19])
def test_pipeline_is_published_as_it_stood_when_the_month_ended(
    truth_build: TruthBuild, published: dict[tuple[str, str, str], Any], months_ago: int
) -> None:
    month = sorted({key[2] for key in published})[-1 - months_ago]
    [(end,)] = fetch(truth_build, "select next_start_date from @.main.dim_periods where period_key = $1", month)
    deals = [
        Deal(*row)
        for row in fetch(
            truth_build,
            "select stage_category, stage_name, forecast_category, opportunity_type, amount, probability, close_date, "
            "is_deleted from @.main.fct_opportunity_versions "
            "where valid_from_at < $1 and (valid_to_at is null or valid_to_at >= $1)",
            end,
        )
    ]
    for metric, term in (("pipeline_count", "pipeline"), ("qualified_pipeline_count", "qualified_pipeline")):
        expected = sum(DEAL_MEANINGS[term, "shared"](deal) for deal in deals)
        assert expected and published[metric, "in_force_then", month] == expected


@pytest.fixture(scope="module")
def person_history(truth_build: TruthBuild) -> list[dict[str, Any]]:
    """What definitions look at of every person, version by version."""
    names = ["valid_from_at", *PERSON_COLUMNS.split(", ")]
    rows = fetch(
        truth_build,
        f"select valid_from_at, {PERSON_COLUMNS} from @.main.fct_person_versions order by person_key, valid_from_at",
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_new_mqls_are_judged_by_the_version_of_their_day_and_restated_by_todays(
    person_history: list[dict[str, Any]], published: dict[tuple[str, str, str], Any]
) -> None:
    today = PERSON_MEANINGS["mql", "shared"]
    then_first: dict[int, date] = {}
    today_first: dict[int, date] = {}
    for seen in person_history:
        day = seen["valid_from_at"].date()
        means = today if day >= date(2026, 1, 1) else mql_of_2024
        if means(seen):
            then_first.setdefault(seen["person_key"], day)
        if today(seen):
            today_first.setdefault(seen["person_key"], day)
    for basis, first in (("in_force_then", then_first), ("restated", today_first)):
        assert nonzero(published, "new_mql_count", basis) == Counter(month_of(day) for day in first.values()), basis
    assert then_first != today_first


def test_what_an_earlier_run_published_stays_beside_what_this_one_says(truth_build: TruthBuild) -> None:
    """`conftest.PUBLISHED_BEFORE` is read from the state: a figure that is another now, and one that is gone."""
    rows = fetch(
        truth_build,
        "select metric, run_id, metric_value, is_withdrawn, is_standing from @.main.fct_metric_results "
        "where basis = 'in_force_then' and period_key = 'FY2026-M01' and slice_type = 'total' "
        "and metric in ('new_mql_count', 'retired_count') order by metric, run_id",
    )
    assert [(*row[:2], row[2] == 123456, *row[3:]) for row in rows[:2]] == [
        ("new_mql_count", "R0", True, False, False),
        ("new_mql_count", "unpublished", False, False, True),
    ]
    assert rows[2:] == [
        ("retired_count", "R0", 7, False, False),
        ("retired_count", "unpublished", None, True, False),
    ]


BALANCES = (
    "select stage_category, stage_name, forecast_category, opportunity_type, amount, probability, close_date, "
    "is_deleted, corporate_amount, segment, evidence from @.intermediate.int_opportunity_balances "
    "where case when $1 is null then balance_to_at is null "
    "else balance_from_at < $1 and (balance_to_at is null or balance_to_at >= $1) end "
    # of what is decided only that counts which closes in the period
    "and (stage_category not in ('won', 'lost') or (close_date >= $2 and close_date < $3))"
)
UNITS = {"amount": lambda worth: worth or Decimal(0), "count": lambda worth: Decimal(1)}


def deal_value(rows: list[tuple[Any, ...]], metric: str, side: str, covers: Callable[[Any], bool]) -> Decimal:
    """A metric over deals as they stood: money or number of those that a side means, or won of all decided."""
    term, _, unit = metric.rpartition("_")
    stood = [(Deal(*row[:8]), row[8]) for row in rows if covers(row[9])]
    if metric == "win_rate":
        new = [deal for deal, _ in stood if DEAL_MEANINGS["new_business", "shared"](deal)]
        won = sum(DEAL_MEANINGS["won", side](deal) for deal in new)
        lost = sum(DEAL_MEANINGS["lost", "shared"](deal) for deal in new)
        return (Decimal(won) / (won + lost)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return sum((UNITS[unit](worth) for deal, worth in stood if DEAL_MEANINGS[term, side](deal)), Decimal(0))


def deals_told(truth_build: TruthBuild, told: Mapping[str, str], start: date, end: date) -> list[Decimal]:
    """Official, by the team's definition, on its day, in its scope: each step worked out anew from what deals were."""
    side = "shared" if told["definition"] == "own" else told["definition"]
    by_close_date = told["metric"].startswith("w")

    def stood(moment: date | None) -> list[tuple[Any, ...]]:
        instant = None if moment is None else datetime.combine(moment, time())
        rows = fetch(truth_build, BALANCES, instant, start, end)
        return [row for row in rows if not by_close_date or (row[6] is not None and start <= row[6] < end)]

    official = stood(None if by_close_date else end)
    on_its_day = stood(date.fromisoformat(told["reported_on"]) + timedelta(days=1))
    assert not any(row[10] == "unknown" for row in on_its_day)

    def scope(segment: str | None) -> bool:
        return told["scope"] == "all" or (segment == told["segment"]) == (told["scope"] == "only")

    everything = lambda segment: True  # noqa: E731
    return [
        deal_value(official, told["metric"], "shared", everything),
        deal_value(official, told["metric"], side, everything),
        deal_value(on_its_day, told["metric"], side, everything),
        deal_value(on_its_day, told["metric"], side, scope),
    ]


def people_told(history: list[dict[str, Any]], told: Mapping[str, str], start: date, end: date) -> list[Decimal]:
    """The same of who is for the first time what a term means; every version judges by the rule of its own day."""
    term = told["metric"].split("_")[1]
    first: dict[str, dict[int, date]] = {}
    for side in {"shared", told["definition"]} - {"own"}:
        first[side] = {}
        for seen in history:
            day = seen["valid_from_at"].date()
            is_old = (term, side) == ("mql", "shared") and day < date(2026, 1, 1)
            if (mql_of_2024 if is_old else PERSON_MEANINGS[term, side])(seen):
                first[side].setdefault(seen["person_key"], day)
    side = told["definition"] if told["definition"] in first else "shared"
    last = date.fromisoformat(told["reported_on"])
    came = {name: [day for day in days.values() if start <= day < end] for name, days in first.items()}
    on_its_day = Decimal(sum(day <= last for day in came[side]))
    return [Decimal(len(came["shared"])), Decimal(len(came[side])), on_its_day, on_its_day]


def test_what_teams_reported_is_explained_by_what_was_planted(
    truth_build: TruthBuild, person_history: list[dict[str, Any]]
) -> None:
    """Numbers of the sample company's teams: another definition, another day, a segment left out, and a rest."""
    with (ROOT / "seeds/overrides/reported_metrics.csv").open(newline="") as file:
        reported = list(csv.DictReader(file))
    gaps = {
        row[0]: row[1:]
        for row in fetch(
            truth_build,
            "select report_id, official_value, definition_difference, timing_difference, scope_difference, "
            "unexplained_difference, unknown_parts from @.main.fct_reported_metric_gaps where rejection_reason is null",
        )
    }
    assert set(gaps) == {told["report_id"] for told in reported}
    causes: Counter[str] = Counter()
    for told in reported:
        [(start, end)] = fetch(
            truth_build,
            "select start_date, next_start_date from @.main.dim_periods where period_key = $1",
            told["period_key"],
        )
        if told["metric"].startswith("new_"):
            steps = people_told(person_history, told, start, end)
        else:
            steps = deals_told(truth_build, told, start, end)
        parts = [after - before for before, after in pairwise(steps)]
        rest = Decimal(told["reported_value"]) - steps[-1]
        is_unknown = told["definition"] == "own"
        expected = (steps[0], None if is_unknown else parts[0], *parts[1:], rest, "definition" if is_unknown else "")
        assert gaps[told["report_id"]] == expected, told["report_id"]
        causes.update(name for name, part in zip(("definition", "timing", "scope"), parts, strict=True) if part)
        causes["unknown"] += is_unknown
    assert all(
        causes[name] >= least for name, least in {"definition": 4, "timing": 3, "scope": 2, "unknown": 1}.items()
    )
