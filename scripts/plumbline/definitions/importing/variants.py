"""Teams' variants: loaded from `definitions/variants`, held against their sources, and read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plumbline.definitions.importing.logic import all_of
from plumbline.definitions.importing.marketo import import_marketo
from plumbline.definitions.importing.reader import Mapping
from plumbline.definitions.importing.result import Imported, ImportedFilter, imported, with_implicit
from plumbline.definitions.importing.salesforce import import_salesforce
from plumbline.definitions.importing.sql import import_sql
from plumbline.definitions.json_files import read_json
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.reading import parse
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.shaping import condition_problems, documents, named_like_file, shaped
from plumbline.definitions.variant_schemas import ToolField, Variant
from plumbline.definitions.yaml_files import Document, Location

_CHANGED = "source-changed"
_VENDORS = {"marketo_smart_list": "marketo", "salesforce_report": "salesforce"}


@dataclass(frozen=True)
class GovernedVariant:
    """A variant with the term that it is a version of and the file that it stands in."""

    variant: Variant
    governed: Governed
    document: Document
    source: Path


def load_variants(library: Library, anew: Path | None = None) -> dict[str, GovernedVariant]:
    """Read `definitions/variants` below the project's root. Raises DefinitionsError with every finding.

    `anew` is an export that is being read again: that it has changed is no finding.
    """
    problems: list[Problem] = []
    variants: dict[str, GovernedVariant] = {}
    for document in documents(library.root, "variants", problems):
        variant = shaped(document, Variant, problems)
        if variant is None:
            continue
        problems.extend(named_like_file(document, "variant", variant.variant))
        governed = library.terms.get(variant.term)
        if governed is None:
            message = f"There is no term `{variant.term}`."
            line = document.line(("term",))
            problems.append(Problem(document.path, line, "unknown-term", message, nearest(variant.term, library.terms)))
            continue
        found = GovernedVariant(variant, governed, document, library.root / variant.source.file)
        is_anew = anew is not None and found.source.resolve() == anew.resolve()
        problems.extend(item for item in _problems(found) if not (is_anew and item.code == _CHANGED))
        variants[variant.variant] = found
    if problems:
        raise DefinitionsError(problems)
    return dict(sorted(variants.items()))


def source_hash(path: Path) -> str:
    """What a variant notes of its source: `sha256:…` over the file's bytes."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def import_variant(found: GovernedVariant, semantics: dict[str, Semantics], mapping: Mapping | None = None) -> Imported:
    """What a variant says, in the entity's words. Raises DefinitionsError with every finding.

    `mapping` stands in for the variant's own fields and counts, for a variant that is being drawn up.
    """
    implicit = {name: parse(criterion.sql) for name, criterion in found.variant.implicit.items()}
    own = Mapping(found.governed.entity, found.variant.fields, found.variant.counts)
    return with_implicit(_imported(found, semantics, mapping or own), implicit)


def _imported(found: GovernedVariant, semantics: dict[str, Semantics], mapping: Mapping) -> Imported:
    variant = found.variant
    shown = variant.source.file
    kind = variant.source.kind
    if kind == "document":
        return _typed_in(found)
    if kind == "sql":
        return import_sql(_text(found.source, shown), shown, mapping, variant.source.dialect)
    vendor = semantics.get(_VENDORS[kind])
    if vendor is None:
        file = f"definitions/semantics/{_VENDORS[kind]}.yml"
        line = found.document.line(("source", "kind"))
        message = f"What the filters of {_VENDORS[kind]} mean is not known."
        raise DefinitionsError([Problem(found.document.path, line, "no-semantics", message, f"Write {file}.")])
    read = import_marketo if kind == "marketo_smart_list" else import_salesforce
    return read(read_json(found.source, shown), mapping, vendor)


def _typed_in(found: GovernedVariant) -> Imported:
    criteria = found.variant.criteria or {}
    filters = [
        ImportedFilter(
            number, name, criterion.sql, parse(criterion.sql), found.document.line(("criteria", name)), criterion.why
        )
        for number, (name, criterion) in enumerate(criteria.items(), start=1)
    ]
    return imported(filters, all_of(len(filters)), [])


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 ({error.reason})."
        raise DefinitionsError([Problem(shown, 1, "unreadable-file", message, "Save it as UTF-8.")]) from error


def _problems(found: GovernedVariant) -> Iterator[Problem]:
    variant, document, entity = found.variant, found.document, found.governed.entity
    if variant.entity != entity.entity:
        message = f"`{variant.term}` is about {entity.entity}, the variant about {variant.entity}."
        line = document.line(("entity",))
        yield Problem(document.path, line, "unknown-entity", message, f"Write `entity: {entity.entity}`.")
        return
    yield from _source_problems(found)
    for name, mapped in variant.fields.items():
        yield from _field_problems(found, ("fields", name), mapped)
    for index, count in enumerate(variant.counts):
        yield from _field_problems(found, ("counts", index), count.as_field())
    for key, criteria in (("criteria", variant.criteria or {}), ("implicit", variant.implicit)):
        for name, criterion in criteria.items():
            yield from condition_problems(document, (key, name), criterion, entity)


def _source_problems(found: GovernedVariant) -> Iterator[Problem]:
    document, source = found.document, found.variant.source
    if not found.source.is_file():
        line = document.line(("source", "file"))
        message = f"The source {source.file} is not there."
        yield Problem(document.path, line, "no-source", message, "Export it again, or mend the path below the root.")
    elif (present := source_hash(found.source)) != source.hash:
        line = document.line(("source", "hash"))
        message = f"The source {source.file} has changed since it was read on {source.read}: it is {present} now."
        again = f"plumbline definitions init {source.file} --team {found.variant.team} --term {found.variant.term}"
        mending = f"Look at what it means now: `{again} --dry-run`. Then note this hash and the day, or --replace it."
        yield Problem(document.path, line, _CHANGED, message, mending)


def _field_problems(found: GovernedVariant, at: Location, mapped: ToolField) -> Iterator[Problem]:
    document, entity = found.document, found.governed.entity
    column = entity.columns.get(mapped.column)

    def wrong(key: str, code: str, message: str, mending: str) -> Problem:
        return Problem(document.path, document.line((*at, key)), code, message, mending)

    if column is None:
        message = f"`{mapped.column}` is not a column of {entity.entity}."
        yield wrong("column", "unknown-column", message, nearest(mapped.column, entity.columns))
        return
    if mapped.times is not None and column.type not in ("integer", "decimal"):
        yield wrong(
            "times", "wrong-type", f"`{mapped.column}` is {column.type}; only numbers are multiplied.", "Remove it."
        )
    if mapped.values is not None and column.type != "text":
        yield wrong(
            "values", "wrong-type", f"`{mapped.column}` is {column.type}; only texts have values.", "Remove them."
        )
        return
    for label, value in (mapped.values or {}).items():
        if column.accepted_values is not None and value not in column.accepted_values:
            at_value = document.line((*at, "values", label))
            message = f"`{mapped.column}` is never {value!r}."
            yield Problem(document.path, at_value, "wrong-value", message, nearest(value, column.accepted_values))
