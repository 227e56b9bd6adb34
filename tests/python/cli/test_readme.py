"""What the guides tell people to type: each command, option, target and file is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from plumbline.cli.main import app

ROOT = Path(__file__).parents[3]
GUIDES = (
    "README.md",
    "CONTRIBUTING.md",
    "definitions/README.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
)
COMMAND = typer.main.get_command(app)


def told(text: str) -> Iterator[str]:
    """Every command of ours: lines of shell blocks, and what stands in backticks."""
    for block in re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            plain = re.sub(r"\s+#.*", "", line).strip()
            if re.match(r"(plumbline|make) ", plain):
                yield plain
    outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from (part for part in re.findall(r"`([^`\n]+)`", outside) if re.match(r"(plumbline|make) [a-z-]", part))


def fault(line: str) -> str | None:
    """What of a command is not there."""
    try:
        words = shlex.split(line.replace("…", "x"))
    except ValueError as error:
        return str(error)
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return next((f"no target {word}" for word in words[1:2] if word not in targets), None)
    command: Any = COMMAND
    for word in words[1:]:
        if hasattr(command, "commands") and not word.startswith("-"):
            if word not in command.commands:
                return f"no command {word}"
            command = command.commands[word]
        elif word.startswith("-"):
            known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
            if word.split("=")[0] not in known | {"--help", "-h"}:
                return f"no option {word}"
        elif re.fullmatch(r"docs/\S+\.\w+", word) and not (ROOT / word).exists():
            return f"no file {word}"
    return None


@pytest.mark.parametrize("guide", GUIDES)
def test_what_the_guides_say_can_be_typed(guide: str) -> None:
    lines = list(told((ROOT / guide).read_text(encoding="utf-8")))
    wrong = {line: found for line in lines if (found := fault(line)) is not None}
    assert wrong == {}
    assert lines or guide not in ("README.md", "definitions/README.md")


def test_a_slip_in_a_guide_is_found() -> None:
    for line in ("plumbline nihgtly", "plumbline definitions init x --teem sales", "make nightlie",
                 "plumbline definitions init docs/examples/none.json --team sales"):  # fmt: skip
        assert fault(line) is not None, line
    assert fault("plumbline definitions init docs/examples/ready_list.json --team sales") is None
    assert list(told("see `plumbline status`\n```sh\nmake test   # all\n```\n")) == ["make test", "plumbline status"]
