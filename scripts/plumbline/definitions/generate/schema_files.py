"""JSON Schema for editors, so that a slip is underlined while it is typed."""

import json
from typing import Any

from pydantic import BaseModel

from plumbline.definitions.generate.macros import MARK


def schema_text(shape: type[BaseModel]) -> str:
    """The JSON Schema of one kind of file."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": MARK,
        **shape.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
