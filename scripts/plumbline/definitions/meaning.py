"""The hash of what a version means: equal exactly when nothing that people agreed to has changed.

It covers the entity, the kind, the criteria by name as normalised trees, the service levels and the first
day. Spelling (spaces, brackets, case of keywords), statements, reasons and examples are outside it.
"""

import hashlib
import json

from plumbline.definitions.conditions import tree
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Term, Version


def meaning(term: Term, version: Version) -> str:
    """`sha256:…` over the canonical meaning of one version of a term."""
    canonical = {
        "entity": term.entity,
        "kind": term.kind,
        "criteria": {name: tree(parse(criterion.sql)) for name, criterion in version.criteria.items()},
        "sla": [level.model_dump(mode="json") for level in sorted(version.sla, key=lambda level: level.id)],
        "effective_from": version.effective_from.isoformat(),
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()
