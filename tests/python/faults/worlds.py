# Pools read best on one line.
# ruff: noqa: E501
"""Small worlds full of faults, each value with the verdict on it, and what must become of their rows: an oracle of its own.

Nothing here parses a value: the pools below say of each whether it is one, so that the models' parsing is not repeated.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from support.graph import Row

Table = tuple[str, str]

BLANK = (None, "", " ", "   ")
NUMBERS = ("0", "7", "12", " 42 ", "100", "3.0")
MONEY = ("0", "12.50", " 42 ", "-250.00", "1e3", "999999999999.99", "-999999999999.99", "0.01")
NO_NUMBERS = (
    "1,234.50",
    "EUR 5",
    "abc",
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "1e30",
    "1e400",
    "9" * 40,
    "0x1F",
    "--5",
    "1;2",
    "٣",
)
ENORMOUS = ("1e12", "-1e15", "1e15", "9999999999999999.99", "1000000000000")
BOOLEANS = ("true", "FALSE", " t ", "0", "1", "no")
NO_BOOLEANS = ("maybe", "2", "wahr", "<b>", "nan")
DATES = ("2026-03-31", "2024-02-29", "2025-11-05T10:00:00Z", "9999-12-31", "0001-01-01", "1900-01-01")
NO_DATES = (
    "2023-02-30",
    "0000-00-00",
    "10000-01-01",
    "31/03/2024",
    "infinity",
    "-infinity",
    "epoch",
    "tomorrow",
    "2024-13-01",
)
MOMENTS = (
    "2026-03-31 10:00:00",
    "2024-02-29T23:59:59Z",
    "2025-11-05T10:00:00.000+0530",
    "9999-12-31 23:59:59",
    "0001-01-01",
)
NO_MOMENTS = (
    "2023-02-30 10:00:00", "0000-00-00 00:00:00", "10000-01-01 00:00:00", "31.03.2024", "infinity", "epoch", "1711927800", "yesterday",
)  # fmt: skip
LOADS = ("2026-04-01 02:00:00", "2026-04-01T03:00:00Z", "2026-03-31 23:00:00")
NAMES = (
    "O'Brien \"Bob\" & Söhne", "<script>alert('x')</script>", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "'; drop table account; --",
    "two\nlines\r\nand\ttab", "nul \x00 inside", "\u202eright to left", "👩‍👩‍👧 emoji", "{{ ref('x') }} %s $1 {0} \\", "NULL", "nan", "x" * 3000, "  padded  ",
    "Proposal", "USD", "EUR", "Won", "Gizmo", "acme.example", "ann@acme.example", "not an @ e-mail@@", "http://[::1", "[1, 2", '{"a":',
)  # fmt: skip
PREFIXES = {
    "account": "001", "contact": "003", "lead": "00Q", "opportunity": "006", "campaign": "701", "user": "005", "task": "00T", "event": "00U",
}  # fmt: skip
CURRENCIES = ("USD", "EUR", "GBP", "ZZZ", "<b>", None)
STAGES = ("Prospecting", "Proposal", "Closed Won", "Closed Lost", "Brand new stage", "<i>stage</i>", "", None)


def salesforce_id(kind: str, number: int) -> str:
    """An id of 18 characters; the first letter of its suffix says which letters of the prefix are capitals."""
    prefix = PREFIXES.get(kind, "0aa")
    return f"{prefix}{number:012d}{'E' if prefix[2].isalpha() and prefix[2].isupper() else 'A'}AA"


@dataclass
class World:
    """Raw rows by table, the winners among them, and the values in them that have to be rejected."""

    tables: dict[Table, list[Row]] = field(default_factory=dict)
    rejected: Counter[tuple[str, str, str | None, str, str]] = field(default_factory=Counter)
    keys: dict[Table, list[str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Knobs:
    """How large and how broken a world is."""

    seed: int
    most_rows: int
    junk: float
    blank_keys: float
    repeated_keys: float
    absent: frozenset[Table]
    empty_columns: frozenset[tuple[str, str, str]]


def knobs(
    absent: Collection[Table] = (), empty_columns: Collection[tuple[str, str, str]] = ()
) -> st.SearchStrategy[Knobs]:
    """Worlds of any size and kind, in which the given tables are absent and the given columns empty."""
    share = st.sampled_from((0.0, 0.05, 0.3, 0.9))
    return st.builds(
        Knobs,
        seed=st.integers(0, 2**16),
        most_rows=st.integers(1, 14),
        junk=share,
        blank_keys=share,
        repeated_keys=share,
        absent=st.just(frozenset(absent)),
        empty_columns=st.just(frozenset(empty_columns)),
    )


class Maker:
    """Makes a world of the declared tables."""

    def __init__(self, sources: Mapping[Table, Mapping[str, Any]], drawn: Knobs) -> None:
        self.sources, self.knobs, self.random = sources, drawn, random.Random(drawn.seed)
        self.world = World()
        self.clock = 0

    def make(self) -> World:
        for table in self.sources:
            if table not in self.knobs.absent:
                count = self.random.randint(0, self.knobs.most_rows)
                made = [self._row(table, number) for number in range(count)]
                self.random.shuffle(made)
                self.world.tables[table] = [row for row, _ in made]
                self.world.keys[table] = [key for _, key in made]
        return self.world

    def _row(self, table: Table, number: int) -> tuple[Row, str | None]:
        """A row, and the key of its record."""
        source = self.sources[table]
        key_columns = source["config"]["meta"]["key"]
        if self.random.random() < self.knobs.repeated_keys:
            number = self.random.randint(0, max(number - 1, 0))
        row: dict[str, str | None] = {}
        parts: list[str | None] = []
        found: list[tuple[str, str]] = []
        for name, column in source["columns"].items():
            if name in key_columns:
                row[name], part = self._key(table, name, column, number)
                parts.append(part)
                if part is None and row[name] is not None and row[name].strip(" "):
                    found.append((name, "not_a_number"))
            elif name not in ("_fivetran_active", "_fivetran_start") and (*table, name) not in self.knobs.empty_columns:
                row[name], reason = self._value(table, name, column)
                if reason:
                    found.append((name, reason))
        ordered = [parts[list(n for n in source["columns"] if n in key_columns).index(name)] for name in key_columns]
        record = None if None in ordered else "|".join(part for part in ordered if part is not None)
        if record is None:
            found.append((", ".join(key_columns), "no_key"))
        for name, reason in found:
            self.world.rejected[(*table, record, name, reason)] += 1
        return row, record

    def _key(self, table: Table, name: str, column: Mapping[str, Any], number: int) -> tuple[str | None, str | None]:
        """A part of a key as it lands, and as it is read."""
        if self.random.random() < self.knobs.blank_keys / 4:
            return self.random.choice(BLANK), None
        if column["data_type"] == "integer":
            if self.random.random() < self.knobs.junk / 4:
                return "twelve", None
            return self.random.choice((str(number), f" {number}.0 ")), str(number)
        if name == "id" and column["config"].get("meta", {}).get("is_salesforce_id"):
            kind = table[1] if table[1] in PREFIXES else "other"
            whole = salesforce_id(kind, number)
            return self.random.choice((whole, whole[:15], f" {whole} ")), whole
        whole = self._reference(name) if name != "id" else f"{table[1]}-{number}<'\">"
        whole = (whole or "none").strip(" ") or "none"
        return whole, whole

    def _reference(self, name: str) -> str | None:
        """The id of another record, or of nothing."""
        kind = next((k for k in PREFIXES if k in name), None) or self.random.choice(list(PREFIXES))
        if name in ("parent_id", "master_record_id"):
            kind = "account"
        return self.random.choice(
            [
                salesforce_id(kind, self.random.randint(0, max(self.knobs.most_rows - 1, 0))),
                None,
                "",
                "nowhere",
                "lead-1<'\">",
                "call-0<'\">",
            ]
            if self.random.random() < 0.4
            else [salesforce_id(kind, self.random.randint(0, max(self.knobs.most_rows - 1, 0)))]
        )

    def _value(self, table: Table, name: str, column: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """A value as it lands, and why it is rejected."""
        if table == ("salesforce", "opportunity") and name == "system_modstamp":
            self.clock += 1
            return f"2026-01-01 00:{self.clock // 60:02d}:{self.clock % 60:02d}", None
        if name == "_fivetran_synced":
            return self.random.choice(LOADS), None
        kind = column["data_type"].split("(")[0]
        if kind == "string":
            if name == "stage_name":
                return self.random.choice(STAGES), None
            if "currency" in name or name == "iso_code":
                return self.random.choice(CURRENCIES), None
            if name.endswith("_id"):
                return self._reference(name), None
            return self.random.choice((*NAMES, *BLANK)), None
        if self.random.random() < 0.15:
            return self.random.choice(BLANK), None
        if self.random.random() >= self.knobs.junk:
            return self.random.choice(self._good(kind, column)), None
        return self._junk(kind, column)

    def _good(self, kind: str, column: Mapping[str, Any]) -> tuple[str, ...]:
        if kind == "decimal" and self._range(column) and self._range(column)[1] > 1000:
            return MONEY
        return {"decimal": NUMBERS, "integer": NUMBERS, "boolean": BOOLEANS, "date": DATES, "timestamp": MOMENTS}[kind]

    def _junk(self, kind: str, column: Mapping[str, Any]) -> tuple[str, str]:
        if kind in ("decimal", "integer"):
            limits = self._range(column)
            if limits and self.random.random() < 0.5:
                return (self.random.choice(ENORMOUS) if limits[1] > 1000 else "101"), "out_of_range"
            return self.random.choice(NO_NUMBERS), "not_a_number"
        pool = {"boolean": NO_BOOLEANS, "date": NO_DATES, "timestamp": NO_MOMENTS}[kind]
        return self.random.choice(pool), f"not_a_{kind}"

    @staticmethod
    def _range(column: Mapping[str, Any]) -> list[float]:
        return column["config"].get("meta", {}).get("range") or []


def totals(world: World) -> dict[str, Decimal]:
    """What the newest rows of live opportunities add up to, by currency."""
    newest: dict[str, Row] = {}
    table = ("salesforce", "opportunity")
    for row, key in zip(world.tables.get(table, []), world.keys.get(table, []), strict=True):
        if key is not None and (key not in newest or stamp(row) > stamp(newest[key])):
            newest[key] = row
    found: dict[str, Decimal] = {}
    for row in newest.values():
        if not is_true(row.get("is_deleted")) and not is_true(row.get("_fivetran_deleted")):
            currency = (row.get("currency_iso_code") or "").strip() or "XXX"
            found[currency] = found.get(currency, Decimal(0)) + AMOUNTS.get(row.get("amount") or "", Decimal(0))
    return found


def stamp(row: Row) -> str:
    return row.get("system_modstamp") or ""


def is_true(value: str | None) -> bool:
    return value in ("true", " t ", "1")


AMOUNTS = {value: Decimal(value.strip()).quantize(Decimal("0.01")) for value in MONEY}
