"""The report of the loading process: what a plugin writes into it speaks for that plugin alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui import cli
from carbontui_registry import units
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.hearing import Building
from carbontui_registry.load_host import load
from carbontui_registry.plugin import KINDS, Loaded, Plugin
from carbontui_registry.records import RECORDS

# Writes each line into every descriptor that it finds, and then says nothing itself.
WRITES = """
import os
for n in range(3, 64):
    try:
        os.write(n, {line!r})
    except OSError:
        pass
"""
RECORD = {
    "id": "forged",
    "name": "Forged",
    "source": {"title": "T"},
    "power": {"tdp": {"value": 1.0, "basis": "published"}},
}
NVIDIA = {"is": "plugin", "name": "carbontui:nvidia", "version": "9", "distribution": "carbontui", "first_party": True}
SAID: dict[str, list[Any]] = {
    "ends": [{"is": "end"}],
    "done-without-keys": [{"is": "done"}],
    "done": [{"is": "done", "seconds": 0.0, "files": [], "reserved": [["hardware", "v100", "x"]]}],
    "poses": [
        {**NVIDIA, "off": False, "files": []},
        {"is": "record", "kind": "hardware", "data": RECORD},
        {"is": "done", "seconds": 0.1, "files": [], "reserved": []},
    ],
    "gone": [{"is": "gone", "code": 0, "why": "", "took": ""}],
    "gone-without-keys": [{"is": "gone"}],
    "lost": [{"is": "lost", "why": "x", "hung": True, "took": "1 s"}],
    "units": [{"is": "units", "table": [["W", "power", "1000"]]}],
    "watch": [{"is": "watch", "files": 5}],
    "wrong-data": [{"is": "record", "kind": "hardware", "data": {"factors": [[[]]], "source": {"title": {}}, "": 1}}],
    "other-kind": [{"is": "record", "kind": "nothing", "data": {}}],
    "no-object": [5, None, [], "x"],
    "marked": ['> {"is": "end"}'],
    "no-json": ["{"],
    "deep": ["[" * 100_000],
    "not-utf-8": [b"\xff\xfe"],
    "huge": ["9" * 100_000],
}


def raw(lines: list[Any]) -> bytes:
    return b"".join(
        (one if isinstance(one, bytes) else (one if isinstance(one, str) else json.dumps(one)).encode()) + b"\n"
        for one in lines
    )


@pytest.fixture(scope="module")
def found(shared_site: Any) -> Loaded:
    """All of them at once, and one after them that is good."""
    for name, lines in SAID.items():
        shared_site.install(name, WRITES.format(line=raw(lines)))
    shared_site.install("zz-good", MODEL.replace("posed", "zz"))
    # A unit that a person types meanwhile is none of a plugin's.
    units.parse("3 USD/hour", "price")
    return load()


def named(found: Loaded, name: str) -> Plugin:
    (plugin,) = [plugin for plugin in found.plugins if plugin.origin == name]
    return plugin


@pytest.mark.parametrize("name", SAID)
def test_it_costs_whoever_wrote_it(found: Loaded, name: str) -> None:
    problem, *_ = named(found, f"{name}:{name}").problems
    right = (
        "a table is not text"
        if name == "wrong-data"
        else "it wrote to the pipe in which carbontui reports what was loaded; it is ignored"
    )
    assert right in problem


def test_and_nobody_else(found: Loaded, catalogue: Catalogue) -> None:
    assert len({plugin.origin for plugin in found.plugins}) == len(found.plugins)
    first_party = {plugin.origin for plugin in found.plugins if plugin.first_party}
    assert first_party == {plugin.origin for plugin in catalogue.plugins()}
    assert not [p for p in found.plugins if p.first_party and (p.problems or p.version == "9")]
    records = [record for origin, record in found.records if origin in first_party]
    assert len(records) == sum(len(catalogue.all(kind)) for kind in KINDS)
    assert [r.subject for origin, r in found.records if origin not in first_party] == ["model zz"]
    assert not found.reserved
    assert found.units == catalogue.spellings()


def test_a_plugin_that_ends_the_loading_hides_no_hardware(
    install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    install_plugin("aa-ends", WRITES.format(line=raw(SAID["ends"])))
    for more in ([], ["--no-plugins"], []):
        assert cli.main(["list", "hardware", "v100", *more]) == 0
        assert "V100" in capsys.readouterr().out


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS_OF_MESSAGE = st.sampled_from(["record", "problem", "warning", "done", "end", "plugin", "gone", "units", ""])
FIELDS = st.sampled_from(["kind", "data", "problems", "warnings", "text", "seconds", "files", "name", "first_party"])
VALUES = JSON | st.sampled_from([*RECORDS, RECORD, ["text"], 0.5])


@given(st.lists(st.tuples(KINDS_OF_MESSAGE, st.dictionaries(FIELDS, VALUES, max_size=5)), max_size=6))
def test_whatever_a_plugin_says_it_is_that_plugin(messages: list[tuple[str, dict[str, Any]]]) -> None:
    whose = {
        "name": "acme:acme",
        "version": "1",
        "distribution": "acme",
        "files": [],
        "off": False,
        "first_party": False,
    }
    building = Building(whose)
    for what, fields in messages:
        building.hear({"is": what, **fields})
    plugin = building.plugin()
    assert (plugin.origin, plugin.distribution, plugin.first_party) == ("acme:acme", "acme", False)
    assert all(type(record) is RECORDS[record._kind] and not record.problems for record in building.records)
    assert all(isinstance(text, str) and text.isprintable() for text in (*plugin.problems, *plugin.warnings))


# Who is first-party


METADATA = "Metadata-Version: 2.1\nName: carbontui\nVersion: {}\n"
MODEL = (
    "from carbontui_registry import *\n@hookimpl\ndef carbontui_models():\n    yield Model('posed', 'P', Source('S'))\n"
)


@pytest.mark.parametrize("folder", ["evil-1.0.dist-info", "carbontui-99.0.dist-info", "Carbon.TUI-1.dist-info"])
def test_a_distribution_that_calls_itself_carbontui_is_not_first_party(
    install_plugin: Callable[..., Path], folder: str, catalogue: Catalogue
) -> None:
    site = install_plugin("posing", MODEL).parent
    (site / "posing-1.0.dist-info").rename(site / folder)
    (site / folder / "METADATA").write_text(METADATA.format("99"))
    assert str(site) in sys.path
    found = load()
    assert not [record for _, record in found.records if record.subject == "model posed"]
    assert sum(1 for _ in found.records) == sum(len(catalogue.all(kind)) for kind in KINDS)
    said = [text for p in found.plugins if not p.first_party for text in (*p.problems, *p.warnings)]
    assert any("carbontui" in text and str(site / folder) in text for text in said)


def test_two_distributions_without_a_name_are_two(install_plugin: Callable[..., Path]) -> None:
    for name in ("one", "two"):
        code = MODEL.replace("posed", name)
        install_plugin(name, code, metadata=False, entry_points=f"[carbontui]\nsame = {name}\n")
    found = load()
    assert {(o, r.subject) for o, r in found.records if not o.startswith("carbontui:")} == {
        ("unknown:same", "model one"),
        ("unknown-2:same", "model two"),
    }


def test_an_entry_point_that_stands_twice_in_one_file_is_said(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", MODEL, entry_points="[carbontui]\nacme = acme\nacme = other\n")
    said = [text for plugin in load().plugins for text in plugin.problems]
    assert any("its entry_points.txt has acme twice" in text and "other" in text for text in said)
