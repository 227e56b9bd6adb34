"""The truth about accounts, opportunities and the world's parameters. Only tests read it."""

from __future__ import annotations

from urllib.parse import urlsplit

from plumbline.sample import settings
from plumbline.sample.buffer import Buffer
from plumbline.sample.deal_rows import snapshot_start
from plumbline.sample.reference import UNLISTED_STAGE
from plumbline.sample.settings import INSTANCE, TRACKING
from plumbline.sample.world import Account, Block, Company

_SHARED_HOSTS = ("linkedin.com",)


def own_domain(website: str | None) -> str | None:
    """The registrable domain of a website as typed; None without one or on a host that many share."""
    if not website:
        return None
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    domain = ".".join(host.lower().split(".")[-2:])
    return None if domain in _SHARED_HOSTS or not domain else domain


def domain_owners(block: Block) -> tuple[dict[str, list[Account]], dict[str, list[Account]]]:
    """Live accounts by their own domain, and by a former one that their tracked history tells."""
    current: dict[str, list[Account]] = {}
    former: dict[str, list[Account]] = {}
    for company in block.companies:
        for account in company.live_accounts:
            domain = own_domain(account.website)
            if domain:
                current.setdefault(domain, []).append(account)
            for when, field, old, _ in account.changes:
                past = own_domain(old)
                if field == "Website" and when >= TRACKING and past:
                    former.setdefault(past, []).append(account)
    return current, former


def write_account_truth(block: Block) -> None:
    """Companies, account records and pairs of records."""
    for company in block.companies:
        block.out.add(
            "main.truth_companies",
            company_id=company.id,
            name=company.name,
            former_name=company.former_name,
            domain=company.domain,
            former_domain=company.former_domain,
            rebranded_at=company.rebranded_at,
            parent_company_id=company.parent.id if company.parent else None,
            kind=company.kind,
            stratum=company.stratum,
            hidden_need=company.need,
            hidden_fit=company.fit,
        )
        for account in company.accounts:
            block.out.add(
                "main.truth_account_records",
                source_system="salesforce",
                source_instance=INSTANCE,
                source_object="account",
                source_record_id=account.id,
                company_id=company.id,
                stratum=company.stratum,
                survivor_record_id=account.survivor.id,
                own_domain=own_domain(account.website),
                is_live=account.is_live,
                is_merged_away=account.master is not None,
                parent_company_id=company.parent.id if company.parent else None,
                created_at=account.created,
            )
            if account.master is not None:
                _pair(block, account, account.master, "merge", True)
        _pairs_of_company(block, company)
    _pairs_across(block)


def _pair(block: Block, first: Account, second: Account, evidence: str, decidable: bool) -> None:
    block.out.add(
        "main.truth_account_links",
        record_a=first.id,
        record_b=second.id,
        same_company=first.company is second.company,
        evidence=evidence,
        decidable=decidable,
        stratum=first.company.stratum,
    )


def _pairs_of_company(block: Block, company: Company) -> None:
    """Live records of one company that nobody merged: the truth is one, the evidence is not enough."""
    live = company.live_accounts
    for place, first in enumerate(live):
        for second in live[place + 1 :]:
            same = own_domain(first.website) is not None and own_domain(first.website) == own_domain(second.website)
            _pair(block, first, second, "domain" if same else "none", False)
    for account in company.accounts:
        if account.parent is not None:
            evidence = "parent_ring" if company.stratum == "parent_ring" else "parent"
            _pair(block, account, account.parent, evidence, evidence == "parent")


def _pairs_across(block: Block) -> None:
    """Pairs of different companies that look alike: one domain or one name."""
    by_domain, _ = domain_owners(block)
    by_name: dict[str, list[Account]] = {}
    for company in block.companies:
        for account in company.live_accounts:
            by_name.setdefault(account.name, []).append(account)
    for evidence, groups in (("domain", by_domain), ("name", by_name)):
        for accounts in groups.values():
            for place, first in enumerate(accounts):
                for second in accounts[place + 1 :]:
                    if first.company is not second.company:
                        _pair(block, first, second, evidence, False)


def write_deal_truth(block: Block) -> None:
    """Opportunities, their states from the creation on, and since when history can be known."""
    for deal in block.deals:
        block.out.add(
            "main.truth_opportunities",
            opportunity_id=deal.id,
            company_id=deal.company.id,
            opportunity_type=deal.kind,
            created_at=deal.created,
            deleted_at=deal.deleted_at,
            outcome=deal.outcome,
            win_probability=deal.win_probability,
            need=deal.company.need,
            champion=deal.champion,
            competitor=deal.competitor,
            timing=deal.timing,
            rep_skill=deal.skill,
            was_reopened=deal.was_reopened,
            slips=deal.slips,
            has_snapshots=deal.has_snapshots,
        )
        tracked = max(deal.created, TRACKING)
        first = snapshot_start(deal) if deal.has_snapshots else tracked
        block.out.add(
            "main.truth_history_known_from",
            opportunity_id=deal.id,
            stage_known_from=first,
            owner_known_from=tracked,
            account_known_from=tracked,
            first_history_at=first,
        )
        for place, state in enumerate(deal.states):
            following = deal.states[place + 1].since if place + 1 < len(deal.states) else None
            category = {"Closed Won": "won", "Closed Lost": "lost"}.get(state.stage, "open")
            block.out.add(
                "main.truth_opportunity_states",
                opportunity_id=deal.id,
                state_number=place + 1,
                valid_from=state.since,
                valid_to=following,
                stage_name=state.stage,
                stage_category=category,
                is_listed_stage=state.stage != UNLISTED_STAGE,
                amount=state.amount,
                currency_code=deal.currency,
                close_date=state.close_day,
                forecast_category=state.forecast,
                probability=state.probability,
                owner_id=state.owner.id,
                account_record_id=state.account.id,
                company_id=state.account.company.id,
                is_deleted=state.is_deleted,
            )


def write_parameters(out: Buffer, scale: float, seed: int) -> None:
    """The fixed points of the world, as text."""
    values = {"scale": scale, "seed": seed}
    values |= {
        name.lower(): getattr(settings, name)
        for name in (
            "START",
            "END",
            "NEWEST_LOAD",
            "MIGRATION",
            "TRACKING",
            "RENAMED_STAGE_UNTIL",
            "UNLISTED_STAGE_UNTIL",
            "CHF_RATES_UNTIL",
        )
    }
    for name, value in values.items():
        out.add("main.truth_parameters", name=name, value=str(value))


PIPELINE_DAILY = """
insert into truth_pipeline_daily
with changes as (
    select cast(valid_from as date) as date, currency_code, is_listed_stage,
        coalesce(amount, 0) as amount, 1 as number
    from truth_opportunity_states where stage_category = 'open' and not is_deleted
    union all
    select cast(valid_to as date), currency_code, is_listed_stage, -coalesce(amount, 0), -1
    from truth_opportunity_states where stage_category = 'open' and not is_deleted and valid_to is not null
), days as (
    select cast(unnest(generate_series(date '{first}', date '{last}', interval 1 day)) as date) as date
), currencies as (select distinct currency_code from changes), daily as (
    select days.date, currencies.currency_code,
        sum(case when is_listed_stage then amount else 0 end) as listed_amount,
        sum(case when is_listed_stage then number else 0 end) as listed_number,
        sum(case when is_listed_stage then 0 else amount end) as other_amount,
        sum(case when is_listed_stage then 0 else number end) as other_number
    from days cross join currencies
    left join changes on changes.date = days.date and changes.currency_code = currencies.currency_code
    group by days.date, currencies.currency_code
)
select date, currency_code,
    coalesce(sum(listed_amount) over running, 0), coalesce(sum(listed_number) over running, 0),
    coalesce(sum(other_amount) over running, 0), coalesce(sum(other_number) over running, 0)
from daily
window running as (partition by currency_code order by date rows unbounded preceding)
order by date, currency_code
"""
"""Open pipeline at the end of each UTC day: what opened until then minus what closed until then."""
