"""dbt doc blocks: `description: "{{ doc('is_pipeline') }}"` shows a term's own words."""

from plumbline.definitions.generate.macros import MARK
from plumbline.definitions.library import Governed, Library


def docs_text(library: Library) -> str:
    """One doc block for each term."""
    return f"<!-- {MARK} -->\n\n" + "\n".join(_block(governed) for governed in library.terms.values())


def _block(governed: Governed) -> str:
    term, newest = governed.term, governed.newest
    unsigned = governed.unsigned(newest)
    state = "signed by " if not unsigned else "a draft until signed by "
    teams = unsigned or term.required_sign_offs
    lines = [
        f"{{% docs {term.macro} %}}",
        f"**{term.name}**: {newest.statement}",
        "",
        "All of these hold; what is unknown does not meet a condition, unless it says so:",
        "",
    ]
    for name, criterion in newest.criteria.items():
        why = f": {criterion.why}" if criterion.why else ""
        lines.append(f"- *{_words(name)}*, `{criterion.sql}`{why}")
    lines += [
        "",
        f"Version {newest.version}, in force from {newest.effective_from}; "
        f"{state}{', '.join(_words(team) for team in teams)}. Owner: {term.owner.role}.",
        "{% enddocs %}",
        "",
    ]
    return "\n".join(lines)


def _words(name: str) -> str:
    return name.replace("_", " ")
