"""docs/settings.md: every setting with its type, default and meaning, from the models that check them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from plumbline.project.settings import Settings

PAGE = "docs/settings.md"
_HEAD = """\
<!-- Made from scripts/plumbline/project/settings.py by `plumbline config apply`; do not edit. -->
# Settings

All settings stand in [`plumbline.yml`](../plumbline.yml), which says beside each what it is for. What is not set there
has the default below. A setting that is unknown or wrong is refused with its line and the nearest valid name.

- `plumbline config show` prints each value and where it comes from: the default, a line, the environment.
- `plumbline config apply` writes what is made from the settings: the variables of `dbt_project.yml`, the raw data that
  `profiles.yml` attaches, models of custom columns, and this page. Run it after a change, so that plain dbt sees the
  same; `--check` tells whether that is due. The night hands its settings to dbt itself, and says when plain dbt would
  see others.
- Secrets stand only in the environment.

## Environment variables

| variable | meaning |
|---|---|
| `PLUMBLINE_RAW` | where the raw tables are; goes before the setting `raw`, for the night and for plain dbt |
| `PLUMBLINE_DEV_DATABASE`, `PLUMBLINE_PROD_DATABASE` | the file that plain dbt builds, named `marts.duckdb` |

## plumbline.yml
"""
_LIST_ITEMS = "entries of"


def settings_page() -> str:
    """The whole page."""
    return _HEAD + "".join(_section(title, model) for title, model in _sections("", Settings))


def _sections(name: str, model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    yield name, model
    for key, field in model.model_fields.items():
        dotted = f"{name}.{key}".lstrip(".")
        if nested := _model_in(field.annotation):
            title = dotted if nested is field.annotation else f"{_LIST_ITEMS} {dotted}"
            yield from _sections(title, nested)


def _section(title: str, model: type[BaseModel]) -> str:
    rows = [_row(str(field.alias or name), field) for name, field in model.model_fields.items() if _is_row(field)]
    if not rows:
        return ""
    heading = f"\n### {_titled(title)}\n\n{' '.join((model.__doc__ or '').split())}\n" if title else ""
    return f"{heading}\n| setting | type | default | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _titled(title: str) -> str:
    before, _, name = title.rpartition(" ")
    return f"{before.capitalize()} `{name}`" if before else f"`{name}`"


def _is_row(field: FieldInfo) -> bool:
    return _model_in(field.annotation) is not field.annotation or field.annotation is None


def _row(name: str, field: FieldInfo) -> str:
    default = "required" if field.is_required() else f"`{_shown(field.get_default(call_default_factory=True))}`"
    if not field.is_required() and default in ("`null`", "`''`"):
        default = "empty"
    cells = (f"`{name}`", _type(field), default, field.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _shown(value: Any) -> str:
    plain = _plain(value)
    return yaml.safe_dump(plain, default_flow_style=True, width=10_000, sort_keys=False).removesuffix("...\n").strip()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _type(field: FieldInfo) -> str:
    limits: list[str] = []
    for item in field.metadata:
        if isinstance(item, Ge):
            limits.append(f"from {item.ge}")
        elif isinstance(item, Gt):
            limits.append(f"above {item.gt}")
        elif isinstance(item, Le):
            limits.append(f"to {item.le}")
    return " ".join([_named(field.annotation), *limits])


def _named(kind: Any) -> str:
    origin = get_origin(kind)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if origin in (Union, UnionType):
        return " or ".join(_named(part) for part in get_args(kind) if part is not NoneType)
    if origin is dict:
        return f"by name: {_named(get_args(kind)[1])}"
    if origin is list:
        return f"list of {_named(get_args(kind)[0])}"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
    return names.get(kind, "entries")


def _model_in(kind: Any) -> type[BaseModel] | None:
    """The model that a type is, or holds in its lists and mappings."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for part in get_args(kind) if (found := _model_in(part))), None)
