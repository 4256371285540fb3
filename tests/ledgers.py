"""What the tests of ledgers share: runs, an account of them, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
SACCT, CLUSTER = str(DATA / "slurm_sacct.txt"), str(DATA / "cluster.toml")
DAY = 86_400.0


def ledger_of(catalogue: Catalogue, *entries: Entry, as_one: bool = False) -> Ledger:
    runs = Runs()
    runs.add(entries)
    return Ledger(runs, catalogue, as_one=as_one)


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["ledger", *words]) == status
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, *words, "--format", "json", status=status))
    return found


SETTINGS = st.builds(
    Setting,
    hardware=st.sampled_from(["a100-sxm4-80", "h100-sxm5-80", "rtx-4090", "tpu-v4", ""]),
    region=st.sampled_from(["grid:de", "grid:fr", "gcp:us-central1", "grid:us-ca", ""]),
    chips=st.sampled_from([1.0, 2.0, 8.0, 1024.0]),
    pue=st.sampled_from([None, 1.0, 1.1, 1.3]),
    factor=st.sampled_from([None, None, 56.0]),
    energy_of=st.sampled_from([FACILITY, "node", "accelerator"]),
    tool=st.just("tool"),
)
AMOUNT = st.floats(1e-3, 1e6)


@st.composite
def runs(draw: st.DrawFn) -> Entry:
    setting = draw(SETTINGS)
    hours = draw(AMOUNT)
    watts = draw(st.one_of(st.none(), st.floats(1, 1e4)))
    energy = watts * hours * (setting.chips or 1) / 1000 if watts is not None else None
    states = setting.energy_of == FACILITY and setting.factor is None
    gross = energy * draw(st.floats(1e-3, 2)) if energy is not None and states and draw(st.booleans()) else None
    account = Labels(account=draw(st.sampled_from(["nlp", "vision", ""])))
    setting = setting if energy is not None else setting._replace(energy_of="")
    return Entry("run", setting, account, None, hours, setting.chips, energy, gross)


# Budgets


def budget(folder: Path, text: str) -> str:
    path = folder / "budget.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
