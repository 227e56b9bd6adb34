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
    ("engaged_account", "shared"): lambda seen: seen["touches_30d"] >= 3 and seen["people_30d"] >= 2,
    ("engaged_account", "engaged_account_sales"): lambda seen: (
        seen["sales_touches_30d"] >= 1 and seen["segment"] not in (None, "Small business")
    ),
}


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
