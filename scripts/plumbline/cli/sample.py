"""`plumbline sample`: write the sample company's raw data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from plumbline.sample import Progress


def sample(
    scale: Annotated[float, typer.Option(help="1 is about 300 accounts and 100,000 raw rows.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = 1,
    out: Annotated[Path, typer.Option(help="DuckDB file for the raw tables.")] = Path("data/raw.duckdb"),
    truth: Annotated[
        Path | None,
        typer.Option(help="DuckDB file for the truth that tests read. Default: truth.duckdb beside it."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace files that are there already.")] = False,
    loader: Annotated[str, typer.Option(help="Whose shape: fivetran, airbyte, dlt or stitch.")] = "fivetran",
    processes: Annotated[int, typer.Option(help="Processes to use; 0 chooses. The result is the same.")] = 0,
) -> None:
    """Write the raw data of an invented company: three years of Salesforce, Marketo and Gong."""
    # Imported here: `plumbline --help` must not wait for numpy and Arrow.
    from rich.console import Console

    from plumbline.sample import generate
    from plumbline.sample.loaders import convert, require_known

    console = Console(stderr=True)
    workers = processes or (min(2, os.cpu_count() or 1) if scale >= 4 else 1)
    try:
        require_known(loader)
        with _shown(console) as show:
            written = generate(out, truth or out.with_name("truth.duckdb"), scale, seed, show, workers, force)
        convert(out, loader)
    except FileExistsError as error:
        console.print(f"[red]{error}.[/red] Use --force to replace it.")
        raise typer.Exit(2) from error
    except ValueError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error
    shape = "" if loader == "fivetran" else f", landed as by {loader}"
    console.print(f"{written.total:,} rows in {written.raw}{shape}, truth in {written.truth}", soft_wrap=True)


@contextmanager
def _shown(console: Console) -> Iterator[Progress]:
    """A bar on a terminal; in a log a line for each tenth, as a bar is written there only at its end."""
    if not console.is_terminal:
        tenth = -1

        def write(done: int, blocks: int, rows: int) -> None:
            nonlocal tenth
            if tenth < (tenth := max(tenth, 10 * done // blocks)):
                console.print(f"{done} of {blocks} blocks, {rows:,} rows", highlight=False)

        yield write
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        line = bar.add_task("Sample company", total=None, rows=0)
        yield lambda done, blocks, rows: bar.update(line, completed=done, total=blocks, rows=rows)


if __name__ == "__main__":
    typer.run(sample)
