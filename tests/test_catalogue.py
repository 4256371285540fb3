"""Names: first-party ones always win, contested ones are a question, and none ever means another figure."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.folders import Config
from carbontui_registry.indexing import build
from carbontui_registry.load_host import load

pytestmark = pytest.mark.usefixtures("empty_cache")
HEAD = """\
from carbontui_registry import Figure, Hardware, Measurement, Model, PowerProfile, Region, Source, TrainingRun, hookimpl
S = Source("Sheet")
def x(id, watt, **more):
    return Hardware(id=id, name=id, power=PowerProfile(tdp=f"{watt} W"), source=S, **more)
def run(model, hardware, **more):
    return TrainingRun(model=model, hardware=hardware, source=S, **more)
"""
ACME = """
@hookimpl
def carbontui_hardware():
    yield x("shared", 111, peak={"bf16": "100 TFLOP/s"})
    yield x("acme-x1", 112, aliases=["x1", "v100"], peak={"bf16": "100 TFLOP/s", "fp32": "1 TFLOP/s"})
    yield x("a100-sxm4-80", 113)
    yield x("h100", 114)
    yield x("acme-x1", 115)
    yield x("acme-x8", 300, aliases=["x8"], per_node=8)
@hookimpl
def carbontui_regions():
    yield Region("grid:us-ca", "Not California", S)
@hookimpl
def carbontui_models():
    yield Model("acme-lm", "Acme LM", S, aliases=["lm"])
    yield Model("contested-lm", "Acme's", S)
    yield Model("gpt-3", "Not GPT-3", S)
@hookimpl
def carbontui_runs():
    yield run("lm", "x1", period="2025", throughput="60 TFLOP/s")
    yield run("acme-lm", "x1", period="2024", throughput="61 TFLOP/s")
    yield run("acme-lm", "x1", period="2023", throughput="101 TFLOP/s")
    yield run("acme-lm", "v100-sxm2-32", period="2023", throughput="126 TFLOP/s")
    yield run("acme-lm", "shared", period="2022", throughput="90 TFLOP/s")
    yield run("contested-lm", "x1", period="2025")
    yield run("acme/contested-lm", "x1", period="2026")
    yield run("gpt-3", "v100-sxm2-32", period="2020")
    yield run("x8-lm", "x8", period="2021", node_power="2 kW")
    yield run("x8-lm", "x1", period="2021", node_power="2 kW")
@hookimpl
def carbontui_measurements():
    yield Measurement("x8", "250 W", "system", S)
    yield Measurement("t4", "60 W", "accelerator", S)
"""
BETA = """
@hookimpl
def carbontui_hardware():
    yield x("shared", 211, peak={"bf16": "1 TFLOP/s"})
    yield x("beta-y1", 212, aliases=["x1", "only-beta"])
@hookimpl
def carbontui_models():
    yield Model("contested-lm", "Beta's", S)
@hookimpl
def carbontui_runs():
    yield run("contested-lm", "beta-y1", period="2025")
    yield run("LM", "beta-y1", period="2025")
"""


@pytest.fixture(scope="module")
def opened(shared_site: Any) -> Callable[..., Catalogue]:
    """Opens a catalogue of two third parties beside our own, with `prefer` and with plugins left aside."""
    shared_site.install("acme", HEAD + ACME)
    shared_site.install("beta", HEAD + BETA)
    connection = sqlite3.connect(":memory:")
    build(load(), connection)

    def open_(prefer: dict[str, str] | None = None, without: tuple[str, ...] = ()) -> Catalogue:
        return Catalogue(connection, Config((), tuple((prefer or {}).items()), ()), without)

    return open_


@pytest.fixture(scope="module")
def both(opened: Callable[..., Catalogue]) -> Catalogue:
    return opened()


def tdp(catalogue: Catalogue, name: str) -> float:
    figure = catalogue.hardware(name).record.power.tdp
    return float(figure.value)


@pytest.mark.parametrize("name", ["v100", "V100", "a100-sxm4-80", "a100", "h100", "v100-sxm2-32"])
def test_first_party_names_win(both: Catalogue, catalogue: Catalogue, name: str) -> None:
    assert both.hardware(name) == catalogue.hardware(name)
    assert both.hardware(name).first_party


@pytest.mark.parametrize("name", ["grid:US-CA", "grid:us-ca", "GRID:US-CA"])
def test_look_ups_ignore_case(both: Catalogue, name: str) -> None:
    assert both.region(name).id == "grid:us-ca"
    assert both.region(name).origin == "carbontui:regions"


@pytest.mark.parametrize(
    ("kind", "name", "owner"),
    [
        ("hardware", "v100", "carbontui:nvidia"),
        ("hardware", "v100-sxm2-32", "carbontui:nvidia"),
        ("hardware", "a100-sxm4-80", "carbontui:nvidia"),
        ("region", "grid:US-CA", "carbontui:regions"),
        ("model", "gpt-3", "carbontui:paper"),
    ],
)
def test_they_win_while_switched_off_for_once(
    opened: Callable[..., Catalogue], kind: str, name: str, owner: str
) -> None:
    with pytest.raises(UnknownName, match=f"belongs to the plugin {owner}, which is switched off"):
        opened(without=(owner,)).find(kind, name)


@pytest.mark.parametrize("how", ["config", "without", "without, from the cache"])
def test_they_win_while_switched_off(install_plugin: Callable[..., Path], tmp_path: Path, how: str) -> None:
    install_plugin("acme", HEAD + ACME)
    without = []
    if how == "config":
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "config.toml").write_text('[plugins]\noff = ["carbontui:nvidia", "carbontui:paper"]\n')
    else:
        without = ["carbontui:nvidia", "carbontui:paper"]
        if "cache" in how:
            open_catalogue()
    found = open_catalogue(without=without)
    assert found.just_loaded == ("cache" not in how)
    for kind, name, owner in (
        ("hardware", "v100", "nvidia"),
        ("hardware", "h100", "nvidia"),
        ("hardware", "a100-sxm4-80", "nvidia"),
        ("model", "gpt-3", "paper"),
    ):
        with pytest.raises(UnknownName, match=rf"belongs to the plugin carbontui:{owner}, which is switched off"):
            found.find(kind, name)
    assert found.hardware("acme/h100").record.power.tdp.value == 114
    assert [p.origin for p in found.plugins() if p.off] == ["carbontui:nvidia", "carbontui:paper"]
    assert not [r for r in found.all("hardware") if r.origin == "carbontui:nvidia"]


@pytest.mark.parametrize("name", ["shared", "x1", "X1"])
def test_what_two_claim_is_refused_and_both_are_named(both: Catalogue, name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        both.hardware(name)
    second = "beta/shared" if name == "shared" else "beta/beta-y1"
    first = "acme/shared" if name == "shared" else "acme/acme-x1"
    assert f"{first} or {second}" in str(caught.value)
    assert f'[prefer] "hardware:{name.lower()}" = ' in str(caught.value)


def test_each_is_reached_with_its_distribution(both: Catalogue) -> None:
    assert [tdp(both, name) for name in ("acme/shared", "beta/shared", "ACME/Shared")] == [111, 211, 111]
    assert tdp(both, "acme/a100-sxm4-80") == 113
    assert tdp(both, "acme-x1") == 112
    assert tdp(both, "only-beta") == 212


def test_the_canonical_id_of_what_is_contested_has_the_distribution(both: Catalogue) -> None:
    assert {r.id for r in both.all("hardware") if not r.first_party} == {
        "acme/shared",
        "beta/shared",
        "acme-x1",
        "acme-x8",
        "acme/a100-sxm4-80",
        "acme/h100",
        "beta-y1",
    }
    for kind in ("hardware", "region", "model", "run"):
        for registered in both.all(kind):
            assert both.find(kind, registered.id) == registered


def test_the_configuration_prefers(opened: Callable[..., Catalogue]) -> None:
    assert tdp(opened({"hardware:shared": "beta"}), "shared") == 211
    assert tdp(opened({"hardware:shared": "acme"}), "Shared") == 111
    assert tdp(opened({"hardware:v100": "acme"}), "v100") == 112
    with pytest.raises(UnknownName, match="claimed by 2"):
        opened({"hardware:shared": "gamma"}).hardware("shared")


def test_with_one_aside_the_other_is_reached(opened: Callable[..., Catalogue]) -> None:
    assert tdp(opened(without=("beta:beta",)), "shared") == 111
    assert {r.origin for r in opened(without=("beta:beta",)).all("hardware")}.isdisjoint({"beta:beta"})


def test_the_configuration_file_prefers(install_plugin: Callable[..., Path], tmp_path: Path) -> None:
    install_plugin("acme", HEAD + ACME)
    install_plugin("beta", HEAD + BETA)
    (tmp_path / "config").mkdir()
    config = tmp_path / "config" / "config.toml"
    config.write_text('[prefer]\n"Hardware:Shared" = "Beta"\n')
    for _ in range(2):  # anew, then from the cache
        assert tdp(open_catalogue(), "shared") == 211
    config.write_text('[prefer]\n"hardware:shared" = "acme"\n')
    assert tdp(open_catalogue(), "shared") == 111


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("hardware", "v10", "no hardware is called 'v10'; did you mean v100?"),
        ("region", "gcp:us-centrall1", "did you mean gcp:us-central1?"),
        ("model", "gtp-3", "did you mean gpt-3?"),
        ("model", "zzzzzzzzzzzz", "no model is called 'zzzzzzzzzzzz'; see: carbontui list models"),
        ("hardware", "\x1b[31m", r"no hardware is called '\x1b[31m'"),
        ("hardware", "", "no hardware is called ''"),
    ],
)
def test_an_unknown_name_gets_the_nearest(catalogue: Catalogue, kind: str, name: str, said: str) -> None:
    with pytest.raises(UnknownName) as caught:
        catalogue.find(kind, name)
    assert said in str(caught.value)


def of(catalogue: Catalogue, model: str) -> list[str]:
    return [f"{run.distribution} {run.record.id}" for run in catalogue.runs(catalogue.model(model))]


def test_runs_of_a_model_whatever_name_they_use_for_it(both: Catalogue) -> None:
    expected = [f"acme {id}" for id in ("lm/x1/2025", "acme-lm/x1/2024", "acme-lm/x1/2023", "acme-lm/shared/2022")]
    expected.append("beta lm/beta-y1/2025")
    assert of(both, "acme-lm") == expected
    assert of(both, "lm") == expected


def test_runs_of_a_contested_model_are_its_own_partys(both: Catalogue) -> None:
    assert of(both, "acme/contested-lm") == ["acme contested-lm/x1/2025", "acme acme/contested-lm/x1/2026"]
    assert of(both, "beta/contested-lm") == ["beta contested-lm/beta-y1/2025"]


def test_runs_on_a_first_party_name_are_of_the_first_party_model(both: Catalogue, catalogue: Catalogue) -> None:
    assert of(both, "gpt-3") == [*of(catalogue, "gpt-3"), "acme gpt-3/v100-sxm2-32/2020"]
    assert of(both, "acme/gpt-3") == []
    ours, theirs = both.runs(both.model("gpt-3"))
    assert (ours.id, theirs.id) == ("gpt-3/v100-sxm2-32/2020", "acme/gpt-3/v100-sxm2-32/2020")
    assert both.find("run", ours.id).first_party


def problems(catalogue: Catalogue, origin: str) -> str:
    (found,) = [p for p in catalogue.plugins() if p.origin == origin]
    return "\n".join(found.problems)


def test_an_id_given_twice_counts_once_and_is_said(both: Catalogue) -> None:
    assert "hardware acme-x1: acme:acme already has this id; this one is not used" in problems(both, "acme:acme")
    assert tdp(both, "acme-x1") == 112


def test_a_throughput_above_the_peak_is_refused(both: Catalogue) -> None:
    said = problems(both, "acme:acme")
    # x1 is contested and so nobody's: neither decides about the runs of the other.
    assert "run acme-lm/v100-sxm2-32/2023: throughput: is 101% of the peak of v100-sxm2-32" in said
    assert said.count("of the peak") == 1
    assert "acme-lm/v100-sxm2-32/2023" not in " ".join(of(both, "acme-lm"))


def test_utilisation_is_of_the_dense_16_bit_peak(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", HEAD + ACME)
    alone = open_catalogue()
    by_id = {run.record.id: run.warnings for run in alone.all("run") if not run.first_party}
    assert by_id["lm/x1/2025"] == ()
    assert by_id["acme-lm/x1/2024"] == ("throughput: 61% of the peak of x1 is unlikely",)
    assert "acme-lm/x1/2023" not in by_id
    assert "run acme-lm/x1/2023: throughput: is 101% of the peak of x1" in problems(alone, "acme:acme")


def test_installing_changes_no_record_that_was_there(both: Catalogue, catalogue: Catalogue) -> None:
    for kind in ("hardware", "region", "model", "run"):
        there = [r for r in both.all(kind) if r.first_party]
        assert there == catalogue.all(kind)


def test_a_users_pack_is_reached_by_its_file_name(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "packs"
    folder.mkdir(parents=True)
    (folder / "My Lab.toml").write_text(
        'pack = 1\nsource = {title = "Mine"}\n[[hardware]]\nid = "v100"\nname = "Ours"\npower = {tdp = "9 W"}\n'
    )
    found = open_catalogue()
    assert found.hardware("v100").first_party
    assert tdp(found, "my-lab/v100") == 9
    assert [r.id for r in found.all("hardware") if not r.first_party] == ["my-lab/v100"]
    assert not [r for r in open_catalogue(only_first_party=True).all("hardware") if not r.first_party]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[plugin]\n", r"config\.toml: \[plugin\] is not known; did you mean plugins\?"),
        ('[plugins]\noff = "acme"\n', "plugins.off must be a list"),
        ("[plugins]\noff = [1]\n", "plugins.off must be a list"),
        ('[prefer]\nv100 = "acme"\n', 'write "hardware:v100" = "acme"'),
        ("plugins = 5\n", r"plugins must be a table, \[plugins\]"),
        ("x = \n", "is not TOML"),
    ],
)
def test_a_bad_configuration_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(text)
    for _ in range(2):
        catalogue = open_catalogue()
        (wrong,) = catalogue.config.wrong
        assert re.search(said, wrong)
        assert catalogue.hardware("v100").first_party


def test_a_runs_power_of_a_server_is_divided_by_that_of_its_hardware(opened: Callable[..., Catalogue]) -> None:
    catalogue = opened()
    (run,) = [run for run in catalogue.all("run") if run.record.hardware == "x8"]
    assert (run.record.power.value, run.record.boundary, run.record.node_power) == (250.0, "system", None)
    (acme,) = [plugin for plugin in catalogue.plugins() if plugin.distribution == "acme"]
    said = "run x8-lm/x1/2021: node_power: per_node of x1, the number of accelerators of its server, is not known;"
    assert any(problem.startswith(said) for problem in acme.problems)


def test_measurements_are_those_of_the_hardware_by_any_of_its_names(opened: Callable[..., Catalogue]) -> None:
    catalogue = opened()
    (one,) = catalogue.measurements(catalogue.hardware("acme-x8"))
    assert (one.id, one.origin) == ("x8/system", "acme:acme")
    t4 = catalogue.measurements(catalogue.hardware("t4"))
    assert [one.first_party for one in t4] == [True, False]
    assert catalogue.preferred_measurements(catalogue.hardware("t4")) == []
    prefers = opened({"measurement:t4": "acme"})
    assert [one.id for one in prefers.preferred_measurements(prefers.hardware("T4"))] == ["t4/accelerator"]
