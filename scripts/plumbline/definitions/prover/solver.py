"""The solver: found or missed with a clear word, and always asked in the same way."""

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plumbline.project.errors import SettingsError

# Work per question, in z3's own units (some 1-2 million a second): the same on every machine.
WORK = 3_000_000
# Questions asked in one memory before it is given back.
USES = 200
# A stop by the clock for what those units do not count; milliseconds.
MILLISECONDS = 20_000


@dataclass
class _Kept:
    """The memory that is gone on in, and how often it was."""

    context: Any = None
    uses: int = 0


_kept = _Kept()


def require_z3() -> None:
    """Raise SettingsError when z3 is not installed, with what to install."""
    if importlib.util.find_spec("z3") is None:
        raise SettingsError(
            "Proofs need the package z3-solver, which is not installed.",
            "Install it with `pip install 'plumbline[prove]'`, or run `make install`.",
        )


@lru_cache(maxsize=1)
def _keep_what_is_freed() -> None:
    """Let this process keep memory that is given back, which glibc learns from one large piece.

    Else each new memory of the solver is asked of the system anew, which costs more than most questions.
    """
    bytearray((32 << 20) - (1 << 16))


def forget_everything() -> None:
    """Begin with an empty memory: what z3 was asked before would else decide which of many models it finds.

    Terms made before cannot be mixed with terms made after.
    """
    import z3.z3

    _keep_what_is_freed()
    z3.z3._main_ctx = None


def remember() -> None:
    """Go on in the memory of earlier proofs, which spares making one: for questions whose models nobody looks at.

    Terms made before cannot be mixed with terms made after.
    """
    import z3.z3

    if _kept.uses % USES == 0:
        _kept.context = z3.Context()
    _kept.uses += 1
    z3.z3._main_ctx = _kept.context


def new_solver() -> Any:
    """A solver with fixed seeds, on one thread, that gives up after `WORK`."""
    import z3

    solver = z3.SimpleSolver()
    solver.set("rlimit", WORK)
    solver.set("timeout", MILLISECONDS)
    solver.set("random_seed", 7)
    return solver
