"""`plumbline definitions …`: a module for each group of commands; what is heavy they import when they run."""

from __future__ import annotations

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

app = typer.Typer(
    help="Business terms: check them, prove them, and make the macros that models use.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("init")(drafting.init_command)
app.command("build")(files.build_command)
app.command("check")(files.check_command)
app.command("compare")(comparing.compare_command)
app.command("prove")(comparing.prove_command)
app.command("verify")(verifying.verify_command)
app.command("lint")(linting.lint_command)
app.command("diff")(changing.diff_command)
app.command("simulate")(simulating.simulate_command)
app.command("measure")(measuring.measure_command)
app.command("explain")(measuring.explain_command)
app.command("evidence")(evidencing.evidence_command)
app.command("report")(measuring.report_command)
app.command("packet")(approving.packet_command)
app.command("sign")(approving.sign_command)
app.command("review")(approving.review_command)
