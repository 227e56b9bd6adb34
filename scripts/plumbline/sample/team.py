"""Colleagues: head office once, then one regional team per block, with people who leave and are replaced."""

from __future__ import annotations

from random import Random

from plumbline.sample.buffer import Buffer
from plumbline.sample.ids import IdSource
from plumbline.sample.names import person_name
from plumbline.sample.settings import DAY, END, NEWEST_LOAD, OWN_DOMAIN, START, at
from plumbline.sample.world import Block, User

ROLES = {
    # developer name: (label, developer name of the role above)
    "CEO": ("CEO", None),
    "CRO": ("Chief Revenue Officer", "CEO"),
    "SalesManager": ("Sales Manager", "CRO"),
    "AccountExecutive": ("Account Executive", "SalesManager"),
    "SDR": ("Sales Development Representative", "SalesManager"),
    "CMO": ("Chief Marketing Officer", "CEO"),
    "MarketingManager": ("Marketing Manager", "CMO"),
    "VPCustomerSuccess": ("VP Customer Success", "CEO"),
    "CustomerSuccess": ("Customer Success Manager", "VPCustomerSuccess"),
    "RevenueOperations": ("Revenue Operations", "CRO"),
}
_DEPARTMENTS = {
    "sales": "Sales",
    "marketing": "Marketing",
    "customer_success": "Customer Success",
    "other": "Operations",
}
_FOUNDED = at(2021, 6, 1)


def role_id(developer_name: str) -> str:
    """The Salesforce id of a role: the same in every run."""
    ids = IdSource(0)
    return {name: ids.salesforce("00E") for name in ROLES}[developer_name]


_ROLE_IDS = {name: role_id(name) for name in ROLES}


def head_office(r: Random, ids: IdSource) -> dict[str, User]:
    """The colleagues that all blocks share, by a short name."""
    plan = (
        ("ceo", "Chief Executive Officer", "other", "CEO", None),
        ("cro", "Chief Revenue Officer", "sales", "CRO", "ceo"),
        ("cmo", "Chief Marketing Officer", "marketing", "CMO", "ceo"),
        ("vp_cs", "VP Customer Success", "customer_success", "VPCustomerSuccess", "ceo"),
        ("campaigns", "Campaign Manager", "marketing", "MarketingManager", "cmo"),
        ("content", "Content Marketing Manager", "marketing", "MarketingManager", "cmo"),
        ("revops", "Revenue Operations Manager", "other", "RevenueOperations", "cro"),
        ("integration", "Integration User", "other", "", None),
    )
    users: dict[str, User] = {}
    for key, title, team, role, manager in plan:
        first, last = person_name(r) if key != "integration" else ("Marketing", "Sync")
        users[key] = User(
            ids.salesforce("005"),
            first,
            last,
            f"{key.replace('_', '.')}@{OWN_DOMAIN}",
            title,
            team,
            role,
            users[manager] if manager else None,
            0.0,
            _FOUNDED,
        )
    return users


def make_team(block: Block) -> None:
    """Fills `block.team`: ae, sdr, csm and marketing, with a manager; every seat has a current holder."""
    r = block.r
    manager = _user(block, "Regional Sales Manager", "sales", "SalesManager", block.common.users["cro"])
    heads = block.common.users
    block.team = {"manager": [manager], "ae": [], "sdr": [], "csm": [], "marketing": []}
    seats = (
        ("ae", max(2, round(6 * block.fraction)), "Account Executive", "sales", "AccountExecutive", manager),
        ("sdr", max(1, round(3 * block.fraction)), "Sales Development Rep", "sales", "SDR", manager),
        (
            "csm",
            max(1, round(2 * block.fraction)),
            "Customer Success Manager",
            "customer_success",
            "CustomerSuccess",
            heads["vp_cs"],
        ),
        ("marketing", 1, "Field Marketing Manager", "marketing", "MarketingManager", heads["cmo"]),
    )
    for key, count, title, team, role, above in seats:
        for place in range(count):
            user = _user(block, title, team, role, above)
            if key in ("ae", "sdr") and place % 3 == 1:
                user.left_at = int(r.uniform(START + 200 * DAY, END - 100 * DAY))
                user.left_at -= user.left_at % DAY
                user.heir = _user(block, title, team, role, above, created=user.left_at - 10 * DAY)
            block.team[key].append(user)
    everyone = [manager, *(user for key in ("ae", "sdr", "csm", "marketing") for user in block.team[key])]
    everyone += [user.heir for user in everyone if user.heir is not None]
    for user in everyone:
        if user.team != "marketing":
            user.gong_id = str(block.ids.number("gong_user", 7_000_000_000_000_000_000, 10_000))
        write_user(block.out, user)


def _user(block: Block, title: str, team: str, role: str, manager: User, created: int = _FOUNDED) -> User:
    first, last = person_name(block.r)
    user_id = block.ids.salesforce("005")
    number = block.ids.number("colleague", 100, 1_000)
    email = f"{first}.{last}.{number}@{OWN_DOMAIN}".lower()
    return User(user_id, first, last, email, title, team, role, manager, block.r.gauss(0, 0.5), created)


def write_user(out: Buffer, user: User) -> None:
    """The colleague's rows in Salesforce and, with a seat there, in Gong."""
    changed = user.left_at or user.created + 30 * DAY
    is_person = user.title != "Integration User"
    out.add(
        "salesforce.user",
        id=user.id,
        name=user.name,
        first_name=user.first,
        last_name=user.last,
        email=user.email,
        username=user.email,
        alias=(user.first[:1] + user.last[:4]).lower(),
        title=user.title,
        department=_DEPARTMENTS[user.team],
        user_role_id=_ROLE_IDS.get(user.role),
        manager_id=user.manager.id if user.manager else None,
        user_type="Standard",
        is_active=user.left_at is None,
        time_zone_sid_key="Etc/UTC",
        country_code="US",
        created_date=user.created,
        last_modified_date=changed,
        last_login_date=user.left_at or END - 3_600,
        system_modstamp=changed,
        _fivetran_active=True,
        _fivetran_deleted=False,
        _at=changed,
    )
    if user.gong_id and is_person:
        out.add(
            "gong.users",
            id=user.gong_id,
            manager_id=user.manager.gong_id if user.manager else None,
            first_name=user.first,
            last_name=user.last,
            email_address=user.email,
            title=user.title,
            active=user.left_at is None,
            created="2021-06-01T09:00:00Z",
            emails_imported=True,
            telephony_calls_imported=True,
            web_conferences_recorded=True,
            _fivetran_deleted=False,
            _at=changed,
        )


def write_roles(out: Buffer) -> None:
    """The role tree."""
    for name, (label, above) in ROLES.items():
        out.add(
            "salesforce.user_role",
            id=_ROLE_IDS[name],
            name=label,
            developer_name=name,
            parent_role_id=_ROLE_IDS[above] if above else None,
            _fivetran_active=True,
            _fivetran_deleted=False,
            _fivetran_synced=NEWEST_LOAD,
        )
