"""Run dbt in this process and die with the parent: the program behind `plumbline.project.dbt_runner`.

A killed night must not leave a dbt behind that still writes to the work file. The parent holds the other end
of a pipe; when the parent goes, however it goes, the pipe closes and this process ends at once.
"""

from __future__ import annotations

import os
import sys
import threading

ORPHANED = 137


def _die_with_parent(descriptor: int) -> None:
    os.read(descriptor, 1)
    os._exit(ORPHANED)


def main(arguments: list[str]) -> None:
    """Run dbt with `arguments[1:]`; `arguments[0]` is the descriptor of the pipe to the parent."""
    threading.Thread(target=_die_with_parent, args=(int(arguments[0]),), daemon=True).start()
    from dbt.cli.main import cli

    sys.argv = ["dbt", *arguments[1:]]
    cli()


if __name__ == "__main__":
    main(sys.argv[1:])
