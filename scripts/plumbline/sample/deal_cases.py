"""Opportunities whose past only the tracked changes tell."""

from __future__ import annotations

from plumbline.sample.deals import NEW, deal_size, live_contacts, make_deal
from plumbline.sample.settings import DAY, TRACKING
from plumbline.sample.world import Block, Deal

_ATTEMPTS = 40
"""Enough: about one try in two succeeds."""


def plant_deals_without_snapshots(block: Block) -> None:
    """Deals made in the days before field history was tracked, and touched only afterwards; their snapshots are gone.

    So the old value of each first tracked change is what the deal began with, and can be carried back.
    """
    companies = [
        company
        for company in block.companies
        if company.stratum == "plain"
        and company.kind == "account"
        and company.accounts[0].created < TRACKING - 60 * DAY
        and live_contacts(company)
    ]
    wanted = block.some(4)
    for _ in range(_ATTEMPTS * wanted):
        if wanted == 0 or not companies:
            return
        company = block.r.choice(companies)
        created = TRACKING - int(block.r.uniform(3, 12) * DAY)
        deal = make_deal(block, company, live_contacts(company), NEW, created, deal_size(block, company))
        if _rest_until_tracking(deal):
            deal.has_snapshots = deal.twice_in_a_second = False
            wanted -= 1
        else:
            block.deals.pop()


def _rest_until_tracking(deal: Deal) -> bool:
    """Leaves what happened before tracking out; false for a deal that this does not suit."""
    first, *others = deal.states
    later = [state for state in others if state.since >= TRACKING]
    if first.amount is None or deal.deleted_at is not None or first.since >= TRACKING:
        return False
    if all(state.stage == first.stage for state in later):
        return False
    if all(state.amount == first.amount for state in later):
        for state in later:
            state.amount = first.amount - first.amount // 1_000 * 100
    if all(state.close_day == first.close_day for state in later):
        first.close_day -= 3
    deal.states = [first, *later]
    return True
