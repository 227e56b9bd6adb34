"""A sign-off as a line of a term's YAML: nothing else in the file changes, not even its layout or its comments."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import yaml

from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.schemas import SignOff
from plumbline.definitions.yaml_files import parse_yaml

# What YAML reads as a text without quotes, also between the brackets of a line; words that mean something are not.
_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z](?:[\w ./-]*[\w./-])?", re.ASCII | re.IGNORECASE)


class UnwritableError(Exception):
    """The file is laid out so that a line cannot be added without touching others."""


def with_sign_off(text: str, index: int, sign_off: SignOff) -> str:
    """The file with one more sign-off of the version at `index`. Raises UnwritableError.

    What was written is read again: it has to be what stood there, and the sign-off, and nothing else.
    """
    key, listed = _place(text, index)
    breaks = "\r\n" if "\r\n" in text else "\n"
    entry = _entry(sign_off)
    if isinstance(listed, yaml.SequenceNode) and listed.flow_style and listed.value:
        at = listed.value[-1].end_mark.index
        changed = f"{text[:at]}, {entry}{text[at:]}"
    elif isinstance(listed, yaml.SequenceNode) and not listed.flow_style:
        at = _line_end(text, _end(text, listed))
        changed = f"{text[:at]}{breaks}{' ' * listed.start_mark.column}- {entry}{text[at:]}"
    else:
        start, end = listed.start_mark.index, listed.end_mark.index
        rest = _line_end(text, end)
        line = f"{breaks}{' ' * (key.start_mark.column + 2)}- {entry}"
        changed = f"{text[:start].rstrip(' ')}{text[end:rest]}{line}{text[rest:]}"
    if _data(changed) != _expected(text, index, sign_off):
        raise UnwritableError
    return changed


def _place(text: str, index: int) -> tuple[yaml.Node, yaml.Node]:
    """The key `sign_off` of a version, and what stands there."""
    try:
        root: Any = yaml.compose(text)
        versions: Any = dict(_items(root))["versions"][1]
        return dict(_items(versions.value[index]))["sign_off"]
    except (KeyError, IndexError, AttributeError):
        raise UnwritableError from None


def _items(node: yaml.Node) -> list[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    return [(str(key.value), (key, value)) for key, value in node.value]


def _end(text: str, node: yaml.Node) -> int:
    """Where the last value below a node ends: the mark of a list is that of whatever follows it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return len(text[: node.end_mark.index].rstrip())


def _line_end(text: str, at: int) -> int:
    """The end of the line that `at` stands in, before its break."""
    found = re.compile(r"\r?\n|$").search(text, at)
    return len(text) if found is None else found.start()


def _entry(sign_off: SignOff) -> str:
    parts = {"team": sign_off.team, "role": sign_off.role, "on": sign_off.on.isoformat()}
    told = [f"{name}: {value if name == 'on' else _scalar(value)}" for name, value in parts.items()]
    told += [f'meaning: "{sign_off.meaning}"', f"evidence: {_scalar(sign_off.evidence)}"]
    return "{" + ", ".join(told) + "}"


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _data(text: str) -> object:
    try:
        return parse_yaml(text, "").data
    except DefinitionsError:
        raise UnwritableError from None


def _expected(text: str, index: int, sign_off: SignOff) -> object:
    data = copy.deepcopy(parse_yaml(text, "").data)
    version = data["versions"][index]
    version["sign_off"] = [*(version["sign_off"] or ()), sign_off.model_dump()]
    return data
