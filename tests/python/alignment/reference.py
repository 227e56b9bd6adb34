"""What each team's own tool shows, in plain Python: written from the exports in `definitions/exports`, not imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from pipeline.reference import newest_rows


@dataclass(frozen=True)
class Deal:
    """A deal as a person sees it. `standing` is open, won, lost, or what the stage is instead."""

    standing: str
    stage: str | None
    forecast: str | None
    type: str | None
    amount: Decimal | None
    chance: Decimal | None
    close_date: date | None
    in_bin: bool


def _pipeline(deal: Deal) -> bool:
    return deal.standing == "open" and not deal.in_bin and deal.forecast != "omitted"


def _likely(deal: Deal, chance: str) -> bool:
    sized = deal.amount is not None and deal.amount > 0
    return sized and deal.close_date is not None and deal.chance is not None and deal.chance >= Decimal(chance)


DEAL_MEANINGS: dict[tuple[str, str], Callable[[Deal], bool]] = {
    ("pipeline", "shared"): _pipeline,
    ("pipeline", "pipeline_sales"): lambda deal: _pipeline(deal) and (deal.stage or "").lower() != "prospecting",
    ("pipeline", "pipeline_customer_success"): lambda deal: (
        deal.standing == "open" and not deal.in_bin and deal.type in ("renewal", "expansion")
    ),
    ("won", "shared"): lambda deal: deal.standing == "won" and not deal.in_bin,
    ("won", "won_sales"): lambda deal: deal.standing == "won" and not deal.in_bin,
    ("won", "won_customer_success"): lambda deal: (
        deal.standing == "won" and not deal.in_bin and (deal.amount or Decimal(0)) > 0
    ),
    ("lost", "shared"): lambda deal: deal.standing == "lost" and not deal.in_bin,
    ("lost", "lost_marketing"): lambda deal: deal.standing not in ("open", "won") and not deal.in_bin,
    ("new_business", "shared"): lambda deal: deal.type == "new_business" and not deal.in_bin,
    ("new_business", "new_business_marketing"): lambda deal: deal.type != "renewal" and not deal.in_bin,
    ("qualified_pipeline", "shared"): lambda deal: _pipeline(deal) and _likely(deal, "0.2"),
    ("qualified_pipeline", "qualified_pipeline_marketing"): lambda deal: (
        deal.standing == "open" and not deal.in_bin and _likely(deal, "0.1")
    ),
    ("commit", "shared"): lambda deal: _pipeline(deal) and deal.forecast == "commit" and deal.close_date is not None,
    ("commit", "commit_sales"): lambda deal: (
        deal.standing == "open"
        and not deal.in_bin
        and deal.close_date is not None
        and (deal.forecast == "commit" or (deal.chance is not None and deal.chance >= Decimal("0.7")))
    ),
}

ACCOUNT_MEANINGS: dict[tuple[str, str], Callable[[dict[str, Any]], bool]] = {
    ("active_customer", "shared"): lambda seen: _bought_within(seen, 456),
    ("active_customer", "active_customer_customer_success"): lambda seen: _bought_within(seen, 365),
    ("active_customer", "active_customer_sales"): lambda seen: (seen["account_type"] or "").lower() == "customer",
    ("icp_fit", "shared"): lambda seen: (
        50 <= (seen["employee_count"] or 0) <= 5000
        and (seen["industry"] or "").lower() != "education"
        and seen["is_competitor"] is not True
    ),
    ("icp_fit", "icp_fit_sales"): lambda seen: (
        (seen["employee_count"] or 0) >= 100
        and (seen["industry"] or "").lower() not in ("education", "retail")
        and (seen["account_type"] or "").lower() != "competitor"
    ),
    ("engaged_account", "shared"): lambda seen: seen["touches_30d"] >= 3 and seen["people_30d"] >= 2,
    ("engaged_account", "engaged_account_sales"): lambda seen: (
        seen["sales_touches_30d"] >= 1 and seen["segment"] not in (None, "Small business")
    ),
}


PERSON_MEANINGS: dict[tuple[str, str], Callable[[dict[str, Any]], bool]] = {
    ("mql", "shared"): lambda seen: _mql_of_2026(seen),
    ("mql", "mql_marketing"): lambda seen: (
        (seen["lead_score"] or 0) >= 60
        and (seen["employee_count"] or 0) >= 50
        and (seen["lead_status"] or "").lower() != "disqualified"
        and seen["is_opted_out"] is False
    ),
    ("mql", "mql_sales"): lambda seen: (
        seen["form_fills_30d"] >= 1
        and (seen["employee_count"] or 0) >= 100
        and (seen["lead_status"] or "").lower() != "disqualified"
        and (seen["industry"] or "").lower() != "education"
        and not seen["is_deleted"]
    ),
    ("sal", "shared"): lambda seen: (
        (seen["sales_response"] in ("accepted", "qualified") or seen["is_converted"]) and not seen["is_deleted"]
    ),
    ("sal", "sal_marketing"): lambda seen: (
        seen["sales_response"] in ("accepted", "qualified", "unmapped") and not seen["is_deleted"]
    ),
}
PERSON_COLUMNS = (
    "person_key, lead_score, lead_status, sales_response, employee_count, industry, is_competitor, is_opted_out, "
    "is_converted, is_deleted, demo_requested_at, form_fills_30d"
)


def _mql_of_2026(seen: dict[str, Any]) -> bool:
    intent = (seen["lead_score"] or 0) >= 65 or seen["demo_requested_at"] is not None
    return intent and (seen["employee_count"] or 0) >= 50 and _may_be_written_to(seen)


def mql_of_2024(seen: dict[str, Any]) -> bool:
    """The version before: the size of the company did not count, nor did a demo."""
    return (seen["lead_score"] or 0) >= 60 and _may_be_written_to(seen)


def _may_be_written_to(seen: dict[str, Any]) -> bool:
    status = (seen["lead_status"] or "").lower()
    return seen["is_opted_out"] is False and status != "disqualified" and seen["is_competitor"] is not True


def _bought_within(seen: dict[str, Any], days: int) -> bool:
    """No contracts are read, so the last win alone says who is a customer."""
    return seen["won_opportunity_count"] >= 1 and seen["days_since_last_won"] <= days


FORECASTS = {"BestCase": "best_case", "Forecast": "commit", "Closed": "closed", "Omitted": "omitted"}
TYPES = {"New Business": "new_business", "Existing Business": "expansion", "Renewal": "renewal"}


def landed_deals(connection: duckdb.DuckDBPyConnection) -> dict[str, Deal]:
    """Every deal as the CRM has it now, by its id. A stage that its own list lacks is neither open nor decided."""
    standings = {
        label: "won" if won else "lost" if closed else "open"
        for label, closed, won in connection.execute(
            "select master_label, is_closed, is_won from raw.salesforce.opportunity_stage"
        ).fetchall()
    }
    return {
        row["id"]: Deal(
            standing=standings.get(row["stage_name"], "unlisted"),
            stage=row["stage_name"],
            forecast=FORECASTS.get(row["forecast_category"], "pipeline"),
            type=TYPES.get(row["type"]),
            amount=None if row["amount"] is None else Decimal(str(row["amount"])),
            chance=None if row["probability"] is None else Decimal(str(row["probability"])) / 100,
            close_date=row["close_date"],
            in_bin=bool(row["is_deleted"]),
        )
        for row in newest_rows(connection, "opportunity")
        if row["id"]
    }
