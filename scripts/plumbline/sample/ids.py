"""Record ids as the source systems write them.

A Salesforce id has 15 case-sensitive characters; the 18-character form adds three that say which letters are
upper case, so that it survives systems that ignore case.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
POD = "5g0000"
"""Instance characters, the same in every id of one Salesforce organisation."""
SPAN = 62**4
"""Ids of one object that a block may use."""

_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_CHECKS = np.frombuffer(CHECK_ALPHABET.encode(), dtype=np.uint8)
_WEIGHTS = np.array([1, 2, 4, 8, 16], dtype=np.int64)


def to_18(record_id: str) -> str:
    """The 18-character form of a 15-character Salesforce id. Raises ValueError for any other length."""
    if len(record_id) != 15:
        raise ValueError(f"a short Salesforce id has 15 characters, not {len(record_id)}")
    checks = ""
    for chunk in (record_id[0:5], record_id[5:10], record_id[10:15]):
        checks += CHECK_ALPHABET[sum(1 << place for place, letter in enumerate(chunk) if letter.isupper())]
    return record_id + checks


def salesforce_ids(prefix: str, first: int, count: int) -> list[str]:
    """`count` consecutive 18-character ids with a three-character object prefix, from counter `first` on.

    Ids of one prefix sort (by code point) in the order of their counters.
    """
    numbers = np.arange(first, first + count, dtype=np.int64)
    text = np.empty((count, 18), dtype=np.uint8)
    text[:, :9] = np.frombuffer((prefix + POD).encode(), dtype=np.uint8)
    for place in range(14, 8, -1):
        text[:, place] = _LETTERS[numbers % 62]
        numbers = numbers // 62
    upper = (text[:, :15] >= ord("A")) & (text[:, :15] <= ord("Z"))
    text[:, 15:] = _CHECKS[upper.reshape(count, 3, 5).astype(np.int64) @ _WEIGHTS]
    joined: npt.NDArray[np.str_] = text.reshape(-1).view("S18").astype("U18")
    return [str(value) for value in joined.tolist()]


class IdSource:
    """Hands out ids that no other block uses: Salesforce ids by prefix, numbers for the other systems."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._counters: dict[str, int] = {}
        self._ready: dict[str, list[str]] = {}
        self._numbers: dict[str, int] = {}

    def salesforce(self, prefix: str) -> str:
        """The next 18-character id with this prefix."""
        ready = self._ready.get(prefix)
        if not ready:
            first = self._counters.get(prefix, 0)
            start = self._block * SPAN + 10 * 62**3 + first
            ready = salesforce_ids(prefix, start, 512)
            ready.reverse()
            self._ready[prefix] = ready
            self._counters[prefix] = first + 512
        return ready.pop()

    def number(self, name: str, base: int, span: int) -> int:
        """The next number of a series that starts at `base` and gives each block `span` numbers."""
        used = self._numbers.get(name, 0)
        if used >= span:
            raise ValueError(f"block {self._block} ran out of numbers for {name}")
        self._numbers[name] = used + 1
        return base + self._block * span + used

    def numbers(self, name: str, base: int, span: int, count: int) -> npt.NDArray[np.int64]:
        """`count` numbers of such a series at once."""
        used = self._numbers.get(name, 0)
        if used + count > span:
            raise ValueError(f"block {self._block} ran out of numbers for {name}")
        self._numbers[name] = used + count
        return np.arange(count, dtype=np.int64) + (base + self._block * span + used)
