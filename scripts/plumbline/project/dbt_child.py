"""Run dbt in this process and die with the parent: the program behind `plumbline.project.dbt_runner`.

A killed night must not leave a dbt behind that still writes to the work file. The parent holds the other end
of a pipe; when the parent goes, however it goes, the pipe closes and this process ends at once.

What dbt tells goes to standard output, one JSON object a line: `level`, `ts`, `msg` and, of events about a node,
`unique_id`, `status`, `index` and `total`. dbt's own JSON log spells out every event, also those below its level:
that is a tenth of a night.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from typing import Any

ORPHANED = 137
# dbt keeps what it parsed for as long as it runs: to look through it at Python's own pace is a twelfth of a night.
GARBAGE_EVERY = (50_000, 20, 50)
QUIET = ("--log-level", "none", "--log-level-file", "none")
_UNTOLD = {"debug", "test"}


def _die_with_parent(descriptor: int) -> None:
    os.read(descriptor, 1)
    os._exit(ORPHANED)


def told(event: Any) -> dict[str, Any] | None:
    """What the parent hears of an event, which is dbt's `EventMsg`; nothing of those for dbt's developers."""
    info, data = event.info, event.data
    if info.level in _UNTOLD:
        return None
    line = {"name": info.name, "level": info.level, "ts": info.ts.ToJsonString(), "msg": info.msg}
    node = getattr(data, "node_info", None)
    if node is not None and node.unique_id:
        line |= {"unique_id": node.unique_id, "status": node.node_status}
        line |= {"index": getattr(data, "index", None), "total": getattr(data, "total", None)}
    return line


def main(arguments: list[str]) -> int:
    """Run dbt with `arguments[1:]`; `arguments[0]` is the descriptor of the pipe to the parent."""
    gc.set_threshold(*GARBAGE_EVERY)
    threading.Thread(target=_die_with_parent, args=(int(arguments[0]),), daemon=True).start()
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import env_scrubber

    speaking = threading.Lock()
    reasons: list[str] = []

    def say(line: dict[str, Any]) -> None:
        if line["level"] == "error":
            reasons.append(line["msg"])
        with speaking:
            print(env_scrubber(json.dumps(line)), flush=True)

    def tell(event: Any) -> None:
        if line := told(event):
            say(line)

    outcome = dbtRunner(callbacks=[tell]).invoke([*QUIET, *arguments[1:]])
    if outcome.exception is not None:
        # of what goes wrong before its log begins, such as an option that it does not know, dbt fires no event
        say({"name": "Exception", "level": "info" if reasons else "error", "msg": str(outcome.exception)})
        return 2
    return 0 if outcome.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
