"""The templates of pages: HTML escapes what stands in the data, Markdown keeps tables whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from plumbline.definitions.reporting import words


def template(name: str) -> Template:
    """A template by its file's name."""
    return _environment(".html." in name).get_template(name)


@cache
def _environment(escapes: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        plain=words.plain,
        coded=_coded,
        money=words.money,
        percent=words.percent,
        cell=_cell,
        shown_value=words.shown_value,
    )
    return made


def _coded(text: str) -> Markup:
    """A sentence of a page: what stands between backticks is code."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)))


def _cell(text: str) -> str:
    """A text within a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
