"""dbt data tests from the entities: what a model supplies keeps what the entity declares."""

from collections.abc import Iterator

from plumbline.definitions.conditions import columns, render
from plumbline.definitions.generate.macros import MARK
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity, Supplier


def supplier_test(entity: Entity, supplier: Supplier) -> str:
    """The data test of one model; it returns the rules that rows break, with their number."""
    selects = "\n\n    union all\n\n".join(
        f"    select\n        '{rule}' as rule_name,\n        count(*) as broken_rows\n"
        f"    from supplied\n    where {broken}"
        for rule, broken in _rules(entity, supplier)
    )
    return (
        f"-- {MARK}\n"
        f"-- `{supplier.model}` supplies columns of `{entity.entity}`: values, bounds and facts are those\n"
        f"-- of definitions/entities/{entity.entity}.yml. As in a check constraint, unknown breaks none.\n"
        f"with\n\nsupplied as (\n\n    select * from {{{{ ref('{supplier.model}') }}}}\n\n),\n\n"
        f"broken as (\n\n{selects}\n\n)\n\n"
        "select *\nfrom broken\nwhere broken_rows > 0\n"
    )


def has_rules(entity: Entity, supplier: Supplier) -> bool:
    """Whether anything is declared that the model could break."""
    return any(True for _ in _rules(entity, supplier))


def _rules(entity: Entity, supplier: Supplier) -> Iterator[tuple[str, str]]:
    """Each rule as (name, SQL of the rows that break it)."""
    supplied = supplier.columns or list(entity.columns)
    for name in supplied:
        column = entity.columns[name]
        if column.not_null:
            yield f"{name} is known", f"{name} is null"
        if column.accepted_values is not None:
            values = ", ".join(f"'{value}'" for value in column.accepted_values)
            yield f"{name} is an accepted value", f"{name} not in ({values})"
        if column.min is not None:
            yield f"{name} is at least {column.min}", f"{name} < {column.min}"
        if column.max is not None:
            yield f"{name} is at most {column.max}", f"{name} > {column.max}"
    for name, fact in entity.facts.items():
        node = parse(fact.sql)
        if set(columns(node)) <= set(supplied):
            yield name, f"not ({render(node)})"
