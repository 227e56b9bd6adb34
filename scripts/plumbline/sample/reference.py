"""What all blocks share: stages, currencies and rates, products, campaigns and programs, Gong's settings."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from plumbline.sample.bookkeeping import months, stamps
from plumbline.sample.buffer import Buffer
from plumbline.sample.campaigns import write_campaigns
from plumbline.sample.ids import IdSource
from plumbline.sample.settings import (
    BASE_RATES,
    CHF_RATES_UNTIL,
    CURRENCY_CENTS,
    DAY,
    NEWEST_LOAD,
    at,
)
from plumbline.sample.team import head_office, write_roles, write_user
from plumbline.sample.world import Common, User

STAGES = (
    # label, active, closed, won, probability, forecast category, its label
    ("Prospecting", True, False, False, 10.0, "Pipeline", "Pipeline"),
    ("Qualification", True, False, False, 20.0, "Pipeline", "Pipeline"),
    ("Needs Analysis", False, False, False, 35.0, "Pipeline", "Pipeline"),
    ("Discovery", True, False, False, 35.0, "Pipeline", "Pipeline"),
    ("Proposal", True, False, False, 50.0, "BestCase", "Best Case"),
    ("Negotiation", True, False, False, 75.0, "Forecast", "Commit"),
    ("Closed Won", True, True, True, 100.0, "Closed", "Closed"),
    ("Closed Lost", True, True, False, 0.0, "Omitted", "Omitted"),
)
UNLISTED_STAGE = "Legal Review"
FORECAST_LABELS = {
    "Pipeline": "Pipeline",
    "BestCase": "Best Case",
    "Forecast": "Commit",
    "Closed": "Closed",
    "Omitted": "Omitted",
}
ACTIVITY_TYPES = {
    "visit_webpage": 1,
    "fill_out_form": 2,
    "click_link": 3,
    "send_email": 6,
    "email_delivered": 7,
    "email_bounced": 8,
    "unsubscribe_email": 9,
    "open_email": 10,
    "click_email": 11,
    "new_lead": 12,
    "change_data_value": 13,
    "sync_lead_to_sfdc": 19,
    "convert_lead": 21,
    "add_to_sfdc_campaign": 26,
    "merge_leads": 32,
    "delete_lead": 37,
    "change_revenue_stage": 101,
    "change_status_in_progression": 104,
}
_PRODUCTS = (
    ("Core Platform", "CORE", "Platform", 18_000.0),
    ("Core Platform Enterprise", "CORE-E", "Platform", 48_000.0),
    ("Forecast Module", "FCST", "Modules", 9_000.0),
    ("Connector Pack", "CONN", "Modules", 4_500.0),
    ("Premium Support", "SUPP", "Services", 6_000.0),
    ("Onboarding", "ONB", "Services", 7_500.0),
    ("Legacy Reports", "LEG", "Modules", 3_000.0),
)
_TRACKERS = (
    ("Competitors", ("Brightfathom", "Quillstack")),
    ("Pricing", ("discount", "budget", "price")),
    ("Security", ("audit", "single sign-on")),
    ("Next Steps", ("next week", "follow up")),
    ("Decision Process", ("sign off", "procurement")),
)
_FOUNDED = at(2021, 6, 1)


def make_common(seed: int, out: Buffer) -> Common:
    """Everything shared, with its rows written to `out`."""
    r = Random(f"{seed}:common")
    ids = IdSource(0)
    users = head_office(r, ids)
    for user in users.values():
        if user.team == "other" and user.title != "Integration User":
            user.gong_id = str(ids.number("gong_user", 7_000_000_000_000_000_000, 10_000))
        write_user(out, user)
    write_roles(out)
    _write_stages(out, ids, users["revops"])
    _write_currencies(out, ids, r, users["revops"])
    products = _write_products(out, ids, users["revops"])
    campaigns = write_campaigns(out, ids, r, users)
    for name, number in ACTIVITY_TYPES.items():
        out.add(
            "marketo.activity_type",
            id=number,
            name=name.replace("_", " ").title(),
            _fivetran_synced=NEWEST_LOAD,
        )
    return Common(users, campaigns, products, _write_trackers(out, users), _write_scorecard(out, users))


def _write_stages(out: Buffer, ids: IdSource, admin: User) -> None:
    for place, (label, active, closed, won, probability, category, category_name) in enumerate(STAGES):
        out.add(
            "salesforce.opportunity_stage",
            id=ids.salesforce("01J"),
            api_name=label,
            master_label=label,
            is_active=active,
            is_closed=closed,
            is_won=won,
            default_probability=probability,
            forecast_category=category,
            forecast_category_name=category_name,
            sort_order=place + 1,
            _fivetran_deleted=False,
            **stamps(admin, _FOUNDED),
        )


def _write_currencies(out: Buffer, ids: IdSource, r: Random, admin: User) -> None:
    starts = months()
    for code, base in BASE_RATES.items():
        out.add(
            "salesforce.currency_type",
            id=ids.salesforce("01L"),
            iso_code=code,
            conversion_rate=base,
            decimal_places=2 if CURRENCY_CENTS[code] == 100 else 0,
            is_active=code != "CHF",
            is_corporate=code == "USD",
            _fivetran_deleted=False,
            **stamps(admin, _FOUNDED),
        )
        rate = base
        for start, following in pairwise(starts):
            if code != "USD":
                rate = round(rate * (1 + r.gauss(0, 0.012)), 6)
            if code == "CHF" and start * DAY >= CHF_RATES_UNTIL:
                break
            out.add(
                "salesforce.dated_conversion_rate",
                id=ids.salesforce("04w"),
                iso_code=code,
                start_date=start,
                next_start_date=following,
                conversion_rate=rate,
                _fivetran_deleted=False,
                **stamps(admin, start * DAY + 3_600),
            )


def _write_products(out: Buffer, ids: IdSource, admin: User) -> list[tuple[str, str, str, str, float]]:
    products = []
    for name, code, family, price in _PRODUCTS:
        product_id = ids.salesforce("01t")
        out.add(
            "salesforce.product_2",
            id=product_id,
            name=name,
            product_code=code,
            family=family,
            is_active=code != "LEG",
            is_archived=False,
            is_deleted=False,
            _fivetran_active=True,
            stock_keeping_unit=f"HL-{code}",
            **stamps(admin, _FOUNDED),
        )
        products.append((product_id, name, code, family, price))
    return products


def _write_trackers(out: Buffer, users: dict[str, User]) -> list[tuple[str, str, tuple[str, ...]]]:
    trackers = []
    for place, (name, phrases) in enumerate(_TRACKERS):
        tracker_id = str(9_100_000_000_000_000_001 + place)
        out.add(
            "gong.tracker",
            tracker_id=tracker_id,
            tracker_name=name,
            creator_user_id=users["revops"].gong_id,
            updater_user_id=users["revops"].gong_id,
            workspace_id="4200",
            affiliation="BOTH",
            said_at="ANYTIME",
            created=_FOUNDED,
            updated=_FOUNDED,
            _fivetran_deleted=False,
            _at=_FOUNDED,
        )
        trackers.append((tracker_id, name, phrases))
    return trackers


def _write_scorecard(out: Buffer, users: dict[str, User]) -> tuple[str, list[tuple[str, str, bool]]]:
    scorecard_id = "9200000000000000001"
    out.add(
        "gong.scorecard",
        id=scorecard_id,
        name="Discovery call",
        updater_user_id=users["revops"].gong_id,
        workspace_id="4200",
        enabled=True,
        created=_FOUNDED,
        updated=_FOUNDED,
        _fivetran_deleted=False,
        _at=_FOUNDED,
    )
    questions = [
        (f"930000000000000000{place}", text, overall)
        for place, (text, overall) in enumerate(
            (
                ("Overall, how was the call?", True),
                ("Was the need explored?", False),
                ("Was a next step agreed?", False),
                ("Was the decision process understood?", False),
            )
        )
    ]
    for question_id, text, overall in questions:
        out.add(
            "gong.scorecard_question",
            question_id=question_id,
            scorecard_id=scorecard_id,
            question_revision_id=question_id + "1",
            question_text=text,
            is_overall=overall,
            updater_user_id=users["revops"].gong_id,
            created="2023-06-01T09:00:00Z",
            updated="2023-06-01T09:00:00Z",
            _fivetran_deleted=False,
            _at=_FOUNDED,
        )
    return scorecard_id, questions
