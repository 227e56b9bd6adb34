"""Marketo activities, made by the column: mails, visits, forms, scores, stages, memberships.

The score follows mail activity (a habit of people), the outcome of deals follows hidden causes: sales has
reasons to distrust it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from plumbline.sample.marketing_events import write_record_events
from plumbline.sample.reference import ACTIVITY_TYPES
from plumbline.sample.settings import DAY, END, START
from plumbline.sample.world import Block, Record

Ints = npt.NDArray[np.int64]
QUALIFYING_SCORE = 60
"""Marketing hands a lead over from this score on."""
_PAGES = np.array(["/", "/pricing", "/product", "/customers", "/blog/forecasting", "/docs", "/security", "/careers"])
_DEVICES = np.array(["iPhone", "Windows desktop", "Mac desktop", "Android phone"])
_AGENTS = np.array(
    [
        "Mozilla/5.0 (iPhone)",
        "Mozilla/5.0 (Windows NT 10.0)",
        "Mozilla/5.0 (Macintosh)",
        "Mozilla/5.0 (Linux; Android 14)",
    ]
)
_TEXT_IDS = {
    "send_email",
    "email_delivered",
    "open_email",
    "click_email",
    "email_bounced",
    "unsubscribe_email",
    "change_data_value",
}


def write_marketing(block: Block) -> tuple[dict[int, int], dict[int, int]]:
    """All activities of the block's marketing leads. Returns scores and unsubscribe times by lead."""
    leads = [record for record in block.records if record.system == "marketo"]
    numbers = np.array([record.number for record in leads], dtype=np.int64)
    begin = np.array([max(record.created, START) for record in leads], dtype=np.int64)
    end = np.array([min(record.merged_at or END, record.deleted_at or END) for record in leads], dtype=np.int64)
    end = np.maximum(end, begin + 600)
    affinity = np.array([record.person.affinity for record in leads])
    interest = np.array([record.person.interest for record in leads])
    has_mail = np.array([record.email is not None for record in leads])
    points: list[tuple[Ints, Ints, int]] = []

    opted_out = _mails(block, leads, numbers, begin, end, affinity, has_mail, points)
    who, when = _visits(block, leads, begin, end, interest, affinity)
    _write(block, "visit_webpage", leads, numbers, who, when, _page_columns(block, len(who)))
    points.append((who, when, 1))
    who, when = _forms(block, begin, end, interest, has_mail)
    labels = np.array(["Demo request", "Content download", "Webinar registration"])
    pick = block.g.choice(3, size=len(who), p=(0.25, 0.5, 0.25))
    _write(
        block,
        "fill_out_form",
        leads,
        numbers,
        who,
        when,
        {
            "primary_attribute_value": labels[pick],
            "primary_attribute_value_id": pick + 501,
            "form_fields": '{"Email": "***"}',
            "webpage_id": pick + 601,
            "action_result": "succeeded",
        },
    )
    points.append((who, when, 15))
    scores = _scores(block, numbers, begin, points)
    write_record_events(block, leads)
    by_number = {int(numbers[place]): score for place, score in scores.items()}
    return by_number, {int(numbers[place]): moment for place, moment in opted_out.items()}


def _write(
    block: Block,
    name: str,
    leads: list[Record],
    numbers: Ints,
    who: Ints,
    when: Ints,
    extra: dict[str, Any],
    is_touch: bool = True,
) -> Ints:
    """Rows of one activity table, and of the truth about them. Returns the activity ids."""
    order = np.lexsort((who, when))
    who, when = who[order], when[order]
    extra = {key: value[order] if isinstance(value, np.ndarray) else value for key, value in extra.items()}
    ids = block.ids.numbers("activity", 20_000_000_000, 10_000_000, len(who))
    shown = ids.astype("U20") if name in _TEXT_IDS else ids
    block.out.add_columns(
        f"marketo.activity_{name}",
        {
            "id": shown,
            "lead_id": numbers[who],
            "activity_date": when,
            "activity_type_id": ACTIVITY_TYPES[name],
            **extra,
        },
    )
    if is_touch and len(who):
        people = np.array([record.person.id for record in leads])
        companies = np.array([record.person.company.id for record in leads])
        block.out.add_columns(
            "main.truth_touches",
            {
                "source_record_id": ids.astype("U20"),
                "source_system": "marketo",
                "source_table": f"activity_{name}",
                "kind": name,
                "occurred_at": when,
                "person_id": people[who],
                "company_id": companies[who],
            },
        )
    return ids


def _mails(
    block: Block,
    leads: list[Record],
    numbers: Ints,
    begin: Ints,
    end: Ints,
    affinity: npt.NDArray[np.float64],
    has_mail: npt.NDArray[np.bool_],
    points: list[tuple[Ints, Ints, int]],
) -> dict[int, int]:
    """Sends and what came of them. Returns, by place of the lead, when it unsubscribed."""
    g = block.g
    campaigns = block.common.campaigns
    starts = np.array([campaign.start * DAY + 9 * 3600 for campaign in campaigns], dtype=np.int64)
    first = np.searchsorted(starts, begin)
    possible = np.maximum(np.searchsorted(starts, end - 8 * DAY) - first, 0)
    wanted = np.where(has_mail, np.minimum(g.poisson(9.0, size=len(leads)), possible), 0)
    who = np.repeat(np.arange(len(leads)), wanted)
    place = first[who] + (g.random(len(who)) * possible[who]).astype(np.int64)
    _, unique = np.unique(who * 100_000 + place, return_index=True)
    who, place = who[unique], place[unique]
    when = starts[place] + g.integers(0, 5_400, size=len(who))

    out_of = g.random(len(who)) < 0.0035
    opted_out: dict[int, int] = {}
    for spot in np.nonzero(out_of)[0]:
        lead, moment = int(who[spot]), int(when[spot]) + 7_200
        opted_out[lead] = min(moment, opted_out.get(lead, moment))
    until = np.array([opted_out.get(lead, END) for lead in range(len(leads))], dtype=np.int64)
    kept = when < until[who]
    who, place, when = who[kept], place[kept], when[kept]

    email = np.array([campaign.email_id for campaign in campaigns])[place]
    smart = np.array([campaign.smart_id for campaign in campaigns])[place]
    label = np.array([f"Invitation {campaign.name}" for campaign in campaigns])[place]

    def asset(mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "campaign_id": smart[mask],
            "primary_attribute_value": label[mask],
            "primary_attribute_value_id": email[mask],
            "email_template_id": email[mask],
            "campaign_run_id": smart[mask],
        }

    everything = np.ones(len(who), dtype=bool)
    _write(
        block,
        "send_email",
        leads,
        numbers,
        who,
        when,
        {**asset(everything), "choice_number": 0, "step_id": 1},
    )
    bounced = g.random(len(who)) < 0.022
    _write(
        block,
        "email_bounced",
        leads,
        numbers,
        who[bounced],
        when[bounced] + 40,
        {**asset(bounced), "category": 2, "details": "550 mailbox unavailable", "email": "***"},
    )
    there = ~bounced & (g.random(len(who)) < 0.995)
    _write(block, "email_delivered", leads, numbers, who[there], when[there] + 60, asset(there))
    opened = there & (g.random(len(who)) < 0.12 + 0.75 * affinity[who])
    moment = np.minimum(when + 120 + (g.exponential(0.4, size=len(who)) * DAY).astype(np.int64), end[who] - 60)
    moment = np.maximum(moment, when + 61)
    _write(
        block,
        "open_email",
        leads,
        numbers,
        who[opened],
        moment[opened],
        {**asset(opened), **_device(block, opened)},
    )
    clicked = opened & (g.random(len(who)) < 0.08 + 0.4 * affinity[who])
    _write(
        block,
        "click_email",
        leads,
        numbers,
        who[clicked],
        moment[clicked] + 25,
        {
            **asset(clicked),
            **_device(block, clicked),
            "link": "https://www.harbourline.example/offer",
            "link_id": "L1",
        },
    )
    points += [(who[opened], moment[opened], 3), (who[clicked], moment[clicked] + 25, 8)]

    lost = np.array(sorted(opted_out), dtype=np.int64)
    left = np.array([opted_out[int(lead)] for lead in lost], dtype=np.int64)
    _write(
        block,
        "unsubscribe_email",
        leads,
        numbers,
        lost,
        left,
        {"primary_attribute_value": "Unsubscribe", "primary_attribute_value_id": 1, "email_template_id": 1},
    )
    _truth(block, numbers[lost], "opted_out", left, "true")
    for lead, moment_out in opted_out.items():
        leads[lead].person.opted_out_at = moment_out
    return opted_out


def _device(block: Block, mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    pick = block.g.integers(0, len(_DEVICES), size=int(mask.sum()))
    return {
        "device": _DEVICES[pick],
        "is_mobile_device": (pick == 0) | (pick == 3),
        "platform": _DEVICES[pick],
        "user_agent": _AGENTS[pick],
    }


def _visits(
    block: Block,
    leads: list[Record],
    begin: Ints,
    end: Ints,
    interest: npt.NDArray[np.float64],
    affinity: npt.NDArray[np.float64],
) -> tuple[Ints, Ints]:
    """Page visits: more by the interested, most of them around their company's deals."""
    g = block.g
    around: dict[str, list[int]] = {}
    for deal in block.deals:
        around.setdefault(deal.company.id, []).append(deal.created)
    who = np.repeat(np.arange(len(leads)), g.poisson(1.5 + 9.0 * interest + 3 * affinity))
    when = (begin[who] + g.random(len(who)) * (end[who] - begin[who])).astype(np.int64)
    centre = np.array(
        [block.r.choice(around[lead.person.company.id]) if lead.person.company.id in around else 0 for lead in leads],
        dtype=np.int64,
    )
    near = (centre[who] > 0) & (g.random(len(who)) < 0.6)
    drawn = centre[who] + (g.normal(-8, 25, size=len(who)) * DAY).astype(np.int64)
    fits = near & (drawn > begin[who]) & (drawn < end[who])
    return who, np.where(fits, drawn, when)


def _page_columns(block: Block, count: int) -> dict[str, Any]:
    g = block.g
    pick = g.integers(0, len(_PAGES), size=count)
    agent = g.integers(0, len(_AGENTS), size=count)
    return {
        "primary_attribute_value": _PAGES[pick],
        "primary_attribute_value_id": pick + 601,
        "webpage_url": _PAGES[pick],
        "client_ip_address": "192.0.2.1",
        "user_agent": _AGENTS[agent],
    }


def _forms(
    block: Block, begin: Ints, end: Ints, interest: npt.NDArray[np.float64], has_mail: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    g = block.g
    who = np.repeat(np.arange(len(begin)), np.where(has_mail, g.poisson(0.25 + 1.1 * interest), 0))
    return who, (begin[who] + g.random(len(who)) * (end[who] - begin[who])).astype(np.int64)


def _scores(block: Block, numbers: Ints, begin: Ints, points: list[tuple[Ints, Ints, int]]) -> dict[int, int]:
    """Running score per lead; each time it passes a multiple of ten, a change is logged."""
    who = np.concatenate([part[0] for part in points])
    when = np.concatenate([part[1] for part in points])
    worth = np.concatenate([np.full(len(part[0]), part[2], dtype=np.int64) for part in points])
    order = np.lexsort((worth, when, who))
    who, when, worth = who[order], when[order], worth[order]
    if not len(who):
        _truth(block, numbers, "lead_score", begin, "0")
        return {}
    running = np.cumsum(worth)
    is_first = np.r_[True, who[1:] != who[:-1]]
    base = np.maximum.accumulate(np.where(is_first, running - worth, 0))
    total = running - base
    before = total - worth
    crossed = total // 10 > before // 10
    old = np.where(before[crossed] // 10 > 0, (before[crossed] // 10 * 10), 0)
    new = total[crossed] // 10 * 10
    ids = block.ids.numbers("activity", 20_000_000_000, 10_000_000, int(crossed.sum()))
    block.out.add_columns(
        "marketo.activity_change_data_value",
        {
            "id": ids.astype("U20"),
            "lead_id": numbers[who[crossed]],
            "activity_date": when[crossed] + 5,
            "activity_type_id": ACTIVITY_TYPES["change_data_value"],
            "primary_attribute_value": "Lead Score",
            "primary_attribute_value_id": 70,
            "old_value": old.astype("U12"),
            "new_value": new.astype("U12"),
            "reason": "Changed by Smart Campaign Scoring",
            "source": "Smart Campaign",
        },
    )
    # a few mails are scored before the lead was made, as if it had come in by a list
    scored = begin.copy()
    np.minimum.at(scored, who[crossed], when[crossed])
    _truth(block, numbers, "lead_score", scored, "0")
    _truth(block, numbers[who[crossed]], "lead_score", when[crossed] + 5, new.astype("U12"))
    is_last = np.r_[who[1:] != who[:-1], True]
    passed = crossed & (total >= QUALIFYING_SCORE) & (before < QUALIFYING_SCORE)
    for spot in np.nonzero(passed)[0]:
        block.marketing_qualified[int(numbers[who[spot]])] = int(when[spot])
    return {int(lead): int(score // 10 * 10) for lead, score in zip(who[is_last], total[is_last], strict=True)}


def _truth(block: Block, numbers: Ints, attribute: str, when: Ints, value: Any) -> None:
    """What marketing leads said from an instant on."""
    block.out.add_columns(
        "main.truth_person_changes",
        {
            "source_record_id": numbers,
            "source_system": "marketo",
            "source_object": "lead",
            "attribute": attribute,
            "changed_at": when,
            "value": value,
        },
    )
