"""Jobs of a model by its parameters or its config.json."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import carbontui
from carbontui.engine.explanation import explain
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.text.explain import as_text
from carbontui_registry.catalogue import Catalogue

# The shape of Llama 3.1 8B as its `config.json` gives it.
LLAMA = {
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "tie_word_embeddings": False,
}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("@h100@DE,params=7B,active_params=70B,tokens=2B,chips=8", "active_params: 7e+10 is more than all"),
        ("@h100@DE,params=7B,trainable=70B,tokens=2B,chips=8", "trainable: 7e+10 is more than all parameters"),
        ("t5@h100@DE,trainable=50B,tokens=1B,chips=8", "more than all parameters of t5, params=1.1e+10"),
    ],
)
def test_no_part_of_the_parameters_is_more_than_all(spec: str, said: str, catalogue: Catalogue) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        fill(parse_spec(spec), catalogue)


def test_a_config_and_parameters_are_not_both_given(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(LLAMA))
    for spec in (f"@h100,config={path},params=9B,tokens=2B", f"@h100,params=9B,config={path},tokens=2B"):
        with pytest.raises(ScenarioError, match="config= gives the parameters already"):
            parse_spec(spec)


def test_a_job_by_its_config_comes_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(LLAMA))
    made = carbontui.compare(f"@h100@DE,tokens=2B,chips=8,config={path}")
    carbontui.save(made, str(tmp_path / "job.toml"))
    again = carbontui.compare(str(tmp_path / "job.toml"))
    was, now = made.scenarios[0], again.scenarios[0]
    assert {key: now.result(key) for key in now.results} == {key: was.result(key) for key in was.results}
    assert now.result("gross_kgco2e") is not None


@pytest.mark.parametrize(
    ("spec", "formula"),
    [
        ("@h100@DE,params=8B,chips=8,tokens=2B", "6 x parameters"),
        ("@h100@DE,params=8B,active_params=2B,chips=8,tokens=2B", "6 x active parameters"),
        ("@h100@DE,params=8B,trainable=40M,chips=8,tokens=2B", "4 x parameters + 2 x trainable parameters"),
    ],
)
def test_it_is_explained_what_flop_per_token_are(spec: str, formula: str, catalogue: Catalogue) -> None:
    said = as_text(explain(fill(parse_spec(spec), catalogue), "gross_kgco2e"))
    assert f"FLOP per token = {formula}\n" in said
