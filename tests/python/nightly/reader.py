"""Reads the current version again and again, as BI does, until standard input closes; tells what it saw."""

from __future__ import annotations

import json
import select
import sys
from pathlib import Path

import duckdb

QUERY = """
select
    (select list(distinct number) from marts.main.dim_accounts),
    (select count(*) from marts.main.dim_accounts),
    (select list(distinct number) from marts.main.fct_opportunities),
    (select count(*) from marts.main.fct_opportunities)
"""


def main() -> None:
    """Poll `published/current` of the folder in the arguments."""
    current = Path(sys.argv[1]) / "current"
    seen: set[int] = set()
    reads, torn, errors = 0, 0, []
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as connection:
                row = connection.execute(QUERY).fetchone()
            folder = current.resolve()
            counts = [
                duckdb.execute(f"select count(*), min(number), max(number) from '{path}'").fetchone()
                for path in sorted((folder / "parquet").glob("*.parquet"))
            ]
        except Exception as error:  # whatever a reader meets is what this test is about
            errors.append(f"{type(error).__name__}: {error}")
        else:
            assert row is not None
            whole = len(row[0]) == len(row[2]) == 1 and row[0] == row[2] and row[1] == row[3] == 200
            numbers = {(count[1], count[2]) for count in counts if count}
            whole = whole and len(counts) == 2 and len(numbers) == 1
            torn += 0 if whole else 1
            seen.add(int(row[0][0]))
        reads += 1
        if reads == 1:
            print("ready", flush=True)
    print(json.dumps({"reads": reads, "torn": torn, "errors": errors, "versions": len(seen)}), flush=True)


if __name__ == "__main__":
    main()
