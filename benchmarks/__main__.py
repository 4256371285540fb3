"""`python -m benchmarks [--quick]`: a table of ratios, each against a floor that is measured in the same run.

Absolute times say more about the machine than about the program, so none is asserted anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import engine, ledger
from benchmarks.terminal import Terminal

PYTHON = [sys.executable, "-c", "pass"]
CARBONTUI = [sys.executable, "-m", "carbontui"]
SMALLEST_APP = """
from textual.app import App
from textual.widgets import Static

class Smallest(App):
    presses = 0

    def compose(self):
        yield Static("pressed 0 times")

    def on_key(self):
        self.presses += 1
        self.query_one(Static).update(f"pressed {self.presses} times")

Smallest().run()
"""
ENTRIES = 10_000
PLUGIN = """
from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

@hookimpl
def carbontui_hardware():
    for n in "abc":
        yield Hardware("beside-{number}" + n, "Beside {number}", Source("Beside 2026"), power=PowerProfile("300 W"))
"""


def process_seconds(command: Sequence[str]) -> float:
    """Wall seconds of a whole process."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def paint_seconds(command: Sequence[str], marker: str) -> float:
    """Seconds from the start to the first screen with the marker."""
    terminal = Terminal(command)
    try:
        return terminal.until(lambda: terminal.shows(marker))
    finally:
        terminal.close()


def key_seconds(command: Sequence[str], marker: str, first: Sequence[str], keys: Sequence[str]) -> list[float]:
    """Seconds to the first change of the screen of each key, after `first` were pressed."""
    terminal = Terminal(command)
    try:
        terminal.until(lambda: terminal.shows(marker))
        for key in first:
            terminal.key(key)
        return [terminal.key(key) for key in keys]
    finally:
        terminal.close()


def in_turn(runs: int, one: Callable[[], float], floor: Callable[[], float]) -> tuple[float, float]:
    """Medians of two measurements taken alternately, after one of each that does not count."""
    one(), floor()
    pairs = [(one(), floor()) for _ in range(runs)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def many_accelerators(folder: Path) -> None:
    """A pack of a user's own with very many accelerators."""
    records = [
        f'[[hardware]]\nid = "many-{n}"\nname = "Many {n}"\nvendor = "Many"\npower = {{tdp = "{100 + n % 900} W"}}\n'
        f'peak = {{bf16 = "{100 + n % 1000} TFLOP/s"}}\nmemory = "{16 + n % 200} GiB"\n'
        for n in range(ENTRIES)
    ]
    folder.mkdir(parents=True)
    (folder / "many.toml").write_text('pack = 1\n[source]\ntitle = "Many 2026"\n' + "".join(records), encoding="utf-8")


def distributions(folder: Path, number: int, group: str, code: str = "") -> None:
    """So many installed distributions, a module each, that an entry point of the group names."""
    for n in range(number):
        name = f"beside_{group}_{n}"
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (folder / f"{name}.py").write_text(code.format(number=n), encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {name}\n", encoding="utf-8")


def many_cells(folder: Path) -> None:
    """A pack of a user's own that makes a sweep of 100 hardware in 600 regions and more."""
    source = 'pack = 1\n[source]\ntitle = "Wide 2026"\n'
    hardware = [
        f'[[hardware]]\nid = "wide-{n}"\nname = "Wide {n}"\npower = {{tdp = "{100 + n} W"}}\n'
        f'peak = {{bf16 = "{100 + n} TFLOP/s"}}\nmemory = "80 GiB"\n'
        for n in range(16)
    ]
    regions = [
        f'[[region]]\nid = "wide:r{n}"\nname = "Wide place {n}"\nprovider = "wide"\npue = 1.1\n'
        f'factors = [{{period = "2025", gross = "{50 + n} gCO2e/kWh", coverage = "lifecycle"}}]\n'
        for n in range(600 - 143)
    ]
    folder.mkdir(parents=True)
    (folder / "wide.toml").write_text(source + "".join(hardware + regions), encoding="utf-8")


def many_scenarios(path: Path, number: int) -> str:
    """A comparison of so many logged runs, and its path."""
    runs = [
        {
            "name": f"run {n}",
            "hardware": "h100-sxm5-80",
            "region": "aws:us-east-1",
            "basis": {"chips": "entered"},
            "inputs": {"chips": 1 + n % 64, "duration_h": 1.0 + n % 97, "period": "2024"},
        }
        for n in range(number)
    ]
    path.write_text(json.dumps({"carbontui": 1, "baseline": "run 0", "scenarios": runs}), encoding="utf-8")
    return str(path)


def read_ratio(config: Path) -> float:
    """Reading a pack into checked records, over reading its TOML alone; pint is asked once for each spelling."""
    import tomllib

    from carbontui_registry.packs import load_pack

    path = config / "packs" / "many.toml"

    def timed(read: Callable[[], object]) -> float:
        begun = time.perf_counter()
        read()
        return time.perf_counter() - begun

    one, floor = in_turn(
        3, lambda: timed(lambda: load_pack(path)), lambda: timed(lambda: tomllib.loads(path.read_text()))
    )
    return one / floor


def measured(quick: bool, folder: Path) -> Iterator[tuple[str, str, float, str]]:
    """Rows: what, against what, the ratio or milliseconds over the floor, and how that is meant."""
    runs = 5 if quick else 15
    smallest = [sys.executable, "-c", SMALLEST_APP]
    fifty = [f"gpt-3@a100@gcp:europe-north1,chips={64 * n}" for n in range(1, 51)]
    comparison = str(folder / "fifty.toml")
    subprocess.run([*CARBONTUI, "compare", *fifty, "--format", "toml", "-o", comparison], check=True, stderr=-3)

    for what, arguments in (("--version", ["--version"]), ("compare t5, JSON", ["compare", "t5", "--format", "json"])):
        command = [*CARBONTUI, *arguments]
        one, floor = in_turn(runs, lambda c=command: process_seconds(c), lambda: process_seconds(PYTHON))  # type: ignore[misc]
        yield f"carbontui {what}", "python -c pass", one / floor, "x"
    one, floor = in_turn(
        runs,
        lambda: paint_seconds(CARBONTUI, "vs baseline"),
        lambda: paint_seconds(smallest, "pressed 0 times"),
    )
    yield "first paint", "smallest Textual app", one / floor, "x"

    logged = {number: many_scenarios(folder / f"logged-{number}.json", number) for number in (5, 200, ENTRIES)}
    one, floor = in_turn(
        runs,
        lambda: paint_seconds([*CARBONTUI, logged[200]], "vs baseline"),
        lambda: paint_seconds([*CARBONTUI, logged[5]], "vs baseline"),
    )
    yield "first paint of 200 logged runs", "the same of 5", one / floor, "x"

    presses = 15 if quick else 40
    bare = key_seconds(smallest, "pressed 0 times", [], ["a"] * presses)
    floor = statistics.median(bare)
    cases: list[tuple[str, list[str], list[str], list[str]]] = [
        ("a step in 50 scenarios", [*CARBONTUI, comparison], [], ["<right>"] * presses),
        ("another metric of 50 scenarios", [*CARBONTUI, comparison], [], ["m"] * presses),
        ("a step of the chips on Plan", [*CARBONTUI, logged[5]], ["p", "<down>", "<down>"], ["<right>"] * presses),
        (f"a step in {ENTRIES:,} scenarios as rows", [*CARBONTUI, logged[ENTRIES]], ["T"], ["<down>"] * presses),
        (f"a page in {ENTRIES:,} scenarios as rows", [*CARBONTUI, logged[ENTRIES]], ["T"], ["<pgdn>"] * presses),
        (
            f"a sort, or another metric, of {ENTRIES:,} scenarios as rows",
            [*CARBONTUI, logged[ENTRIES]],
            ["T"],
            ["z", *["m"] * 5],
        ),
    ]
    few, many = str(folder / "config"), str(folder / "many")
    many_accelerators(Path(many) / "packs")
    os.environ["CARBONTUI_CONFIG"] = many
    subprocess.run([*CARBONTUI, "list", "models"], check=True, stdout=-3, stderr=-3)

    def configured(config: str, seconds: Callable[[], float]) -> float:
        os.environ["CARBONTUI_CONFIG"] = config
        return seconds()

    def compared() -> float:
        return process_seconds([*CARBONTUI, "compare", "t5", "--format", "json"])

    for what, seconds in (
        ("compare t5, JSON", compared),
        ("first paint", lambda: paint_seconds(CARBONTUI, "vs baseline")),
    ):
        one, floor_ = in_turn(
            runs,
            lambda s=seconds: configured(many, s),
            lambda s=seconds: configured(few, s),  # type: ignore[misc]
        )
        yield f"{what}, with {ENTRIES:,} more records", "the same without them", one / floor_, "x"

    os.environ["CARBONTUI_CONFIG"] = few
    alone, before = folder / "alone", os.environ.get("PYTHONPATH")
    alone.mkdir()

    def beside(installed: Path) -> float:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(installed), before)))
        return compared()

    for number, which, group, code in ((200, "distributions", "unrelated", ""), (20, "plugins", "carbontui", PLUGIN)):
        installed = folder / which
        distributions(installed, number, group, code)
        one, floor_ = in_turn(runs, lambda i=installed: beside(i), lambda: beside(alone))  # type: ignore[misc]
        yield f"compare t5, JSON, with {number} {which} installed", "the same without them", one / floor_, "x"
    os.environ["PYTHONPATH"] = before or ""
    yield f"reading {ENTRIES:,} records, units checked", "reading their TOML", read_ratio(Path(many)), "x"
    os.environ["CARBONTUI_CONFIG"] = many
    wide = str(folder / "wide")
    many_cells(Path(wide) / "packs")
    letters = list("many 77") + ["<down>"] * (presses - 7)
    cases.append((f"a key in a picker of {ENTRIES:,}", CARBONTUI, ["<down>", "<enter>"], letters))
    cases.append(("a step on the map", CARBONTUI, ["3"], ["<right>", "<left>"] * (presses // 2)))
    cases.append(("a step among the dots of a sweep", CARBONTUI, ["4", "l"], ["<up>", "<down>"] * (presses // 2)))
    cells = "100 x 600 cells"
    cases.append((f"a step in a sweep of {cells}", CARBONTUI, ["4"], ["<right>", "<down>"] * (presses // 2)))
    cases.append((f"another objective of {cells}", CARBONTUI, ["4"], ["m"] * presses))
    cases.append((f"a sort of {cells}", CARBONTUI, ["4"], ["z"] * presses))
    for what, command, first, keys in cases:
        os.environ["CARBONTUI_CONFIG"] = wide if cells in what else many if f"picker of {ENTRIES:,}" in what else few
        # What one case leaves behind, such as scenarios as rows, is not where the next one begins.
        shutil.rmtree(Path(os.environ["CARBONTUI_CONFIG"]) / "kept", ignore_errors=True)
        taken = key_seconds(command, "vs baseline", first, keys)
        over = sorted(seconds - floor for seconds in taken)[round(0.95 * (len(taken) - 1))]
        yield what, "a key in the smallest Textual app", 1000 * over, "ms over, 95 %"
    os.environ["CARBONTUI_CONFIG"] = few
    yield from engine.footprint_rows(quick=quick)
    yield from engine.sweep_rows(quick=quick)
    yield from engine.registry_rows(quick=quick)
    yield from ledger.ledger_rows(folder, quick=quick)
    yield from engine.installed_rows()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs, under a minute")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(CARBONTUI_CONFIG=f"{name}/config", CARBONTUI_CACHE=f"{name}/cache")
        print("| what | against | measured |\n|---|---|---|")
        for what, against, figure, unit in measured(options.quick, Path(name)):
            print(f"| {what} | {against} | {figure:.{engine.DIGITS.get(unit, 1)}f} {unit} |", flush=True)


if __name__ == "__main__":
    main()
