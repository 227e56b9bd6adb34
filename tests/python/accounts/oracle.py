"""Who belongs together, computed in plain Python: an independent answer to compare the models with."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable


class UnionFind:
    """Sets that are joined pair by pair."""

    def __init__(self, members: Iterable[Hashable] = ()) -> None:
        self._above: dict[Hashable, Hashable] = {member: member for member in members}

    def find(self, member: Hashable) -> Hashable:
        """The member that stands for the set of this one."""
        self._above.setdefault(member, member)
        path = []
        while self._above[member] != member:
            path.append(member)
            member = self._above[member]
        for step in path:
            self._above[step] = member
        return member

    def join(self, first: Hashable, second: Hashable) -> None:
        """Makes one set of two."""
        self._above[self.find(first)] = self.find(second)

    def groups(self) -> set[frozenset[Hashable]]:
        """All sets."""
        found: dict[Hashable, set[Hashable]] = {}
        for member in list(self._above):
            found.setdefault(self.find(member), set()).add(member)
        return {frozenset(group) for group in found.values()}


def record_key(system: str, instance: str, record_id: str) -> int:
    """The first 15 hex digits of md5 over system, instance and id."""
    return int(hashlib.md5(f"{system}|{instance}|{record_id}".encode()).hexdigest()[:15], 16)


def salesforce_id(short: str) -> str:
    """An id of 15 characters with its suffix: for each block of five, which characters are capitals."""
    suffix = ""
    for block in range(0, 15, 5):
        letters = short[block : block + 5]
        bits = sum(1 << place for place, letter in enumerate(letters) if "A" <= letter <= "Z")
        suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]
    return short + suffix
