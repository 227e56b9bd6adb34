"""Errors a person can act on.

Every error says what is wrong in one sentence that names the system, table, column or setting, and how to
mend it. The command line shows both without a traceback and exits with the error's code.
"""

from __future__ import annotations

from typing import ClassVar

from plumbline.project.exit_codes import ExitCode


class PlumblineError(Exception):
    """Something a person can mend: what is wrong, and what to do about it."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED

    def __init__(self, what: str, mending: str = "") -> None:
        """Keep what is wrong (`what`) apart from what to do (`mending`); either may span lines."""
        super().__init__(what)
        self.what = what
        self.mending = mending

    def __str__(self) -> str:
        return f"{self.what}\n{self.mending}" if self.mending else self.what


class SettingsError(PlumblineError):
    """A setting is missing, unknown or has a wrong value."""

    exit_code = ExitCode.SETTINGS


class BusyError(PlumblineError):
    """Another process holds the lock of this target."""

    exit_code = ExitCode.BUSY


class RawDataError(PlumblineError):
    """The raw data is absent, unreadable or lacks something that is required."""

    exit_code = ExitCode.RAW_DATA


class BuildError(PlumblineError):
    """dbt could not parse the project or build a model or seed."""

    exit_code = ExitCode.BUILD_FAILED


class FailedTestsError(PlumblineError):
    """At least one test failed, so nothing may be published."""

    exit_code = ExitCode.TESTS_FAILED


class ChecksFailedError(PlumblineError):
    """At least one check of the quality gate does not hold, so nothing may be published."""

    exit_code = ExitCode.CHECKS_FAILED


class ChecksBrokenError(PlumblineError):
    """A check of the quality gate could not run: nothing is known of what it guards."""

    exit_code = ExitCode.CHECKS_BROKEN


class PublishError(PlumblineError):
    """The new version could not be written, verified or made current."""

    exit_code = ExitCode.PUBLISH_FAILED


class NoVersionError(PlumblineError):
    """There is no such published version, or none to go back to."""

    exit_code = ExitCode.NO_VERSION


class StateError(PlumblineError):
    """The state or a backup of it is damaged, empty, or in the way."""

    exit_code = ExitCode.STATE_UNUSABLE


class InterruptedRunError(PlumblineError):
    """The run was told to stop by a signal."""

    def __init__(self, signal_number: int, what: str, mending: str = "") -> None:
        """Remember the signal, since the exit code follows from it."""
        super().__init__(what, mending)
        self.signal_number = signal_number

    @property
    def code(self) -> ExitCode:
        """128 plus the signal's number, as shells have it."""
        return ExitCode(128 + self.signal_number)


def exit_code_of(error: PlumblineError) -> int:
    """The exit code with which the command line ends on this error."""
    return int(error.code) if isinstance(error, InterruptedRunError) else int(error.exit_code)
