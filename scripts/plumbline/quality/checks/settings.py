"""Settings that models read: each is declared, and unit tests fix those that their model reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plumbline.project.settings import Settings
from plumbline.quality.checks.model import Node, Project, Violation

SETTING = re.compile(r"""\b(?:var|setting_text)\(['"](\w+)['"]""")


def settings_declared(project: Project) -> Iterator[Violation]:
    """Settings that are read and not declared, or declared and read by nothing."""
    read: dict[str, str] = {}
    for macro in project.manifest["macros"].values():
        if project.owns(macro):
            read.update({name: f"macro {macro['name']}" for name in SETTING.findall(macro["macro_sql"])})
    for node in project.manifest["nodes"].values():
        if node["resource_type"] in ("model", "test"):
            read.update({name: str(node["name"]) for name in SETTING.findall(node["raw_code"])})
    declared = set(Settings().dbt_variables())
    for name in sorted(set(read) - declared):
        yield Violation(read[name], f"reads the setting {name}, which is not declared")
    for name in sorted(declared - set(read)):
        yield Violation("plumbline.yml", f"declares the setting {name}, which nothing reads")


def unit_tests_fix_settings(project: Project) -> Iterator[Violation]:
    """Unit tests that would fail where somebody sets another time zone or week."""
    by_name = {str(node["name"]): node for node in project.models}
    for test in project.manifest["unit_tests"].values():
        fixed = set((test["overrides"] or {}).get("vars") or {})
        if missing := _settings_read(project, by_name[test["model"]]) - fixed:
            yield Violation(f"unit test {test['name']}", f"leaves {', '.join(sorted(missing))} open")


def _settings_read(project: Project, node: Node) -> set[str]:
    """The settings that a model reads, itself or through macros."""
    read, waiting, seen = set(SETTING.findall(node["raw_code"])), [*node["depends_on"]["macros"]], set()
    while waiting:
        name = waiting.pop()
        macro = project.manifest["macros"].get(name)
        if name in seen or macro is None or not project.owns(macro):
            continue
        seen.add(name)
        read |= set(SETTING.findall(macro["macro_sql"]))
        waiting += macro["depends_on"]["macros"]
    return read
