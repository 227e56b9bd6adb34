"""The components macro against union-find and networkx."""

from __future__ import annotations

import random
from itertools import pairwise

import duckdb
import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.oracle import UnionFind, record_key
from accounts.rendering import components_query

Link = tuple[int, int]
_SHARED = duckdb.connect(":memory:")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return _SHARED


def _key(number: int) -> int:
    return record_key("test", "main", str(number))


def _components(connection: duckdb.DuckDBPyConnection, links: list[Link], rounds: int | None = None) -> dict[int, int]:
    connection.execute("create or replace table links (left_key bigint, right_key bigint)")
    if links:
        values = ", ".join(f"({left}, {right})" for left, right in links)
        connection.execute(f"insert into links values {values}")
    rows = connection.execute(components_query("links", rounds)).fetchall()
    found = dict(rows)
    assert len(found) == len(rows), "a node has two components"
    return found


def _expected(links: list[Link]) -> dict[int, int]:
    sets = UnionFind()
    graph = networkx.Graph()
    for left, right in links:
        if left != right:
            sets.join(left, right)
            graph.add_edge(left, right)
    groups = sets.groups()
    assert groups == {frozenset(group) for group in networkx.connected_components(graph)}
    return {member: min(group) for group in groups for member in group}


def _forest(generator: random.Random, first: int, size: int) -> list[Link]:
    """Pointers from loser to survivor: chains, stars and rings, as merges leave them."""
    shape = generator.choice(("chain", "star", "ring", "tree", "functional"))
    numbers = list(range(first, first + size))
    generator.shuffle(numbers)
    pairs = {
        "chain": list(pairwise(numbers)),
        "star": [(number, numbers[0]) for number in numbers[1:]],
        "ring": list(zip(numbers, numbers[1:] + numbers[:1], strict=True)),
        "tree": [(numbers[place], numbers[generator.randrange(place)]) for place in range(1, size)],
        "functional": [(number, generator.choice(numbers)) for number in numbers],
    }[shape]
    return [(_key(left), _key(right)) for left, right in pairs]


def test_random_forests_with_chains_and_rings(connection: duckdb.DuckDBPyConnection) -> None:
    generator = random.Random(7)
    links: list[Link] = []
    for tree in range(400):
        links += _forest(generator, tree * 100, generator.randint(2, 60))
    generator.shuffle(links)
    assert _components(connection, links) == _expected(links)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=40))
def test_any_small_graph(pairs: list[tuple[int, int]]) -> None:
    links = [(_key(left), _key(right)) for left, right in pairs]
    assert _components(_SHARED, links, rounds=8) == _expected(links)


@pytest.mark.parametrize("length", [300, 5_000])
def test_long_chains_converge(connection: duckdb.DuckDBPyConnection, length: int) -> None:
    links = [(_key(number), _key(number + 1)) for number in range(length)]
    assert set(_components(connection, links).values()) == {min(_expected(links))}


def test_too_few_rounds_leave_links_with_two_components(connection: duckdb.DuckDBPyConnection) -> None:
    """What the blocking data test looks for does show when rounds are too few."""
    links = [(_key(number), _key(number + 1)) for number in range(500)]
    found = _components(connection, links, rounds=3)
    assert any(found[left] != found[right] for left, right in links)


def test_no_links_give_no_components(connection: duckdb.DuckDBPyConnection) -> None:
    assert _components(connection, []) == {}
