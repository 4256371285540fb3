"""Offers: what can be had where, and what their notes and those of figures say, wherever they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from carbontui.cli import main
from carbontui_registry.cache import open_catalogue
from carbontui_registry.checking import check

pytestmark = pytest.mark.usefixtures("empty_cache")
CLOUD = """\
from carbontui_registry import CarbonFactor, Figure, Hardware, Offer, PowerProfile, Region, Source, hookimpl
S = Source("Sheet", year=2026)
@hookimpl
def carbontui_hardware():
    yield Hardware("x1", "X1", S, power=PowerProfile(tdp=Figure("300 W", note="with its fan")), kind="other",
                   peak={"bf16": "300 TFLOP/s"}, offered_by=["acme"], aliases=["short"], note="two dies")
@hookimpl
def carbontui_regions():
    yield Region("acme:a", "A", S, provider="acme", latitude=67.9, longitude=-20, note="shared hall", factors=[
        CarbonFactor("2025", gross=Figure("30 gCO2e/kWh", note="no imports"), note="of a drought")])
@hookimpl
def carbontui_offers():
    yield Offer("short", "acme:a", S, instance="x1.8", accelerators=8, price="2 USD/h", period="2026-11")
    yield Offer("x1", "acme:a", S, instance="x1.1", accelerators=1, note="on request")
    yield Offer("h100", "gcp:us-central1", S)
"""


def test_offers_are_found_by_their_region(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", CLOUD)
    catalogue = open_catalogue()
    region = catalogue.region("acme:a")
    found = [(catalogue.offer(o.number).id, o.price, o.accelerators) for o in catalogue.offers(region)]
    assert found == [("short/acme:a/x1.8", 2.0, 8.0), ("x1/acme:a/x1.1", None, 1.0)]
    assert "acme" in catalogue.complete_providers()
    assert {"short", "x1", "h100"} <= catalogue.offered_hardware()
    assert "h100/gcp:us-central1" in [
        catalogue.offer(o.number).id for o in catalogue.offers(catalogue.region("gcp:us-central1"))
    ]
    off = open_catalogue(without=["acme"])
    assert off.offers(off.region("gcp:us-central1")) == [
        o for o in off.offers(off.region("gcp:us-central1")) if o.distribution == "carbontui"
    ]
    assert "acme" not in off.complete_providers()


def test_offers_are_listed_and_shown(install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    install_plugin("acme", CLOUD)
    assert main(["list", "offers", "acme:a/x1"]) == 0
    said = capsys.readouterr().out
    assert all(text in said for text in ("short/acme:a/x1.8", "2 USD/h", "2 offers"))
    assert main(["show", "short/acme:a/x1.8", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["price_usd_per_h"]["value"] == 2.0
    assert (shown["record"], shown["instance"], shown["period"]) == ("offer", "x1.8", "2026-11")
    assert main(["show", "x1/acme:a/x1.1"]) == 0
    assert "note: on request" in capsys.readouterr().out


@pytest.mark.parametrize("width", ["80", "60"])
def test_the_rows_of_offers_differ_where_room_is_short(
    width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert main(["list", "offers", "mi300x"]) == 0
    head, *rows = capsys.readouterr().out.partition("\n\n")[0].split("\n")
    assert head.startswith("hardware  region")
    assert len({*rows}) == len(rows) > 1


def test_every_note_is_said(install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    install_plugin("acme", CLOUD)
    assert main(["show", "acme:a"]) == 0
    region = capsys.readouterr().out
    assert all(text in region for text in ("note: shared hall", "note: of a drought", "no imports", "67.9", "-20"))
    assert main(["show", "x1"]) == 0
    hardware = capsys.readouterr().out
    assert all(text in hardware for text in ("note: two dies", "with its fan", "offered by acme"))
    spec = "@x1@acme:a,chips=8,duration=3 d"
    assert main(["compare", spec, "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["scenarios"]
    texts = [note["text"] for note in one["notes"]]
    assert {"X1: two dies", "A: shared hall", "gross factor: of a drought", "gross factor: no imports"} <= {*texts}
    assert main(["explain", spec, "gross"]) == 0
    explained = capsys.readouterr().out
    assert all(text in explained for text in ("two dies", "of a drought", "no imports"))


def test_what_an_offer_or_a_grid_names_must_be_there(tmp_path: Path) -> None:
    pack = tmp_path / "acme.toml"
    pack.write_text(
        """pack = 1
source = {title = "Sheet", year = 2026}
[[region]]
id = "acme:a"
name = "A"
grid = "acme:b"
[[region]]
id = "acme:b"
name = "B"
grid = "acme:a"
[[region]]
id = "acme:c"
name = "C"
grid = "grid:sx9"
latitude = 91
[[offer]]
hardware = "h10"
region = "acme:a"
""",
        encoding="utf-8",
    )
    said = "\n".join(finding.what for finding in check(str(pack)).findings)
    assert "region acme:a: grid: acme:a -> acme:b -> acme:a is a cycle" in said
    assert "latitude: 91 is not a number of degrees from -90 to 90" in said
    assert "offer h10/acme:a: hardware: nothing is registered as 'h10'" in said
