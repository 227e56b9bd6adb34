"""`plumbline doctor`: look at the raw tables, and write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.nightly import JsonOption, TargetOption, open_target

if TYPE_CHECKING:
    from pathlib import Path

    from plumbline.quality.diagnosis import Diagnosis


def doctor(
    system: Annotated[
        list[str] | None, typer.Option("--system", "-s", help="Show this system only; may be repeated.")
    ] = None,
    target: TargetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at the raw tables: what is found, missing, unknown or changed since the last night, and what to do.

    Writes nothing. Ends with code 0 when the night would build, else with the code that the night would end with:
    5 for the raw data, 3 for a setting. The verdict is about all systems, whatever --system shows.
    """
    seen = _diagnosis(target)
    if unknown := sorted(set(system or []) - {item.system for item in seen.instances}) if seen.instances else []:
        known = ", ".join(dict.fromkeys(item.system for item in seen.instances))
        raise typer.BadParameter(f"there is no system '{unknown[0]}'; known: {known}", param_hint="--system")
    if system:
        seen = seen.model_copy(update={"instances": [item for item in seen.instances if item.system in system]})
    if as_json:
        typer.echo(seen.model_dump_json(indent=2))
    else:
        from plumbline.cli.doctor_report import doctor_report
        from plumbline.nightly.summary import show

        show(doctor_report(seen))
    if seen.exit_code:
        raise typer.Exit(seen.exit_code)


def _diagnosis(target: str | None) -> Diagnosis:
    from plumbline.nightly.raw import raw_at_hand
    from plumbline.quality.doctor import diagnose
    from plumbline.quality.landed import read_snapshot

    settings, paths = open_target(target)

    def find_raw() -> Path | None:
        raw = raw_at_hand(paths.root, settings)
        return None if raw is None else raw.path

    return diagnose(paths.root, find_raw, settings.models, read_snapshot(paths.raw_snapshot))
