"""Conditions for the solver, put together without the checks of its Python layer, which cost more than most proofs.

What is TRUE or FALSE already is folded while a condition is made: nothing else is simplified.
"""

from typing import Any

import z3
from z3 import z3core


def both(*items: Any) -> Any:
    """All of the conditions."""
    return _joined(z3core.Z3_mk_and, items, neutral=True)


def either(*items: Any) -> Any:
    """Any of the conditions."""
    return _joined(z3core.Z3_mk_or, items, neutral=False)


def negated(item: Any) -> Any:
    """The opposite of a condition."""
    known = _value(item)
    if known is not None:
        return z3.BoolVal(not known, item.ctx)
    return z3.BoolRef(z3core.Z3_mk_not(item.ctx.ref(), item.ast), item.ctx)


def implied(given: Any, item: Any) -> Any:
    """The second condition wherever the first holds."""
    if _value(given) is not None or _value(item) is not None:
        return either(negated(given), item)
    return z3.BoolRef(z3core.Z3_mk_implies(item.ctx.ref(), given.ast, item.ast), item.ctx)


def choice(condition: Any, yes: Any, no: Any) -> Any:
    """The first value where the condition holds, else the second; both of one sort."""
    known = _value(condition)
    if known is not None:
        return yes if known else no
    if yes.eq(no):
        return yes
    if not isinstance(yes, z3.BoolRef):
        return z3.If(condition, yes, no)
    if _value(yes) is not None:
        return either(condition, no) if _value(yes) else both(negated(condition), no)
    if _value(no) is not None:
        return either(negated(condition), yes) if _value(no) else both(condition, yes)
    return z3.BoolRef(z3core.Z3_mk_ite(yes.ctx.ref(), condition.ast, yes.ast, no.ast), yes.ctx)


def _value(item: Any) -> bool | None:
    said = z3core.Z3_get_bool_value(item.ctx.ref(), item.ast)
    return None if said == z3.Z3_L_UNDEF else said == z3.Z3_L_TRUE


def _joined(make: Any, items: tuple[Any, ...], neutral: bool) -> Any:
    rest = []
    for item in items:
        known = _value(item)
        if known is None:
            rest.append(item)
        elif known is not neutral:
            return item
    if len(rest) == 1:
        return rest[0]
    if not rest:
        return z3.BoolVal(neutral, items[0].ctx if items else None)
    context = rest[0].ctx
    asts = (z3.Ast * len(rest))(*[item.ast for item in rest])
    return z3.BoolRef(make(context.ref(), len(rest), asts), context)
