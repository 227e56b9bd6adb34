"""The long mode of the pair test: `python -m definitions.prover.fuzz [pairs] [seed]`.

Prints wrong verdicts, the share of unknown ones, and the time that a pair takes; exits 1 when a verdict is wrong.
"""

import statistics
import sys
from time import process_time

from plumbline.definitions.prover import Prover
from plumbline.definitions.prover.verdicts import Verdict

from .deals import DEAL
from .judging import judged, plain_memory, random_pairs

BATCH = 100


class _Timed(Prover):
    """Notes how long each comparison takes, in milliseconds of this process."""

    def __init__(self) -> None:
        super().__init__(DEAL)
        self.milliseconds: list[float] = []

    def compare(self, first: str, second: str, dialect: str = "duckdb", second_dialect: str | None = None) -> Verdict:
        begun = process_time()
        verdict = super().compare(first, second, dialect, second_dialect)
        self.milliseconds.append((process_time() - begun) * 1000)
        return verdict


def fuzz(count: int, seed: int) -> int:
    """Judge `count` random pairs; the number of wrong verdicts."""
    wrong: list[str] = []
    verdicts: list[Verdict] = []
    with _Timed() as prover, plain_memory() as engine:
        for batch in range(0, count, BATCH):
            pairs = random_pairs(min(BATCH, count - batch), seed * 1_000_003 + batch)
            mistakes, found = judged(prover, engine, pairs, 400, seed + batch)
            wrong += mistakes
            verdicts += found
            for mistake in mistakes:
                print("WRONG", mistake)
    milliseconds = sorted(prover.milliseconds)
    kinds = {kind: sum(verdict.verdict == kind for verdict in verdicts) for kind in ("unknown", "different")}
    print(f"pairs: {count}, seed {seed}, rows per pair: 400")
    print(f"wrong: {len(wrong)}")
    print(
        f"unknown: {kinds['unknown'] / count:.2%} (and not certain how they differ: {kinds['different'] / count:.2%})"
    )
    print(
        f"CPU milliseconds a pair: median {statistics.median(milliseconds):.0f}, "
        f"99th percentile {milliseconds[int(0.99 * (len(milliseconds) - 1))]:.0f}"
    )
    return len(wrong)


def main() -> None:
    """Read the two numbers from the command line."""
    count, seed = [*(int(argument) for argument in sys.argv[1:3]), *(20_000, 1)[len(sys.argv) - 1 :]]
    sys.exit(1 if fuzz(count, seed) else 0)


if __name__ == "__main__":
    main()
