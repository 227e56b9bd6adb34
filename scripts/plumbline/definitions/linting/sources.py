"""The SQL that is linted: dbt's compiled models, with the texts of macros marked, and queries of BI tools over them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, build_scope

from plumbline.definitions.library import Library
from plumbline.definitions.linting.marks import Marks
from plumbline.definitions.linting.places import SqlFile
from plumbline.definitions.problems import nearest, shown_path, sql_slip
from plumbline.definitions.proving.lineage import Models
from plumbline.definitions.proving.sides import NamingError


@dataclass(frozen=True)
class Source:
    """One query: a model, or a statement of a file. `broken`: why it cannot be read."""

    name: str
    file: SqlFile
    dialect: str
    is_model: bool
    broken: str | None = None


class MarkedModels(Models):
    """Models in whose SQL the texts of generated macros are marked; queries that read them can be added."""

    def __init__(self, library: Library, manifest: Mapping[str, Any]) -> None:
        super().__init__(manifest)
        self.marks = Marks(library, manifest, self.dialect)
        self._queries: set[str] = set()

    def scope(self, name: str) -> Scope:
        if name not in self._scopes:
            tree = super().scope(name).expression
            scope = build_scope(self.marks.marked(tree, self.nodes[name]))
            assert scope is not None, "marks change conditions only"
            self._scopes[name] = scope
        return self._scopes[name]

    def worth_following(self, name: str, suppliers: Collection[str]) -> bool:
        """Lint asks of every condition of every model: parsing those that cannot say much is too dear."""
        return self.reaches(name, suppliers)

    def named(self, table: exp.Table) -> str | None:
        """The model that a table is; in queries the database and the schema may be another environment's."""
        found = super().named(table)
        if found is None and self._queries:
            found = self._by_last_name.get(table.name.lower())
        return found

    @property
    def _by_last_name(self) -> dict[str, str]:
        if not hasattr(self, "_last"):
            self._last = {key.rsplit(".", 1)[-1]: name for key, name in self._by_relation.items()}
        return self._last

    def add(self, name: str, scope: Scope) -> None:
        """A query that reads models."""
        self._queries.add(name)
        self._scopes[name] = scope

    def strange_tables(self) -> Iterator[tuple[str, str]]:
        """Each query and a table that it reads which is no model: what stands in its columns nobody can tell."""
        for name in sorted(self._queries):
            read = {one for scope in self._scopes[name].traverse() for one in scope.sources.values()}
            strange = [table for table in read if isinstance(table, exp.Table) and self.named(table) is None]
            yield from sorted({(name, ".".join(part.name for part in table.parts)) for table in strange})


def of_models(models: MarkedModels, root: Path) -> Iterator[Source]:
    """The models of the project itself."""
    for name, node in sorted(models.nodes.items()):
        if node.get("compiled_code"):
            yield Source(name, SqlFile.of_model(root, dict(node)), models.dialect, True)


def of_queries(models: MarkedModels, root: Path, path: Path, dialect: str) -> Iterator[Source]:
    """The statements of a file, or of the files of a folder. Raises NamingError when there are none."""
    if dialect not in sqlglot.Dialect.classes:
        raise NamingError(
            f"There is no SQL dialect `{dialect}`.",
            nearest(dialect, [name for name in sqlglot.Dialect.classes if name]),
        )
    files = sorted(path.rglob("*.sql")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise NamingError(f"There is no SQL in {path}.", "Name a file, or a folder with files that end with .sql.")
    for found in files:
        text = found.read_text(encoding="utf-8")
        file = SqlFile(shown_path(found, root), text, text)
        yield from _statements(models, file, text, dialect)


def _statements(models: MarkedModels, file: SqlFile, text: str, dialect: str) -> Iterator[Source]:
    try:
        trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        yield Source(file.path, file, dialect, False, sql_slip(error))
        return
    for number, tree in enumerate(trees, start=1):
        name = file.path if len(trees) == 1 else f"{file.path} ({number})"
        query = tree.expression if isinstance(tree, exp.Create | exp.Insert) else tree
        scope = build_scope(query) if isinstance(query, exp.Query) else None
        if scope is not None:
            models.add(name, scope)
            yield Source(name, file, dialect, False)
