"""docs/conventions.md: every check with its reason and an example, made from the catalogue."""

from __future__ import annotations

from plumbline.quality.checks.catalogue import CHECKS
from plumbline.quality.checks.model import Check

PAGE = "docs/conventions.md"
_HEAD = """\
<!-- Made from scripts/plumbline/quality/checks/catalogue.py by `plumbline check --page`; do not edit. -->
# Conventions, checked

`plumbline check` holds every convention below against dbt's manifest, the compiled SQL and the YAML; `make lint`
and `make test` run it. It ends with code 1 when something breaks one. `--explain CODE` shows one of them,
`--json` is for programs.
PB502 looks at what is published, where that was built from the sample company; else the command says that it was
skipped.

What PB102 or PB103 cannot prove is right only with an entry in `scripts/plumbline/quality/checks/reviewed.yml`: the
place as the check names it, and the reason. An entry that is not needed any more is a violation too.
"""


def conventions_page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n{explained(check)}" for check in CHECKS)


def explained(check: Check) -> str:
    """One check: what it asks, why, and an example."""
    example = f"- breaks it: `{check.wrong}`\n- mended: `{check.right}`\n"
    return f"## {check.code}: {check.name}\n\n{check.rationale}\n\n{example}"
