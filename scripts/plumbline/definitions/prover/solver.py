"""The solver: found or missed with a clear word, and always asked in the same way."""

import importlib.util
from typing import Any

from plumbline.project.errors import SettingsError

# Work per question, in z3's own units (some 1-2 million a second): the same on every machine.
WORK = 3_000_000
# A stop by the clock for what those units do not count; milliseconds.
MILLISECONDS = 20_000


def require_z3() -> None:
    """Raise SettingsError when z3 is not installed, with what to install."""
    if importlib.util.find_spec("z3") is None:
        raise SettingsError(
            "Proofs need the package z3-solver, which is not installed.",
            "Install it with `pip install 'plumbline[prove]'`, or run `make install`.",
        )


def forget_everything() -> None:
    """Begin with an empty memory: what z3 was asked before would else decide which of many models it finds.

    Terms made before cannot be mixed with terms made after.
    """
    import z3.z3

    z3.z3._main_ctx = None


def new_solver() -> Any:
    """A solver with fixed seeds, on one thread, that gives up after `WORK`."""
    import z3

    solver = z3.SimpleSolver()
    solver.set("rlimit", WORK)
    solver.set("timeout", MILLISECONDS)
    solver.set("random_seed", 7)
    return solver
