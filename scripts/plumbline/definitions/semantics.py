"""What vendors' filter operators mean: loaded from `definitions/semantics`, looked up by name or refused by name."""

from pathlib import Path

from plumbline.definitions.conditions import ConditionError
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.semantics_schemas import Family, Operator, Semantics
from plumbline.definitions.shaping import documents, named_like_file, shaped
from plumbline.definitions.yaml_files import Document, Location

_TEXT_TESTS = ("starts_with", "contains")
# What a rule may say of a missing value, by family: only numbers are taken for 0, only booleans for false.
_ONLY_FOR = {"as_zero": "number", "as_false": "boolean"}


def load_semantics(root: Path) -> dict[str, Semantics]:
    """Read `definitions/semantics` below a project's root, by vendor. Raises DefinitionsError with every finding."""
    problems: list[Problem] = []
    vendors: dict[str, Semantics] = {}
    for document in documents(root, "semantics", problems):
        semantics = shaped(document, Semantics, problems)
        if semantics is not None:
            problems.extend(named_like_file(document, "vendor", semantics.vendor))
            problems.extend(_problems(document, semantics))
            vendors[semantics.vendor] = semantics
    if problems:
        raise DefinitionsError(problems)
    return vendors


def operator(semantics: Semantics, family: Family, name: str) -> Operator:
    """The rule of an operator on a family of columns. Raises ConditionError when it is not known."""
    wanted = _plain(name)
    known = semantics.operators.get(family, {})
    for listed, rule in known.items():
        if _plain(listed) == wanted:
            return rule
    for listed, refusal in semantics.refused.items():
        if _plain(listed) == wanted:
            raise ConditionError(
                "refused-operator",
                f"`{name}` of {semantics.name} cannot be imported: {refusal.why}.",
                "Filter by a value that stands still, or declare a column of the entity that holds what it looks at.",
            )
    raise ConditionError(
        "unknown-operator",
        f"`{name}` is not an operator on {family} that is known of {semantics.name}.",
        nearest(wanted, [_plain(listed) for listed in known])
        + f" Or list it, with its source, in definitions/semantics/{semantics.vendor}.yml.",
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def _problems(document: Document, semantics: Semantics) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(at: Location, message: str, mending: str) -> None:
        problems.append(Problem(document.path, document.line(at), "wrong-value", message, mending))

    cited: list[tuple[Location, list[str]]] = [(("empty_text",), semantics.empty_text.sources)]
    cited += [(("notes", name), note.sources) for name, note in semantics.notes.items()]
    cited += [(("refused", name), refusal.sources) for name, refusal in semantics.refused.items()]
    for family, rules in semantics.operators.items():
        for name, rule in rules.items():
            at: Location = ("operators", family, name)
            cited.append((at, rule.sources))
            if (rule.case is not None) != (family == "text" and rule.test != "is_empty"):
                wrong(at, f"`{name}` on {family}: `case` is for the tests of texts.", "Add `case`, or remove it.")
            if rule.test in _TEXT_TESTS and family != "text":
                wrong(at, f"`{name}` on {family}: `{rule.test}` is for texts.", "Choose another test.")
            if _ONLY_FOR.get(rule.empty, family) != family:
                wrong(at, f"`{name}` on {family}: `{rule.empty}` is for another type.", "Choose another rule.")
            if rule.test == "is_empty" and rule.empty != ("does_not_match" if rule.negated else "matches"):
                wrong(at, f"`{name}` on {family} contradicts itself about empty fields.", "Mend `empty`.")
    for at, names in cited:
        for name in names:
            if name not in semantics.sources:
                line = document.line((*at, "sources"))
                message = f"`{name}` is not among the sources."
                problems.append(
                    Problem(document.path, line, "unknown-source", message, nearest(name, semantics.sources))
                )
    return problems
