"""The ratios that the page on the abstract's claims names, by the same commands."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from carbontui.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "claims.md").read_text(encoding="utf-8")
US = "transformer-big --hardware v100 --accounting direct --region"


@pytest.mark.parametrize(
    ("question", "times", "named"),
    [
        (f'{US} "gcp:us-*"', 7.47, "**7.47 times**"),
        (f'{US} "aws:us-*"', 1.96, "1.96 times among six regions of AWS"),
        (f'{US} "azure:*" --within US', 2.30, "2.30 among nine of Azure"),
        (
            'transformer-big --hardware v100 --objective energy --region "gcp:*" "aws:*" "azure:*"',
            1.364,
            "**1.36 times**",
        ),
        ("gpt-3 --hardware v100 h100 --region gcp:europe-north1 --objective energy", 5.87, "**5.9 times**"),
        ("gpt-3 --hardware v100 a100 --region gcp:europe-north1 --objective energy", 4.24, "**4.2 times**"),
        ("gpt-3", 465, "**465 times**"),
        ("transformer-big evolved-transformer-medium", 4772, "4,772x"),
    ],
)
def test_a_sweep_gives_the_ratio(question: str, times: float, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", *shlex.split(question), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["sweep"]
    metric = {"gross": "gross_kgco2e", "energy": "energy_kwh"}[found["objective"]]
    assert found["worst"] / found["best"][0][metric] == pytest.approx(times, rel=2e-3)
    assert named in PAGE


@pytest.mark.parametrize(
    ("specs", "metric", "ratio", "named"),
    [
        ("transformer-big@p100@paper:us-average transformer-big@p100@paper:google-iowa", "net", 7.67, "**7.7 times**"),
        ("transformer-big@p100@paper:us-average transformer-big@p100@paper:google-iowa", "energy", 1.43, "**1.43"),
        ("transformer-big@p100@paper:google-iowa transformer-big@tpu-v2@paper:google-iowa", "energy", 5.6, "**5.6"),
        (
            "transformer-big@p100@paper:us-average evolved-transformer-medium@tpu-v2@paper:google-iowa",
            "net",
            56.5,
            "**57 times**",
        ),
    ],
)
def test_a_comparison_gives_the_ratio(
    specs: str, metric: str, ratio: float, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *specs.split(), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["scenarios"][1]["results"]
    assert 1 / found[f"{metric}_ratio_to_baseline"] == pytest.approx(ratio, rel=4e-3)
    assert named in PAGE
