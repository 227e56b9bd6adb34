"""The values of a tool's filters, as constants of the entity's types."""

import csv
import re
from datetime import date
from decimal import Decimal

from plumbline.definitions.conditions import ConditionError

# No tool holds longer numbers; products of these are exact.
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RELATIVE = re.compile(r"\b(today|yesterday|tomorrow|last|this|next|current|previous|prior|ago|past|future|now)\b")
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def number(text: str) -> Decimal:
    """A plain number; thousands may be set apart with commas."""
    plain = text.strip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise ConditionError("wrong-type", f"{text!r} is not a number.", "Filter by a plain number, such as 20000.")
    return Decimal(plain)


def truth(text: str) -> bool:
    """True or false, as tools spell them."""
    found = _TRUTHS.get(text.strip().lower())
    if found is None:
        raise ConditionError("wrong-type", f"{text!r} is neither true nor false.", "Filter by true or false.")
    return found


def day(text: str) -> date:
    """A day that stands still."""
    plain = text.strip()
    if _RELATIVE.search(plain.lower().replace("_", " ")):
        raise ConditionError(
            "moving-date",
            f"{text!r} moves with the calendar; a definition reads no clock.",
            "Declare a column of the entity that counts days up to the row's time, or filter by a day.",
        )
    if _DAY.fullmatch(plain):
        try:
            return date.fromisoformat(plain)
        except ValueError:
            pass
    raise ConditionError("wrong-type", f"{text!r} is not a day.", "Filter by a day, as YYYY-MM-DD.")


def listed(text: str) -> list[str]:
    """The values of a list with commas; quotes hold a value together."""
    try:
        rows = list(csv.reader([text], skipinitialspace=True))
    except csv.Error as error:
        message = f"{text!r} is not a list of values ({error})."
        raise ConditionError("wrong-type", message, "Separate the values by commas.") from error
    return [value.strip() for value in rows[0]] if rows and rows[0] else [""]
