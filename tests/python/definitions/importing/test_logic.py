"""Filter logic means what its brackets say; a slip is named with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.definitions.conditions import All, AnyOf, Column, ConditionError, Node, Not
from plumbline.definitions.importing.logic import Joined, Logic, Negated, Numbered, combine, numbers, parse_logic

COUNT = 4


def value(logic: Logic, answers: dict[int, bool]) -> bool:
    """What parsed logic says of the filters' answers."""
    match logic:
        case Numbered(number):
            return answers[number]
        case Negated(item):
            return not value(item, answers)
        case Joined(every, items):
            return all(value(item, answers) for item in items) if every else any(value(item, answers) for item in items)


def of_node(node: Node, answers: dict[int, bool]) -> bool:
    """What a combined condition says, each column standing for a filter."""
    match node:
        case Column(name):
            return answers[int(name[1:])]
        case Not(item):
            return not of_node(item, answers)
        case All(items):
            return all(of_node(item, answers) for item in items)
        case AnyOf(items):
            return any(of_node(item, answers) for item in items)
    raise AssertionError(node)


@st.composite
def texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Filter logic as people type it: brackets wherever AND meets OR, needless ones besides, any spacing."""
    kind = draw(st.sampled_from(["number", "not", "and", "or"] if depth else ["number"]))
    if kind == "number":
        text = str(draw(st.integers(1, COUNT)))
    elif kind == "not":
        text = f"{draw(st.sampled_from(['NOT', 'not']))} ({draw(texts(depth=depth - 1))})"
    else:
        word = draw(st.sampled_from([kind, kind.upper(), f" {kind}  "]))
        text = word.join(f"({draw(texts(depth=depth - 1))})" for _ in range(draw(st.integers(2, 3))))
    return f"({text})" if draw(st.booleans()) else text


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=texts())
def test_parsed_logic_agrees_with_python(text: str) -> None:
    """Python's own `and`, `or`, `not` read the same text: on every combination of answers they agree."""
    mentioned = sorted({int(letter) for letter in text if letter.isdigit()})
    dense = {number: place for place, number in enumerate(mentioned, start=1)}
    text = "".join(str(dense[int(letter)]) if letter.isdigit() else letter for letter in text)
    logic = parse_logic(text, len(mentioned))
    assert sorted(set(numbers(logic))) == list(dense.values())
    node = combine(logic, {number: Column(f"f{number}") for number in dense.values()})
    spoken = "".join(f" answers[{letter}] " if letter.isdigit() else letter.lower() for letter in text).strip()
    code = compile(spoken, "logic", "eval")
    for bits in range(2 ** len(dense)):
        answers = {number: bool(bits >> (number - 1) & 1) for number in dense.values()}
        wanted = eval(code, {"answers": answers})
        assert value(logic, answers) is wanted, text
        assert of_node(node, answers) is wanted, text


def test_logic_may_be_typed_without_spaces() -> None:
    either = Joined(False, (Numbered(1), Numbered(4)))
    assert parse_logic("(1OR4)AND2AND3", 4) == Joined(True, (either, Numbered(2), Numbered(3)))


@pytest.mark.parametrize(
    ("text", "says", "mends"),
    [
        ("1 AND 4", "at character 7: there is no filter 4", "there are 3 filters"),
        ("0 AND 1", "at character 1: there is no filter 0", "from 1 on"),
        ("1 AND 99999999999999999999", "there is no filter 99999999999999999999", "from 1 on"),
        ("1 AND 2 OR 3", "at character 9: AND and OR stand side by side", "(1 AND 2) OR 3"),
        ("1 OR 2 AND 3", "at character 8: AND and OR stand side by side", "(1 AND 2) OR 3"),
        ("1 ADN 2", "at character 3: `ADN` is not known", "Valid here: `AND`, `NOT`, `OR`"),
        ("1 & 2", "at character 3: `&` is not known", "AND, OR, NOT"),
        ("(1 AND 2", "at character 1: the bracket is not closed", "Add `)`"),
        ("1 AND 2)", "at character 8: `)` is not expected", "Remove it"),
        ("1 2", "at character 3: `2` is not expected", "AND or OR"),
        ("1 AND", "breaks off", "missing"),
        ("NOT", "breaks off", "missing"),
        ("AND 1", "at character 1: `AND` stands where a filter is expected", "number"),
        ("()", "at character 2: `)` stands where a filter is expected", "number"),
        ("", "is empty", "1 AND (2 OR 3)"),
        ("  ", "is empty", "1 AND (2 OR 3)"),
        ("1 AND 2", "does not mention filter 3", "remove it"),
        ("(" * 60 + "1" + ")" * 60, "more than 50 levels", "fewer brackets"),
        ("NOT " * 5000 + "1", "more than 50 levels", "fewer brackets"),
    ],
)
def test_a_slip_is_named_with_its_place(text: str, says: str, mends: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_logic(text, 3)
    assert says in caught.value.message
    assert mends in caught.value.mending
