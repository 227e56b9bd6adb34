"""Accounts and people of a CRM in disorder, through all models, against union-find and networkx."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import networkx
import pyarrow
import pytest

from accounts.oracle import UnionFind, record_key, salesforce_id
from support.compiled import build_compiled
from support.dbt import run_dbt

Record = tuple[str, str, str]
"""System, instance and id."""

_START = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_SELECTION = ["+map_accounts", "+map_people", "+int_accounts_resolved"]


@dataclass
class Crm:
    """Raw rows, and what they say about who is who."""

    created: dict[Record, datetime] = field(default_factory=dict)
    links: dict[Record, list[Record]] = field(default_factory=dict)
    """What each record claims: the records it points to."""
    accounts: list[tuple[Any, ...]] = field(default_factory=list)
    contacts: list[tuple[Any, ...]] = field(default_factory=list)
    leads: list[tuple[Any, ...]] = field(default_factory=list)
    marketing_leads: list[tuple[Any, ...]] = field(default_factory=list)
    marketing_merges: list[tuple[Any, ...]] = field(default_factory=list)

    def groups(self, prefixes: tuple[str, ...]) -> dict[Record, Record]:
        """For each landed record whose id starts so, the first member of its group."""
        sets, graph = UnionFind(), networkx.Graph()
        for record in self.created:
            sets.find(record)
            graph.add_node(record)
        for record, others in self.links.items():
            for other in others:
                sets.join(record, other)
                graph.add_edge(record, other)
        groups = sets.groups()
        assert groups == {frozenset(group) for group in networkx.connected_components(graph)}
        found: dict[Record, Record] = {}
        for group in groups:
            landed: list[Record] = [member for member in group if member in self.created]  # type: ignore[misc]
            if not landed or not landed[0][2].startswith(prefixes):
                continue
            first = min(landed, key=lambda record: (self.created[record], record_key(*record)))
            found |= dict.fromkeys(landed, first)
        return found


def _pointer(generator: random.Random, ids: list[str], place: int, shape: str) -> str | None:
    """The id a record was merged into, with 15 characters half of the time."""
    draw = generator.random()
    target = None
    if shape == "chain":
        target = ids[place + 1] if place + 1 < len(ids) else None
    elif draw < 0.45:
        target = generator.choice(ids)  # itself too, and rings
    elif draw < 0.5:
        target = salesforce_id(ids[0][:3] + "zZ" + "".join(generator.choices(string.ascii_letters, k=10)))
    if target is not None and generator.random() < 0.5:
        return target[:15]
    return target


def _ids(generator: random.Random, prefix: str, count: int) -> list[str]:
    letters = string.ascii_letters + string.digits
    return [salesforce_id(prefix + "5g" + "".join(generator.choices(letters, k=10))) for _ in range(count)]


def _full(identifier: str) -> str:
    return salesforce_id(identifier) if len(identifier) == 15 else identifier


def make_crm(seed: int) -> Crm:
    """Random merges in every shape: chains of hundreds, rings, survivors that are not landed."""
    generator, crm = random.Random(seed), Crm()

    def keep(record: Record, *others: Record | None) -> datetime:
        crm.created[record] = _START + timedelta(days=generator.randrange(40))
        crm.links[record] = [other for other in others if other is not None and other != record]
        return crm.created[record]

    def crm_record(identifier: str | None) -> Record | None:
        return None if identifier is None else ("salesforce", "main", _full(identifier))

    contact_ids: list[str] = []
    for prefix, rows in (("001", crm.accounts), ("003", crm.contacts)):
        for shape, count in (("chain", 250), ("random", 300)):
            ids = _ids(generator, prefix, count)
            contact_ids += ids if prefix == "003" else []
            for place, identifier in enumerate(ids):
                into = _pointer(generator, ids, place, shape)
                created = keep(("salesforce", "main", identifier), crm_record(into))
                landed = identifier[:15] if generator.random() < 0.3 else identifier
                rows.append((landed, into, into is not None, created, f"{prefix} {place}"))
    lead_ids = _ids(generator, "00Q", 150)
    for place, identifier in enumerate(lead_ids):
        into = _pointer(generator, lead_ids, place, "random")
        converted = generator.choice(contact_ids) if generator.random() < 0.4 else None
        created = keep(("salesforce", "main", identifier), crm_record(into), crm_record(converted))
        crm.leads.append((identifier, into, into is not None, created, converted, converted is not None))
    numbers = [str(7_000_000_000 + place) for place in range(300)]
    for number in numbers:
        contact = generator.choice(contact_ids) if generator.random() < 0.3 else None
        lead = generator.choice(lead_ids) if generator.random() < 0.2 else None
        created = keep(("marketo", "main", number), crm_record(contact), crm_record(lead))
        crm.marketing_leads.append((number, contact, lead, created))
    for place in range(60):
        winner = generator.choice(numbers)
        # Losers that left no row resolve too, and join what names them.
        losers = [*generator.sample(numbers, generator.randint(0, 2)), f"80000{place % 40:03d}"]
        for loser in losers:
            if loser != winner:
                crm.links.setdefault(("marketo", "main", loser), []).append(("marketo", "main", winner))
        written = ",".join(losers)
        crm.marketing_merges.append((str(place), winner, f"[{written}]" if place % 2 else written))
    return crm


def write_raw(crm: Crm, path: Path) -> None:
    """The rows in the shapes that a loader lands."""
    tables = {
        "salesforce.account": (
            "id text, master_record_id text, is_deleted boolean, created_date timestamp, name text",
            crm.accounts,
        ),
        "salesforce.contact": (
            "id text, master_record_id text, is_deleted boolean, created_date timestamp, last_name text",
            crm.contacts,
        ),
        "salesforce.lead": (
            "id text, master_record_id text, is_deleted boolean, created_date timestamp, "
            "converted_contact_id text, is_converted boolean",
            crm.leads,
        ),
        "marketo.lead": (
            "id text, sfdc_contact_id text, sfdc_lead_id text, created_at timestamp",
            crm.marketing_leads,
        ),
        "marketo.activity_merge_leads": ("id text, lead_id text, merge_ids text", crm.marketing_merges),
    }
    with duckdb.connect(str(path)) as connection:
        for schema in ("salesforce", "marketo", "gong"):
            connection.execute(f"create schema {schema}")
        for name, (columns, rows) in tables.items():
            connection.execute(f"create table {name} ({columns}, _fivetran_synced timestamp)")
            columns_of_rows = zip(*((*row, _START) for row in rows), strict=True)
            landed = pyarrow.table({str(place): list(column) for place, column in enumerate(columns_of_rows)})
            connection.register("landed", landed)
            connection.execute(f"insert into {name} select * from landed")
            connection.unregister("landed")


@dataclass(frozen=True)
class Forest:
    """The CRM, what was built from it, and a way to build that again from other overrides."""

    crm: Crm
    connection: duckdb.DuckDBPyConnection
    rebuild: Callable[[], None]

    def keys(self, table: str, key: str) -> dict[Record, int]:
        """The key that a map gives each landed record."""
        rows = self.query(
            f"select source_system, source_instance, source_record_id, {key} from marts.main.{table} where is_landed"
        )
        found = {(system, instance, identifier): value for system, instance, identifier, value in rows}
        assert len(found) == len(rows)
        return found

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of what was built."""
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def forest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forest]:
    folder = tmp_path_factory.mktemp("forest")
    crm = make_crm(11)
    write_raw(crm, folder / "raw.duckdb")
    # With the data tests that these models alone feed, convergence among them.
    run = run_dbt(
        [
            *("compile", "--select", *_SELECTION, "--exclude", "resource_type:unit_test"),
            *("--indirect-selection", "cautious"),
        ],
        raw=folder / "raw.duckdb",
        database=folder / "marts.duckdb",
        target_path=folder / "target",
    )
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{folder / 'raw.duckdb'}' as raw (read_only)")
        connection.execute("attach ':memory:' as marts; use marts; set TimeZone = 'UTC'")
        build_compiled(run, connection)
        yield Forest(crm, connection, lambda: build_compiled(run, connection, seeds=False))


def _assert_as_expected(forest: Forest) -> None:
    for table, key, prefixes in (
        ("map_accounts", "account_key", ("001",)),
        ("map_people", "person_key", ("003", "00Q", "7")),
    ):
        expected = {record: record_key(*first) for record, first in forest.crm.groups(prefixes).items()}
        assert forest.keys(table, key) == expected


def test_merges_conversions_and_foreign_ids_are_followed_to_the_end(forest: Forest) -> None:
    _assert_as_expected(forest)


def test_losers_that_left_no_row_resolve_to_the_winner(forest: Forest) -> None:
    keys = forest.keys("map_people", "person_key")
    rows = forest.query(
        "select source_record_id, person_key from marts.main.map_people "
        "where source_system = 'marketo' and not is_landed"
    )
    assert len(rows) >= 40
    for loser, key in rows:
        winners = forest.crm.links[("marketo", "main", loser)]
        assert {keys[winner] for winner in winners} == {key}


def test_what_was_merged_into_a_record_that_is_not_landed_lives_on(forest: Forest) -> None:
    rows = forest.query(
        "select accounts.is_deleted from marts.main.map_accounts as records "
        "join marts.intermediate.int_accounts_resolved as accounts using (account_key) "
        "where records.is_survivor_missing"
    )
    assert rows and not any(is_deleted for (is_deleted,) in rows)


def test_split_by_override_undoes_merges_whichever_record_it_names_first(forest: Forest) -> None:
    """The losers are living accounts again with whatever was merged into them; all else is as it was."""
    chains = _chains(forest.crm)
    splits = [
        (chains[0][0], chains[0][1]),
        (chains[1][1], chains[1][0]),
        (chains[2][0], chains[2][2]),
        (chains[3][2], chains[3][0]),
    ]
    forest.connection.executemany(
        "insert into marts.reference.match_overrides values "
        "('account', 'split', ?, ?, ?, ?, ?, ?, 'Two companies of one name', date '2026-01-05')",
        [[*first[:2], first[2][:15], *second] for first, second in splits],
    )
    forest.rebuild()
    silenced = [chains[0][0], chains[1][0], chains[2][0], chains[3][0]]
    # Neither end of a longer chain points to the other: what its upper end claims falls as well.
    silenced += [chains[2][2], chains[3][2]]
    kept = {record: forest.crm.links.pop(record) for record in silenced}
    try:
        _assert_as_expected(forest)
        losers = ", ".join(f"'{chain[0][2]}'" for chain in chains)
        rows = forest.query(
            "select accounts.is_deleted from marts.main.map_accounts as records "
            "join marts.intermediate.int_accounts_resolved as accounts using (account_key) "
            f"where records.source_record_id in ({losers})"
        )
        assert rows == [(False,)] * 4
    finally:
        forest.crm.links.update(kept)
        forest.connection.execute("delete from marts.reference.match_overrides")


def _chains(crm: Crm) -> list[list[Record]]:
    """Four chains of three account records, each merged into the next, with no record in common."""
    found: list[list[Record]] = []
    taken: set[Record] = set()
    for record in crm.created:
        chain = [record]
        while len(chain) < 3 and crm.links.get(chain[-1]):
            chain.append(crm.links[chain[-1]][0])
        is_ring = any(record in claimed for claimed in _reached(crm, chain[1])) if len(chain) == 3 else True
        if is_ring or not record[2].startswith("001") or taken & set(chain) or chain[2] not in crm.created:
            continue
        found.append(chain)
        taken.update(chain)
        if len(found) == 4:
            return found
    raise AssertionError("too few chains")


def _reached(crm: Crm, start: Record) -> list[list[Record]]:
    """What is claimed on the way up from a record, to leave rings out."""
    seen, claims = {start}, []
    waiting = [start]
    while waiting:
        record = waiting.pop()
        others = crm.links.get(record, [])
        claims.append(others)
        waiting += [other for other in others if other not in seen]
        seen.update(others)
    return claims
