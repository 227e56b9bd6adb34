"""The long mode, `make prove-fuzz`: `python -m definitions.prover.fuzz [pairs] [seed]`.

Random pairs of predicates, filters in the shapes of Marketo and Salesforce, and random predicates on random rows, all
held against DuckDB, in two processes. Prints wrong verdicts, the share of unknown ones, and the CPU time that a pair
takes; exits 1 when a verdict is wrong or too many are unknown.
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from time import process_time

import duckdb

from plumbline.definitions.prover import Prover
from plumbline.definitions.prover.verdicts import Verdict
from plumbline.definitions.schemas import Entity

from .deals import DEAL, Row, rows
from .judging import judged, misread, plain_memory, random_pairs, random_predicates, truths
from .random_pairs import RandomPair
from .vendor_shapes import PERSON, people, vendor_pairs

PROCESSES = 2
BATCH = 100
ROWS = 400
MOST_UNKNOWN = 0.008
# Milliseconds of CPU that a pair should take: the median, and the 99th percentile.
TIMES = (21, 385)


@dataclass
class Tally:
    """What was found about a number of pairs, or of evaluations."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    unknown: int = 0
    uncertain: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another batch in."""
        self.count += other.count
        self.wrong += other.wrong
        self.unknown += other.unknown
        self.uncertain += other.uncertain
        self.milliseconds += other.milliseconds


class _Timed(Prover):
    """Notes how long each comparison takes, in milliseconds of this process."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity)
        self.milliseconds: list[float] = []

    def compare(self, first: str, second: str, dialect: str = "duckdb", second_dialect: str | None = None) -> Verdict:
        begun = process_time()
        verdict = super().compare(first, second, dialect, second_dialect)
        self.milliseconds.append((process_time() - begun) * 1000)
        return verdict


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    return plain_memory()


def _pairs(
    entity: Entity,
    draw: Callable[[int, int], list[RandomPair]],
    around: Callable[[int, int], list[Row]],
    work: tuple[int, int],
) -> Tally:
    """Judge one batch: its size and its seed."""
    count, seed = work
    with _Timed(entity) as prover:
        wrong, verdicts = judged(prover, _engine(), draw(count, seed), around(ROWS, seed))
    kinds = [verdict.verdict for verdict in verdicts]
    return Tally(count, wrong, kinds.count("unknown"), kinds.count("different"), prover.milliseconds)


def _evaluations(work: tuple[int, int]) -> Tally:
    """Hold random predicates against DuckDB row by row; three-valued answers that differ are wrong."""
    count, seed = work
    predicates, found = random_predicates(count, seed), rows(ROWS // 10, seed)
    differing = misread(predicates, found, truths(_engine(), predicates, found))
    wrong = [f"{one.computed}, DuckDB {one.duckdb}: {one.sql} {one.row}" for one in differing]
    return Tally(count * len(found), wrong)


def _random(work: tuple[int, int]) -> Tally:
    return _pairs(DEAL, random_pairs, rows, work)


def _vendors(work: tuple[int, int]) -> Tally:
    return _pairs(PERSON, vendor_pairs, people, work)


def _batches(count: int, seed: int) -> Iterator[tuple[int, int]]:
    for begun in range(0, count, BATCH):
        yield min(BATCH, count - begun), seed * 1_000_003 + begun


def _together(name: str, work: Callable[[tuple[int, int]], Tally], count: int, seed: int) -> Tally:
    """All batches, with a word now and then about how far it is."""
    whole = Tally()
    batches = list(_batches(count, seed))
    # A process that begins anew shares nothing with the others, whatever was asked before.
    with get_context("spawn").Pool(PROCESSES) as pool:
        for done, found in enumerate(pool.imap_unordered(work, batches), start=1):
            whole.add(found)
            for mistake in found.wrong:
                print(f"WRONG {mistake}", flush=True)
            if done % 10 == 0 and done < len(batches):
                print(
                    f"  {name}: {done} of {len(batches)} batches, {len(whole.wrong)} wrong", file=sys.stderr, flush=True
                )
    return whole


def _shown(name: str, found: Tally) -> bool:
    """Print a tally of pairs; whether its bounds hold."""
    share = found.unknown / found.count
    times = sorted(found.milliseconds)
    median, most = statistics.median(times), times[int(0.99 * (len(times) - 1))]
    print(f"{name}: {found.count:,} pairs, each on {ROWS} rows")
    print(f"  wrong verdicts: {len(found.wrong)}")
    print(f"  unknown: {found.unknown} ({share:.2%}; at most {MOST_UNKNOWN:.1%})")
    print(f"  different, not certain how: {found.uncertain} ({found.uncertain / found.count:.2%})")
    print(
        f"  CPU milliseconds a pair: median {median:.0f} (aim {TIMES[0]}), 99th percentile {most:.0f} (aim {TIMES[1]})",
        flush=True,
    )
    return not found.wrong and share <= MOST_UNKNOWN


def fuzz(count: int, seed: int) -> bool:
    """Random pairs, a tenth as many in vendors' shapes, and three evaluations a pair; whether all bounds hold."""
    print(f"seed {seed}", flush=True)
    held = _shown("random predicates", _together("pairs", _random, count, seed))
    vendors = max(count // 10, BATCH)
    held &= _shown("filters in vendors' shapes", _together("filters", _vendors, vendors, seed))
    found = _together("evaluations", _evaluations, max(count * 3 // (ROWS // 10), BATCH), seed)
    print(f"three-valued evaluations: {found.count:,}\n  wrong: {len(found.wrong)}")
    return held and not found.wrong


def main() -> None:
    """Read the two numbers from the command line."""
    count, seed = [*(int(argument) for argument in sys.argv[1:3]), *(20_000, 1)[len(sys.argv) - 1 :]]
    sys.exit(0 if fuzz(count, seed) else 1)


if __name__ == "__main__":
    main()
