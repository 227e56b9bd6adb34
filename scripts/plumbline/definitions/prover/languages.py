"""Texts without a text solver: which conditions on one text can hold together, with an example for each case.

A condition on a text (after LOWER, TRIM …) is membership in a regular language. All languages that a text is held
against are run side by side over an alphabet in which every character stands for all that no condition can tell
from it; what is reached is every combination of answers (a vector of booleans) that some text gives.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from plumbline.definitions.prover.casing import Casing, casing
from plumbline.definitions.prover.terms import MANY, ONE, Change, Longer, Pattern, Test

# Side-by-side states before the texts of one column are given up on.
MAX_STATES = 20_000
# Characters that no condition mentions: the first free one stands for all others.
_OTHERS = "xyzqjw_~0123456789ÀÁÂ"

Vector = tuple[bool, ...]


class TooManyTextsError(Exception):
    """The conditions on one text have too many combinations to list."""


@dataclass(frozen=True)
class Language:
    """A test on a text after changes, the innermost change first."""

    changes: tuple[Change, ...]
    test: Test


class _Automaton(Protocol):
    """Reads a text character by character; what it then says of the text is `said`."""

    def start(self) -> Hashable: ...
    def step(self, state: Hashable, character: str) -> Hashable: ...
    def said(self, state: Hashable) -> Hashable: ...


class _Matching:
    """A pattern: the state is the set of places at which the rest may begin, as bits."""

    def __init__(self, pattern: Pattern) -> None:
        self.parts = pattern.parts

    def _closed(self, places: int) -> int:
        for place, part in enumerate(self.parts):
            if part is MANY and places >> place & 1:
                places |= 1 << (place + 1)
        return places

    def start(self) -> int:
        return self._closed(1)

    def step(self, state: Hashable, character: str) -> int:
        assert isinstance(state, int)
        following = 0
        for place, part in enumerate(self.parts):
            if state >> place & 1:
                if part is MANY:
                    following |= 1 << place
                elif part is ONE or part == character:
                    following |= 1 << (place + 1)
        return self._closed(following)

    def said(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return bool(state >> len(self.parts) & 1)


class _Counting:
    """More than so many characters: the state counts them, up to the answer."""

    def __init__(self, test: Longer) -> None:
        self.length = test.length

    def start(self) -> int:
        return 0

    def step(self, state: Hashable, character: str) -> int:
        assert isinstance(state, int)
        return min(state + 1, self.length + 1)

    def said(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return state > self.length


class _Words:
    """Plain words, together: the state is a place in the tree of their letters, and at the end the word's number."""

    def __init__(self, words: Sequence[str]) -> None:
        self.following: list[dict[str, int]] = [{}]
        self.numbers: dict[int, int] = {}
        for number, word in enumerate(words):
            place = 0
            for character in word:
                if character not in self.following[place]:
                    self.following[place][character] = len(self.following)
                    self.following.append({})
                place = self.following[place][character]
            self.numbers[place] = number

    def start(self) -> int:
        return 0

    def step(self, state: Hashable, character: str) -> int:
        assert isinstance(state, int)
        return self.following[state].get(character, -1) if state >= 0 else -1

    def said(self, state: Hashable) -> int | None:
        assert isinstance(state, int)
        return self.numbers.get(state)


class _Mapped:
    """What a language says of a text whose characters are mapped first."""

    def __init__(self, inner: _Automaton, change: Change, table: Casing) -> None:
        self.inner, self.change, self.table = inner, change, table

    def start(self) -> Hashable:
        return self.inner.start()

    def step(self, state: Hashable, character: str) -> Hashable:
        return self.inner.step(state, self.table.mapped(self.change, character))

    def said(self, state: Hashable) -> Hashable:
        return self.inner.said(state)


class _Trimmed:
    """What a language says of a text without blanks at one or both ends.

    State: whether a character that stays was seen, the inner state after the last that is not blank, and after all.
    """

    def __init__(self, inner: _Automaton, change: Change, table: Casing) -> None:
        self.inner, self.table = inner, table
        self.left, self.right = change != "rtrim", change != "ltrim"

    def start(self) -> Hashable:
        return (not self.left, self.inner.start(), self.inner.start())

    def step(self, state: Hashable, character: str) -> Hashable:
        assert isinstance(state, tuple)
        begun, kept, current = state
        blank = character in self.table.blanks
        if blank and not begun:
            return state
        current = self.inner.step(current, character)
        return (True, kept if blank else current, current)

    def said(self, state: Hashable) -> Hashable:
        assert isinstance(state, tuple)
        _, kept, current = state
        return self.inner.said(kept if self.right else current)


@dataclass(frozen=True)
class _Group:
    """Languages that one automaton answers for: plain words after the same changes, or any other language alone."""

    changes: tuple[Change, ...]
    automaton: _Automaton
    members: tuple[int, ...]
    characters: frozenset[str]

    def holding(self, said: Hashable) -> tuple[int, ...]:
        """The members that hold a text of which the automaton says so."""
        if isinstance(said, bool):
            return self.members if said else ()
        return () if said is None else (self.members[said],)  # type: ignore[call-overload]


class Texts:
    """The languages that one text is held against."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = list(languages)
        changes = {change for language in languages for change in language.changes}
        # The engine's table is only asked for when something depends on it.
        self._table = casing() if changes else Casing({}, {}, frozenset())
        self._groups = list(self._grouped())

    def _grouped(self) -> Iterator[_Group]:
        words: dict[tuple[Change, ...], list[tuple[int, str]]] = {}
        for place, language in enumerate(self.languages):
            test = language.test
            if not isinstance(test, Pattern):
                yield self._group(language.changes, _Counting(test), (place,), frozenset())
                continue
            characters = [part for part in test.parts if isinstance(part, str)]
            if len(characters) == len(test.parts):
                words.setdefault(language.changes, []).append((place, "".join(characters)))
            else:
                yield self._group(language.changes, _Matching(test), (place,), frozenset(characters))
        for changes, found in words.items():
            automaton = _Words([word for _, word in found])
            characters_of_all = frozenset(character for _, word in found for character in word)
            yield self._group(changes, automaton, tuple(place for place, _ in found), characters_of_all)

    def _group(
        self, changes: tuple[Change, ...], automaton: _Automaton, members: tuple[int, ...], characters: frozenset[str]
    ) -> _Group:
        for change in reversed(changes):
            wrap = _Mapped if change in ("lower", "upper") else _Trimmed
            automaton = wrap(automaton, change, self._table)
        return _Group(changes, automaton, members, characters)

    def vector(self, text: str) -> Vector:
        """Which of the languages hold `text`."""
        said = []
        for group in self._groups:
            state = group.automaton.start()
            for character in text:
                state = group.automaton.step(state, character)
            said.append(group.automaton.said(state))
        return self._vector(said)

    def _vector(self, said: Sequence[Hashable]) -> Vector:
        holding = {place for group, word in zip(self._groups, said, strict=True) for place in group.holding(word)}
        return tuple(place in holding for place in range(len(self.languages)))

    def alphabet(self) -> list[str]:
        """One character for each class of characters that the languages cannot tell apart, believable ones first."""
        everything = sorted(set[str]().union(*[group.characters for group in self._groups]))
        cased = set(everything)
        for _ in range(max((len(group.changes) for group in self._groups), default=0)):
            cased |= {source for character in cased for source in self._table.sources.get(character, ())}
        cased |= self._table.blanks
        free = [character for character in _OTHERS if character not in everything]
        free += [chr(code) for code in range(0x4E00, 0x4E00 + len(everything) + 1) if chr(code) not in everything][:1]
        # Characters that no change turns into a mentioned one are as good as any other.
        candidates = everything + free + sorted(cased - set(everything), key=lambda found: (found > "~", found))
        classes: dict[Hashable, str] = {}
        for character in candidates:
            classes.setdefault(self._signature(character), character)
        return list(classes.values())

    def _signature(self, character: str) -> Hashable:
        parts: list[tuple[str | None, tuple[bool, ...]]] = []
        for group in self._groups:
            mapped, blank = character, list[bool]()
            for change in group.changes:
                if change in ("lower", "upper"):
                    mapped = self._table.mapped(change, mapped)
                else:
                    blank.append(mapped in self._table.blanks)
            parts.append((mapped if mapped in group.characters else None, tuple(blank)))
        return tuple(parts)

    def vectors(self) -> dict[Vector, str]:
        """Every vector that some text gives, each with a shortest such text. Raises TooManyTextsError."""
        letters = self.alphabet()
        automata = [group.automaton for group in self._groups]
        start = tuple(automaton.start() for automaton in automata)
        seen: set[Hashable] = {start}
        layer = [(start, "")]
        found: dict[tuple[Hashable, ...], str] = {}
        while layer:
            following = []
            for states, text in layer:
                said = tuple(automaton.said(state) for automaton, state in zip(automata, states, strict=True))
                found.setdefault(said, text)
                for letter in letters:
                    after = tuple(
                        automaton.step(state, letter) for automaton, state in zip(automata, states, strict=True)
                    )
                    if after not in seen:
                        seen.add(after)
                        following.append((after, text + letter))
            if len(seen) > MAX_STATES:
                raise TooManyTextsError
            layer = following
        return {self._vector(said): text for said, text in found.items()}


@lru_cache(maxsize=512)
def feasible(languages: tuple[Language, ...]) -> dict[Vector, str]:
    """`Texts.vectors`, remembered: many predicates ask the same of a column. Not to be changed by the caller."""
    return Texts(languages).vectors()
