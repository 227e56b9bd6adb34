"""Salesforce reports, as the Reports API describes them (`reportMetadata`)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from plumbline.definitions.conditions import ConditionError
from plumbline.definitions.importing.logic import Logic, all_of, parse_logic
from plumbline.definitions.importing.reader import Mapping, Reader
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.importing.values import listed
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.semantics import operator
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.shaping import shaped
from plumbline.definitions.yaml_files import Document, Location

# What says how a report looks, not which records it has.
_LOOKS = {
    "aggregates", "allowedInCustomDetailFormula", "buckets", "chart", "currency", "customDetailFormula",
    "customSummaryFormula", "dashboardSetting", "description", "detailColumns", "developerName", "folderId",
    "groupingsAcross", "groupingsDown", "hasDetailRows", "hasRecordCount", "id", "name", "presentationOptions",
    "reportFormat", "reportType", "showGrandTotal", "showSubtotals", "sortBy", "supportsRoleHierarchy",
}  # fmt: skip
_READ = {"reportFilters", "reportBooleanFilter", "standardDateFilter", "standardFilters", "topRows", "scope"}
_WHOLE_SCOPE = "organization"


class _Export(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Filter(_Export):
    column: str
    operator: str
    value: str | None = None
    kind: str = Field(default="fieldValue", alias="filterType")


class _DateFilter(_Export):
    column: str | None = None
    duration: str | None = Field(default=None, alias="durationValue")
    start: str | None = Field(default=None, alias="startDate")
    end: str | None = Field(default=None, alias="endDate")


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    filters: list[_Filter] = Field(alias="reportFilters")
    logic: str | None = Field(default=None, alias="reportBooleanFilter")
    dates: _DateFilter | None = Field(default=None, alias="standardDateFilter")
    standard: list[dict[str, Any]] | None = Field(default=None, alias="standardFilters")
    top: dict[str, Any] | None = Field(default=None, alias="topRows")
    scope: str | None = None


def import_salesforce(document: Document, mapping: Mapping, semantics: Semantics) -> Imported:
    """A report's filters as a condition over the entity. Raises DefinitionsError with every finding."""
    at: Location = ()
    data = document.data
    if isinstance(data, dict) and "reportMetadata" in data:
        data, at = data["reportMetadata"], ("reportMetadata",)
    if not isinstance(data, dict) or "reportFilters" not in data:
        message = "The export has no `reportMetadata` with `reportFilters`."
        mending = "Ask the API to describe the report."
        raise DefinitionsError([Problem(document.path, document.line(at), "export", message, mending)])
    lines = {place[len(at) :]: line for place, line in document.lines.items() if place[: len(at)] == at}
    problems: list[Problem] = []
    report = shaped(Document(document.path, data, lines), _Report, problems)
    if report is None:
        raise DefinitionsError(problems)
    return _Salesforce(document, mapping, semantics).read(report, at)


class _Salesforce(Reader):
    def read(self, report: _Report, at: Location) -> Imported:
        if not report.filters:
            self.wrong((*at, "reportFilters"), "no-filter", "The report has no filters.", "Export one that has.")
        for index, item in enumerate(report.filters):
            self._filter(index + 1, item, (*at, "reportFilters", index))
        self._unseen(report)
        return self.result(self.attempt((*at, "reportBooleanFilter"), lambda: _logic(report)))

    def _filter(self, place: int, item: _Filter, at: Location) -> None:
        if item.kind != "fieldValue":
            self.wrong(
                at,
                "filter-type",
                f"The filter on `{item.column}` is a `{item.kind}`; only comparisons with values are known.",
                "Type the condition in as a criterion of a variant whose source is a document.",
            )
            return
        values = self.attempt(at, lambda: self._values(item))
        if values is not None:
            self.compared(place, item.column, item.operator, values, at)

    def _values(self, item: _Filter) -> list[str]:
        """A value with commas is a list for texts, a number with thousands for numbers."""
        text = item.value or ""
        target = self.mapping.target(item.column)
        rule = operator(self.semantics, target.family, item.operator)
        if rule.several:
            return listed(text)
        if "," in text and target.family == "number" and rule.test == "equals":
            raise ConditionError(
                "several-values",
                f"`{item.column}` {item.operator} {text!r} may be one number or several.",
                "Write the number without commas, or one filter for each.",
            )
        return [text]

    def _unseen(self, report: _Report) -> None:
        """What restricts the records of a report besides its filters."""
        dates = report.dates
        if dates is not None and (dates.start or dates.end or (dates.duration or "CUSTOM").upper() != "CUSTOM"):
            span = " to ".join(filter(None, (dates.start, dates.end))) or dates.duration
            self.missing.append(f"The report's standard date range, {dates.column} {span}, is not in the condition.")
        for standard in report.standard or []:
            name, value = standard.get("name"), standard.get("value")
            self.missing.append(f"The report's standard filter {name} = {value} is not in the condition.")
        if report.top:
            rows = report.top.get("rowLimit")
            self.missing.append(f"The report's row limit of {rows} is not in the condition.")
        if report.scope not in (None, "", _WHOLE_SCOPE):
            self.missing.append(f"The report's scope, {report.scope}, is not in the condition: other owners' records.")
        for name, value in (report.model_extra or {}).items():
            if name not in _LOOKS | _READ and value not in (None, "", False, [], {}):
                self.missing.append(f"What `{name}` of the report leaves out is not known.")


def _logic(report: _Report) -> Logic:
    return parse_logic(report.logic, len(report.filters)) if report.logic else all_of(len(report.filters))
