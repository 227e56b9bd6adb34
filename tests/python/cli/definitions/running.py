"""Commands, run within this process."""

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from plumbline.cli.main import app


def run(root: Path, *arguments: str) -> Result:
    """`plumbline --project … definitions …`."""
    return CliRunner().invoke(app, ["--project", str(root), "definitions", *arguments])
