"""What `plumbline definitions check` looks at in variants: sources, imports, and differences whose time is over."""

from collections.abc import Iterator
from datetime import date

from plumbline.definitions.importing.variants import GovernedVariant, import_variant, load_variants
from plumbline.definitions.library import Library
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.semantics import load_semantics


def check_variants(library: Library, today: date) -> list[Problem]:
    """Every finding about variants and vendors' semantics, on a given day (differences expire)."""
    try:
        semantics = load_semantics(library.root)
        variants = load_variants(library)
    except DefinitionsError as error:
        return list(error.problems)
    problems: list[Problem] = []
    for found in variants.values():
        problems.extend(expired(found, today))
        try:
            import_variant(found, semantics)
        except DefinitionsError as error:
            problems.extend(error.problems)
    return problems


def expired(found: GovernedVariant, today: date) -> Iterator[Problem]:
    """A finding, when the difference was accepted until an earlier day."""
    variant = found.variant
    if variant.expires is not None and today > variant.expires:
        yield Problem(
            found.document.path,
            found.document.line(("expires",)),
            "difference-expired",
            f"That {variant.team} differs on {variant.term} was accepted until {variant.expires}.",
            "Let the teams agree on one meaning, or on another day.",
        )
