"""Every past state of a person, against what really was: a reference in plain Python over the sample company's truth.

Who is who comes from the map, which has tests of its own. Everything else is told again here: which record of a person
speaks at an instant, and what it said then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

LOADED = datetime(2026, 6, 30, 22)
KINDS = {("salesforce", "contact"): 1, ("salesforce", "lead"): 2, ("marketo", "lead"): 3}
Key = tuple[str, str, str]


@dataclass
class Record:
    """A record of a person as it stands at the end."""

    key: Key
    person: int
    is_landed: bool
    is_live: bool
    created: datetime
    modified: datetime

    @property
    def order(self) -> tuple[Any, ...]:
        """Living records first, those without a row last; then the kind, then the one changed last."""
        loss = 0 if self.is_live else 1 if self.is_landed else 2
        return (loss, KINDS[self.key[:2]], -self.modified.timestamp(), -self.created.timestamp())


@dataclass
class World:
    """People with their records, and what each record said from which instant on."""

    records: dict[int, list[Record]]
    changes: dict[tuple[Key, str], list[tuple[datetime, str]]]
    versions: list[dict[str, Any]]

    def speaking(self, person: int, attribute: str, at: datetime) -> Record | None:
        """The first of the records with this attribute that exists at the instant."""
        having = [record for record in self.records.get(person, []) if (record.key, attribute) in self.changes]
        return next((one for one in sorted(having, key=lambda one: one.order) if one.created <= at), None)

    def said(self, record: Record, attribute: str, at: datetime) -> str | None:
        """What the record said at an instant; None before the truth begins."""
        told = self.changes[record.key, attribute]
        place = bisect_right(told, at, key=lambda change: change[0])
        return told[place - 1][1] if place else None


def _rows(truth_build: Any, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = truth_build.connection.execute(sql).fetchall()
    return rows


@pytest.fixture(scope="module")
def world(truth_build: Any) -> World:
    newest = """
        select 'salesforce', '{table}', maps.source_record_id, maps.person_key, true,
            not max_by(raw.is_deleted, raw.system_modstamp), max_by(raw.created_date, raw.system_modstamp),
            max_by(raw.last_modified_date, raw.system_modstamp)
        from raw.salesforce.{table} as raw
        inner join marts.main.map_people as maps
            on maps.source_object = '{table}' and maps.source_system = 'salesforce'
            and maps.source_record_id[:15] = raw.id[:15]
        group by all
    """
    marketing = """
        select 'marketo', 'lead', maps.source_record_id, maps.person_key,
            max(raw.id) is not null, max(raw.id) is not null,
            coalesce(max_by(raw.created_at, raw.updated_at), min(creations.activity_date)),
            coalesce(max(raw.updated_at), min(creations.activity_date))
        from marts.main.map_people as maps
        left join raw.marketo.lead as raw on maps.source_record_id = cast(raw.id as varchar)
        left join raw.marketo.activity_new_lead as creations
            on maps.source_record_id = cast(creations.lead_id as varchar)
        where maps.source_system = 'marketo'
        group by all
    """
    records = defaultdict(list)
    for sql in (newest.format(table="contact"), newest.format(table="lead"), marketing):
        for system, source_object, record_id, person, *states in _rows(truth_build, sql):
            records[person].append(Record((system, source_object, record_id), person, *states))
    changes = defaultdict(list)
    for system, source_object, record_id, attribute, at, value in _rows(
        truth_build, "select * from truth.truth_person_changes order by changed_at, rowid"
    ):
        changes[(system, source_object, record_id), attribute].append((at, value))
    cursor = truth_build.connection.execute("select * from marts.main.fct_person_versions")
    names = [column[0] for column in cursor.description]
    versions = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return World(dict(records), dict(changes), versions)


def instants(version: dict[str, Any]) -> tuple[datetime, datetime]:
    """The first moment of a version, and one in the middle."""
    begin, end = version["valid_from_at"], version["valid_to_at"] or LOADED
    return begin, begin + (end - begin) / 2


def compare(world: World, attribute: str, kinds: set[int]) -> tuple[int, list[Any]]:
    """How many instants were compared, and those at which the version does not say what really was."""
    compared, wrong = 0, []
    for version in world.versions:
        person = version["person_key"]
        kinds_of_person = {KINDS[record.key[:2]] for record in world.records.get(person, [])}
        if version["evidence"] == "unknown" or not kinds_of_person <= kinds:
            continue
        for at in instants(version):
            record = world.speaking(person, attribute, at)
            expected = world.said(record, attribute, at) if record else None
            if record is None or expected is None:
                continue
            compared += 1
            found = version[attribute]
            if (None if found is None else str(found)) != expected:
                wrong.append((person, version["version_number"], at, record.key, found, expected))
    return compared, wrong


def test_scores_and_stages_are_those_of_every_past_moment(world: World) -> None:
    for attribute in ("lead_score", "lifecycle_stage"):
        compared, wrong = compare(world, attribute, {1, 2, 3})
        assert compared > 20_000
        assert wrong == []


def test_statuses_are_true_wherever_they_are_called_known(world: World) -> None:
    """People whose status stands in the CRM alone: marketing automation has a copy, without a past."""
    compared, wrong = compare(world, "lead_status", {1, 2})
    assert compared > 1_000
    assert wrong == []


def test_owners_are_true_where_they_are_called_observed(world: World, truth_build: Any) -> None:
    keys = dict(
        _rows(
            truth_build,
            "select source_record_id, user_key from marts.intermediate.int_users_mapped "
            "where source_system = 'salesforce'",
        )
    )
    compared = changed = 0
    for version in world.versions:
        records = world.records.get(version["person_key"], [])
        if version["owner_evidence"] != "observed" or {KINDS[record.key[:2]] for record in records} != {2}:
            continue
        for at in instants(version):
            record = world.speaking(version["person_key"], "owner", at)
            assert record is not None
            assert version["owner_user_key"] == keys[world.said(record, "owner", at)], (version, at)
            compared += 1
            changed += len(world.changes[record.key, "owner"]) > 1
    assert compared > 1_000
    assert changed > 50


def test_opting_out_begins_when_marketing_automation_says(world: World) -> None:
    compared = 0
    for version in world.versions:
        own = [
            record
            for record in world.records.get(version["person_key"], [])
            if record.is_live and (record.key, "opted_out") in world.changes
        ]
        if len(own) != 1:
            continue
        (at, _), *_ = world.changes[own[0].key, "opted_out"]
        for moment in instants(version):
            if moment >= own[0].created:
                assert version["is_opted_out"] is (moment >= at), (version, moment)
                compared += 1
    assert compared > 500


def test_who_passed_sixty_before_the_new_version_became_an_mql_in_that_second(world: World, truth_build: Any) -> None:
    """People with one record, of marketing automation, who never opted out; the company's size did not count then."""
    became = dict(_rows(truth_build, "select person_key, became_mql_at from marts.main.dim_people"))
    rivals = {version["person_key"] for version in world.versions if version["is_competitor"]}
    compared = 0
    for person, records in world.records.items():
        if len(records) != 1 or person in rivals or (records[0].key, "opted_out") in world.changes:
            continue
        scores = world.changes.get((records[0].key, "lead_score"), [])
        passed = next((at for at, score in scores if int(score) >= 60), None)
        if passed is not None and passed < datetime(2026, 1, 1):
            assert became[person] == passed
            compared += 1
    assert compared >= 50


def test_what_is_called_unknown_lies_before_the_history_is_known(world: World) -> None:
    labels = {
        (version["evidence"], version["valid_from_at"] >= version["history_known_from"]) for version in world.versions
    }
    assert labels >= {("observed", True), ("reconstructed", True), ("unknown", False)}
    assert ("unknown", True) not in labels


def test_demo_requests_and_windows_are_those_of_the_raw_rows(world: World, truth_build: Any) -> None:
    """People with a single record: what its activities say by the second at which each version began."""
    activities: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for table, name in (("activity_visit_webpage", "visit"), ("activity_fill_out_form", "form")):
        for lead, at, label in _rows(
            truth_build,
            "select cast(lead_id as varchar), activity_date, any_value(primary_attribute_value) "
            f"from raw.marketo.{table} where id is not null group by id, lead_id, activity_date order by activity_date",
        ):
            activities[lead, name].append(at)
            if "Demo" in label and name == "form":
                activities[lead, "demo"].append(at)
    compared = demos = 0
    for version in world.versions:
        records = world.records.get(version["person_key"], [])
        if len(records) != 1 or records[0].key[0] != "marketo":
            continue
        at = version["valid_from_at"] if version["valid_to_at"] else datetime(2026, 7, 1)
        lead = records[0].key[2]
        window = {"visit": 7, "form": 30}
        found = {
            name: sum(1 for moment in activities[lead, name] if 0 <= (at - moment).total_seconds() < days * 86_400)
            for name, days in window.items()
        }
        assert (version["visits_7d"], version["form_fills_30d"]) == (found["visit"], found["form"]), version
        asked = [moment for moment in activities[lead, "demo"] if moment <= at]
        assert version["demo_requested_at"] == (asked[-1] if asked else None), version
        compared += 1
        demos += bool(asked)
    assert compared > 1_000
    assert demos > 50
