"""What a check found: numbers and names of tables and columns, never a value of a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["passed", "failed", "broken"]
NO_HISTORY = "no history yet"


def figure(value: float | None, unit: str) -> str:
    """A figure with its unit, for a person."""
    if value is None:
        return "no value"
    if unit == "share":
        return f"{value:.1%}"
    number = f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.4g}"
    return f"{number} {unit}".strip()


@dataclass(frozen=True)
class CheckResult:
    """One expectation on one table or column of a candidate."""

    check: str
    suite: str
    expectation: str
    table: str
    severity: str
    status: Status
    unit: str = ""
    column: str | None = None
    seen: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    usual: float | None = None
    versions: int = 0
    note: str | None = None
    mending: str | None = None
    is_accepted: bool = False
    kind: str = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.status != "passed" and self.severity == "error" and not self.is_accepted

    @property
    def state(self) -> str:
        """What became of it, in a word: a warning and an accepted finding do not hold either, but do not block."""
        if self.status == "failed" and not self.blocks:
            return "accepted" if self.is_accepted else "warning"
        return self.status if self.blocks or self.status == "passed" else f"{self.status}, warning"

    @property
    def place(self) -> str:
        """Table and column."""
        return self.table if self.column is None else f"{self.table}.{self.column}"

    @property
    def sentence(self) -> str:
        """Name, expectation, place, what was seen and what was wanted."""
        heading = f"{self.check} ({self.expectation}) on {self.place}"
        if self.status == "broken":
            return f"{heading} could not run: {self.note or 'no reason given'}"
        history = f"; {self._history}" if self.usual is not None else ""
        note = f"; {self.note}" if self.note else ""
        return f"{heading}: seen {self._shown(self.seen)}, wanted {self.wanted}{history}{note}"

    @property
    def shown(self) -> str:
        """What was seen, with its unit."""
        return self._shown(self.seen)

    @property
    def usual_shown(self) -> str:
        """What is usual; nothing where nothing is known yet."""
        return "" if self.usual is None else self._shown(self.usual)

    @property
    def wanted(self) -> str:
        """The bounds in words."""
        low, high = self.minimum, self.maximum
        if low is None and high is None:
            return "anything"
        if low == high:
            return self._shown(low)
        if low is None:
            return f"at most {self._shown(high)}"
        if high is None:
            return f"at least {self._shown(low)}"
        return f"{self._shown(low)} to {self._shown(high)}"

    @property
    def _history(self) -> str:
        usual = self._shown(self.usual)
        if self.kind == "lag":
            return f"at most {usual} on {self.versions} day{'' if self.versions == 1 else 's'} before"
        versions = "the published version" if self.versions == 1 else f"median of {self.versions} published versions"
        return f"usual is {usual} ({versions})"

    def _shown(self, value: float | None) -> str:
        return figure(value, self.unit)

    def as_line(self) -> dict[str, Any]:
        """For the history: what is empty, or stands in the suite, is left out, and so are digits of noise."""
        return {
            name: float(f"{value:.12g}") if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if name not in ("mending", "kind") and value is not None and value != "" and value is not False
        }
