"""Strategies that several tests share: any scenario that the engine can be asked for."""

from __future__ import annotations

from hypothesis import strategies as st

MODELS = st.sampled_from(["gpt-3", "t5", "switch-transformer", "bloom-176b", "pythia-12b", "opt-175b", "llama-3-8b"])
HARDWARE = st.sampled_from(["", "v100", "a100", "h100", "tpu-v3", "p100"])
REGIONS = st.sampled_from(
    ["", "gcp:europe-north1", "aws:us-east-1", "grid:fr", "paper:google-iowa", "azure:swedencentral"]
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "chips": st.integers(1, 10**6).map(str),
        "duration": st.floats(1e-3, 1e5).map(lambda v: f"{v} h"),
        "power": st.floats(1, 1e4).map(lambda v: f"{v} W"),
        "pue": st.floats(1, 3).map(str),
        "gross": st.floats(0, 1500).map(lambda v: f"{v} gCO2e/kWh"),
        "net": st.floats(0, 1500).map(lambda v: f"{v} gCO2e/kWh"),
        "compute": st.floats(1e15, 1e26).map(lambda v: f"{v} FLOP"),
        "energy": st.floats(0, 1e9).map(lambda v: f"{v} kWh"),
        "name": st.text(st.characters(codec="utf-8", exclude_characters=",="), min_size=1, max_size=20),
    },
)
ANY_SPEC = st.builds(
    lambda m, h, r, o: f"{m}@{h}@{r}" + "".join(f",{key}={value}" for key, value in o.items()),
    MODELS, HARDWARE, REGIONS, OPTIONS,
)  # fmt: skip
