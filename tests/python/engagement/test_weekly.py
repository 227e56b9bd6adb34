"""The weekly engagement of accounts against a reference in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .reference import Touch, decayed, week_of, weeks_of


def _touches(connection: Any) -> list[Touch]:
    people: dict[int, set[int]] = defaultdict(set)
    for key, person in connection.execute("select engagement_key, person_key from marts.marts.bridge_engagement_people").fetchall():
        people[key].add(person)
    half_lives = dict(connection.execute("select engagement_type, half_life_days from marts.reference.engagement_types").fetchall())
    rows = connection.execute(
        "select engagement_key, account_key, person_key, team, occurred_date, weight, engagement_type, engagement_class, "
        "is_meeting, duration_minutes from marts.marts.fct_engagements where account_key is not null"
    ).fetchall()
    return [
        Touch(account, team, day, weight, half_lives[kind], group == "activity", is_meeting, minutes or Decimal(0),
              frozenset(people[key] | ({person} if person is not None else set())))
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


def test_weekly_engagement_equals_the_reference(truth_build: Any) -> None:
    connection = truth_build.connection
    as_of = connection.execute("select as_of_date from marts.intermediate.as_of").fetchone()[0]
    expected = weeks_of(_touches(connection), as_of)
    found = {
        (account, week, team): (touches, activities, meetings, people, minutes, score)
        for account, week, team, touches, activities, meetings, people, minutes, score in connection.execute(
            "select account_key, week_start_date, team, touch_count, activity_count, meeting_count, people_count, minutes, "
            "engagement_score from marts.marts.agg_account_engagement_weekly"
        ).fetchall()
    }
    assert len(expected) > 1_000, "a world too small to tell anything"
    assert found.keys() == expected.keys()
    wrong = {
        key: (found[key], week)
        for key, week in expected.items()
        if found[key][:5] != (week.touches, week.activities, week.meetings, len(week.people), week.minutes)
        or abs(found[key][5] - week.score) > Decimal("0.000001")
    }
    assert not wrong
    assert any(row[5] > 0 for row in found.values())
