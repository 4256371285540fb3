"""The loading process: damaged installations, contract versions, switching off, Ctrl+C.

What plugins may do to it stands in `hostile_plugins`, a distribution each: see `test_hostile_plugins.py`.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from carbontui_registry.catalogue import Catalogue
from carbontui_registry.load_host import load
from carbontui_registry.plugin import KINDS, Loaded, Plugin

HEAD = """\
import os, signal, sys, time
from carbontui_registry import (CarbonFactor, Figure, Hardware, Model, PowerProfile, Region, Source, TrainingRun,
                                hookimpl)
S = Source("Sheet")
def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)
"""


class Case(NamedTuple):
    code: str
    problem: str = ""
    ids: str = ""
    warning: str = ""
    more: dict[str, Any] = {}


def in_hook(*lines: str) -> str:
    return "@hookimpl\ndef carbontui_hardware():\n" + textwrap.indent("\n".join(lines), "    ") + "\n"


# How each one offends, what is said of it, and which of its records are there all the same.
CASES: dict[str, Case] = {
    "good": Case(in_hook("yield x('good-1')", "yield x('good-2')"), ids="good-1 good-2"),
    # A family of chips from one record, and one that is made in a thread.
    "family": Case(
        in_hook(
            "one = x('fam-1')",
            "yield one",
            "yield one.replace(id='fam-2', name='X2')",
            "yield one.replace(id='fam-3', power=PowerProfile(tdp='3 Wh'))",
        ),
        "hardware fam-3: family.py, line [0-9]+: power.tdp: '3 Wh' is an energy",
        ids="fam-1 fam-2",
    ),
    "threads": Case(
        "from concurrent.futures import ThreadPoolExecutor\n"
        + in_hook(
            "with ThreadPoolExecutor(2) as pool:",
            "    yield from pool.map(lambda n: x(f'thread-{n}', '350 W' if n else '350 Wh'), range(3))",
        ),
        "hardware thread-0: threads.py, line [0-9]+: power.tdp: '350 Wh' is an energy",
        ids="thread-1 thread-2",
    ),
    "gives-none": Case(
        in_hook("return None"), "carbontui_hardware: gives None; return a list of records, or yield them"
    ),
    "unmarked": Case(
        in_hook("yield x('marked')") + "def carbontui_models():\n    yield Model('unmarked', 'M', S)\n",
        "carbontui_models: is not marked as a hook, so it is never called; write @hookimpl above it",
        ids="marked",
    ),
    "no-hook": Case("def hardware():\n    return []\n", "it implements no hook; hooks are carbontui_hardware, "),
    "forgets": Case(
        "from carbontui_registry import load_pack\nfrom importlib.resources import files\n"
        "PACK = load_pack(files(__name__) / 'figures.toml')\n" + in_hook("return PACK.hardware"),
        r"figures.toml: no hook gives run a/b; add the hook carbontui_runs, which returns those of the pack",
        ids="chip",
        more={
            "module": "forgets/__init__",
            "entry_points": "[carbontui]\nforgets = forgets\n",
            "files": {
                "forgets/figures.toml": 'pack = 1\nsource = {title = "S"}\n[[run]]\nmodel = "a"\nhardware = "b"\n'
                '[[hardware]]\nid = "chip"\nname = "X"\npower = {tdp = "9 W"}\n',
                "forgets/other.toml": "[tool]\nx = 1\n",
            },
        },
    ),
    "no-module": Case("", "which is not a module", more={"entry_points": "[carbontui]\nno-module = what is this?\n"}),
    "damaged": Case("", "its metadata cannot be read", more={"entry_points": b"[carbontui]\nx\xff = damaged\n"}),
    "half-a-line": Case("", "its metadata cannot be read", more={"entry_points": "[carbontui]\nhalf\n"}),
    "newer": Case(
        "CARBONTUI_CONTRACT = 2\nTABLE = [x('new-1', shine=1)]\n"
        + in_hook("yield from TABLE", "yield x('new-2', glow=1)"),
        ids="new-1 new-2",
        warning="it is written for contract 2; this carbontui supports 1\n.*shine: not known to this version.*\n.*glow",
    ),
    "odd-contract": Case("CARBONTUI_CONTRACT = '2'\n", "CARBONTUI_CONTRACT must be a whole number"),
}
ORIGINS = {"damaged": "damaged", "half-a-line": "half-a-line"}


@pytest.fixture(scope="module")
def found(shared_site: Any) -> Loaded:
    """All of them installed at once and loaded."""
    for name, case in CASES.items():
        shared_site.install(name, HEAD + case.code, **case.more)
    shared_site.install("nameless", HEAD + in_hook("yield x('nameless')"), metadata=False)
    return load()


def plugin(found: Loaded, origin: str) -> Plugin:
    (one,) = [plugin for plugin in found.plugins if plugin.origin == origin]
    return one


def ids(found: Loaded, origin: str) -> set[str]:
    return {str(record.id) for where, record in found.records if where == origin}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CASES)
def test_each_is_named_with_its_reason(found: Loaded, name: str) -> None:
    case = CASES[name]
    one = plugin(found, ORIGINS.get(name, f"{name}:{name}"))
    problems, warnings = "\n".join(one.problems), "\n".join(one.warnings)
    if case.problem:
        assert re.search(case.problem, problems)
    else:
        assert not problems
    assert re.search(case.warning, warnings) if case.warning else not warnings
    assert ids(found, one.origin) == set(case.ids.split())


def test_no_first_party_figure_is_lost(found: Loaded, catalogue: Catalogue) -> None:
    assert not [p for p in found.plugins if p.first_party and (p.problems or p.warnings)]
    first_party = {p.origin for p in found.plugins if p.first_party}
    there = [(origin, record) for origin, record in found.records if origin in first_party]
    assert len(there) == sum(len(catalogue.all(kind)) for kind in KINDS)
    for origin, record in there:
        other = catalogue.find(record._kind, record.id)  # type: ignore[attr-defined]
        assert (origin, record) == (other.origin, other.record)


def test_without_metadata_a_distribution_has_no_name_and_still_counts(found: Loaded) -> None:
    assert ids(found, "unknown:nameless") == {"nameless"}


def test_a_failed_plugins_file_is_known_so_that_mending_it_is_seen(found: Loaded, shared_site: Any) -> None:
    for name in ("odd_contract", "good"):
        assert str(shared_site.folder / f"{name}.py") in found.files


def test_packs_are_recorded_for_the_plugin_that_reads_them(install_plugin: Callable[..., Path], tmp_path: Path) -> None:
    newer, wrong = tmp_path / "newer.toml", tmp_path / "wrong.toml"
    newer.write_text("pack = 2\n")
    wrong.write_text("pack = \n")
    reads = HEAD + "from carbontui_registry import load_pack\n"
    install_plugin("first", reads + in_hook(f"return load_pack({str(newer)!r}).hardware"))
    install_plugin("second", reads + in_hook(f"return load_pack({str(wrong)!r}).hardware"))
    install_plugin("third", HEAD + in_hook("yield x('y')"))
    found = load()
    assert plugin(found, "first:first").warnings == (
        "newer.toml: is written for contract 2; this carbontui supports 1",
    )
    assert "is not TOML" in plugin(found, "second:second").problems[0]
    assert not plugin(found, "second:second").warnings
    assert not plugin(found, "third:third").warnings
    # So that the cache holds only while they stay as they are.
    assert {str(newer), str(wrong)} <= set(found.files)


def test_progress_is_told_by_name_before_a_plugin_runs(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", HEAD + "os._exit(1)")
    told: list[str] = []
    load(progress=told.append)
    assert "acme:acme" in told
    assert "carbontui:paper" in told


def test_what_is_switched_off_is_not_imported(install_plugin: Callable[..., Path], tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    code = HEAD + f"open({str(mark)!r}, 'w').close()\n" + in_hook("yield x('marked')")
    install_plugin("acme", code)
    for off in ("acme", "acme:acme"):
        result = load(off=[off])
        assert plugin(result, "acme:acme").off
        assert not ids(result, "acme:acme")
        assert not mark.exists()
    result = load(only_first_party=True)
    assert not [p for p in result.plugins if not p.first_party]
    assert not mark.exists()
    load()
    assert mark.exists()


def test_the_users_packs_are_read(tmp_path: Path) -> None:
    head = 'pack = 1\nsource = {title = "Mine"}\n'
    texts = {
        "My Lab": head + '[[region]]\nid = "lab"\nname = "Lab"\n[[region]]\nid = "bad"\nname = "Bad"\npue = 0.5\n',
        "broken": "pack = \n",
        "digits": f"pack = {'9' * 5000}",
        "long": head + f'[[model]]\nid = "m"\nname = "{"x" * 201}"\n',
        "newer": head.replace("1", "2") + '[[cooling]]\nid = "c"\n[[model]]\nid = "n"\nname = "N"\n',
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text)
    result = load(packs=str(tmp_path), off=["pack:off"])
    assert ids(result, "pack:My Lab") == {"lab"}
    assert ids(result, "pack:newer") == {"n"}
    said = {p.origin: "\n".join((*p.problems, *p.warnings)) for p in result.plugins}
    assert "My Lab.toml, line 9: pue: a PUE of 0.5 is below 1" in said["pack:My Lab"]
    assert "is not TOML" in said["pack:broken"]
    assert "Exceeds the limit" in said["pack:digits"]
    assert "model 1: long.toml, line 3: name: text of 201 characters" in said["pack:long"]
    assert "'cooling' is not known" in said["pack:newer"]
    assert plugin(result, "pack:My Lab").distribution == "my-lab"


CTRL_C = """
import sys
from carbontui_registry.cache import open_catalogue
try:
    open_catalogue()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_the_loading_process(install_plugin: Callable[..., Path], tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    module = install_plugin(
        "acme", f"import os, time\nos.write(os.open({str(pipe)!r}, os.O_WRONLY), b'x')\ntime.sleep(1e6)"
    )
    env = {**os.environ, "PYTHONPATH": str(module.parent)}
    process = subprocess.Popen([sys.executable, "-c", CTRL_C], stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert select.select([reader], [], [], 60)[0], "the plugin was never imported"
        assert os.read(reader, 1) == b"x"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted\n"
        # The pipe ends when the last process that holds it has ended.
        assert select.select([reader], [], [], 60)[0], "the loading process is still there"
        assert os.read(reader, 1) == b""
    finally:
        process.kill()
        process.wait()
        os.close(reader)


def test_without_a_loading_process_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from carbontui_registry.load_host import LoadingFailed

    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(LoadingFailed, match="ended the loading process"):
        load()
