"""The past of one opportunity: stages forward and back, slips, amounts, owners, reopenings, deletion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from plumbline.sample.reference import STAGES, UNLISTED_STAGE
from plumbline.sample.settings import (
    DAY,
    END,
    MIGRATION,
    RENAMED_STAGE_UNTIL,
    START,
    UNLISTED_STAGE_UNTIL,
    quarter_end,
)
from plumbline.sample.world import Account, Block, Deal, State, User

_BY_STAGE = {label: (probability, category) for label, _, _, _, probability, category, _ in STAGES}
_BY_STAGE[UNLISTED_STAGE] = (60.0, "BestCase")
_STEPS = ("Prospecting", "Qualification", "Discovery", "Proposal", "Negotiation")


@dataclass(slots=True)
class Plan:
    """What will happen to an opportunity before anybody knows it."""

    created: int
    days: float
    wins: bool
    amount: int
    owner: User
    account: Account
    kind: str
    currency: str


@dataclass(slots=True)
class _Change:
    """One save of the record: the fields that it sets."""

    when: int
    order: int
    values: dict[str, Any]


def tell(block: Block, deal: Deal, plan: Plan) -> None:
    """Fills the deal's states, its outcome and what was planted in it."""
    r = block.r
    closed_at = _close_moment(block, plan)
    is_forgotten = not plan.wins and r.random() < 0.035
    changes = _walk(block, plan, closed_at, is_forgotten)
    changes += _amount_changes(block, plan, closed_at)
    changes += _owner_changes(block, plan, closed_at)
    if r.random() < 0.05:
        when = plan.created + int(r.uniform(0.2, 0.9) * (closed_at - plan.created))
        changes.append(_Change(when, 6, {"forecast": r.choice(("Pipeline", "BestCase", "Forecast"))}))
    first_close = _first_close_day(block, plan)
    changes += _slips(block, deal, plan, first_close, closed_at)
    if is_forgotten:
        changes = [change for change in changes if change.values.get("stage") != "Closed Lost"]
    elif not plan.wins and r.random() < 0.07:
        changes += _reopen(block, deal, plan, closed_at)
    _apply(block, deal, plan, first_close, changes)
    _move_account(block, deal)
    if r.random() < 0.025:
        _delete(block, deal)
    deal.outcome = {"Closed Won": "won", "Closed Lost": "lost"}.get(deal.states[-1].stage, "open")
    if r.random() < 0.012:
        deal.twice_in_a_second = True


def _close_moment(block: Block, plan: Plan) -> int:
    """When the deal will be decided: business deals tend to the end of a quarter."""
    day = plan.created // DAY + max(4, int(plan.days))
    end = quarter_end(day)
    if plan.wins and end - day < 40 and block.r.random() < 0.55:
        day = end - int(block.r.random() ** 2 * 8)
    return max(day, plan.created // DAY + 4) * DAY + 13 * 3600


def _first_close_day(block: Block, plan: Plan) -> int:
    """The close date that the owner hopes for at creation."""
    day = plan.created // DAY + max(7, int(plan.days * block.r.uniform(0.55, 1.15)))
    return quarter_end(day) if block.r.random() < 0.5 else day


def _stage(label: str, when: int) -> str:
    return "Needs Analysis" if label == "Discovery" and when < RENAMED_STAGE_UNTIL else label


def _walk(block: Block, plan: Plan, closed_at: int, is_forgotten: bool) -> list[_Change]:
    """The stages: forward, now and then a step back, then the end."""
    r = block.r
    depth = len(_STEPS) if plan.wins else r.choices((1, 2, 3, 4, 5), (1.5, 3, 3, 3, 2))[0]
    path = (
        list(_STEPS[:depth])
        if plan.kind != "Renewal"
        else ["Qualification", "Proposal", "Negotiation"][: max(1, depth - 2)]
    )
    if len(path) > 2 and r.random() < 0.16:
        place = r.randint(2, len(path) - 1)
        path[place:place] = [path[place], path[place - 1]]
    if "Negotiation" in path and "Proposal" in path and closed_at < UNLISTED_STAGE_UNTIL and r.random() < 0.06:
        path.insert(path.index("Negotiation"), UNLISTED_STAGE)
    elif is_forgotten and closed_at < UNLISTED_STAGE_UNTIL and r.random() < 0.3:
        path.append(UNLISTED_STAGE)
    span = closed_at - plan.created
    cuts = sorted(r.random() ** 0.8 for _ in path[1:])
    changes = [_Change(plan.created, 0, {"stage": path[0]})]
    for label, cut in zip(path[1:], cuts, strict=True):
        changes.append(_Change(plan.created + int(span * (0.04 + 0.9 * cut)), 1, {"stage": label}))
    end = "Closed Won" if plan.wins else "Closed Lost"
    changes.append(_Change(closed_at, 9, {"stage": end, "close_day": -1}))
    return changes


def _amount_changes(block: Block, plan: Plan, closed_at: int) -> list[_Change]:
    r = block.r
    changes = []
    amount = plan.amount
    for _ in range(r.choices((0, 1, 2, 3), (6, 4, 2, 1))[0]):
        amount = max(100, int(amount * r.lognormvariate(-0.02, 0.22)))
        amount -= amount % (100 if plan.currency != "JPY" else 10_000)
        when = plan.created + int(r.uniform(0.05, 0.97) * (closed_at - plan.created))
        changes.append(_Change(when, 2, {"amount": max(amount, 100)}))
    return changes


def _owner_changes(block: Block, plan: Plan, closed_at: int) -> list[_Change]:
    """The owner left and the heir took over; or the territory was cut anew."""
    changes = []
    owner = plan.owner
    if owner.left_at is not None and owner.heir is not None and plan.created < owner.left_at < closed_at:
        changes.append(_Change(owner.left_at + 9 * 3600, 3, {"owner": owner.heir}))
    elif block.r.random() < 0.06:
        when = plan.created + int(block.r.uniform(0.1, 0.9) * (closed_at - plan.created))
        changes.append(_Change(when, 3, {"owner": block.r.choice(block.team["ae"]).on(when)}))
    return changes


def _slips(block: Block, deal: Deal, plan: Plan, first_close: int, closed_at: int) -> list[_Change]:
    """The close date moves out when it comes near and nothing is decided; now and then it is pulled in."""
    r = block.r
    changes = []
    expected = first_close
    while expected < closed_at // DAY:
        when = max(plan.created + 3600, (expected - int(r.uniform(-4, 9))) * DAY + 10 * 3600)
        expected = expected + int(r.uniform(14, 75)) if r.random() < 0.6 else quarter_end(expected + 20)
        if when >= closed_at:
            break
        changes.append(_Change(when, 4, {"close_day": expected}))
        deal.slips += 1
    if expected > closed_at // DAY + 20 and r.random() < 0.3:
        when = plan.created + int(r.uniform(0.5, 0.95) * (closed_at - plan.created))
        changes.append(_Change(when, 5, {"close_day": closed_at // DAY + int(r.uniform(0, 12))}))
    return changes


def _reopen(block: Block, deal: Deal, plan: Plan, closed_at: int) -> list[_Change]:
    """A lost deal comes back and is decided again."""
    r = block.r
    back = closed_at + int(r.uniform(8, 70) * DAY)
    again = back + int(r.uniform(15, 80) * DAY)
    deal.was_reopened = back < END
    end = "Closed Won" if r.random() < 0.4 else "Closed Lost"
    return [
        _Change(back, 10, {"stage": r.choice(("Qualification", "Proposal")), "close_day": again // DAY + 10}),
        _Change(again, 11, {"stage": end, "close_day": -1}),
    ]


def _apply(block: Block, deal: Deal, plan: Plan, first_close: int, changes: list[_Change]) -> None:
    """Runs the changes in order at distinct working moments; what lies after the end has not happened yet."""
    changes.sort(key=lambda change: (change.when, change.order))
    state = State(
        plan.created,
        "Prospecting",
        plan.amount if block.r.random() < 0.93 else None,
        first_close,
        "Pipeline",
        10.0,
        plan.owner,
        plan.account,
    )
    last = 0
    for change in changes:
        when = max(_working(block, change.when), last + 61)
        if change.order == 0:
            when = plan.created
        if when >= END:
            break
        state = replace(state, since=when)
        _set(state, change.values, plan, when)
        if not deal.states or _differs(deal.states[-1], state):
            deal.states.append(state)
            last = when


def _set(state: State, values: dict[str, Any], plan: Plan, when: int) -> None:
    for name, value in values.items():
        if name == "close_day" and value == -1:
            state.close_day = when // DAY
        elif name == "stage":
            state.stage = _stage(value, when)
            state.probability, state.forecast = _BY_STAGE[state.stage]
            if state.amount is None and value not in ("Prospecting", "Qualification", "Closed Lost"):
                state.amount = plan.amount
        elif name == "forecast":
            if not state.stage.startswith("Closed"):
                state.forecast = value
        else:
            setattr(state, name, value)


def _differs(old: State, new: State) -> bool:
    return replace(old, since=0) != replace(new, since=0)


def _working(block: Block, when: int) -> int:
    """The same or the next working day, at a moment that depends on chance."""
    day = when // DAY
    weekday = (day + 3) % 7
    if weekday >= 5:
        day += 7 - weekday
    return max(day * DAY + 7 * 3600 + int(block.r.random() * 11 * 3600), START)


def _move_account(block: Block, deal: Deal) -> None:
    """Now and then a deal is filed anew, at another record of the company or at its parent."""
    if len(deal.states) < 2 or block.r.random() > 0.03:
        return
    company = deal.company
    others = [account for account in company.accounts if account is not deal.states[0].account]
    if company.parent is not None:
        others += company.parent.accounts
    start = block.r.randint(1, len(deal.states) - 1)
    others = [account for account in others if account.created < deal.states[start].since]
    if not others:
        return
    target = block.r.choice(others)
    for state in deal.states[start:]:
        state.account = target


def _delete(block: Block, deal: Deal) -> None:
    """Into the recycle bin, after the last change; only what reached the new system can be deleted there."""
    last = deal.states[-1]
    when = _working(block, max(last.since, MIGRATION + 2 * DAY) + int(block.r.uniform(1, 40) * DAY))
    if when < END - DAY:
        deal.deleted_at = when
        deal.states.append(replace(last, since=when, is_deleted=True))
