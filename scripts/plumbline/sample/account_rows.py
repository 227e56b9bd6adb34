"""Rows of Salesforce accounts and of their tracked history."""

from __future__ import annotations

from zlib import crc32

from plumbline.sample.bookkeeping import stamps
from plumbline.sample.settings import DAY, END, TRACKING
from plumbline.sample.world import Account, Block, Company


def write_accounts(block: Block) -> None:
    """All account records of the block: as they are now, and which changes were tracked."""
    names = {account.id: account.name for company in block.companies for account in company.accounts}
    customers = {deal.company for deal in block.deals}
    for company in block.companies:
        for account in company.accounts:
            _write_account(block, account, customers)
            _write_history(block, account, names)


def _last_change(block: Block, account: Account) -> int:
    known = [when for when in (account.merged_at, account.deleted_at) if when is not None]
    if known:
        return max(known)
    known = [account.created, *(change[0] for change in account.changes)]
    return min(max(known) + int(block.r.random() ** 2 * 200 * DAY), END - 60)


def _account_type(company: Company, chosen: str | None, has_deals: bool) -> str | None:
    """What the CRM calls the account: some of those that nobody sells to are rivals who read what we publish."""
    if company.kind == "reseller":
        return "Partner"
    return "Competitor" if not has_deals and crc32(company.id.encode()) % 4 == 0 else chosen


def _write_account(block: Block, account: Account, customers: set[Company]) -> None:
    company, r = account.company, block.r
    changed = _last_change(block, account)
    owner = account.owner.on(changed)
    block.out.add(
        "salesforce.account",
        id=account.id,
        name=account.name,
        type=_account_type(company, r.choice(("Prospect", "Customer", None)), company in customers),
        industry=company.industry if r.random() < 0.9 else None,
        website=account.website,
        phone=None,
        parent_id=account.parent.id if account.parent else None,
        master_record_id=account.master.id if account.master else None,
        owner_id=owner.id,
        number_of_employees=company.employees if r.random() < 0.92 else None,
        annual_revenue=company.revenue if r.random() < 0.75 else None,
        billing_country=company.country_name,
        billing_country_code=company.country,
        account_source=r.choice(("Web", "Outbound", "Partner", None)),
        currency_iso_code=company.currency,
        is_person_account=company.kind == "person",
        is_deleted=not account.is_live,
        _fivetran_active=True,
        **stamps(account.owner, account.created, changed),
    )


def _write_history(block: Block, account: Account, names: dict[str, str]) -> None:
    changes = list(account.changes)
    owner = account.owner
    if owner.left_at is not None and owner.heir is not None and owner.left_at > account.created and account.is_live:
        changes.append((owner.left_at + 9 * 3600, "Owner", owner.id, owner.heir.id))
        names = {**names, owner.id: owner.name, owner.heir.id: owner.heir.name}
    for loser in account.company.accounts:
        if loser.master is account and loser.merged_at is not None:
            changes.append((loser.merged_at, "accountMerged", None, None))
    if account.created >= TRACKING:
        changes.append((account.created, "created", None, None))
    for when, field, old, new in sorted(changes, key=lambda change: change[0]):
        if when < TRACKING:
            continue
        if field in ("Owner", "Parent"):
            _row(block, account, when, field, "Text", names.get(old or ""), names.get(new or ""))
            _row(block, account, when, field, "EntityId", old, new)
        else:
            _row(block, account, when, field, "Text", old, new)


def _row(block: Block, account: Account, when: int, field: str, kind: str, old: str | None, new: str | None) -> None:
    block.out.add(
        "salesforce.account_history",
        id=block.ids.salesforce("02a"),
        account_id=account.id,
        field=field,
        data_type=kind,
        old_value=old,
        new_value=new,
        created_by_id=account.owner.id,
        created_date=when,
        is_deleted=False,
    )
