"""Every finding of a check has its place, its key, what was given and expected, and what to do about it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from carbontui import cli

REGISTRY = Path(__file__).parent.parent / "registry" / "carbontui_registry"
HEAD = 'pack = 1\n\nsource = {title = "Sheet", url = "https://acme.org/x", year = 2026}\n'
HARDWARE = '[[hardware]]\nid = "x1"\nname = "X1"\npower = {tdp = "350 W"}\n'
REGION = '[[region]]\nid = "acme:r"\nname = "R"\n'
MODEL = '[[model]]\nid = "lm"\nname = "LM"\n'
RUN = '[[run]]\nmodel = "gpt-3"\nhardware = "v100"\n'

# A record with one thing wrong or unlikely about it: its text, the key, what was given, what is expected.
RECORDS: dict[str, tuple[str, str, str, str]] = {
    "no-text": ('[[model]]\nid = "m1"\nname = 5\n', "name", "5", "text in quotes"),
    "empty": ('[[model]]\nid = "m2"\nname = " "\n', "name", "", "text"),
    "controls": ('[[model]]\nid = "m3"\nname = "M\\u0007"\n', "name", "", "'M', without them"),
    "no-id": ('[[model]]\nid = "M 4"\nname = "M"\n', "id", "M 4", "lower case letters"),
    "missing": ('[[model]]\nid = "m5"\n', "name", "", "name"),
    "no-list": ('[[model]]\nid = "m6"\nname = "M"\naliases = "m"\n', "aliases", "m", 'aliases = ["m"]'),
    "unknown-near": ('[[model]]\nid = "m7"\nname = "M"\nparms = 1\n', "parms", "parms", "params"),
    "unknown-far": ('[[model]]\nid = "m8"\nname = "M"\nshine = 1\n', "shine", "shine", "id, name"),
    "active": ('[[model]]\nid = "m9"\nname = "M"\nparams = 5\nactive_params = 6\n', "active_params", "", "at most 5"),
    "year": ('[[hardware]]\nid = "h1"\nname = "H"\nyear = 26\n', "year", "26", "a year such as 2026"),
    "one-of": ('[[hardware]]\nid = "h2"\nname = "H"\nkind = "GPU"\n', "kind", "GPU", "one of gpu, tpu and other"),
    "no-table": ('[[hardware]]\nid = "h3"\nname = "H"\npower = "3 W"\n', "power", "3 W", 'power = {tdp = "3 W"}'),
    "neither": ('[[hardware]]\nid = "h4"\nname = "H"\npower = {idle = "3 W"}\n', "power", "", "tdp or mean"),
    "kind-of-unit": ('[[hardware]]\nid = "h5"\nname = "H"\npower = {tdp = "3 Wh"}\n', "power.tdp", "3 Wh", ""),
    "no-unit": ('[[hardware]]\nid = "h6"\nname = "H"\npower = {tdp = 350}\n', "power.tdp", "350", "'350 W'"),
    "negative": ('[[hardware]]\nid = "h7"\nname = "H"\npower = {tdp = "-3 W"}\n', "power.tdp", "-3 W", ""),
    "exponent": ('[[hardware]]\nid = "h8"\nname = "H"\npower = {tdp = "1e999 W"}\n', "power.tdp", "1e999 W", ""),
    "null": ('[[hardware]]\nid = "h10"\nname = "H"\npower = {tdp = "0 W"}\n', "power.tdp", "0 W", "a figure of more"),
    "letters": ('[[hardware]]\nid = "h11"\nname = "H"\npower = {tdp = "3 mW"}\n', "power.tdp", "3 mW", ""),
    "quantity": ('[[hardware]]\nid = "h12"\nname = "H"\npower = {tdp = []}\n', "power.tdp", "a list", "text such as"),
    "precision": ('[[hardware]]\nid = "h13"\nname = "H"\npeak = {bf17 = "1 FLOP/s"}\n', "peak.bf17", "bf17", "bf16"),
    "peaks": ('[[hardware]]\nid = "h14"\nname = "H"\npeak = 3\n', "peak", "3", "peak = {bf16 ="),
    "per-node": (
        '[[hardware]]\nid = "h15"\nname = "H"\npower = {node_mean = "3 kW"}\n',
        "power.node_mean",
        "",
        "per_node",
    ),
    "two-means": (
        '[[hardware]]\nid = "h16"\nname = "H"\npower = {node_mean = "3 kW", mean = "3 W"}\n',
        *("power.node_mean", "", "mean or node_mean"),
    ),
    "no-node": (
        '[[hardware]]\nid = "h40"\nname = "H"\nper_node = 0\npower = {node_mean = "3 kW"}\n',
        *("per_node", "0", "a figure of more than 0"),
    ),
    "in-words": (
        '[[hardware]]\nid = "h41"\nname = "H"\npower = {tdp = "350 Watt"}\n',
        "power.tdp",
        "350 Watt",
        "a power",
    ),
    "grid-by-country": ('[[region]]\nid = "r40"\nname = "R"\ngrid = "germany"\n', "grid", "germany", "grid:de"),
    "grid-by-code": ('[[region]]\nid = "r41"\nname = "R"\ngrid = "no"\n', "grid", "no", "grid:no"),
    "above-tdp": (
        '[[hardware]]\nid = "h17"\nname = "H"\npower = {tdp = "3 W", mean = "9 W", boundary = "system"}\n',
        *("power.mean", "9 W", "at most 6 W"),
    ),
    "idle": (
        '[[hardware]]\nid = "h18"\nname = "H"\npower = {tdp = "9 W", mean = "3 W", idle = "4 W"}\n',
        *("power.idle", "4 W", "at most 3 W"),
    ),
    "basis": (
        '[[hardware]]\nid = "h19"\nname = "H"\npower = {tdp = {value = "9 W", basis = "guessed"}}\n',
        *("power.tdp.basis", "guessed", "one of"),
    ),
    "spread": (
        '[[hardware]]\nid = "h20"\nname = "H"\npower = {tdp = {value = "9 W", spread = 5}}\n',
        *("power.tdp.spread", "5", "at most 2"),
    ),
    "whole": (
        '[[run]]\nid = "r1"\nmodel = "gpt-3"\nhardware = "v100"\nchips = 1.5\n',
        "chips",
        "1.5",
        "a whole number",
    ),
    "pue": ('[[region]]\nid = "r2"\nname = "R"\npue = 0.9\n', "pue", "0.9", "a number of at least 1"),
    "likely": ('[[region]]\nid = "r3"\nname = "R"\npue = 4\n', "pue", "4", "it as the source prints it"),
    "nan": ('[[region]]\nid = "r4"\nname = "R"\npue = nan\n', "pue", "nan", "a finite number"),
    "degrees": ('[[region]]\nid = "r5"\nname = "R"\nlatitude = 100\n', "latitude", "100", "a number of degrees"),
    "country": ('[[region]]\nid = "r6"\nname = "R"\ncountry = "Sweden"\n', "country", "Sweden", "'SE'"),
    "no-country": ('[[region]]\nid = "r7"\nname = "R"\ncountry = "Oz"\n', "country", "Oz", "two letters"),
    "grid": ('[[region]]\nid = "r8"\nname = "R"\ngrid = "grid:sw"\n', "grid", "grid:sw", "grid:"),
    "circle": ('[[region]]\nid = "r9"\nname = "R"\ngrid = "r9"\n', "grid", "r9", "a chain that ends"),
    "period": (
        '[[region]]\nid = "r10"\nname = "R"\nfactors = [{period = "25", pue = 2}]\n',
        "factors[1].period",
        "25",
        "",
    ),
    "no-period": ('[[region]]\nid = "r11"\nname = "R"\nfactors = [{pue = 2}]\n', "factors[1]", "", "period"),
    "future": (
        '[[region]]\nid = "r12"\nname = "R"\nfactors = [{period = "2125", gross = "9 gCO2e/kWh"}]\n',
        *("factors[1].period", "2125", "a period up to"),
    ),
    "flag": (
        '[[region]]\nid = "r13"\nname = "R"\nfactors = [{period = "2025", gross = "9 gCO2e/kWh", includes_td = 1}]\n',
        *("factors[1].includes_td", "1", "true or false"),
    ),
    "twice": (
        '[[region]]\nid = "r14"\nname = "R"\n'
        'factors = [{period = "2025", gross = "9 gCO2e/kWh"}, {period = "2025", gross = "8 gCO2e/kWh"}]\n',
        *("factors[2]", "2025", ""),
    ),
    "net": (
        '[[region]]\nid = "r15"\nname = "R"\n'
        'factors = [{period = "2025", gross = "9 gCO2e/kWh", net = "10 gCO2e/kWh"}]\n',
        *("factors[1].net", "10 gCO2e/kWh", "at most 9 gCO2e/kWh"),
    ),
    "shape": (
        '[[region]]\nid = "r16"\nname = "R"\n'
        'factors = [{period = "2025", gross = "9 gCO2e/kWh", hourly = {shape = [1], time_zone = "UTC"}}]\n',
        *("factors[1].hourly.shape", "a list", "24 values"),
    ),
    "mean-of-shape": (
        '[[region]]\nid = "r17"\nname = "R"\nfactors = [{period = "2025", gross = "9 gCO2e/kWh",'
        f' hourly = {{shape = [{", ".join(["2"] * 24)}], time_zone = "UTC"}}}}]\n',
        *("factors[1].hourly.shape", "2", "a mean of 1"),
    ),
    "time-zone": (
        '[[region]]\nid = "r18"\nname = "R"\nfactors = [{period = "2025", gross = "9 gCO2e/kWh",'
        f' hourly = {{shape = [{", ".join(["1"] * 24)}], time_zone = "Europe/Helsinky"}}}}]\n',
        *("factors[1].hourly.time_zone", "Europe/Helsinky", "Europe/Helsinki"),
    ),
    "no-time-zone": (
        '[[region]]\nid = "r19"\nname = "R"\nfactors = [{period = "2025", gross = "9 gCO2e/kWh",'
        f" hourly = {{shape = [{', '.join(['1'] * 24)}], time_zone = 5}}}}]\n",
        *("factors[1].hourly.time_zone", "5", "a time zone"),
    ),
    "alias-of-others": (
        '[[hardware]]\nid = "h30"\nname = "H"\naliases = ["v100"]\npower = {tdp = "3 W"}\n',
        "",
        "v100",
        "",
    ),
    "alias-twice": ('[[model]]\nid = "m30"\nname = "M"\naliases = ["mm", "mm"]\n', "aliases", "mm", ""),
    "alias-is-id": ('[[model]]\nid = "m31"\nname = "M"\naliases = ["m31"]\n', "aliases", "m31", ""),
    "alias-of-two": (
        '[[model]]\nid = "m32"\nname = "M"\naliases = ["two"]\n[[model]]\nid = "m33"\nname = "M"\naliases = ["two"]\n',
        "aliases",
        "two",
        "",
    ),
    "alias-is-an-id": (
        '[[model]]\nid = "m34"\nname = "M"\naliases = ["m35"]\n[[model]]\nid = "m35"\nname = "M"\n',
        "aliases",
        "m35",
        "",
    ),
    "id-twice": (
        '[[model]]\nid = "m36"\nname = "M"\n[[model]]\nid = "m36"\nname = "M"\n',
        "",
        "m36",
        "an id of its own",
    ),
    "reference": (
        '[[run]]\nid = "r20"\nmodel = "gpt-33"\nhardware = "v100"\n',
        "model",
        "gpt-33",
        "gpt-3",
    ),
    "no-reference": ('[[run]]\nid = "r21"\nmodel = "qqqq"\nhardware = "v100"\n', "model", "qqqq", "the id of a model"),
    "run-power": (
        '[[run]]\nid = "r22"\nmodel = "gpt-3"\nhardware = "v100"\npower = "6500 W"\n',
        "power",
        "6500 W",
        "at most",
    ),
    "run-energy": (
        '[[run]]\nid = "r23"\nmodel = "gpt-3"\nhardware = "v100"\npower = "300 W"\nchips = 8\nduration = "10 h"\n'
        'energy = "30 MWh"\n',
        *("energy", "30000 kWh", "about 31.2 kWh"),
    ),
    "run-hours": (
        '[[run]]\nid = "r24"\nmodel = "gpt-3"\nhardware = "v100"\nchips = 8\nduration = "10 h"\nchip_hours = "800 h"\n',
        *("chip_hours", "800 h", "about 80 h"),
    ),
    "run-co2e": (
        '[[run]]\nid = "r25"\nmodel = "gpt-3"\nhardware = "v100"\nenergy = "1 MWh"\ngross_factor = "100 gCO2e/kWh"\n'
        'gross_co2e = "1 tCO2e"\n',
        *("gross_co2e", "1000 kgCO2e", "about 100 kgCO2e"),
    ),
    "run-net": (
        '[[run]]\nid = "r26"\nmodel = "gpt-3"\nhardware = "v100"\ngross_co2e = "1 tCO2e"\nnet_co2e = "1.5 tCO2e"\n',
        *("net_co2e", "1500 kgCO2e", "at most 1000 kgCO2e"),
    ),
    "run-throughput": (
        '[[run]]\nid = "r27"\nmodel = "gpt-3"\nhardware = "v100"\nthroughput = "500 TFLOP/s"\n',
        *("throughput", "5e+14 FLOP/s", "at most 1.25e+14 FLOP/s"),
    ),
    "run-utilisation": (
        '[[run]]\nid = "r28"\nmodel = "gpt-3"\nhardware = "v100"\nthroughput = "100 TFLOP/s"\n',
        *("throughput", "1e+14 FLOP/s", "at most 7.5e+13 FLOP/s"),
    ),
    "run-node": (
        '[[run]]\nid = "r29"\nmodel = "gpt-3"\nhardware = "tpu-v2"\nnode_power = "3 kW"\n',
        "node_power",
        "",
        "power",
    ),
    "run-both": (
        '[[run]]\nid = "r30"\nmodel = "gpt-3"\nhardware = "v100"\nnode_power = "3 kW"\npower = "300 W"\n',
        *("node_power", "", "power or node_power"),
    ),
    "no-url": ('[[model]]\nid = "m40"\nname = "M"\nsource = {title = "Talk"}\n', "", "", "url or year"),
    "placeholder": (
        '[[model]]\nid = "m41"\nname = "M"\nsource = {title = "T", url = "https://acme.example/x"}\n',
        *("", "acme.example", "a url"),
    ),
}
# Packs that are none.
PACKS: dict[str, bytes] = {
    "no-toml": b"pack = \n",
    "no-utf-8": b"pack = 1\n# \xff\n",
    "deep": b"pack = 1\nx = " + b"[" * 5000,
    "no-version": b"[[model]]\nid = 1\n",
    "unknown-table": (HEAD + "[[regoin]]\n[[qqqq]]\n").encode(),
    "no-tables": (HEAD + "[model]\nid = 1\n").encode(),
    "long": (HEAD + f'[[model]]\nid = "m"\nname = "{"M" * 201}"\n').encode(),
    "newer": HEAD.replace("1", "9", 1).encode() + b"[[qqqq]]\nid = 1\n",
    "large": b"#" * (16 * 2**20 + 1),
}
_CODE = "from carbontui_registry import *\nS = Source('Sheet', year=2026)\n"
_HOOK = "@hookimpl\ndef carbontui_hardware():\n"
# Modules of plugins with something wrong about them.
MODULES: dict[str, str] = {
    "raises": "1 / 0",
    "lacks": "import nobodys_module",
    "none": _CODE + _HOOK + "    return None",
    "no_hook": _CODE,
    "not_marked": _CODE + "def carbontui_hardware():\n    return []",
    "misspelt": _CODE + "@hookimpl\ndef carbontui_hardwares():\n    return []",
    "arguments": _CODE + "@hookimpl\ndef carbontui_hardware(x):\n    return []",
    "wraps": _CODE + "@hookimpl(wrapper=True)\ndef carbontui_hardware():\n    return (yield)",
    "raising_hook": _CODE + _HOOK + "    raise ValueError('no')",
    "other_kind": _CODE + _HOOK + "    yield Model('m', 'M', S)",
    "no_record": _CODE + _HOOK + "    yield 5",
    "by_position": _CODE + _HOOK + "    yield Hardware('x', 'X', S, *range(40), name='Y')",
    "too_many": _CODE + _HOOK + "    yield from (5 for _ in range(20_001))",
    "long_text": _CODE + _HOOK + "    yield Hardware('x', 'X' * 201, S)",
    "contract": "CARBONTUI_CONTRACT = 'x'\n" + _CODE + _HOOK + "    return []",
    "newer": "CARBONTUI_CONTRACT = 9\n" + _CODE + _HOOK + "    return []",
    "exits": "import os\nos._exit(3)",
    "wrong": _CODE + _HOOK + "    yield Hardware('x', 'X', S, power=PowerProfile('3 Wh'))",
    "unlikely": _CODE + _HOOK + "    yield Hardware('y', 'Y', S, power=PowerProfile('3 W', '9 W', boundary='system'))",
    "twice": _CODE + _HOOK + "    for n in '12':\n        yield Hardware('z', 'Z' + n, S, power=PowerProfile('3 W'))",
    "raising_pack": _CODE + "load_pack('/nowhere/x.toml')",
}
# Their line that is wrong, where there is one, counted from 1.
LINES = {
    **{"raises": 1, "lacks": 1, "none": 3, "not_marked": 3, "raising_hook": 5, "wrong": 5, "unlikely": 5, "twice": 6},
}


def findings(capsys: pytest.CaptureFixture[str], target: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    cli.main(["plugins", "check", target, "--format", "json"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    for one in found:
        assert one["remedy"].strip(), one
    return found


def test_what_is_wrong_about_a_record_has_all_its_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(HEAD + "".join(text for text, *_ in RECORDS.values()))
    lines = path.read_text().splitlines()
    found = findings(capsys, str(path))
    for name, (text, key, given, expected) in RECORDS.items():
        meant = [
            one
            for one in found
            if one.get("key", "") == key and one.get("given", "") == given and expected in one.get("expected", "")
        ]
        own = text.split('id = "')[1].split('"')[0]
        meant = [one for one in meant if one.get("record", f" {own}").endswith(f" {own}")] or meant
        assert meant, (name, [one for one in found if own in one["what"]])
        one = meant[-1]
        assert one["file"] == str(path), name
        if "record" in one:
            last = [part for part in key.replace("]", "").replace("[", ".").split(".") if part and not part.isdigit()]
            assert (last[-1] if last and last[-1] in text else "[[") in lines[one["line"] - 1], (name, one)


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_that_is_none_says_what_would_be(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "acme.toml"
    path.write_bytes(PACKS[name])
    found = findings(capsys, str(path))
    assert found
    assert {one["file"] for one in found} == {str(path)}


def test_so_has_what_is_wrong_about_code(
    install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    points = "".join(f"{name} = {name}_of_acme\n" for name in MODULES)
    odd = "no_module = of acme\nobject = wrong_of_acme:S\nwrong = raises_of_acme\n"
    module = install_plugin("acme", "", module="nothing", entry_points=f"[carbontui]\n{points}{odd}")
    for name, code in MODULES.items():
        module.with_name(f"{name}_of_acme.py").write_text(code)
    found = findings(capsys, "acme")
    of = {name: [one for one in found if one["where"] == f"acme:{name}"] for name in (*MODULES, "no_module", "object")}
    assert [name for name, some in of.items() if not some] == []
    for name, line in LINES.items():
        file = str(module.with_name(f"{name}_of_acme.py"))
        assert (file, line) in [(one.get("file"), one.get("line")) for one in of[name]], name
    (wrong,) = (one for one in of["wrong"] if "record" in one)
    assert (wrong["record"], wrong["key"], wrong["given"]) == ("hardware x", "power.tdp", "3 Wh")


def test_and_what_is_wrong_about_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "pyproject.toml"
    for text in ("[project\n", "[project]\nname = 'acme'\n", "[project.entry-points.carbon-tui]\na = 'b'\n"):
        project.write_text(text)
        (one,) = findings(capsys, str(tmp_path))
        assert one["file"] == str(project)


def sayings() -> Iterator[tuple[str, ast.Call, int]]:
    """The calls that say something is wrong, each with how many arguments come before the remedy."""
    for path in sorted(REGISTRY.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                before = {"Said": 1, "Refused": 1, "problem": 2, "warning": 2}.get(name)
                if before is not None:
                    yield path.name, node, before


def test_nothing_is_said_without_a_remedy() -> None:
    """Whoever adds a message adds what to do about it: the remedy, or what is expected."""
    every = list(sayings())
    assert len(every) > 100
    for file, call, before in every:
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        expected = named.get("expected")
        good = len(call.args) > before or "remedy" in named
        good = good or (expected is not None and getattr(expected, "value", None) != "")
        passes_on = file == "said.py" or (file == "report.py" and None in named)
        assert good or passes_on, f"{file}, line {call.lineno}: {ast.unparse(call)}"
