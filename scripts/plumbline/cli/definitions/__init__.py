"""`plumbline definitions …`: a module for each group of commands; what is heavy they import when they run."""

from __future__ import annotations

from collections.abc import Callable

import typer

from plumbline.cli.definitions import (
    approving,
    changing,
    comparing,
    drafting,
    evidencing,
    files,
    linting,
    measuring,
    simulating,
    verifying,
)
from plumbline.cli.definitions.shared import ended
from plumbline.project.exit_codes import EXITS_WITH_1

app = typer.Typer(
    help="Business terms: check them, prove them, and make the macros that models use.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def _add(verb: str, command: Callable[..., None]) -> None:
    """A verb, ended like all of them; its help says when that is with 1."""
    app.command(verb, epilog=f"Exits with 1: {EXITS_WITH_1[verb].replace('`', '')}.")(ended(verb, command))


_add("init", drafting.init_command)
_add("build", files.build_command)
_add("check", files.check_command)
_add("compare", comparing.compare_command)
_add("prove", comparing.prove_command)
_add("verify", verifying.verify_command)
_add("lint", linting.lint_command)
_add("diff", changing.diff_command)
_add("simulate", simulating.simulate_command)
_add("measure", measuring.measure_command)
_add("explain", measuring.explain_command)
_add("evidence", evidencing.evidence_command)
_add("report", measuring.report_command)
_add("packet", approving.packet_command)
_add("sign", approving.sign_command)
_add("review", approving.review_command)
