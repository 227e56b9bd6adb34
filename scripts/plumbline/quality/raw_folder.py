"""Raw data in a folder of files: its tables as views of a database in memory, and what is wrong with its files.

The SQL that finds and reads files is dbt's own (`macros/raw/folder_queries.sql`), so that the check before a build
sees the tables that the models will see. What DuckDB says about a bad file is not shown, since it quotes rows: the
line is looked for here.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import duckdb
from jinja2 import Environment

QUERIES = Path("macros/raw/folder_queries.sql")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileProblem:
    """What is wrong with a file or with the files of a table, and how to mend it."""

    what: str
    mending: str


@dataclass
class FolderTable:
    """The files of one raw table."""

    schema: str
    name: str
    format: str
    is_in_folder: bool
    files: list[Path] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """Schema and name, quoted."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in (self.schema, self.name))


@dataclass
class RawFolder:
    """A database in memory with a view for each table of a folder; empty files make no view."""

    connection: duckdb.DuckDBPyConnection
    problems: list[FileProblem]
    empty_tables: dict[str, list[str]]
    unnamed_tables: dict[str, list[str]]
    """Tables of schemas that no setting names: nobody reads them."""


def open_folder(root: Path, folder: Path, schemas: Iterable[str]) -> RawFolder:
    """Look at every file of the schemas that are read, and make views of those that can be."""
    queries = Environment(autoescape=False).from_string((root / QUERIES).read_text(encoding="utf-8")).module
    connection = duckdb.connect(":memory:")
    opened = RawFolder(connection, [], {}, {})
    wanted = {schema.lower() for schema in schemas}
    tables: dict[tuple[str, str], FolderTable] = {}
    for row in connection.execute(_text(queries, "folder_files_query", str(folder))).fetchall():
        if str(row[0]).lower() in wanted:
            _take(tables, opened.problems, row)
        else:
            opened.unnamed_tables.setdefault(str(row[0]), []).append(str(row[1]))
    for table in tables.values():
        _open_table(opened, queries, table)
    return opened


def _take(tables: dict[tuple[str, str], FolderTable], problems: list[FileProblem], row: tuple[Any, ...]) -> None:
    schema, name, file_format, is_in_folder, file = row
    found = FolderTable(str(schema), str(name), str(file_format), bool(is_in_folder))
    known = tables.setdefault((found.schema.lower(), found.name.lower()), found)
    is_same_set = (found.name, found.format) == (known.name, known.format) and known.is_in_folder and found.is_in_folder
    if known.files and not is_same_set:
        problems.append(
            FileProblem(
                f"two sets of files for table {schema}.{name}: {known.files[0]} and {file}",
                "Remove one of them: a table is one file, or a folder with files of one format.",
            )
        )
        return
    known.files.append(Path(str(file)))


def _open_table(opened: RawFolder, queries: Any, table: FolderTable) -> None:
    opened.connection.execute(f'create schema if not exists "{table.schema}"')
    try:
        if problem := next(_unreadable_texts(table), None):
            opened.problems.append(problem)
            return
        if all(file.stat().st_size == 0 for file in table.files):
            opened.empty_tables.setdefault(table.schema, []).append(table.name)
            return
        _make_view(opened, queries, table)
    except (duckdb.Error, OSError, EOFError) as error:
        opened.problems.append(_problem_of(table, error))


def _make_view(opened: RawFolder, queries: Any, table: FolderTable) -> None:
    files, keys = [str(file) for file in table.files], []
    if table.format == "json":
        keys = [key for (key,) in opened.connection.execute(_text(queries, "json_keys_query", files)).fetchall()]
        if not keys:
            # DuckDB takes a single line that was cut short for no line at all.
            if problem := _broken_file(table):
                opened.problems.append(problem)
            opened.empty_tables.setdefault(table.schema, []).append(table.name)
            return
    query = _text(queries, "folder_table_query", table.format, files, keys)
    opened.connection.execute(f"create view {table.full_name} as {query}")
    if table.format == "csv":
        _require_commas(opened, table)
        # Reads every row, so that a broken one is found before a build stumbles on it.
        opened.connection.execute(f"select count(*) from {table.full_name}").fetchone()


def _require_commas(opened: RawFolder, table: FolderTable) -> None:
    names = [str(row[0]) for row in opened.connection.execute(f"describe {table.full_name}").fetchall()]
    if len(names) == 1 and (other := next((mark for mark in ";\t|" if mark in names[0]), None)):
        shown = {"\t": "tabs"}.get(other, f"'{other}'")
        opened.problems.append(
            FileProblem(
                f"{table.files[0]}: line 1 is separated by {shown}, not by commas",
                "Export it with commas between fields, and quotes around fields that hold one.",
            )
        )


def _unreadable_texts(table: FolderTable) -> Iterator[FileProblem]:
    """Text files that are not UTF-8: DuckDB stumbles on them so badly that it must not see them."""
    if table.format == "parquet":
        return
    for file in table.files:
        if line := _first_line_not_utf8(file):
            yield FileProblem(
                f"{file}: line {line} holds bytes that are not UTF-8", "Export the file as UTF-8, or mend that line."
            )


def _first_line_not_utf8(file: Path) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with _opened(file) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
            line += chunk.count(b"\n")


def _problem_of(table: FolderTable, error: Exception) -> FileProblem:
    return _broken_file(table) or FileProblem(
        f"table {table.schema}.{table.name}: {table.files[0].parent} cannot be read: {type(error).__name__}",
        "Look whether the files are whole and of the format that their names say.",
    )


def _broken_file(table: FolderTable) -> FileProblem | None:
    """The first file that cannot be read, with the line where that can be told."""
    for file in table.files:
        try:
            problem = _BROKEN[table.format](file)
        except PermissionError:
            return FileProblem(f"{file}: may not be read by this user", "Grant read access to the file.")
        except (OSError, EOFError) as reason:
            return FileProblem(f"{file}: cannot be read: {reason}", "Have the file written or copied anew.")
        if problem:
            return FileProblem(f"{file}: {problem}", "Mend that place, or have the file written anew.")
    return None


def _broken_parquet(file: Path) -> str | None:
    with _opened(file) as stream:
        stream.read(1)
    try:
        duckdb.connect(":memory:").execute("select count(*) from read_parquet(?)", [str(file)]).fetchone()
    except duckdb.Error:
        return "is no Parquet file, or was cut short"
    return None


def _broken_json(file: Path) -> str | None:
    with _opened(file) as stream:
        for number, line in enumerate(io.TextIOWrapper(stream, encoding="utf-8"), start=1):
            try:
                json.loads(line or "null") if line.strip() else None
            except json.JSONDecodeError:
                return f"line {number} is not JSON; each line has to be one whole object"
    return None


def _broken_csv(file: Path) -> str | None:
    with _opened(file) as stream:
        reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), strict=True)
        start, columns = 1, None
        try:
            for row in reader:
                columns = len(row) if columns is None else columns
                if len(row) != columns and row:
                    return f"line {start} has {len(row)} fields where line 1 has {columns}"
                start = reader.line_num + 1
        except csv.Error:
            return f"line {start} opens a quote that is not closed as CSV has it (a quote in a field is written twice)"
    return None


_BROKEN = {"parquet": _broken_parquet, "json": _broken_json, "csv": _broken_csv}


def _opened(file: Path) -> IO[bytes] | gzip.GzipFile:
    if file.suffix.lower() == ".gz":
        return gzip.open(file, "rb")
    return file.open("rb")


def _text(queries: Any, macro: str, *arguments: object) -> str:
    return str(getattr(queries, macro)(*arguments))
