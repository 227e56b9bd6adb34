"""Where the published marts keep the records of each entity that definitions speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """The records of an entity.

    `key` and `name` are columns (people have no name here). `today` and `past` are relations with the canonical
    columns, of the records as they are and of each state that they were in; `counts` says which of them count. `open`
    says which open opportunities lie on a record.
    """

    key: str
    name: str | None
    today: str
    past: str | None
    counts: str
    open: str


KEPT: Mapping[str, Kept] = {
    "opportunity": Kept(
        key="opportunity_key",
        name="opportunity_name",
        today="select * from fct_opportunities",
        past="select * from fct_opportunity_versions",
        counts="true",  # a tool may still count deleted ones
        open="select opportunity_key as record_key, * from fct_opportunities where is_open",
    ),
    "account": Kept(
        key="account_key",
        name="account_name",
        today="select * from dim_accounts",
        past=None,
        counts="true",
        open="select account_key as record_key, * from fct_opportunities where is_open and account_key is not null",
    ),
    "person": Kept(
        key="person_key",
        name=None,
        today="""
            select versions.*, people.became_mql_at, people.first_sales_touch_at, people.rejected_at
            from fct_person_versions as versions
            inner join dim_people as people on versions.person_key = people.person_key
            where versions.is_current
        """,
        past="select * from fct_person_versions",
        counts="not is_deleted",
        open="""
            select distinct on (people.person_key, deals.opportunity_key) people.person_key as record_key, deals.*
            from fct_opportunities as deals
            inner join bridge_opportunity_people as people on deals.opportunity_key = people.opportunity_key
            where deals.is_open and people.is_primary
        """,
    ),
}
"""By entity; of others the marts hold no records."""
