"""The short code of a meaning: what a packet shows and a signer gives back."""

from __future__ import annotations

import re

_GROUPS = 3
_LEAST = 8


def short_code(meaning: str) -> str:
    """The first digits of a meaning in groups that people can read out: `4675-f9a7-d12b`."""
    digits = meaning.removeprefix("sha256:")
    return "-".join(digits[4 * place : 4 * place + 4] for place in range(_GROUPS))


def is_code(text: str) -> bool:
    """Whether a text may be the code of a meaning: eight of its hexadecimal digits at least."""
    return re.fullmatch(f"[0-9a-f]{{{_LEAST},64}}", _digits(text)) is not None


def fits(code: str, meaning: str) -> bool:
    """Whether a code, short or whole, is that of a meaning."""
    return is_code(code) and meaning.removeprefix("sha256:").startswith(_digits(code))


def _digits(text: str) -> str:
    return text.strip().lower().removeprefix("sha256:").replace("-", "").replace(" ", "")
