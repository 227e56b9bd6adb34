"""Filter logic: «(1 OR 2) AND NOT 3» over numbered filters, as report builders write it."""

import re
from dataclasses import dataclass

from plumbline.definitions.conditions import All, AnyOf, ConditionError, Node, Not
from plumbline.definitions.problems import nearest

# Far beyond what people type, and far below what Python's stack bears.
MAX_DEPTH = 50

_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+)|(?P<word>[A-Za-z]+)|(?P<bracket>[()])|(?P<other>\S))")
_WORDS = ("and", "or", "not")


@dataclass(frozen=True)
class Numbered:
    """The filter of this number."""

    number: int


@dataclass(frozen=True)
class Negated:
    """Where the item does not hold."""

    item: "Logic"


@dataclass(frozen=True)
class Joined:
    """Items joined by AND, or by OR."""

    every: bool
    items: tuple["Logic", ...]


Logic = Numbered | Negated | Joined


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def all_of(count: int) -> Logic:
    """Filters 1 to `count`, all of which have to hold."""
    return _joined(True, [Numbered(number) for number in range(1, count + 1)])


def any_of(count: int) -> Logic:
    """Filters 1 to `count`, one of which has to hold."""
    return _joined(False, [Numbered(number) for number in range(1, count + 1)])


def parse_logic(text: str, count: int) -> Logic:
    """Read filter logic over `count` filters. Raises ConditionError with the place of the slip.

    AND next to OR without brackets is refused: tools disagree about which of them binds first.
    """
    parser = _Parser(text, count)
    logic = parser.whole()
    unused = sorted(set(range(1, count + 1)) - set(numbers(logic)))
    if unused:
        shown = ", ".join(str(number) for number in unused)
        raise ConditionError(
            "unused-filter",
            f"The filter logic `{text}` does not mention filter {shown}.",
            "Mention every filter, or remove it from the export.",
        )
    return logic


def numbers(logic: Logic) -> list[int]:
    """The numbers of the filters in the order in which they are mentioned."""
    match logic:
        case Numbered(number):
            return [number]
        case Negated(item):
            return numbers(item)
        case Joined(_, items):
            return [number for item in items for number in numbers(item)]


def combine(logic: Logic, conditions: dict[int, Node]) -> Node:
    """One condition, from the conditions of the filters by their numbers."""
    match logic:
        case Numbered(number):
            return conditions[number]
        case Negated(item):
            return Not(combine(item, conditions))
        case Joined(every, items):
            flat: list[Node] = []
            for part in (combine(item, conditions) for item in items):
                match part:
                    case All(inner) if every:
                        flat.extend(inner)
                    case AnyOf(inner) if not every:
                        flat.extend(inner)
                    case _:
                        flat.append(part)
            return All(tuple(flat)) if every else AnyOf(tuple(flat))


def _joined(every: bool, items: list[Logic]) -> Logic:
    return items[0] if len(items) == 1 else Joined(every, tuple(items))


class _Parser:
    """Recursive descent over: chain = part (AND part)* | part (OR part)*; part = NOT part | ( chain ) | number."""

    def __init__(self, text: str, count: int) -> None:
        self.text = text
        self.count = count
        self.tokens = self._tokens()
        self.next = 0

    def whole(self) -> Logic:
        if not self.tokens:
            raise ConditionError("filter-logic", "The filter logic is empty.", "Write it like `1 AND (2 OR 3)`.")
        logic = self._chain(0)
        token = self._peek()
        if token is not None:
            mending = "Remove it, or add the bracket that it closes." if token.text == ")" else "Write AND or OR there."
            raise self._slip(token, f"`{token.text}` is not expected", mending)
        return logic

    def _tokens(self) -> list[_Token]:
        found = []
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup
            assert kind is not None
            token = _Token(kind, match.group(kind), match.start(kind) + 1)
            if kind == "other":
                raise self._slip(token, f"`{token.text}` is not known", "Use numbers, AND, OR, NOT and brackets.")
            if kind == "word" and token.text.lower() not in _WORDS:
                raise self._slip(
                    token,
                    f"`{token.text}` is not known",
                    nearest(token.text.upper(), [word.upper() for word in _WORDS]),
                )
            found.append(token)
        return found

    def _chain(self, depth: int) -> Logic:
        items = [self._part(depth)]
        joint: str | None = None
        while (token := self._peek()) is not None and token.kind == "word" and token.text.lower() in ("and", "or"):
            word = token.text.lower()
            if joint is not None and word != joint:
                raise self._slip(
                    token,
                    "AND and OR stand side by side without brackets",
                    "Add brackets that say which belong together: `(1 AND 2) OR 3`, or `1 AND (2 OR 3)`.",
                )
            joint = word
            self.next += 1
            items.append(self._part(depth))
        return _joined(joint == "and", items)

    def _part(self, depth: int) -> Logic:
        token = self._peek()
        if token is None:
            raise ConditionError(
                "filter-logic", f"The filter logic `{self.text}` breaks off.", "Add the filter that is missing."
            )
        if depth >= MAX_DEPTH:
            raise self._slip(token, f"more than {MAX_DEPTH} levels are nested", "Write it with fewer brackets.")
        self.next += 1
        if token.kind == "number":
            return self._numbered(token)
        if token.text.lower() == "not":
            return Negated(self._part(depth + 1))
        if token.text == "(":
            inner = self._chain(depth + 1)
            closing = self._peek()
            if closing is None or closing.text != ")":
                raise self._slip(token, "the bracket is not closed", "Add `)`.")
            self.next += 1
            return inner
        raise self._slip(token, f"`{token.text}` stands where a filter is expected", "Write the number of a filter.")

    def _numbered(self, token: _Token) -> Numbered:
        # Longer numbers are out of range, however they are read.
        number = int(token.text) if len(token.text) <= 9 else 0
        if not 1 <= number <= self.count:
            valid = "there is one filter" if self.count == 1 else f"there are {self.count} filters"
            raise self._slip(token, f"there is no filter {token.text}", f"Use a number from 1 on: {valid}.")
        return Numbered(number)

    def _peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _slip(self, token: _Token, what: str, mending: str) -> ConditionError:
        return ConditionError(
            "filter-logic", f"In the filter logic `{self.text}`, at character {token.at}: {what}.", mending
        )
