"""Laws of all records: any comes back from JSON as it was, and garbage is refused."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from made_records import DAY, MAKE, STEERING

from carbontui_registry import (
    CarbonFactor,
    Figure,
    InvalidRecord,
    PowerProfile,
    Source,
)
from carbontui_registry.records import RECORDS
from carbontui_registry.report import LimitPassed
from carbontui_registry.serialise import check, dump, restore

SOURCES = st.builds(
    Source,
    title=st.text("abc é中,.", min_size=1).filter(str.strip),
    url=st.none() | st.just("https://acme.example"),
    year=st.none() | st.integers(1900, 2200),
)
IDS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}(:[a-z0-9]{1,4})?", fullmatch=True)


def figures(low: float = 1e-6, high: float = 1e30) -> st.SearchStrategy[Figure]:
    return st.builds(
        Figure,
        value=st.floats(low, high),
        basis=st.none() | st.sampled_from(["measured", "published", "derived", "assumed", "entered"]),
        spread=st.none() | st.floats(0, 2),
        source=st.none() | SOURCES,
    )


FACTORS = st.builds(
    CarbonFactor,
    period=st.from_regex(r"[0-9]{4}(-0[1-9])?", fullmatch=True),
    gross=figures(0),
    net=st.none() | figures(0),
    pue=st.none() | figures(1),
    cfe=st.none() | figures(0, 1),
    coverage=st.none() | st.sampled_from(["direct", "lifecycle", "unknown"]),
    includes_td=st.none() | st.booleans(),
    hourly=st.none() | st.just(DAY),
    source=st.none() | SOURCES,
)
GENERATED = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("hardware"),
            "id": IDS,
            "name": IDS,
            "source": SOURCES,
            "power": st.builds(PowerProfile, tdp=figures(), mean=st.none() | figures(), idle=st.none() | figures(0)),
        },
        optional={
            "peak": st.dictionaries(st.sampled_from(["fp32", "tf32", "bf16"]), figures()),
            "aliases": st.lists(IDS, max_size=3),
            "memory": figures(),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("region"), "id": IDS, "name": IDS, "source": SOURCES},
        optional={"factors": st.lists(FACTORS, max_size=3), "pue": figures(1), "country": IDS},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("model"), "id": IDS, "name": IDS, "source": SOURCES},
        optional={"params": figures(), "tokens": figures(), "compute": figures()},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("run"), "model": IDS, "hardware": IDS, "source": SOURCES},
        optional={"chips": st.integers(1, 10**6), "duration": figures(), "energy": figures(0), "region": IDS},
    ),
)


@given(GENERATED)
def test_any_record_comes_back_from_json_as_it_was(given_: dict[str, Any]) -> None:
    kind = given_.pop("kind")
    record = RECORDS[kind](**given_)
    plain = json.loads(json.dumps(dump(record)))
    for again in (check(kind, plain), restore(kind, plain)):
        assert again == record
        assert dump(again) == plain


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=210),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({field for record in RECORDS.values() for field in record._fields} | {"self", "value", "problems"})


@example("region", {"shares": {}})
@example("region", {"shares": {"source": {"title": "Acme X1 datasheet", "year": 2026}}})
@given(st.sampled_from(sorted(RECORDS)), st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=9), GARBAGE))
def test_garbage_raises_nothing_else_than_a_refusal(kind: str, garbage: dict[str, Any]) -> None:
    try:
        record = RECORDS[kind](**{**MAKE[kind], **garbage})
    except (InvalidRecord, LimitPassed) as error:
        said = str(error)
    else:
        said = ""
        assert restore(kind, json.loads(json.dumps(dump(record)))) == record
    assert not STEERING.intersection(said)
