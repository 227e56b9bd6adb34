"""The page of a run's checks: one file with all it needs inside, so that it opens without any network.

Great Expectations can write pages too, but those link stylesheets and scripts from the web.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from plumbline.quality.gate.gate import Verdict
from plumbline.quality.gate.results import CheckResult

PAGE = "checks.html"
_TEMPLATE = Path(__file__).with_name("page.html.j2")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _by_check(findings: list[CheckResult]) -> list[list[CheckResult]]:
    """Findings of one check together, as one mending is for all of them."""
    found: dict[str, list[CheckResult]] = {}
    for result in findings:
        found.setdefault(result.check.split(".", 1)[0], []).append(result)
    return list(found.values())


def render_page(verdict: Verdict, run_id: str, as_of_date: str | None) -> str:
    """The page as text."""
    suites = [(name, list(results)) for name, results in groupby(verdict.results, key=lambda result: result.suite)]
    return _template().render(
        run_id=run_id,
        as_of_date=as_of_date,
        verdict=verdict,
        findings=_by_check([*verdict.blocking, *verdict.shown]),
        suites=suites,
    )
