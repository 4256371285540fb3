"""A comparison, or a list of records, as JSON and as TOML."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_json(data: Any) -> str:
    """The data as JSON, ending in a line break; numbers in full."""
    import json

    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_toml(document: dict[str, Any]) -> str:
    """The document as TOML; the same document always gives the same text."""
    import tomli_w

    return tomli_w.dumps(document)
