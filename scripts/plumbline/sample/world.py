"""What exists in the sample company's world, apart from the rows that its systems keep of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np

from plumbline.sample.buffer import Buffer
from plumbline.sample.ids import IdSource


@dataclass(slots=True, eq=False)
class User:
    """A colleague. `left_at` is when the seat was closed (seconds), `heir` who took over."""

    id: str
    first: str
    last: str
    email: str
    title: str
    team: str
    role: str
    manager: User | None = None
    skill: float = 0.0
    created: int = 0
    left_at: int | None = None
    heir: User | None = None
    gong_id: str | None = None

    def on(self, seconds: int) -> User:
        """Who holds this seat at an instant: the colleague, or the heir once the colleague has left."""
        if self.left_at is not None and self.heir is not None and seconds >= self.left_at:
            return self.heir.on(seconds)
        return self

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(slots=True, eq=False)
class Account:
    """A Salesforce account record."""

    id: str
    company: Company
    name: str
    website: str | None
    owner: User
    created: int
    parent: Account | None = None
    master: Account | None = None
    merged_at: int | None = None
    deleted_at: int | None = None
    changes: list[tuple[int, str, str | None, str | None]] = field(default_factory=list)

    @property
    def survivor(self) -> Account:
        """The record that this one ended in."""
        return self if self.master is None else self.master.survivor

    @property
    def is_live(self) -> bool:
        return self.master is None and self.deleted_at is None


@dataclass(slots=True, eq=False)
class Company:
    """A real company. `domain` is its own, `mail_domain` the one its people write from."""

    id: str
    name: str
    domain: str | None
    mail_domain: str | None
    kind: str
    stratum: str
    industry: str
    employees: int
    revenue: float
    country: str
    country_name: str
    currency: str
    need: float
    fit: float
    first_at: int
    former_name: str | None = None
    former_domain: str | None = None
    rebranded_at: int | None = None
    parent: Company | None = None
    accounts: list[Account] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    resellers: list[Company] = field(default_factory=list)

    @property
    def live_accounts(self) -> list[Account]:
        return [account for account in self.accounts if account.is_live]


@dataclass(slots=True, eq=False)
class Person:
    """A human at one employer at a time; `id` stays the same over a change of employer."""

    id: str
    number: int
    company: Company
    first: str
    last: str
    email: str | None
    title: str
    stratum: str
    first_at: int
    affinity: float
    interest: float
    phone: str
    records: list[Record] = field(default_factory=list)
    opted_out_at: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(slots=True, eq=False)
class Record:
    """A record of a person in one system. `email` is canonical (lower case), as landed it may differ.

    `ring_to` is a record that was merged into this one and is stated as its survivor all the same.
    """

    system: str
    kind: str
    id: str
    person: Person
    created: int
    email: str | None
    stratum: str
    account: Account | None = None
    company_text: str | None = None
    explicit: list[tuple[Record, str]] = field(default_factory=list)
    source: str = "Web"
    owner: User | None = None
    status: str | None = None
    converted_at: int | None = None
    converted_to: Record | None = None
    converted_deal: str | None = None
    sync_account: bool = False
    master: Record | None = None
    merged_at: int | None = None
    ring_to: Record | None = None
    deleted_at: int | None = None
    is_present: bool = True
    number: int = 0

    @property
    def survivor(self) -> Record:
        """The record that this one ended in after merges."""
        return self if self.master is None else self.master.survivor


@dataclass(slots=True)
class State:
    """What an opportunity looked like from `since` on. Amount in hundredths of the currency's unit of 1."""

    since: int
    stage: str
    amount: int | None
    close_day: int
    forecast: str
    probability: float
    owner: User
    account: Account
    is_deleted: bool = False


@dataclass(slots=True, eq=False)
class Deal:
    """An opportunity with its whole past."""

    id: str
    company: Company
    kind: str
    name: str
    currency: str
    created: int
    states: list[State]
    people: list[Record]
    champion: float
    competitor: float
    timing: float
    skill: float
    win_probability: float
    outcome: str
    slips: int = 0
    was_reopened: bool = False
    twice_in_a_second: bool = False
    has_snapshots: bool = True
    deleted_at: int | None = None
    campaign_id: str | None = None
    recorded: list[tuple[int, str]] = field(default_factory=list)

    def at(self, seconds: int) -> State:
        """The state at an instant (the first one for any instant before the creation)."""
        current = self.states[0]
        for state in self.states:
            if state.since > seconds:
                break
            current = state
        return current


@dataclass(slots=True)
class Campaign:
    """A marketing campaign with its records on both sides (days since the epoch)."""

    name: str
    kind: str
    start: int
    end: int
    crm_id: str | None
    program_id: int | None
    smart_id: int
    email_id: int
    cost: float


@dataclass(slots=True)
class Common:
    """What all blocks share: head office, campaigns, products (id, name, code, family, list price)."""

    users: dict[str, User]
    campaigns: list[Campaign]
    products: list[tuple[str, str, str, str, float]]
    trackers: list[tuple[str, str, tuple[str, ...]]]
    scorecard: tuple[str, list[tuple[str, str, bool]]]


@dataclass(slots=True)
class Block:
    """One block under construction: its random sources, its ids and all it has so far."""

    number: int
    seed: int
    fraction: float
    r: Random
    g: np.random.Generator
    ids: IdSource
    out: Buffer
    common: Common
    team: dict[str, list[User]] = field(default_factory=dict)
    companies: list[Company] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    marketing_qualified: dict[int, int] = field(default_factory=dict)
    person_pairs: list[tuple[Record, Record, bool, str, bool]] = field(default_factory=list)
    company_count: int = 0

    def some(self, per_block: float) -> int:
        """How many of something this block plants: at least one, in proportion to its size."""
        return max(1, round(per_block * self.fraction))
