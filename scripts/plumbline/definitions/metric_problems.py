"""What can be wrong about the metrics that are published of a term."""

from collections.abc import Mapping

from plumbline.definitions.library import Governed
from plumbline.definitions.problems import Problem, nearest
from plumbline.definitions.schemas import Metric

TAKEN = {"opportunity": ("period_end", "close_date"), "person": ("first_time",)}
"""When a number about an entity can be taken: what the marts have the past of."""
WITH_MONEY = "opportunity"


def metric_problems(terms: Mapping[str, Governed]) -> list[Problem]:
    """Findings about metrics: names that stand twice, terms that are none, what no mart has the past of."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for governed in terms.values():
        for name, metric in governed.term.metrics.items():
            problems.extend(_problems(governed, name, metric, terms))
            if name in seen:
                message = f"The metric `{name}` stands in the term {seen[name]} too."
                problems.append(_problem(governed, name, "twice", message, "Give one of them another name."))
            seen[name] = governed.term.term
    return problems


def _problems(governed: Governed, name: str, metric: Metric, terms: Mapping[str, Governed]) -> list[Problem]:
    entity, problems = governed.term.entity, []
    if metric.taken not in TAKEN.get(entity, ()):
        able = ", ".join(f"{known} ({', '.join(times)})" for known, times in TAKEN.items())
        message = f"`{metric.taken}` cannot be taken of {entity}: no mart has that past."
        problems.append(_problem(governed, name, "no-past", message, f"There is: {able}."))
    if metric.unit == "amount" and entity != WITH_MONEY:
        message = f"A record of {entity} has no amount."
        problems.append(_problem(governed, name, "no-amount", message, "Write `unit: count`."))
    if metric.taken == "first_time" and (metric.beside or metric.among):
        message = "Who is so for the first time is counted by one term alone."
        problems.append(_problem(governed, name, "one-term", message, "Take `beside` and `among` out."))
    others = [known for known, other in terms.items() if other.term.entity == entity and known != governed.term.term]
    for other in (*metric.beside, *metric.among):
        if other not in others:
            message = f"`{other}` is no other term about {entity}."
            problems.append(_problem(governed, name, "unknown-term", message, nearest(other, others)))
    return problems


def _problem(governed: Governed, name: str, code: str, message: str, mending: str) -> Problem:
    document = governed.document
    return Problem(document.path, document.line(("metrics", name)), code, message, mending)
