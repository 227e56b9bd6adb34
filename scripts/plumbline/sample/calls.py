"""Gong: recorded calls of deals and customers, who was on them and what was said."""

from __future__ import annotations

import json

from plumbline.sample.call_content import Speaker, offset_text, write_content
from plumbline.sample.settings import DAY, END, OWN_DOMAIN
from plumbline.sample.touches import no_touch, touch
from plumbline.sample.world import Block, Deal, Record, User

_OFFSETS = (0, -5, -8, 1, 2, 9)


def write_calls(block: Block) -> None:
    """All calls of the block, most with the CRM objects that Gong attached, some with none."""
    r = block.r
    for deal in block.deals:
        decided = next((state.since for state in deal.states if state.stage.startswith("Closed")), END)
        days = (decided - deal.created) / DAY
        pace = 0.011 + 0.004 * max(0.0, deal.champion)
        for when, occasion in deal.recorded:
            owner = deal.at(when).owner
            if owner.gong_id and r.random() < 0.3:
                # everybody was late, so that only the invitation tells that the meeting and the call are one
                _call(block, deal, owner, when + r.randint(18, 28) * 60, occasion, occasion.removeprefix("meeting-"))
            elif owner.gong_id:
                _call(block, deal, owner, when + 41, occasion)
        for _ in range(min(6, int(days * pace * 1.4 * r.random() + 0.45 * r.random() + 0.3))):
            when = _working(int(r.uniform(deal.created, decided)), r.random())
            owner = deal.at(when).owner
            if when < END - DAY and owner.gong_id:
                _call(block, deal, owner, when, None)


def _working(seconds: int, position: float) -> int:
    day = seconds // DAY
    weekday = (day + 3) % 7
    if weekday >= 5:
        day += 7 - weekday
    return day * DAY + 8 * 3600 + int(position * 18) * 1800 + 41


def _call(
    block: Block, deal: Deal, owner: User, when: int, occasion: str | None, invitation: str | None = None
) -> None:
    """One recorded call; `invitation` is the CRM event that the calendar entry was made from."""
    r = block.r
    call_id = str(block.ids.number("call", 5_000_000_000_000_000_000, 1_000_000))
    known = [record for record in deal.people if record.created <= when]
    guests = [record for record in known if r.random() < 0.65] or known[:1]
    is_internal = not guests or (occasion is None and r.random() < 0.06)
    has_context = not is_internal and r.random() > 0.12
    is_deleted, is_private = r.random() < 0.012, r.random() < 0.015
    minutes = r.randint(12, 58)
    offset = r.choice(_OFFSETS)
    about = "internal review" if is_internal else f"call with {guests[0].person.name}"
    title = f"{deal.company.name}: {about if is_internal or r.random() < 0.3 else 'call'}"
    block.out.add(
        "gong.call",
        id=call_id,
        workspace_id="4200",
        primary_user_id=owner.gong_id,
        calendar_event_id=invitation or f"cal-{call_id[-8:]}",
        client_unique_id=None,
        company_question_count=str(r.randint(2, 25)),
        non_company_question_count=str(r.randint(0, 18)),
        direction="Conference" if r.random() < 0.8 else "Outbound",
        duration=minutes * 60 + r.randint(0, 59),
        is_private=is_private,
        languages="eng",
        media="Video",
        scheduled=offset_text(when - when % 1800, offset),
        started=offset_text(when, offset),
        scope="Internal" if is_internal else "External",
        systems="Zoom",
        title=title,
        url=f"https://calls.{OWN_DOMAIN}/call?id={call_id}",
        _fivetran_deleted=is_deleted,
        _at=when + 3 * 3600,
    )
    speakers = [_colleague(block, call_id, owner, when)]
    if is_internal or r.random() < 0.3:
        other = r.choice(block.team["ae"] if is_internal else block.team["csm"]).on(when)
        if other is not owner:
            speakers.append(_colleague(block, call_id, other, when))
    if not is_internal:
        for guest in guests:
            speakers.append(_guest(block, call_id, guest, when, has_context))
    if has_context:
        _context(block, call_id, deal, when)
    write_content(block, call_id, deal, when, minutes * 60, speakers, owner)
    if is_deleted:
        no_touch(block, "gong.call", call_id, "deleted")
    elif is_internal:
        no_touch(block, "gong.call", call_id, "internal")
    elif is_private:
        no_touch(block, "gong.call", call_id, "private")
    else:
        touch(block, "gong.call", call_id, "conversation", when, guests[0], deal, occasion=occasion)


def _colleague(block: Block, call_id: str, user: User, when: int) -> Speaker:
    number = str(block.ids.number("participant", 6_000_000_000_000_000_000, 10_000_000))
    block.out.add(
        "gong.call_participant",
        id=number,
        call_id=call_id,
        user_id=user.gong_id,
        affiliation="Internal",
        email_address=user.email,
        methods='["Invitee", "Attendee"]',
        name=user.name,
        speaker_id="s" + number,
        title=user.title,
        _fivetran_deleted=False,
        _at=when + 3 * 3600,
    )
    return Speaker("s" + number, user.gong_id, None)


def _guest(block: Block, call_id: str, guest: Record, when: int, has_context: bool) -> Speaker:
    """A participant from outside: known by a CRM object, by the address alone, or by nothing at all."""
    r = block.r
    number = str(block.ids.number("participant", 6_000_000_000_000_000_000, 10_000_000))
    way = r.random()
    by_object = has_context and way < 0.74
    by_mail = by_object or way < 0.90
    person = guest.person
    email = guest.email if by_mail else None
    record = Record("gong", "participant", number, person, when, email, guest.stratum, source="Call")
    block.out.add(
        "gong.call_participant",
        id=number,
        call_id=call_id,
        affiliation="External" if by_mail or by_object else "Unknown",
        email_address=email,
        methods='["Attendee"]',
        name=person.name,
        phone_number=None if by_mail else person.phone,
        speaker_id="s" + number,
        title=person.title if r.random() < 0.5 else None,
        _fivetran_deleted=False,
        _at=when + 3 * 3600,
    )
    if by_object:
        record.explicit.append((guest, "explicit_id"))
        for name, value in (("Email", email), ("Title", person.title))[: r.randint(1, 2)]:
            block.out.add(
                "gong.call_participant_integration",
                name=name,
                object_id=guest.id,
                call_id=call_id,
                call_participant_id=number,
                object_type=guest.kind.capitalize(),
                systems="Salesforce",
                timing="Now",
                value=value,
                _at=when + 3 * 3600,
            )
    person.records.append(record)
    block.records.append(record)
    return Speaker("s" + number, None, person)


def _context(block: Block, call_id: str, deal: Deal, when: int) -> None:
    state = deal.at(when)
    account = state.account
    fields = [
        ("Opportunity", deal.id, "StageName", state.stage),
        ("Opportunity", deal.id, "Amount", None if state.amount is None else state.amount / 100),
        ("Account", account.id, "Name", account.name),
        ("Account", account.id, "Industry", deal.company.industry),
    ]
    if block.r.random() < 0.1:
        fields = fields[2:]
    for kind, object_id, name, value in fields:
        block.out.add(
            "gong.call_context_integration",
            name=name,
            object_id=object_id,
            call_id=call_id,
            object_type=kind,
            systems="Salesforce",
            timing="Now",
            value=json.dumps(value),
            _at=when + 3 * 3600,
        )
