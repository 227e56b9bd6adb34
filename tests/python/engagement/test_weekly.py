"""The weekly engagement of accounts against a reference in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from engagement.builds import TruthBuild, fetch
from engagement.reference import Touch, decayed, week_of, weeks_of

TOUCHES = """
    select engagement_key, account_key, person_key, team, occurred_date, weight, engagement_type,
        engagement_class, is_meeting, duration_minutes
    from @.main.fct_engagements
    where mod(account_key, {slices}) = 0
"""
WEEKS = """
    select account_key, week_start_date, team, touch_count, activity_count, meeting_count, people_count,
        minutes, engagement_score
    from @.main.agg_account_engagement_weekly
    where mod(account_key, {slices}) = 0
"""
PEOPLE = """
    select engagement_key, people.person_key
    from @.main.bridge_engagement_people as people
    inner join @.main.fct_engagements using (engagement_key)
    where mod(account_key, {slices}) = 0
"""


def _touches(build: TruthBuild, slices: int) -> list[Touch]:
    people: dict[int, set[int]] = defaultdict(set)
    for key, person in fetch(build, PEOPLE.format(slices=slices)):
        people[key].add(person)
    half_lives = dict(fetch(build, "select engagement_type, half_life_days from @.reference.engagement_types"))
    rows = fetch(build, TOUCHES.format(slices=slices))
    return [
        Touch(
            account_key=account,
            team=team,
            day=day,
            weight=weight,
            half_life_days=half_lives[kind],
            is_activity=group == "activity",
            is_meeting=is_meeting,
            minutes=minutes or Decimal(0),
            people=frozenset(people[key] | ({person} if person is not None else set())),
        )
        for key, account, person, team, day, weight, kind, group, is_meeting, minutes in rows
    ]


def test_weeks_begin_on_monday() -> None:
    assert week_of(date(2026, 6, 28)) == date(2026, 6, 22)
    assert week_of(date(2026, 6, 29)) == date(2026, 6, 29)
    assert week_of(date(2026, 6, 27), first_weekday=6) == date(2026, 6, 21)


def test_a_half_life_halves() -> None:
    assert decayed(Decimal(10), 30, 30) == Decimal(5)
    assert decayed(Decimal(10), 0, 30) == Decimal(10)
    assert decayed(Decimal(8), 60, 30) == Decimal(2)


def test_weekly_engagement_equals_the_reference(truth_build: TruthBuild) -> None:
    [(as_of,)] = fetch(truth_build, "select as_of_date from @.intermediate.as_of")
    # of a large company some accounts stand for all: plain Python is slow
    [(touches,)] = fetch(truth_build, "select count(account_key) from @.main.fct_engagements")
    slices = max(1, touches // 20_000)
    expected = weeks_of(_touches(truth_build, slices), as_of)
    rows = fetch(truth_build, WEEKS.format(slices=slices))
    found = {(account, week, team): figures for account, week, team, *figures in rows}
    assert len(found) == len(rows)
    assert len(expected) > 500, "a world too small to tell anything"
    assert found.keys() == expected.keys()
    wrong = {
        key: (found[key], week)
        for key, week in expected.items()
        if found[key][:5] != [week.touches, week.activities, week.meetings, len(week.people), week.minutes]
        or abs(found[key][5] - week.score) > Decimal("0.000001")
    }
    assert not wrong
    assert any(figures[5] > 0 for figures in found.values())
