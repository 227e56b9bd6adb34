"""The setting `custom_columns`: a user's own columns of CRM tables that marts of their own hand on."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from plumbline.project.validation import Strict

# Names that carry what marts must not: an address, a number, a person's name.
_PERSONAL = re.compile(r"e_?mail|phone|mobile|(^|_)fax|first_?name|last_?name|full_?name|birth|^name$", re.IGNORECASE)
# What the generated models call their own columns.
_TAKEN = re.compile(r"^(source_system|source_instance|source_updated_at|loaded_at|record_key|\w+_id|\w+_key)$")


class CustomColumn(Strict):
    """A column of your own, handed on to a mart of custom fields. Names of e-mail, phone and person are refused."""

    column: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", description="Its name in the CRM, in any spelling.")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Its name in the mart; none that ends in _id or _key.")
    type: str = Field(
        pattern=r"^(string|integer|boolean|date|timestamp|decimal\([1-9]\d?,\d{1,2}\))$",
        description="`string`, `integer`, `boolean`, `date`, `timestamp` or such as `decimal(18,2)`.",
    )
    description: str = Field(min_length=8, description="What it says, for the readers of the mart.")

    @field_validator("column", "name")
    @classmethod
    def _not_personal(cls, value: str) -> str:
        if _PERSONAL.search(value):
            raise ValueError("names personal data, which marts do not hold")
        return value

    @field_validator("name")
    @classmethod
    def _not_taken(cls, value: str) -> str:
        if _TAKEN.match(value):
            raise ValueError("is a name that the models use themselves")
        return value

    @field_validator("type")
    @classmethod
    def _fits(cls, value: str) -> str:
        if value.startswith("decimal"):
            precision, scale = (int(part) for part in value.removeprefix("decimal(").removesuffix(")").split(","))
            if precision > 38 or scale > precision:
                raise ValueError("a decimal has up to 38 digits, and no more of them after the point")
        return value


CustomTable = Literal["account", "contact", "lead", "opportunity"]
_PERSON_TABLES: tuple[CustomTable, CustomTable] = ("contact", "lead")
CustomColumns = dict[Literal["salesforce"], dict[CustomTable, list[CustomColumn]]]


def named_once(value: CustomColumns) -> CustomColumns:
    """The columns as they are, unless a name stands for two of them: a ValueError."""
    for tables in value.values():
        for columns in tables.values():
            for kind in ("name", "column"):
                names = [str(getattr(column, kind)).lower().replace("_", "") for column in columns]
                if len(set(names)) < len(names):
                    raise ValueError(f"a {kind} stands twice in one table")
        contact, lead = ({column.name: column.type for column in tables.get(t, [])} for t in _PERSON_TABLES)
        if differing := [name for name, kind in contact.items() if lead.get(name, kind) != kind]:
            raise ValueError(f"'{differing[0]}' has two types: contact and lead are one mart, of people")
    return value
