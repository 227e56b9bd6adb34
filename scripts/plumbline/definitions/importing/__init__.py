"""Importers: a filter of a tool becomes a condition over an entity, or is refused by name.

`import_variant` reads the source of a variant; `import_marketo`, `import_salesforce` and `import_sql` read one
export each. What a tool's operators mean stands in `definitions/semantics`.
"""

from plumbline.definitions.importing.marketo import import_marketo
from plumbline.definitions.importing.reader import Mapping
from plumbline.definitions.importing.result import Imported, ImportedFilter
from plumbline.definitions.importing.salesforce import import_salesforce
from plumbline.definitions.importing.sql import import_sql
from plumbline.definitions.importing.variants import GovernedVariant, import_variant, load_variants, source_hash

__all__ = [
    "GovernedVariant",
    "Imported",
    "ImportedFilter",
    "Mapping",
    "import_marketo",
    "import_salesforce",
    "import_sql",
    "import_variant",
    "load_variants",
    "source_hash",
]
