"""The journal survives killed writers and tells which runs never ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plumbline.nightly.clock import ago
from plumbline.nightly.journal import Journal
from plumbline.nightly.run_ids import is_run_id, new_run_id


def test_entries_come_back_in_order_and_runs_without_an_end_are_known(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state" / "runs.jsonl")
    assert journal.entries() == [] and journal.unfinished() == []
    journal.append("started", "a", target="prod")
    journal.append("published", "a", rows=3)
    journal.append("started", "b")
    journal.append("rolled back", "a", before="c")
    assert [(entry.event, entry.run_id) for entry in journal.entries()] == [
        ("started", "a"),
        ("published", "a"),
        ("started", "b"),
        ("rolled back", "a"),
    ]
    assert [entry.run_id for entry in journal.unfinished()] == ["b"]
    assert [entry.event for entry in journal.last_runs(5)] == ["rolled back", "published"]
    assert journal.run_ids() == {"a", "b"}


@given(st.integers(min_value=0, max_value=200))
def test_a_line_cut_short_at_any_byte_loses_only_itself(cut: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "runs.jsonl")
        journal.append("started", "a")
        whole = journal.path.read_bytes()
        journal.append("failed", "a", reason="Größe")
        journal.path.write_bytes(journal.path.read_bytes()[: len(whole) + cut])
        journal.append("started", "b")
        found = [(entry.event, entry.run_id) for entry in journal.entries()]
        assert found[0] == ("started", "a") and found[-1] == ("started", "b")


@given(st.lists(st.integers(min_value=-(10**7), max_value=10**7), min_size=1, max_size=8))
def test_run_ids_only_ever_grow_even_when_the_clock_jumps_back(jumps: list[int]) -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
    earlier: list[str] = ["not a run id"]
    for jump in jumps:
        moment += timedelta(seconds=jump)
        made = new_run_id(moment, earlier)
        assert is_run_id(made)
        assert all(made > other for other in earlier[1:])
        earlier.append(made)


def test_ages_in_words() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert ago(now - timedelta(seconds=20), now) == "just now"
    assert ago(now - timedelta(minutes=1), now) == "1 minute ago"
    assert ago(now - timedelta(hours=30), now) == "1 day ago"
    assert ago(now + timedelta(hours=1), now) == "just now"
