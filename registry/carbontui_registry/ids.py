"""The id of a record that is given none."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The fields that make it, those that every such record has first.
_MADE_OF = {
    "run": ("model", "hardware", "period"),
    "offer": ("hardware", "region", "instance"),
    "measurement": ("hardware", "boundary", "workload"),
}
_NEEDED = 2


def derived_id(record: Any) -> str | None:
    """The id of a run, an offer or a measurement, made of what it is of; None for what needs an id of its own."""
    parts = [getattr(record, field) for field in _MADE_OF.get(record._kind, ())]
    if not parts or not all(parts[:_NEEDED]):
        return None
    if record._kind == "offer":
        parts[-1] = re.sub(r"[^a-z0-9._-]+", "-", (parts[-1] or "").lower()).strip("._-")
    elif record._kind == "measurement":
        parts[-1] = re.sub(r"[^a-z0-9]+", "-", (parts[-1] or "").lower()).strip("-")
    return "/".join(filter(None, parts))
