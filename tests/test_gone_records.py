"""A record that a comparison was made with is gone, switched off or contested: its figures stay as they were."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main
from carbontui.engine.drift import PARTS, drift, update
from carbontui.formats.document import dump
from carbontui.formats.reader import load
from carbontui.questions import comparison_of
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue

ACME = """\
from carbontui_registry import *
S = Source("Acme X1 datasheet", year=2026)
@hookimpl
def carbontui_hardware():
    yield Hardware(id="acme-x9", name="Acme X9", power=PowerProfile(tdp="9 kW", mean="8 kW", boundary="system"),
                   peak={"bf16": "9000 TFLOP/s"}, embodied="900 kgCO2e", source=S)
@hookimpl
def carbontui_regions():
    yield Region(id="acme:lulea", name="Lulea", country="SE", pue=1.9, source=S,
                 factors=[CarbonFactor("2025", gross="3 gCO2e/kWh", net="1 gCO2e/kWh", coverage="direct")])
@hookimpl
def carbontui_models():
    yield Model(id="acme-lm", name="Acme LM", params=7e9, compute="8.4e22 FLOP", source=S)
@hookimpl
def carbontui_runs():
    yield TrainingRun(model="acme-lm", hardware="acme-x9", region="acme:lulea", period="2025", chips=256, source=S,
                      duration="24 d", power="7 kW", boundary="system", throughput="3875 TFLOP/s", pue=1.3)
    yield TrainingRun(model="gpt-3", hardware="acme-x9", region="acme:lulea", period="2025", chips=256, source=S,
                      duration="24 d", power="7 kW", boundary="system", throughput="3875 TFLOP/s", pue=1.3)
"""
MODELS = ("gpt-3", "acme-lm")
MACHINES = ("", "v100", "acme-x9")
PLACES = ("", "gcp:europe-north1", "acme:lulea")
MORE = ("", ",throughput=200 TFLOP/s", ",chips=512", ",run=acme-lm/acme-x9/2025")
SPECS = [f"{m}@{h}@{r}{more}" for m, h, r, more in itertools.product(MODELS, MACHINES, PLACES, MORE)]


def documents(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Files of every mixture of the plugin's records with carbontui's own that can be filled in."""
    found = []
    for spec in SPECS:
        try:
            found.append(dump(comparison_of([spec], catalogue)[0], catalogue))
        except ValueError:
            continue
    return found


def off(tmp_path: Path, install: Callable[..., Path]) -> None:  # noqa: ARG001
    assert main(["plugins", "off", "acme"]) == 0


def contested(tmp_path: Path, install: Callable[..., Path]) -> None:  # noqa: ARG001
    install("zeta", ACME.replace("8 kW", "2 kW").replace("=7e9", "=3e9").replace("3 gCO2e", "600 gCO2e"))


@pytest.mark.parametrize("lose", [off, contested])
def test_what_a_plugin_gave_has_no_counterpart_when_it_is_gone(
    install_plugin: Callable[..., Path], tmp_path: Path, lose: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    install_plugin("acme", ACME)
    files = documents(open_catalogue())
    assert len(files) > 50
    lose(tmp_path, install_plugin)
    catalogue, told = open_catalogue(), 0
    for document in files:
        one = document["scenarios"][0]
        lost = {part for part in PARTS if "acme" in str(one.get(part))}
        question = load(document)
        found = drift(question, catalogue)
        assert {(d.key, d.now) for d in found} == {(part, None) for part in lost}, one
        assert all(d.reason == ("gone" if lose is off else "ambiguous") for d in found)
        assert update(question, found, range(len(found))) == question
        told += bool(lost)
    assert told > 30
    # On the command line too, with what to do about it.
    path = tmp_path / "a.json"
    path.write_text(json.dumps(next(d for d in files if d["scenarios"][0].get("hardware") == "acme-x9")))
    capsys.readouterr()
    assert main(["compare", str(path), "--drift"]) == 1
    assert ("not registered" if lose is off else "claimed by several") in capsys.readouterr().out
