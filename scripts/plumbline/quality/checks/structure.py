"""How models stand to each other: layers, contracts, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plumbline.quality.checks.model import Project, Violation, layer_of

HEIGHT = {"staging": 0, "utilities": 1, "intermediate": 1, "marts": 2}
# Resolved entities and facts are shared: other concepts' intermediate models read them instead of resolving anew.
SHARED = re.compile(r"\.(map|dim|fct)_")
MART_NAME = re.compile(r"(dim|fct|bridge|map|agg|ops)_[a-z0-9_]+$")


def one_direction(project: Project) -> Iterator[Violation]:
    """Models that read a raw table outside of staging, or a layer above their own."""
    layers = {node["unique_id"]: layer_of(node) for node in project.models}
    for node in project.models:
        own = layer_of(node)
        for parent in node["depends_on"]["nodes"]:
            if parent.startswith("source.") and own != "staging":
                yield Violation(str(node["name"]), f"reads the raw table {parent.split('.', 2)[2]} outside of staging")
            elif parent in layers and HEIGHT[layers[parent]] > HEIGHT[own] and not SHARED.search(parent):
                yield Violation(str(node["name"]), f"is in {own} and reads {parent.split('.')[-1]} of {layers[parent]}")


def marts_are_promises(project: Project) -> Iterator[Violation]:
    """Marts without contract, public access or an owned group; anything else that is public."""
    owned = {group["name"] for group in project.manifest["groups"].values() if group["owner"].get("name")}
    for node in project.models:
        name = str(node["name"])
        if layer_of(node) != "marts":
            if node["access"] == "public":
                yield Violation(name, "is public, but no mart")
            continue
        if not node["contract"]["enforced"]:
            yield Violation(name, "has no enforced contract")
        if node["access"] != "public":
            yield Violation(name, "is not public")
        if node["group"] not in owned:
            yield Violation(name, "belongs to no group with an owner")


def mart_names(project: Project) -> Iterator[Violation]:
    """Marts whose name does not say what they are."""
    for node in project.in_layer("marts"):
        if not MART_NAME.match(node["name"]):
            yield Violation(str(node["name"]), "does not begin with dim_, fct_, bridge_, map_, agg_ or ops_")
