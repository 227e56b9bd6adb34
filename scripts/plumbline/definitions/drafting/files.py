"""Writing a draft: the export beside the others, the variant as YAML that people go on with by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbline.definitions.importing import source_hash
from plumbline.definitions.variant_schemas import ToolField, Variant
from plumbline.project.durable import write_bytes
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ ]*[A-Za-z0-9_]")
# YAML reads these as something else than the word.
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


class WritingError(PlumblineError):
    """A file is in the way."""

    exit_code = ExitCode.USAGE


def home(root: Path, export: Path, team: str) -> str:
    """Where an export is kept, below the root: where it lies, if that is `definitions/`, else beside the team's."""
    try:
        inside = export.resolve().relative_to(root.resolve())
    except ValueError:
        inside = None
    if inside is not None and inside.parts[0] == "definitions":
        return inside.as_posix()
    return f"definitions/exports/{team}/{export.name}"


def variant_file(variant: Variant) -> str:
    """The file of a variant, as a path below the root."""
    return f"definitions/variants/{variant.variant}.yml"


def write(root: Path, variant: Variant, export: Path, replace: bool) -> list[str]:
    """Write the variant, and its export if that lies elsewhere; the paths written. Raises WritingError."""
    wanted = {variant_file(variant): variant_text(variant).encode("utf-8")}
    kept = root / variant.source.file
    if not (kept.is_file() and source_hash(kept) == variant.source.hash):
        wanted[variant.source.file] = export.read_bytes()
    if not replace:
        for file in wanted:
            if (root / file).exists():
                raise WritingError(
                    f"{file} is there already; nothing was written.",
                    "Call the variant otherwise with --name, or write over it with --replace."
                    if file == variant_file(variant)
                    else "Call the export otherwise, or write over it with --replace.",
                )
    # the export first: a variant without its source is an error, an export without a variant is not
    for file in reversed(wanted):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        write_bytes(root / file, wanted[file])
    return list(wanted)


def variant_text(variant: Variant) -> str:
    """The variant as people write one."""
    return "\n".join([*_lines(variant), ""])


def _lines(variant: Variant) -> Iterator[str]:
    source = variant.source
    yield "# yaml-language-server: $schema=../schema/variant.json"
    yield f"variant: {variant.variant}"
    yield f"name: {_quoted(variant.name)}"
    yield f"term: {variant.term}"
    yield f"entity: {variant.entity}"
    yield f"team: {variant.team}"
    yield f"stance: {variant.stance}"
    yield f"expect: {variant.expect}"
    if variant.expires is not None:
        yield f"expires: {variant.expires.isoformat()}"
    if variant.why is not None:
        yield f"why: {_quoted(variant.why)}"
    dialect = f", dialect: {source.dialect}" if source.dialect is not None else ""
    yield (
        f"source: {{kind: {source.kind}, file: {_text(source.file)}, hash: {_quoted(source.hash)}, "
        f"read: {source.read.isoformat()}{dialect}}}"
    )
    if variant.fields:
        yield "fields:"
        yield from (f"  {_text(name)}: {_field(mapped)}" for name, mapped in variant.fields.items())
    if variant.counts:
        yield "counts:"
        # JSON is YAML
        yield from (f"  - {_json(count.model_dump(mode='json', exclude_defaults=True))}" for count in variant.counts)
    if variant.implicit:
        yield "implicit:"
        yield from (
            f"  {name}: {{sql: {_quoted(criterion.sql)}, why: {_quoted(criterion.why or '')}}}"
            for name, criterion in variant.implicit.items()
        )


def _field(mapped: ToolField) -> str:
    parts = [f"column: {mapped.column}"]
    if mapped.times is not None:
        parts.append(f"times: {mapped.times}")
    if mapped.values is not None:
        told = ", ".join(f"{_text(theirs)}: {_text(ours)}" for theirs, ours in mapped.values.items())
        parts.append(f"values: {{{told}}}")
    return f"{{{', '.join(parts)}}}"


def _text(text: str) -> str:
    """A text, in quotes where YAML might read it otherwise."""
    path = re.fullmatch(r"[a-z][A-Za-z0-9_./-]*", text) is not None
    return text if (path or _PLAIN.fullmatch(text)) and text.lower() not in _WORDS else _quoted(text)


def _quoted(text: str) -> str:
    return _json(text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
