"""dbt doc blocks: `description: "{{ doc('is_pipeline') }}"` shows a term's own words."""

from plumbline.definitions.generate.macros import MARK
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.schemas import Criterion, MeasureVersion, Version

_STATES = {"signed": "signed by ", "partly_signed": "signed in part, waits for ", "draft": "a draft until signed by "}


def docs_text(library: Library) -> str:
    """One doc block for each term and measure."""
    return f"<!-- {MARK} -->\n\n" + "\n".join(_block(governed) for governed in library.words)


def _block(governed: Governed | GovernedMeasure) -> str:
    term, newest = governed.term, governed.newest
    state = _STATES[governed.standing(newest)]
    teams = governed.unsigned(newest) or term.required_sign_offs
    lines = [
        f"{{% docs {term.macro} %}}",
        f"**{term.name}**: {newest.statement}",
        "",
        *_meaning(newest),
    ]
    lines += [
        "",
        f"Version {newest.version}, in force from {newest.effective_from}; "
        f"{state}{', '.join(_words(team) for team in teams)}. Owner: {term.owner.role}.",
        "{% enddocs %}",
        "",
    ]
    return "\n".join(lines)


def _meaning(version: Version | MeasureVersion) -> list[str]:
    if isinstance(version, MeasureVersion):
        divided = "" if version.denominator is None else f", divided by the sum of `{version.denominator.sql}`"
        later = "" if version.window is None else f"; looked at {version.window} after `{version.as_of}`"
        told = f"The sum of `{version.numerator.sql}`{divided}, over rows where all of these hold{later}:"
        return [told, "", *_criteria(version.cohort)]
    reached = [] if version.comes_from is None else [f"Reached only from {_words(version.comes_from)}.", ""]
    told = "All of these hold; what is unknown does not meet a condition, unless it says so:"
    return [*reached, told, "", *_criteria(version.criteria)]


def _criteria(criteria: dict[str, Criterion]) -> list[str]:
    return [
        f"- *{_words(name)}*, `{criterion.sql}`" + (f": {criterion.why}" if criterion.why else "")
        for name, criterion in criteria.items()
    ]


def _words(name: str) -> str:
    return name.replace("_", " ")
