"""Opportunities: hidden causes decide their outcome, then a past is told that ends there."""

from __future__ import annotations

import math

from plumbline.sample.people import make_contact, new_person
from plumbline.sample.settings import CURRENCY_CENTS, DAY, END, MIGRATION, START
from plumbline.sample.story import Plan, tell
from plumbline.sample.world import Account, Block, Company, Deal, Record

NEW, EXPANSION, RENEWAL = "New Business", "Existing Business", "Renewal"
_MEDIAN_DAYS = {NEW: 78.0, EXPANSION: 42.0, RENEWAL: 80.0}


def make_deals(block: Block) -> None:
    """Fills `block.deals` for every company that has an account that was ever live."""
    for company in block.companies:
        if company.kind in ("prospect", "person") or not company.live_accounts:
            continue
        _life_of_a_company(block, company, live_contacts(company) or [_first_contact(block, company)])


def live_contacts(company: Company) -> list[Record]:
    """The contacts of a company's people that are neither merged away nor deleted."""
    return [
        record
        for person in company.people
        for record in person.records
        if record.kind == "contact" and record.master is None and record.deleted_at is None
    ]


def _first_contact(block: Block, company: Company) -> Record:
    person = new_person(block, company)
    return make_contact(block, person, max(company.first_at, START - 90 * DAY))


def _life_of_a_company(block: Block, company: Company, contacts: list[Record]) -> None:
    """Attempts to win the company, then renewals and expansions as long as it stays."""
    r = block.r
    begin = max(START, company.first_at)
    if company.first_at < START and r.random() < 0.35:
        _renewals(block, company, contacts, START + int(r.uniform(10, 350) * DAY), deal_size(block, company))
        return
    when = begin + int(r.uniform(2, 150) * DAY)
    lead = _converted_lead(block, company)
    for attempt in range(4):
        if attempt == 0 and lead is not None and lead.converted_at is not None:
            when = max(START, lead.converted_at) + 1800
        if when > END - 12 * DAY:
            return
        deal = make_deal(block, company, contacts, NEW, when, deal_size(block, company))
        if attempt == 0 and lead is not None:
            lead.converted_deal = deal.id
        last = deal.states[-1]
        if deal.outcome == "won":
            _renewals(block, company, contacts, last.since + 345 * DAY, last.amount or 10_000_00)
            for _ in range(2):
                upsell = last.since + int(r.uniform(60, 700) * DAY)
                if r.random() < 0.38 and upsell < END - 12 * DAY:
                    make_deal(
                        block,
                        company,
                        contacts,
                        EXPANSION,
                        upsell,
                        int((last.amount or 10_000_00) * r.uniform(0.1, 0.5)),
                    )
            return
        if deal.outcome == "open":
            if r.random() < 0.12 and when < END - 60 * DAY:
                make_deal(block, company, contacts, NEW, when + 30 * DAY, deal_size(block, company))
            return
        when = last.since + int(r.uniform(60, 300) * DAY)


def _renewals(block: Block, company: Company, contacts: list[Record], due: int, amount: int) -> None:
    while due - 95 * DAY < END - 12 * DAY:
        created = max(START + DAY, due - int(block.r.uniform(85, 120) * DAY))
        deal = make_deal(block, company, contacts, RENEWAL, created, amount)
        if deal.outcome != "won":
            return
        last = deal.states[-1]
        amount = int((last.amount or amount) * block.r.uniform(0.97, 1.12))
        due = max(last.since + 300 * DAY, due + 365 * DAY)


def _converted_lead(block: Block, company: Company) -> Record | None:
    """A converted lead that may have brought the first opportunity with it."""
    for person in company.people:
        for record in person.records:
            if record.converted_at and START + DAY < record.converted_at < END - 90 * DAY and record.converted_to:
                return record if block.r.random() < 0.6 else None
    return None


def deal_size(block: Block, company: Company) -> int:
    """An amount for a new deal, in hundredths of the company's currency."""
    base = 9_000 * math.pow(company.employees / 100, 0.45) * block.r.lognormvariate(0, 0.45)
    rate = 146 if company.currency == "JPY" else 1
    amount = round(base * rate / 50) * 50 + (0 if block.r.random() < 0.7 else block.r.randint(1, 4_999) / 100)
    return round(amount * 100) if CURRENCY_CENTS[company.currency] == 100 else round(amount) * 100


def _filed_at(block: Block, company: Company, created: int) -> Account:
    """The account record a deal is filed at: one that existed, perhaps one that was merged away later."""
    known = [account for account in company.accounts if account.created <= created and account.deleted_at is None]
    if not known:
        known = [min(company.accounts, key=lambda account: account.created)]
    return block.r.choice(known)


def make_deal(block: Block, company: Company, contacts: list[Record], kind: str, created: int, amount: int) -> Deal:
    """One more opportunity of a company, created at the instant or when its account was there, with its whole past."""
    r = block.r
    account = _filed_at(block, company, created)
    created = _office_hours(block, max(created, account.created + DAY))
    owner = account.owner.on(created)
    champion, timing = r.gauss(0, 1), r.gauss(0, 1)
    competitor = max(0.0, r.gauss(-0.2, 1))
    score = (
        0.85 * company.need
        + 0.8 * champion
        + 0.5 * company.fit
        + 0.55 * timing
        - 0.9 * competitor
        + owner.skill
        + {NEW: -0.85, EXPANSION: 0.5, RENEWAL: 2.1}[kind]
    )
    win_probability = 1 / (1 + math.exp(-score))
    days = (
        _MEDIAN_DAYS[kind] * r.lognormvariate(0, 0.45) * (1.25 - 0.1 * timing) * math.pow(company.employees / 120, 0.1)
    )
    plan = Plan(
        created=created,
        days=max(6.0, days),
        wins=r.random() < win_probability,
        amount=amount,
        owner=owner,
        account=account,
        kind=kind,
        currency=company.currency,
    )
    involved = r.sample(contacts, min(len(contacts), 1 + int(r.random() * 3)))
    involved += [record for record in contacts if record.stratum == "canary" and record not in involved]
    for reseller in company.resellers:
        sellers = [
            record
            for person in reseller.people
            for record in person.records
            if record.kind == "contact" and record.master is None
        ]
        if sellers and r.random() < 0.7:
            involved.append(r.choice(sellers))
    deal = Deal(
        id=block.ids.salesforce("006"),
        company=company,
        kind=kind,
        name=f"{company.name} - {kind}",
        currency=company.currency,
        created=created,
        states=[],
        people=involved,
        champion=champion,
        competitor=competitor,
        timing=timing,
        skill=owner.skill,
        win_probability=win_probability,
        outcome="open",
    )
    _pick_campaign(block, deal)
    tell(block, deal, plan)
    block.deals.append(deal)
    return deal


def _pick_campaign(block: Block, deal: Deal) -> None:
    if block.r.random() < 0.35:
        day = deal.created // DAY
        ran = [
            campaign for campaign in block.common.campaigns if campaign.crm_id and day - 120 <= campaign.start <= day
        ]
        if ran:
            deal.campaign_id = block.r.choice(ran).crm_id


def _office_hours(block: Block, seconds: int) -> int:
    """A working moment on or after the day of an instant; never inside the weekend of the migration."""
    return office_moment(seconds // DAY, block.r.random())


def office_moment(day: int, position: float) -> int:
    """A moment (seconds) between 07:00 and 18:00 UTC of a working day, the day itself or the Monday after."""
    weekday = (day + 3) % 7
    if weekday >= 5:
        day += 7 - weekday
    return day * DAY + 7 * 3600 + int(position * 11 * 3600)


assert (MIGRATION // DAY + 3) % 7 == 5, "the migration falls on a Saturday"
