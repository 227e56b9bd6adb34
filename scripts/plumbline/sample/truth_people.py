"""The truth about people: who is who, and by which evidence in the raw rows it can be known."""

from __future__ import annotations

from plumbline.sample.settings import FREE_MAIL, INSTANCE, ROLE_MAILBOXES
from plumbline.sample.truth import domain_owners
from plumbline.sample.world import Account, Block, Record


class _Clusters:
    """Records joined by links (union by first come)."""

    def __init__(self) -> None:
        self._above: dict[int, Record] = {}

    def root(self, record: Record) -> Record:
        """The record that stands for the cluster of this one."""
        path = []
        while id(record) in self._above:
            path.append(record)
            record = self._above[id(record)]
        for step in path:
            self._above[id(step)] = record
        return record

    def join(self, first: Record, second: Record) -> None:
        """Makes one cluster of two."""
        top, other = self.root(first), self.root(second)
        if top is not other:
            self._above[id(other)] = top


def write_people_truth(block: Block) -> None:
    """Person records with their clusters and accounts, and all pairs with their evidence."""
    clusters = _Clusters()
    evidence: dict[int, str] = {}
    for record in block.records:
        for target, _ in record.explicit:
            name = "conversion" if record.kind == "lead" and record.system == "salesforce" else "explicit_id"
            _link(block, record, target, True, name, True)
            clusters.join(target, record)
            evidence[id(record)] = name
        if record.master is not None:
            _link(block, record, record.master, True, "merge", True)
            clusters.join(record.master, record)
            evidence[id(record)] = "merge"
        if record.ring_to is not None:
            evidence[id(record)] = "merge"
    undecided = _join_by_email(block, clusters, evidence)
    for first, second, same, name, decidable in block.person_pairs:
        _link(block, first, second, same, name, decidable)
    _write_records(block, clusters, evidence, undecided)


def _link(block: Block, first: Record, second: Record, same: bool, evidence: str, decidable: bool) -> None:
    block.out.add(
        "main.truth_person_links",
        system_a=first.system,
        object_a=first.kind,
        record_a=first.id,
        system_b=second.system,
        object_b=second.kind,
        record_b=second.id,
        same_person=same,
        evidence=evidence,
        decidable=decidable,
        stratum=first.stratum,
    )


def _join_by_email(block: Block, clusters: _Clusters, evidence: dict[int, str]) -> set[int]:
    """One full address is one person: unless it is a role mailbox, or two live contacts hold it."""
    groups: dict[str, list[Record]] = {}
    for record in block.records:
        if record.email and record.is_present and record.master is None and record.deleted_at is None:
            groups.setdefault(record.email, []).append(record)
    undecided: set[int] = set()
    joins: list[tuple[Record, Record]] = []
    with_contact = {id(clusters.root(record)) for record in block.records if record.kind == "contact"}
    for email, group in groups.items():
        roots = {id(clusters.root(record)) for record in group}
        if len(roots) < 2:
            continue
        is_clear = (
            len({record.person.id for record in group}) == 1
            and email.partition("@")[0] not in ROLE_MAILBOXES
            and len(roots & with_contact) <= 1
        )
        if not is_clear:
            undecided.update(id(record) for record in group)
        first = min(group, key=lambda record: (record.created, record.system, record.id))
        seen = {id(clusters.root(first))}
        for record in group:
            if id(clusters.root(record)) in seen:
                continue
            seen.add(id(clusters.root(record)))
            if is_clear:
                joins.append((first, record))
                evidence.setdefault(id(record), "email")
                evidence.setdefault(id(first), "email")
            same = first.person.id == record.person.id
            _link(block, first, record, same, "email", is_clear)
    for first, record in joins:
        clusters.join(first, record)
    return undecided


def _mail_domain(email: str | None) -> str | None:
    if not email:
        return None
    domain = email.partition("@")[2]
    return None if domain in FREE_MAIL else ".".join(domain.split(".")[-2:])


def _write_records(block: Block, clusters: _Clusters, evidence: dict[int, str], undecided: set[int]) -> None:
    filed: dict[int, set[Account]] = {}
    members: dict[int, list[Record]] = {}
    for record in block.records:
        top = id(clusters.root(record))
        members.setdefault(top, []).append(record)
        if record.kind == "contact" and record.account is not None:
            filed.setdefault(top, set()).add(record.account.survivor)
    owners = domain_owners(block)
    for record in block.records:
        root = clusters.root(record)
        account, name, is_sure = _account_of(record, members[id(root)], filed.get(id(root), set()), owners)
        block.out.add(
            "main.truth_person_records",
            source_system=record.system,
            source_instance=INSTANCE,
            source_object=record.kind,
            source_record_id=record.id,
            person_id=record.person.id,
            company_id=record.person.company.id,
            stratum=record.stratum,
            evidence=evidence.get(id(record), "none"),
            decidable=id(record) not in undecided,
            cluster_id=f"{root.system}:{root.kind}:{root.id}",
            is_present=record.is_present,
            is_deleted=record.deleted_at is not None,
            account_record_id=account.id if account else None,
            account_evidence=name,
            account_decidable=is_sure,
            created_at=record.created,
        )


def _account_of(
    record: Record,
    members: list[Record],
    filed: set[Account],
    owners: tuple[dict[str, list[Account]], dict[str, list[Account]]],
) -> tuple[Account | None, str, bool]:
    """The account record a person's record leads to, by which evidence, and whether that is sure and true."""
    company = record.person.company
    if filed:
        account = min(filed, key=lambda one: one.id)
        return account, "explicit_id", len(filed) == 1 and account.is_live and account.company is company
    domains = sorted({domain for member in members if (domain := _mail_domain(member.email)) is not None})
    for name, known in (("domain", owners[0]), ("former_domain", owners[1])):
        found = [account for domain in domains for account in known.get(domain, [])]
        if found:
            account = found[0]
            return account, name, len(found) == 1 and account.company is company
    return None, "none", False
