"""Companies and their Salesforce account records, with the difficulties of account identity planted."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from plumbline.sample.names import COUNTRIES, COUNTRY_WEIGHTS, INDUSTRIES, SUFFIXES, company_word
from plumbline.sample.settings import COMPANIES_PER_BLOCK, DAY, END, PROSPECTS_PER_BLOCK, START, TRACKING, at
from plumbline.sample.world import Account, Block, Company

_NUMBERS_PER_BLOCK = 512
_EARLY = at(2021, 9, 1)


def make_companies(block: Block) -> None:
    """Fills `block.companies`: customers and prospects with accounts, then companies known only by people."""
    planted: list[tuple[Callable[[Block], list[Company]], float]] = [
        (_shared_domain_duplicates, 4),
        (_shared_domain_franchise, 3),
        (_rebrand_in_place, 4),
        (_rebrand_merged, 2),
        (_rebrand_unmerged, 1),
        (_family, 5),
        (_merge_chain, 4),
        (_no_domain, 5),
        (_name_twins, 2),
        (_reseller, 4),
        (_deleted_only, 3),
        (_page_on_a_shared_host, 1),
        (_parent_ring, 1),
        (_person_account, 1),
    ]
    for plant, per_block in planted:
        for _ in range(block.some(per_block)):
            block.companies.extend(plant(block))
    target = max(len(block.companies) + 10, round(COMPANIES_PER_BLOCK * block.fraction))
    while len(block.companies) < target:
        company = _company(block, "plain")
        _account(block, company)
        block.companies.append(company)
    _attach_resellers(block)
    for _ in range(block.some(PROSPECTS_PER_BLOCK)):
        block.companies.append(_company(block, "plain", kind="prospect"))


def _company(block: Block, stratum: str, kind: str = "account", word: str | None = None) -> Company:
    r = block.r
    number = block.number * _NUMBERS_PER_BLOCK + block.company_count
    block.company_count += 1
    if block.company_count > _NUMBERS_PER_BLOCK:
        raise ValueError("a block ran out of company numbers")
    own = company_word(number, block.seed)
    country, country_name, currency, _ = r.choices(COUNTRIES, COUNTRY_WEIGHTS)[0]
    employees = int(min(40_000, 12 + r.lognormvariate(4.9, 1.3)))
    first_at = int(r.uniform(_EARLY, START)) if r.random() < 0.4 else int(r.uniform(START, END - 120 * DAY))
    return Company(
        id=f"company-{number}",
        name=f"{(word or own).capitalize()} {r.choice(SUFFIXES)}",
        domain=f"{own}.example",
        mail_domain=f"{own}.example",
        kind=kind,
        stratum=stratum,
        industry=r.choice(INDUSTRIES),
        employees=employees,
        revenue=float(round(employees * r.uniform(90_000, 260_000), -3)),
        country=country,
        country_name=country_name,
        currency=currency,
        need=r.gauss(0, 1),
        fit=r.gauss(0, 1),
        first_at=first_at,
    )


def _website(block: Block, domain: str | None) -> str | None:
    """A domain as people type it into a website field."""
    if domain is None:
        return None
    form = block.r.random()
    if form < 0.35:
        return f"https://www.{domain}"
    if form < 0.6:
        return f"www.{domain}"
    if form < 0.8:
        return domain
    if form < 0.9:
        return f"http://{domain}/about-us?ref=crm"
    return f"HTTPS://WWW.{domain.upper()}/"


def _account(block: Block, company: Company, created: int | None = None, name: str | None = None) -> Account:
    owner = block.r.choice(block.team["ae"])
    account = Account(
        id=block.ids.salesforce("001"),
        company=company,
        name=name or company.name,
        website=_website(block, company.domain),
        owner=owner,
        created=company.first_at if created is None else created,
    )
    company.accounts.append(account)
    return account


def _later(block: Block, seconds: int, least: int, most: int) -> int:
    """An instant some days later, before the end."""
    return min(seconds + int(block.r.uniform(least, most) * DAY), END - 20 * DAY)


def _shared_domain_duplicates(block: Block) -> list[Company]:
    """One company, two live records with its domain: nobody merged them, evidence cannot tell."""
    company = _company(block, "shared_domain")
    _account(block, company)
    _account(block, company, _later(block, company.first_at, 30, 400), company.name + " Inc.")
    return [company]


def _shared_domain_franchise(block: Block) -> list[Company]:
    """Two companies that share one domain."""
    first, second = _company(block, "shared_domain"), _company(block, "shared_domain")
    second.domain = second.mail_domain = first.domain
    second.name = f"{first.name.split()[0]} {second.country_name}"
    _account(block, first)
    _account(block, second)
    return [first, second]


def _rebrand(block: Block, company: Company) -> int:
    other = company_word(block.number * _NUMBERS_PER_BLOCK + block.company_count, block.seed)
    block.company_count += 1
    company.former_name, company.former_domain = company.name, company.domain
    company.name = f"{other.capitalize()} {company.name.split()[1]}"
    company.domain = company.mail_domain = f"{other}.example"
    company.first_at = min(company.first_at, at(2024, 6, 1))
    company.rebranded_at = int(block.r.uniform(TRACKING + 20 * DAY, END - 200 * DAY))
    return company.rebranded_at


def _rebrand_in_place(block: Block) -> list[Company]:
    """Name and domain change on one record; the field history of the account tells the old ones."""
    company = _company(block, "rebrand")
    when = _rebrand(block, company)
    account = _account(block, company)
    account.changes.append((when, "Name", company.former_name, company.name))
    account.changes.append((when, "Website", f"www.{company.former_domain}", account.website))
    return [company]


def _rebrand_merged(block: Block) -> list[Company]:
    """A second record was made after the rebranding; the old one was then merged into it."""
    company = _company(block, "rebrand")
    when = _rebrand(block, company)
    old = _account(block, company, name=company.former_name)
    old.website = _website(block, company.former_domain)
    new = _account(block, company, when + 5 * DAY)
    old.master, old.merged_at = new, when + 60 * DAY
    return [company]


def _rebrand_unmerged(block: Block) -> list[Company]:
    """As above, but nobody merged them: no evidence says that they are one."""
    company = _company(block, "rebrand")
    when = _rebrand(block, company)
    old = _account(block, company, name=company.former_name)
    old.website = _website(block, company.former_domain)
    _account(block, company, when + 5 * DAY)
    return [company]


def _family(block: Block) -> list[Company]:
    """A parent with subsidiaries; some write from its domain, some came under it later."""
    r = block.r
    parent = _company(block, "subsidiary")
    parent.first_at = min(parent.first_at, at(2024, 3, 1))
    top = _account(block, parent)
    family = [parent]
    above = top
    for place in range(r.randint(2, 3)):
        child = _company(block, "subsidiary")
        child.parent = above.company
        if place == 0 and r.random() < 0.5:
            child.mail_domain = parent.domain
        record = _account(block, child)
        if place == 1 and r.random() < 0.4:
            record.website = None
            child.mail_domain = parent.domain
            child.domain = None
        record.parent = above
        if r.random() < 0.4 and child.first_at < END - 150 * DAY:
            when = int(r.uniform(max(TRACKING, child.first_at + 20 * DAY), END - 30 * DAY))
            record.changes.append((when, "Parent", None, above.id))
        if r.random() < 0.35:
            above = record
        family.append(child)
    return family


def _merge_chain(block: Block) -> list[Company]:
    """Three or four records of one company, merged one after the other into the last."""
    company = _company(block, "merge_chain")
    company.first_at = min(company.first_at, at(2025, 3, 1))
    records = []
    created = company.first_at
    for place in range(block.r.randint(3, 4)):
        suffix = ("", " Ltd", " Group", " (new)")[place]
        record = _account(block, company, created, company.name + suffix)
        if block.r.random() < 0.3:
            record.website = None
        records.append(record)
        created = min(created + int(block.r.uniform(10, 120) * DAY), END - 90 * DAY)
    when = created
    for loser, winner in itertools.pairwise(records):
        when = min(when + int(block.r.uniform(5, 60) * DAY), END - 2 * DAY)
        loser.master, loser.merged_at = winner, when
    return [company]


def _no_domain(block: Block) -> list[Company]:
    """A small company without a domain of its own: its people write from free mail."""
    company = _company(block, "free_mail")
    company.domain = company.mail_domain = None
    company.employees = min(company.employees, 40)
    _account(block, company)
    return [company]


def _name_twins(block: Block) -> list[Company]:
    """Two companies with one name and different domains."""
    first = _company(block, "name_twin")
    second = _company(block, "name_twin")
    second.name = first.name
    _account(block, first)
    _account(block, second)
    return [first, second]


def _reseller(block: Block) -> list[Company]:
    """A reseller with an account of its own; its people turn up on its customers' deals."""
    company = _company(block, "reseller", kind="reseller")
    company.first_at = min(company.first_at, START)
    _account(block, company)
    return [company]


def _deleted_only(block: Block) -> list[Company]:
    """A record that was a mistake and went to the recycle bin."""
    company = _company(block, "deleted")
    account = _account(block, company)
    account.deleted_at = _later(block, max(account.created, START), 30, 300)
    return [company]


def _page_on_a_shared_host(block: Block) -> list[Company]:
    """Two companies whose website is a page on a host that many share: no domain of their own."""
    pair = []
    for _ in range(2):
        company = _company(block, "shared_host")
        page = company.name.split()[0].lower()
        company.domain = company.mail_domain = None
        _account(block, company).website = f"https://www.linkedin.com/company/{page}"
        pair.append(company)
    return pair


def _parent_ring(block: Block) -> list[Company]:
    """A company and those below it, until somebody filed the topmost below the lowest: no record is the top."""
    ring = [_company(block, "parent_ring") for _ in range(block.r.randint(2, 3))]
    records = [_account(block, company) for company in ring]
    for (above, record_above), (below, record_below) in itertools.pairwise(zip(ring, records, strict=True)):
        below.parent, record_below.parent = above, record_above
    records[0].parent = records[-1]
    return ring


def _person_account(block: Block) -> list[Company]:
    """Somebody who buys without a company: the CRM keeps the person as account and contact at once."""
    company = _company(block, "person_account", kind="person")
    company.domain = company.mail_domain = None
    company.employees = 1
    _account(block, company)
    return [company]


def _attach_resellers(block: Block) -> None:
    resellers = [company for company in block.companies if company.kind == "reseller"]
    customers = [company for company in block.companies if company.stratum == "plain"]
    for place, customer in enumerate(customers):
        if block.r.random() < 0.12:
            customer.resellers.append(resellers[place % len(resellers)])
