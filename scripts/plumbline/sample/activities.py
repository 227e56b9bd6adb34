"""Salesforce activities: tasks and meetings of sales and customer success, and campaign members."""

from __future__ import annotations

from plumbline.sample.bookkeeping import stamps
from plumbline.sample.buffer import midnight
from plumbline.sample.people_rows import landed_email
from plumbline.sample.settings import CANARY_NOTE, DAY, END, HOUR, START
from plumbline.sample.touches import no_touch, touch
from plumbline.sample.world import Block, Deal, Record, User

_MAIL = (
    ("Email: Following up", "outbound"),
    ("Email: Proposal attached", "outbound"),
    ("Email: Introduction", "outbound"),
    ("Email: RE: Next steps", "inbound"),
    ("Email: RE: Questions on pricing", "inbound"),
)
_CALLS = ("Connected", "Left Voicemail", "No Answer", "Busy")
_MEETINGS = (
    "Discovery meeting",
    "Product demo",
    "Pricing discussion",
    "Technical review",
    "Quarterly review",
)


def write_activities(block: Block) -> None:
    """Tasks and meetings along the deals, prospecting on open leads, reviews with customers."""
    for deal in block.deals:
        _along_a_deal(block, deal)
    for record in block.records:
        if record.system == "salesforce" and record.kind == "lead" and record.master is None:
            _prospecting(block, record)
    _open_tasks(block)
    begun = [deal for deal in block.deals if deal.deleted_at is None and deal.created < END - 30 * DAY]
    for deal in block.r.sample(begun, min(len(begun), block.some(8))):
        _day_on_site(block, deal)


def _along_a_deal(block: Block, deal: Deal) -> None:
    r = block.r
    decided = next((state.since for state in deal.states if state.stage.startswith("Closed")), END)
    until = min(decided, END)
    weeks = max(1.0, (until - deal.created) / DAY / 7)
    pace = 0.22 + 0.1 * max(0.0, deal.champion) + 0.05 * max(0.0, deal.timing)
    for _ in range(min(24, int(weeks * pace * 2 * r.random() + 1))):
        when = int(r.uniform(deal.created, until))
        _task(block, when, r.choice(deal.people), deal, deal.at(when).owner)
    for number in range(min(7, int(weeks * pace * 0.6 * r.random() + r.random()))):
        when = _office(int(r.uniform(deal.created, until)), r.random())
        if when < END - 2 * DAY:
            _meeting(block, when, deal, number)


def _office(seconds: int, position: float) -> int:
    day = seconds // DAY
    weekday = (day + 3) % 7
    if weekday >= 5:
        day += 7 - weekday
    return day * DAY + 8 * 3600 + int(position * 18) * 1800


def _prospecting(block: Block, lead: Record) -> None:
    r = block.r
    if lead.owner is None or r.random() < 0.3:
        return
    until = min(lead.converted_at or END, END)
    first = max(lead.created, START) + int(r.expovariate(1 / (1.6 * DAY)))
    for place in range(r.randint(1, 4)):
        when = first + place * int(r.uniform(1, 6) * DAY)
        if when < until - 60:
            _task(block, when, lead, None, lead.owner.on(when))


def _task(block: Block, when: int, who: Record, deal: Deal | None, owner: User) -> None:
    """One finished task: a call or an e-mail that was logged; a few of them in the recycle bin."""
    r = block.r
    when = min(_office(when, r.random()) + int(r.random() * 1700), END - 120)
    if when < who.created:
        when = min(who.created + 600, END - 60)
    is_call = r.random() < 0.4
    direction = "outbound"
    subject, answered = f"Call {who.person.name}" if r.random() < 0.2 else "Call", "No Answer"
    if is_call:
        answered = r.choices(_CALLS, (5, 3, 3, 1))[0]
        direction = "inbound" if r.random() < 0.12 else "outbound"
    else:
        subject, direction = r.choice(_MAIL)
    task_id = block.ids.salesforce("00T")
    is_deleted = r.random() < 0.012
    account = who.account or (deal.states[0].account if deal else None)
    block.out.add(
        "salesforce.task",
        id=task_id,
        account_id=account.survivor.id if account else None,
        owner_id=owner.id,
        who_id=who.id,
        what_id=deal.id if deal else None,
        subject=subject,
        description=CANARY_NOTE if who.person.stratum == "canary" else None,
        type="Call" if is_call else "Email",
        task_subtype="Call" if is_call else "Email",
        status="Completed",
        priority="Normal",
        call_type=direction.capitalize() if is_call else None,
        call_disposition=answered if is_call else None,
        call_duration_in_seconds=r.randint(40, 1_500)
        if is_call and answered == "Connected"
        else 0
        if is_call
        else None,
        activity_date=midnight(when),
        completed_date_time=when,
        is_closed=True,
        is_high_priority=False,
        is_archived=when < END - 400 * DAY,
        is_deleted=is_deleted,
        _fivetran_active=True,
        **stamps(owner, when, when + 30),
    )
    if is_deleted:
        no_touch(block, "salesforce.task", task_id, "deleted")
    else:
        kind = f"call_{direction}" if is_call else f"email_{direction}"
        touch(block, "salesforce.task", task_id, kind, when, who, deal)


def _open_tasks(block: Block) -> None:
    """To-dos that nobody has done yet, and meetings that lie ahead: no touches."""
    r = block.r
    alive = [deal for deal in block.deals if deal.outcome == "open" and deal.deleted_at is None]
    for deal in alive[: block.some(120)]:
        task_id = block.ids.salesforce("00T")
        owner = deal.states[-1].owner
        created = END - int(r.uniform(1, 20) * DAY)
        block.out.add(
            "salesforce.task",
            id=task_id,
            account_id=deal.states[-1].account.id,
            owner_id=owner.id,
            who_id=deal.people[0].id,
            what_id=deal.id,
            subject="Follow up",
            type="Other",
            task_subtype="Task",
            status="Not Started",
            priority="Normal",
            activity_date=midnight(created + r.randint(2, 30) * DAY),
            is_closed=False,
            is_high_priority=False,
            is_archived=False,
            is_deleted=False,
            _fivetran_active=True,
            **stamps(owner, created),
        )
        no_touch(block, "salesforce.task", task_id, "not_done")
        if r.random() < 0.4:
            _meeting_ahead(block, deal, created)


def _meeting_ahead(block: Block, deal: Deal, created: int) -> None:
    r = block.r
    owner, event_id = deal.states[-1].owner, block.ids.salesforce("00U")
    when = _office(END + int(r.uniform(1, 15) * DAY), r.random())
    block.out.add(
        "salesforce.event",
        id=event_id,
        account_id=deal.states[-1].account.id,
        owner_id=owner.id,
        who_id=deal.people[0].id,
        what_id=deal.id,
        subject="Next meeting",
        type="Meeting",
        event_subtype="Event",
        activity_date=midnight(when),
        activity_date_time=when,
        start_date_time=when,
        end_date_time=when + 1_800,
        duration_in_minutes=30,
        is_all_day_event=False,
        is_group_event=False,
        is_child=False,
        is_archived=False,
        is_deleted=False,
        _fivetran_active=True,
        **stamps(owner, created),
    )
    no_touch(block, "salesforce.event", event_id, "not_yet")


def _meeting(block: Block, when: int, deal: Deal, number: int) -> None:
    """A meeting with its invitees; colleagues' copies (child events) and cancelled ones are no touches."""
    r = block.r
    owner = deal.at(when).owner
    who = r.choice(deal.people)
    if when < max(who.created, deal.created):
        return
    guests = [record for record in deal.people if record is who or r.random() < 0.6]
    minutes = r.choice((30, 30, 45, 60))
    event_id = block.ids.salesforce("00U")
    is_deleted = r.random() < 0.03
    common = {
        "account_id": deal.at(when).account.survivor.id,
        "what_id": deal.id,
        "type": "Meeting",
        "subject": _MEETINGS[min(number, 3)] if deal.kind == "New Business" else _MEETINGS[4],
        "event_subtype": "Event",
        "activity_date": midnight(when),
        "activity_date_time": when,
        "start_date_time": when,
        "end_date_time": when + minutes * 60,
        "duration_in_minutes": minutes,
        "is_all_day_event": False,
        "is_archived": when < END - 400 * DAY,
        "_fivetran_active": True,
    }
    created = max(deal.created, when - int(r.uniform(1, 9) * DAY))
    block.out.add(
        "salesforce.event",
        id=event_id,
        owner_id=owner.id,
        who_id=who.id,
        is_group_event=len(guests) > 1,
        is_child=False,
        is_deleted=is_deleted,
        **common,
        **stamps(owner, created, when),
    )
    if is_deleted:
        no_touch(block, "salesforce.event", event_id, "deleted")
    else:
        touch(block, "salesforce.event", event_id, "meeting", when, who, deal, occasion=f"meeting-{event_id}")
        if r.random() < 0.4:
            deal.recorded.append((when, f"meeting-{event_id}"))
    for guest in guests:
        block.out.add(
            "salesforce.event_relation",
            id=block.ids.salesforce("0RE"),
            event_id=event_id,
            relation_id=guest.id,
            status="Accepted",
            responded_date=created + 3600,
            is_deleted=is_deleted,
            **stamps(owner, created),
        )
    if r.random() < 0.25:
        child_id, colleague = block.ids.salesforce("00U"), r.choice(block.team["csm"])
        block.out.add(
            "salesforce.event",
            id=child_id,
            owner_id=colleague.id,
            who_id=who.id,
            is_group_event=True,
            is_child=True,
            is_deleted=False,
            **common,
            **stamps(owner, created, when),
        )
        no_touch(block, "salesforce.event", child_id, "colleagues_copy")


def _day_on_site(block: Block, deal: Deal) -> None:
    """A workshop of a whole day: the CRM keeps its date as midnight UTC and no time of day."""
    day = midnight(_office(deal.created + int(block.r.uniform(2, 20) * DAY), 0.0))
    owner, who, event_id = deal.at(day).owner, deal.people[0], block.ids.salesforce("00U")
    if day < who.created:
        return
    block.out.add(
        "salesforce.event",
        id=event_id,
        account_id=deal.at(day).account.survivor.id,
        owner_id=owner.id,
        who_id=who.id,
        what_id=deal.id,
        subject="Workshop on site",
        type="Meeting",
        event_subtype="Event",
        activity_date=day,
        start_date_time=day,
        end_date_time=day,
        duration_in_minutes=1_440,
        is_all_day_event=True,
        is_group_event=False,
        is_child=False,
        is_archived=day < END - 400 * DAY,
        is_deleted=False,
        _fivetran_active=True,
        **stamps(owner, deal.created, day + 18 * HOUR),
    )
    touch(block, "salesforce.event", event_id, "meeting", day, who, deal, occasion=f"meeting-{event_id}")


def write_campaign_members(block: Block) -> None:
    """Members of CRM campaigns: leads and contacts; a response is a touch, being on a list is not."""
    r = block.r
    campaigns = [campaign for campaign in block.common.campaigns if campaign.crm_id]
    records = [
        record
        for record in block.records
        if record.system == "salesforce" and record.deleted_at is None and record.master is None
    ]
    for record in records:
        for campaign in r.sample(campaigns, min(len(campaigns), r.choices((0, 1, 2, 3, 4), (3, 3, 2, 1, 1))[0])):
            when = campaign.start * DAY + int(r.uniform(-5, 10) * DAY)
            if when < record.created or when > END - DAY:
                continue
            draw = r.random()
            person = record.person
            status = "Sent"
            if draw < person.interest * 0.5:
                status = "Responded" if draw < person.interest * 0.2 else "Attended"
            elif draw < 0.55:
                status = "Registered"
            responded = status in ("Attended", "Responded")
            reply = min(when + int(r.uniform(0, 6) * DAY), END - 60)
            member_id = block.ids.salesforce("00v")
            owner = record.owner or block.team["ae"][0]
            block.out.add(
                "salesforce.campaign_member",
                id=member_id,
                campaign_id=campaign.crm_id,
                lead_id=record.id if record.kind == "lead" else None,
                contact_id=record.id if record.kind == "contact" else None,
                lead_or_contact_id=record.id,
                lead_or_contact_owner_id=owner.id,
                account_id=record.account.survivor.id if record.account else None,
                status=status,
                has_responded=responded,
                first_responded_date=reply // DAY if responded else None,
                type=record.kind.capitalize(),
                name=person.name,
                first_name=person.first,
                last_name=person.last,
                title=person.title,
                email=landed_email(block, record),
                company_or_account=record.company_text,
                lead_source=record.source,
                currency_iso_code="USD",
                is_deleted=False,
                **stamps(block.common.users["campaigns"], when, reply if responded else when),
            )
            if responded:
                touch(block, "salesforce.campaign_member", member_id, "campaign_response", reply, record, None)
            else:
                no_touch(block, "salesforce.campaign_member", member_id, "no_response")
