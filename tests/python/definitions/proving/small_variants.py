"""Variants of the small project's term, as a team's SQL."""

from pathlib import Path

from plumbline.definitions.importing import source_hash


def write_variant(
    root: Path, sql: str, *, expect: str = "different", stance: str = "accepted_difference", expires: str = "2027-01-01"
) -> Path:
    """The variant `big_sales`, read from a file that holds `sql`; the path of its YAML."""
    source = root / "definitions" / "exports" / "big_sales.sql"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(sql, encoding="utf-8")
    path = root / "definitions" / "variants" / "big_sales.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "variant: big_sales",
        "name: Big deals, as sales counts them",
        "term: big",
        "entity: deal",
        "team: sales",
        f"stance: {stance}",
        f"expect: {expect}",
        "why: Sales wants fewer of them.",
        "source:",
        f"  {{kind: sql, file: definitions/exports/big_sales.sql, hash: '{source_hash(source)}', read: 2026-11-20}}",
    ]
    if stance != "must_match":
        lines.insert(7, f"expires: {expires}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
