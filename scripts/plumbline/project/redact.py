"""Keep people's data out of logs: error messages of databases quote the values that they stumble on."""

from __future__ import annotations

import re

REDACTED = "[value hidden]"
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_ERROR_WITH_VALUES = re.compile(
    r"(?:Conversion|Constraint|Invalid Input|Out of Range|Mismatch Type|Invalid Type|Serialization) Error"
    r"|Could not (?:convert|cast|parse)|Failed to cast|Malformed JSON|field value out of range|Duplicate key",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"(?:[^\"\n]|\"\")*\"|'(?:[^'\n]|'')*'")


def redacted(text: str) -> str:
    """The text without e-mail addresses and the values that conversion and constraint errors quote."""
    if _ERROR_WITH_VALUES.search(text):
        text = _QUOTED.sub(f"'{REDACTED}'", text)
    return _EMAIL.sub(REDACTED, text)
