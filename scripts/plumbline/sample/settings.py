"""Fixed points of the sample company: its calendar, its size per block and its money.

Times are whole seconds since 1970-01-01 UTC, days are whole days since then. Nothing here reads a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime

DAY = 86_400
HOUR = 3_600


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Seconds since the epoch of a UTC date and time."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


START = at(2023, 7, 1)
"""The first day of the three years."""
END = at(2026, 6, 30, 21)
"""Nothing happens at or after this instant."""
NEWEST_LOAD = at(2026, 6, 30, 22)
"""The loader's last run: its UTC date is the as-of date."""
MIGRATION = at(2024, 3, 2, 2)
"""Weekend on which the CRM was moved to a new system: native stage snapshots begin here."""
MIGRATION_SECONDS = 3 * HOUR
"""The import of that night lasts this long; nobody works meanwhile."""
TRACKING = at(2024, 9, 2)
"""Field history (owner, account, names, parents, lead status) is tracked from here on."""
RENAMED_STAGE_UNTIL = at(2024, 6, 3)
"""Until here the third stage was called `Needs Analysis` (still in the stage list, inactive)."""
UNLISTED_STAGE_UNTIL = at(2025, 3, 3)
"""Until here some deals passed `Legal Review`, a stage that was later removed from the stage list."""
CHF_RATES_UNTIL = at(2025, 1, 1)
"""Rates for CHF end here: later amounts in CHF have no corporate value."""

INSTANCE = "main"
OWN_DOMAIN = "harbourline.example"
COMPANIES_PER_BLOCK = 274
"""Real companies with an account, in a block of scale 1 (some have several account records)."""
PROSPECTS_PER_BLOCK = 170
"""Companies known only by people who left their address."""
MAX_BLOCKS = 3_800

FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "icloud.com", "gmx.de")
ROLE_MAILBOXES = ("info", "sales", "office", "contact", "admin")

CANARY_SPOKEN = "My private number plate is marmalade trombone seven."
CANARY_NOTE = "Ask for the purple walrus at the back door."

CURRENCY_CENTS = {"USD": 100, "EUR": 100, "GBP": 100, "JPY": 1, "CHF": 100}
BASE_RATES = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "JPY": 146.0, "CHF": 0.88}
"""Units of the currency for one unit of the corporate currency (USD), as Salesforce keeps them."""


def day_of(seconds: int) -> int:
    """The UTC day (days since the epoch) of an instant in seconds."""
    return seconds // DAY


def quarter_end(day: int) -> int:
    """The last day of the calendar quarter of a day (both in days since the epoch)."""
    moment = datetime.fromtimestamp(day * DAY, tz=UTC)
    month = 3 * ((moment.month - 1) // 3) + 4
    year = moment.year + (1 if month > 12 else 0)
    return at(year, month - 12 if month > 12 else month, 1) // DAY - 1
