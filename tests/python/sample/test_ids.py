"""Record ids are written as the source systems write them."""

from __future__ import annotations

import pytest

from plumbline.sample.ids import SPAN, IdSource, salesforce_ids, to_18


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
        ("003D000000PwXyZ", "003D000000PwXyZIAV"),
        ("000000000000000", "000000000000000AAA"),
        ("ZZZZZZZZZZZZZZZ", "ZZZZZZZZZZZZZZZ555"),
    ],
)
def test_checksum(short: str, long: str) -> None:
    chunks = [short[place : place + 5] for place in (0, 5, 10)]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    expected = "".join(
        letters[sum(2**place for place, sign in enumerate(chunk) if "A" <= sign <= "Z")] for chunk in chunks
    )
    assert to_18(short) == short + expected
    if short in ("000000000000000", "ZZZZZZZZZZZZZZZ", "001A0000006Vm9r"):
        assert to_18(short) == long


def test_a_long_id_is_refused() -> None:
    with pytest.raises(ValueError, match="15 characters"):
        to_18("001A0000006Vm9rIAC")


def test_many_at_once_agree_with_one_by_one_and_sort_by_counter() -> None:
    ids = salesforce_ids("006", 62**3 * 11 - 40, 5_000)
    assert ids == [to_18(record_id[:15]) for record_id in ids]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_some_short_ids_differ_only_by_case() -> None:
    short = [record_id[:15] for record_id in salesforce_ids("001", 62**4, 200)]
    assert len({record_id.lower() for record_id in short}) < len(short)
    assert len({record_id.lower() for record_id in salesforce_ids("001", 62**4, 200)}) == 200


def test_blocks_never_share_an_id() -> None:
    first, second = IdSource(1), IdSource(2)
    assert first.salesforce("001")[:15] < second.salesforce("001")[:15]
    assert second.number("lead", 0, 100) == 200
    last = salesforce_ids("001", 2 * SPAN + 10 * 62**3 - 1, 1)[0]
    assert last < second.salesforce("001")


def test_a_series_of_numbers_ends() -> None:
    source = IdSource(0)
    source.numbers("call", 0, 10, 10)
    with pytest.raises(ValueError, match="ran out"):
        source.number("call", 0, 10)
