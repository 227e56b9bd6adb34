"""`plumbline definitions build`: write what is made from the definitions, or say what is stale."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plumbline.definitions.generate.catalogue import catalogue_text
from plumbline.definitions.generate.docs import docs_text
from plumbline.definitions.generate.examples import examples_test, measures_test
from plumbline.definitions.generate.macros import MARK, macro_text, macros_yaml, measure_text
from plumbline.definitions.generate.metrics import metric_entities, metrics_name, metrics_text, metrics_yaml
from plumbline.definitions.generate.schema_files import schema_text
from plumbline.definitions.generate.sides import macro_name, sides_text, sides_yaml
from plumbline.definitions.generate.suppliers import has_rules, supplier_test
from plumbline.definitions.generate.verdicts import verdicts_text
from plumbline.definitions.importing.variants import import_variant, load_variants
from plumbline.definitions.library import Library
from plumbline.definitions.proving.variants import prove_versions
from plumbline.definitions.schemas import Entity, Measure, Term
from plumbline.definitions.semantics import load_semantics
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.variant_schemas import Variant

# Where a generated file may be left over once its term or entity is gone.
_FOLDERS = (
    ("macros/definitions", "*.sql"),
    ("tests/data/definitions", "*.sql"),
    ("definitions/schema", "*.json"),
)


@dataclass(frozen=True)
class StaleFile:
    """A generated file that does not say what the definitions say."""

    path: str
    why: Literal["missing", "differs", "left over"]


def generated_files(library: Library) -> dict[str, str]:
    """Every generated file: path below the project's root, and its text."""
    semantics = load_semantics(library.root)
    loaded = list(load_variants(library).values())
    variants = [(found, import_variant(found, semantics)) for found in loaded]
    proofs = prove_versions(loaded, semantics) if loaded else []
    about = [entity for entity in library.entities.values() if entity.supplied_by]
    measured_of = metric_entities(library)
    described = [line for entity in about for line in sides_yaml(entity)]
    described += [line for entity in measured_of for line in metrics_yaml(entity)]
    files = {
        "definitions/schema/entity.json": schema_text(Entity),
        "definitions/schema/measure.json": schema_text(Measure),
        "definitions/schema/semantics.json": schema_text(Semantics),
        "definitions/schema/term.json": schema_text(Term),
        "definitions/schema/variant.json": schema_text(Variant),
        "macros/definitions/_definitions__macros.yml": macros_yaml(library, described),
        "models/utilities/definitions.md": docs_text(library),
        "seeds/definitions/definitions.csv": catalogue_text(library),
        "seeds/definitions/definition_verdicts.csv": verdicts_text(proofs),
    }
    for governed in library.terms.values():
        files[f"macros/definitions/{governed.term.macro}.sql"] = macro_text(governed)
    for measured in library.measures.values():
        files[f"macros/definitions/{measured.term.macro}.sql"] = measure_text(measured)
    for entity in about:
        files[f"macros/definitions/{macro_name(entity)}.sql"] = sides_text(library, entity, variants)
    for entity in measured_of:
        files[f"macros/definitions/{metrics_name(entity)}.sql"] = metrics_text(library, entity, variants)
    if library.measures:
        files["tests/data/definitions/examples_of_measures.sql"] = measures_test(library)
    for entity in library.entities.values():
        if any(governed.term.entity == entity.entity for governed in library.terms.values()):
            files[f"tests/data/definitions/examples_of_{entity.entity}.sql"] = examples_test(library, entity)
        for supplier in entity.supplied_by:
            if has_rules(entity, supplier):
                name = f"tests/data/definitions/{supplier.model}_keeps_{entity.entity}.sql"
                files[name] = supplier_test(entity, supplier)
    return dict(sorted(files.items()))


def stale_files(library: Library) -> list[StaleFile]:
    """The generated files that a build would write or remove."""
    wanted = generated_files(library)
    stale: list[StaleFile] = []
    for name, text in wanted.items():
        path = library.root / name
        if not path.is_file():
            stale.append(StaleFile(name, "missing"))
        elif path.read_bytes() != text.encode():
            stale.append(StaleFile(name, "differs"))
    for folder, pattern in _FOLDERS:
        for path in sorted((library.root / folder).glob(pattern)):
            name = f"{folder}/{path.name}"
            if name not in wanted and MARK in path.read_text(encoding="utf-8", errors="replace"):
                stale.append(StaleFile(name, "left over"))
    return sorted(stale, key=lambda file: file.path)


def build(library: Library) -> list[StaleFile]:
    """Write every stale file and remove what is left over; what was changed is returned."""
    wanted = generated_files(library)
    stale = stale_files(library)
    for file in stale:
        path: Path = library.root / file.path
        if file.why == "left over":
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[file.path].encode())
    return stale
