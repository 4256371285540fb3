"""What the tests of records share: one of each kind, made with what a test is about."""

from __future__ import annotations

from typing import Any

import pytest

from carbontui_registry import (
    InvalidRecord,
    PowerProfile,
    Source,
)
from carbontui_registry.records import RECORDS

SHEET = Source("Acme X1 datasheet, rev. 3", url="https://acme.example/x1.pdf", year=2026)
STEERING = {chr(n) for n in [*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]} | set(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
DAY = {"shape": [1.0] * 24, "time_zone": "Europe/Stockholm"}
MAKE: dict[str, dict[str, Any]] = {
    "hardware": {"id": "acme-x1", "name": "Acme X1", "power": PowerProfile(tdp="350 W"), "source": SHEET},
    "region": {"id": "acme:lulea", "name": "Acme Lulea", "source": SHEET},
    "model": {"id": "acme-lm", "name": "Acme LM", "source": SHEET},
    "run": {"model": "acme-lm", "hardware": "acme-x1", "source": SHEET},
    "offer": {"hardware": "acme-x1", "region": "acme:lulea", "source": SHEET},
    "measurement": {"hardware": "acme-x1", "power": "290 W", "boundary": "system", "source": SHEET},
}


def make(kind: str, /, **changes: Any) -> Any:
    return RECORDS[kind](**{**MAKE[kind], **changes})


def problems_of(kind: str, /, **changes: Any) -> tuple[str, ...]:
    with pytest.raises(InvalidRecord) as caught:
        make(kind, **changes)
    return caught.value.problems
