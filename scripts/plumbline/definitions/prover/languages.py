"""Texts without a text solver: which conditions on one text can hold together, with an example for each case.

A condition on a text (after LOWER, TRIM …) is membership in a regular language. All languages that a text is held
against are run side by side over an alphabet in which every character stands for all that no condition can tell
from it; what is reached is every combination of answers (a vector of booleans) that some text gives.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from plumbline.definitions.prover.casing import Casing, casing
from plumbline.definitions.prover.terms import MANY, ONE, Change, Longer, Pattern, Test

# Side-by-side states before the texts of one column are given up on.
MAX_STATES = 6_000
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
    def start(self) -> Hashable: ...
    def step(self, state: Hashable, character: str) -> Hashable: ...
    def accepts(self, state: Hashable) -> bool: ...


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

    def accepts(self, state: Hashable) -> bool:
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

    def accepts(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return state > self.length


class _Mapped:
    """What a language says of a text whose characters are mapped first."""

    def __init__(self, inner: _Automaton, change: Change, table: Casing) -> None:
        self.inner, self.change, self.table = inner, change, table

    def start(self) -> Hashable:
        return self.inner.start()

    def step(self, state: Hashable, character: str) -> Hashable:
        return self.inner.step(state, self.table.mapped(self.change, character))

    def accepts(self, state: Hashable) -> bool:
        return self.inner.accepts(state)


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

    def accepts(self, state: Hashable) -> bool:
        assert isinstance(state, tuple)
        _, kept, current = state
        return self.inner.accepts(kept if self.right else current)


class Texts:
    """The languages that one text is held against."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = list(languages)
        changes = {change for language in languages for change in language.changes}
        # The engine's table is only asked for when something depends on it.
        self._table = casing() if changes else Casing({}, {}, frozenset())
        self._automata = [self._automaton(language) for language in languages]

    def _automaton(self, language: Language) -> _Automaton:
        test = language.test
        automaton: _Automaton = _Matching(test) if isinstance(test, Pattern) else _Counting(test)
        for change in reversed(language.changes):
            wrap = _Mapped if change in ("lower", "upper") else _Trimmed
            automaton = wrap(automaton, change, self._table)
        return automaton

    def vector(self, text: str) -> Vector:
        """Which of the languages hold `text`."""
        answers = []
        for automaton in self._automata:
            state = automaton.start()
            for character in text:
                state = automaton.step(state, character)
            answers.append(automaton.accepts(state))
        return tuple(answers)

    def alphabet(self) -> list[str]:
        """One character for each class of characters that the languages cannot tell apart, believable ones first."""
        mentioned = [
            {part for part in language.test.parts if isinstance(part, str)}
            if isinstance(language.test, Pattern)
            else set[str]()
            for language in self.languages
        ]
        everything = sorted(set[str]().union(*mentioned))
        cased = set(everything)
        for _ in range(max((len(language.changes) for language in self.languages), default=0)):
            cased |= {source for character in cased for source in self._table.sources.get(character, ())}
        cased |= self._table.blanks
        free = [character for character in _OTHERS if character not in everything]
        free += [chr(code) for code in range(0x4E00, 0x4E00 + len(everything) + 1) if chr(code) not in everything][:1]
        # Characters that no change turns into a mentioned one are as good as any other.
        candidates = everything + free + sorted(cased - set(everything), key=lambda found: (found > "~", found))
        classes: dict[Hashable, str] = {}
        for character in candidates:
            classes.setdefault(self._signature(character, mentioned), character)
        return list(classes.values())

    def _signature(self, character: str, mentioned: list[set[str]]) -> Hashable:
        parts: list[tuple[str | None, tuple[bool, ...]]] = []
        for language, known in zip(self.languages, mentioned, strict=True):
            mapped, blank = character, list[bool]()
            for change in language.changes:
                if change in ("lower", "upper"):
                    mapped = self._table.mapped(change, mapped)
                else:
                    blank.append(mapped in self._table.blanks)
            parts.append((mapped if mapped in known else None, tuple(blank)))
        return tuple(parts)

    def vectors(self) -> dict[Vector, str]:
        """Every vector that some text gives, each with a shortest such text. Raises TooManyTextsError."""
        letters = self.alphabet()
        start = tuple(automaton.start() for automaton in self._automata)
        seen: set[Hashable] = {start}
        layer = [(start, "")]
        found: dict[Vector, str] = {}
        while layer:
            following = []
            for states, text in layer:
                answers = tuple(
                    automaton.accepts(state) for automaton, state in zip(self._automata, states, strict=True)
                )
                found.setdefault(answers, text)
                for letter in letters:
                    after = tuple(
                        automaton.step(state, letter) for automaton, state in zip(self._automata, states, strict=True)
                    )
                    if after not in seen:
                        seen.add(after)
                        following.append((after, text + letter))
            if len(seen) > MAX_STATES:
                raise TooManyTextsError
            layer = following
        return found


@lru_cache(maxsize=512)
def feasible(languages: tuple[Language, ...]) -> dict[Vector, str]:
    """`Texts.vectors`, remembered: many predicates ask the same of a column. Not to be changed by the caller."""
    return Texts(languages).vectors()
