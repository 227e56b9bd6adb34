"""What the parent of dbt hears when dbt ends with an exception."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from plumbline.project import dbt_child


def fired(message: str) -> Any:
    """An event of dbt without a node."""
    stamp = SimpleNamespace(ToJsonString=lambda: "2026-01-01T00:00:00Z")
    return SimpleNamespace(
        info=SimpleNamespace(name="MainEncounteredError", level="error", ts=stamp, msg=message), data=SimpleNamespace()
    )


@pytest.mark.parametrize(
    ("events", "levels"),
    [([], ["error"]), ([fired("Encountered an error")], ["error", "info"])],
    ids=["silent", "told"],
)
def test_every_exception_has_its_reason_once(
    events: list[Any], levels: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong option comes before dbt's log: without an event, the night would say that there is no reason."""

    class Runner:
        def __init__(self, callbacks: list[Any]) -> None:
            self.callbacks = callbacks

        def invoke(self, arguments: list[str]) -> SimpleNamespace:
            for event in events:
                self.callbacks[0](event)
            return SimpleNamespace(exception=ValueError("No such option"), success=False)

    monkeypatch.setattr("dbt.cli.main.dbtRunner", Runner)
    monkeypatch.setattr(dbt_child, "_die_with_parent", lambda descriptor: None)
    assert dbt_child.main(["0", "build"]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["level"] for line in lines] == levels
    assert lines[-1]["msg"] == "No such option" and not any("unique_id" in line for line in lines)
