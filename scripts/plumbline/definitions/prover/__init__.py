"""The prover: predicates over one entity, compared for every row that can exist.

`Prover(entity).compare(a, b)` says how two SQL predicates relate, with a row for each way in which they differ.
Quantifier-free logic over booleans, linear numbers and regular languages, under SQL's three-valued logic, decided by z3
(an extra of the package). What cannot be read is unknown, by name.
"""

from plumbline.definitions.prover.prover import Prover
from plumbline.definitions.prover.solver import require_z3
from plumbline.definitions.prover.verdicts import (
    ConditionFinding,
    Counterexample,
    CriteriaFinding,
    Truth,
    Verdict,
)

__all__ = ["ConditionFinding", "Counterexample", "CriteriaFinding", "Prover", "Truth", "Verdict", "require_z3"]
