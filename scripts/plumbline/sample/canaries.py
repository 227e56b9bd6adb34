"""People whose names, addresses, numbers and words are easy to find: nothing published may hold them."""

from __future__ import annotations

from plumbline.sample.people import convert, make_contact, make_lead, make_marketing_lead, new_person
from plumbline.sample.settings import CANARY_NOTE, CANARY_SPOKEN, DAY, END, START
from plumbline.sample.world import Block

_CANARIES = (
    ("Zebulonia", "Quixwhistle", "+1 555 0199 777001"),
    ("Thaddeusz", "Vexmontague", "+1 555 0199 777002"),
    ("Ottilievar", "Brambleforth", "+1 555 0199 777003"),
    ("Marguerixa", "Fennimoreska", "+1 555 0199 777004"),
)


def plant_canaries(block: Block) -> None:
    """A few people with a contact each, a converted lead, a marketing lead, and recognisable strings."""
    companies = [company for company in block.companies if company.stratum == "plain" and company.kind == "account"]
    for place, (first, last, phone) in enumerate(_CANARIES):
        company = companies[place]
        email = f"{first}.{last}@{company.mail_domain}".lower()
        person = new_person(block, company, email=email, stratum="canary")
        person.first, person.last, person.phone = first, last, phone
        person.first_at = max(START, min(person.first_at, END - 300 * DAY))
        lead = make_lead(block, person, person.first_at)
        contact = make_contact(block, person, person.first_at + 5 * DAY)
        convert(block, lead, contact.created, contact)
        make_marketing_lead(block, person, person.first_at, contact)
        for kind, value in (
            ("full_name", person.name),
            ("last_name", last),
            ("email", email),
            ("phone", phone),
        ):
            block.out.add("main.truth_canaries", kind=kind, value=value, person_id=person.id)
    for kind, value in (("spoken_text", CANARY_SPOKEN), ("note", CANARY_NOTE)):
        block.out.add("main.truth_canaries", kind=kind, value=value)
