"""An upgrade that changes figures says which, once; and `carbontui plugins --changes` says it again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from carbontui import cli
from carbontui_registry.cache import open_catalogue
from carbontui_registry.changes import Change, changes, unit_of
from carbontui_registry.records import RECORDS
from carbontui_registry.serialise import dump

PACK = """pack = 1
source = {title = "Sheet", year = 2026}
[[hardware]]
id = "x1"
name = "X1"
power = {tdp = "350 W", mean = {value = "280 W", spread = "5 %"}, boundary = "system"}
peak = {bf16 = "400 TFLOP/s"}
[[region]]
id = "acme:r"
name = "R"
factors = [{period = "2024", gross = "20 gCO2e/kWh", coverage = "direct"}]
"""
NEW = (
    PACK.replace("350 W", "400 W")
    .replace('"5 %"', '"8 %"')
    .replace("20 g", "25 g")
    .replace("year = 2026", "year = 2027")
    # What is said of a record is no figure of it.
    .replace('name = "X1"', 'name = "X1"\nnote = "a sample of the first batch"')
)
SAID = "carbontui: 3 figures have changed in the registry since the last start; see: carbontui plugins --changes\n"


def write(text: str) -> None:
    folder = Path(os.environ["CARBONTUI_CONFIG"]) / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "acme.toml").write_text(text)


@pytest.mark.usefixtures("empty_cache")
def test_an_upgrade_says_once_what_it_changed(capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> tuple[str, str]:
        assert cli.main(list(words)) == 0
        return capsys.readouterr()

    write(PACK)
    assert said("list", "hardware", "x1").err == ""  # type: ignore[attr-defined]
    assert said("plugins", "--changes") == ("no figure has changed since plugins were first loaded here\n", "")
    write(NEW)
    assert said("list", "hardware", "x1")[1] == SAID
    assert said("list", "hardware", "x1")[1] == ""
    right = (
        "pack:acme:\n  hardware x1: power.tdp: 350 -> 400 W\n  hardware x1: power.mean.spread: 0.05 -> 0.08\n"
        "  region acme:r: factors[2024 direct].gross: 20 -> 25 gCO2e/kWh\n"
    )
    assert said("plugins", "--changes") == (right, "")
    # Something else comes: what had changed is still known, and not said again.
    write(NEW + '[[model]]\nid = "m"\nname = "M"\n')
    assert said("list", "models", "m")[1] == ""
    assert said("plugins", "--changes")[0] == right
    first = json.loads(said("plugins", "--changes", "--format", "json")[0])[0]
    assert first == {
        **{"name": "pack:acme", "record": "hardware x1", "key": "power.tdp"},
        **{"was": 350.0, "now": 400.0, "unit": "W"},
    }
    # Leaving something aside for once changes nothing that is kept.
    assert said("list", "hardware", "x1", "--no-plugins")[1].count("changed") == 0


def test_every_figure_that_is_changed_is_named_with_its_unit() -> None:
    """Of a record of each kind that the registry has, each figure by itself."""
    catalogue, found = open_catalogue(), 0
    for kind in RECORDS:
        record = next(one.record for one in catalogue.all(kind))
        data = dump(record)
        for place, change in _one_by_one(data):
            (one,) = changes({(kind, "a", "d"): ("o", data)}, {(kind, "a", "d"): ("o", change)})
            assert isinstance(one, Change)
            assert one.key.split(".")[0].split("[")[0] == place[0]
            assert one.now == one.was * 2 + 1
            unit_of(kind, one.key)
            found += 1
    assert found > 15
    assert unit_of("run", "gross_co2e") == "kgCO2e"
    assert unit_of("hardware", "peak.bf16") == "FLOP/s"
    assert unit_of("hardware", "power.mean.spread") == ""


def _one_by_one(data, path=()):  # type: ignore[no-untyped-def]
    """Copies of nested data with one figure changed, each with where."""

    def places(inner, at):  # type: ignore[no-untyped-def]
        if isinstance(inner, dict) and "value" in inner:
            yield at
        elif isinstance(inner, dict | list):
            for key, value in inner.items() if isinstance(inner, dict) else enumerate(inner):
                yield from places(value, (*at, key))

    for place in places(data, path):
        copy = json.loads(json.dumps(data))
        at = copy
        for key in place:
            at = at[key]
        at["value"] = at["value"] * 2 + 1
        yield place, copy
