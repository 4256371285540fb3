"""The help on SPECs: their form, every key, and examples."""

from __future__ import annotations

from carbontui.quantities import QUANTITIES
from carbontui.spec import TEXT_KEYS, WORDS
from carbontui.text.table import wrapped

FORM = "MODEL[@[HARDWARE][@[REGION]]][,key=value]..."
# What each part is, and what else may stand there.
PARTS = {
    "MODEL": "an id or alias; a new name with params, tokens, compute or hours; or nothing",
    "HARDWARE": "an id, an alias or a tool's name for it (8xH100 is eight); or a new name with tdp or power",
    "REGION": "an id, an alias or a country (germany, DE); or a new name with gross or net",
}
EXAMPLES = {
    "@h100@aws:us-east-1,chips=8,duration=3 d": "your own job, by its hours",
    "@8xh100@germany,params=7B,tokens=2T": "your own model, by parameters and tokens",
    "llama-3.1-8b@h100@gcp:europe-west1,chips=8,tokens=2B,trainable=40M": "LoRA on a registered model",
    "@t4@gcp:us-west1,chips=1,duration=2 h,count=1000": "a search of 1,000 trials",
    "@h100@france,chip_hours=1.7M": "chip-hours alone",
    "@h100@france,chips=8,duration=3 d,it_energy=412 kWh": "a metered energy, next to the estimate",
    "@mychip@here,tdp=450 W,chips=1,duration=20 h,form=consumer,gross=640 gCO2e/kWh": "your own hardware and place",
    "gpt-3@a100@gcp:europe-north1,chips=1024": "a published training, moved elsewhere",
}


def key_rows() -> list[tuple[str, str, str]]:
    """Every key with an example of its value and what it says, in a sentence."""
    rows = [
        (key, "|".join(WORDS[key]) if key in WORDS else "", said[:1].upper() + said[1:])
        for key, said in TEXT_KEYS.items()
    ]
    return rows + [(key, q.example, q.description) for key, q in QUANTITIES.items()]


def spec_help(width: int | None) -> str:
    """What `carbontui help spec` prints."""
    lines = [f"A SPEC is {FORM}", ""]
    lines += [f"  {part:<10}{said}" for part, said in PARTS.items()]
    lines += ["", "keys:"]
    wide = max(len(key) for key, _, _ in key_rows())
    for key, example, said in key_rows():
        like = f" ({example})" if example and key in WORDS else f", such as {example}" if example else ""
        lines += wrapped([f"  {key:<{wide}}  {said.rstrip('.')}{like}"], width)
    lines += ["", "examples:"]
    for spec, said in EXAMPLES.items():
        lines += [f"  carbontui compare '{spec}'", f"      {said}"]
    return "\n".join(lines) + "\n"
