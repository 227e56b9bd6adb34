"""The exit codes of the command line: one per kind of ending, stable, documented in docs/exit-codes.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended. The number is what a scheduler sees."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    SETTINGS = 3
    BUSY = 4
    RAW_DATA = 5
    BUILD_FAILED = 6
    TESTS_FAILED = 7
    PUBLISH_FAILED = 8
    NO_VERSION = 9
    CHECKS_FAILED = 10
    CHECKS_BROKEN = 11
    STATE_UNUSABLE = 12
    UNEXPECTED = 70
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "All went well; a night has published a new version.",
    ExitCode.FINDINGS: "A check found something, or generated files are stale; the output lists it.",
    ExitCode.USAGE: "The command was called wrongly: unknown option, missing argument, a name that is not there.",
    ExitCode.SETTINGS: "A setting is wrong or unknown; the message names it, its line and the mending.",
    ExitCode.BUSY: "Another run holds the lock; nothing was touched. Try again later.",
    ExitCode.RAW_DATA: "The raw data cannot be used; the message names system, table, column and mending.",
    ExitCode.BUILD_FAILED: "A model, seed or the project itself did not build; nothing was published.",
    ExitCode.TESTS_FAILED: "A test failed; nothing was published.",
    ExitCode.PUBLISH_FAILED: "The new version could not be written, proven or made current; the old stays.",
    ExitCode.NO_VERSION: "There is no published version to show or to roll back to.",
    ExitCode.CHECKS_FAILED: "A check of the quality gate does not hold; nothing was published.",
    ExitCode.CHECKS_BROKEN: "A check of the quality gate could not run, which says nothing of the data; not published.",
    ExitCode.STATE_UNUSABLE: "The state or a backup of it is damaged, empty, or in the way; nothing was lost.",
    ExitCode.UNEXPECTED: "A defect in Plumbline itself: run again with --debug and report what it shows.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C (SIGINT); the journal says interrupted.",
    ExitCode.TERMINATED: "Stopped by SIGTERM, as schedulers do; the journal says interrupted.",
}
"""One sentence for each exit code, shown in `plumbline --help` and in the guide."""

EXITS_WITH_1: dict[str, str] = {
    "init": "never",
    "check": "there is an error; what is overdue, or signed by some, warns for `definitions.grace_days` (30) first",
    "measure": "a pair of sides is further apart than the term's `tolerance`",
    "simulate": "never",
    "explain": "never",
    "evidence": "never",
    "report": "never",
    "packet": "every required team has signed",
    "sign": "the team has signed already",
    "review": "a review is overdue",
    "build": "a recorded version means something else now; with `--check`, when a file is stale",
    "compare": "never for a verdict, unknown ones included",
    "prove": "a relation is not the one under `expect`, what must match does not, an accepted difference expired",
    "verify": "a driven column is not proved, or a column with the term's name says something else",
    "lint": "a finding is neither allowed where it stands nor in the baseline",
    "diff": "a new version or a sign-off is missing",
}
"""When each verb of `plumbline definitions` ends with FINDINGS. What cannot be read, or is not there, is USAGE."""

FINDS_UNREADABLE = frozenset({"check"})
"""The verbs whose task it is to find definitions that cannot be read: to them that is a finding."""
