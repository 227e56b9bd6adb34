"""One question about a few terms: the solver with their axioms and the entity's facts in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import z3

from plumbline.definitions.prover.encoding import Encoder
from plumbline.definitions.prover.facts import Fact
from plumbline.definitions.prover.formulas import implied, negated
from plumbline.definitions.prover.solver import forget_everything, new_solver, remember
from plumbline.definitions.prover.terms import Opaque, Term, walk

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Possible:
    """Whether some row satisfies a condition; for «no», the facts that this leans on."""

    answer: Answer
    facts: tuple[str, ...] = ()


class Question:
    """Terms of one entity, encoded together. Raises TooHardError when made.

    `rows`: whether rows are looked for; if not, the solver may go on where it stopped.
    """

    def __init__(self, terms: Sequence[Term], facts: Sequence[Fact], rows: bool = True) -> None:
        self.terms = list(terms)
        self.facts = list(facts)
        if rows:
            forget_everything()
        else:
            remember()
        self.encoder = Encoder()
        for term in terms:
            if term.kind == "text":
                self.encoder.null(term)
            else:
                self.encoder.pair(term)
        # What an opaque term reads is part of the row, although the solver does not know what becomes of it.
        for column in (column for opaque in self.opaque_terms() for column in opaque.columns):
            if column.kind == "text":
                self.encoder.text(column)
            else:
                self.encoder.column(column)
        self._held = {
            z3.Bool(f"fact {number}"): (fact, negated(self.encoder.false(fact.term)))
            for number, fact in enumerate(facts)
        }
        self.solver = new_solver()
        self._axioms = self.encoder.axioms()
        held = [implied(switch, formula) for switch, (_, formula) in self._held.items()]
        self.solver.add(*self._axioms, *held)

    @property
    def switches(self) -> list[Any]:
        """One assumption for each fact."""
        return list(self._held)

    def possible(self, *conditions: Any) -> Possible:
        """Whether a row exists that the facts allow and for which all conditions hold."""
        self.solver.push()
        self.solver.add(*conditions)
        found = self.solver.check(*self.switches)
        core = self.solver.unsat_core() if found == z3.unsat else []
        self.solver.pop()
        if found == z3.sat:
            return Possible("yes")
        if found == z3.unknown:
            return Possible("unknown")
        used = {switch.get_id() for switch in core}
        return Possible("no", tuple(fact.shown for switch, (fact, _) in self._held.items() if switch.get_id() in used))

    def consistent(self) -> bool:
        """Whether the axioms and facts leave any row at all; if not, everything could be proved from them."""
        if not self._axioms and not self.facts:
            return True
        return self.possible().answer == "yes"

    def opaque_terms(self) -> list[Opaque]:
        """What in the terms was not understood."""
        return [part for term in self.terms for part in walk(term) if isinstance(part, Opaque)]
