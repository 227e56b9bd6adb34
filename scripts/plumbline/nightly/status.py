"""What is published, how old it is, what the last runs did and whether one is on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from plumbline.nightly.clock import ago, read_stamp
from plumbline.nightly.journal import Journal
from plumbline.nightly.lock import Holder, lock_state
from plumbline.nightly.manifest import Manifest, read_manifest
from plumbline.nightly.versions import Versions
from plumbline.project.paths import TargetPaths
from plumbline.quality.gate.accepted import Accepted, read_accepted


@dataclass(frozen=True)
class Status:
    """A look at one target; taking it changes nothing."""

    target: str
    published: str
    current: Manifest | None
    versions: list[str]
    holder: Holder | None
    last_runs: list[dict[str, Any]]
    published_ago: str | None
    data_age_days: int | None
    accepted: list[Accepted]

    def as_json(self) -> dict[str, Any]:
        """The same, for programs."""
        current = self.current
        return {
            "target": self.target,
            "published": self.published,
            "current": None
            if current is None
            else {
                "version": current.run_id,
                "as_of_date": current.as_of_date,
                "finished_at": current.finished_at,
                "schema_version": current.schema_version,
                "tables": len(current.marts),
                "rows": current.row_count,
            },
            "data_age_days": self.data_age_days,
            "versions": self.versions,
            "accepted": [asdict(entry) for entry in self.accepted],
            "running": None if self.holder is None else asdict(self.holder),
            "last_runs": self.last_runs,
        }


def read_status(paths: TargetPaths, now: datetime, runs: int = 5) -> Status:
    """The status of a target at a moment."""
    versions = Versions(paths.published)
    name = versions.current()
    current = None if name is None else read_manifest(versions.path(name))
    last = [
        {"at": entry.at, "event": entry.event, "run_id": entry.run_id, **entry.details}
        for entry in Journal(paths.journal).last_runs(runs)
    ]
    return Status(
        target=paths.target,
        published=str(paths.published),
        current=current,
        versions=versions.all(),
        holder=lock_state(paths.lock),
        last_runs=last,
        published_ago=None if current is None else ago(read_stamp(current.finished_at), now),
        data_age_days=_age(current, now),
        accepted=read_accepted(paths.accepted, now.date()),
    )


def _age(current: Manifest | None, now: datetime) -> int | None:
    if current is None or current.as_of_date is None:
        return None
    return (now.date() - date.fromisoformat(current.as_of_date)).days
