"""Why one result differs from another, in words."""

from __future__ import annotations

from carbontui.engine.four_ms import Step, Why

# What the steps are called where there is no room to say what mechanization and map are of.
PLAIN = {"mechanization": "PUE", "map": "carbon factor"}


def change_text(step: Step) -> str:
    """What a step changed."""
    if step.name == "mechanization":
        return f"{step.old:.2f} → {step.new:.2f}"
    if step.name == "map":
        return f"{step.old:.4g} → {step.new:.4g} g/kWh"
    return f"{step.old or 'unknown'} → {step.new or 'unknown'}"


def way_text(why: Why) -> str:
    """How model and machine were told apart."""
    if why.way in ("unknown", "together") and all(abs(step.ratio - 1) < 1e-9 for step in why.steps[:2]):
        # There is nothing to tell apart.
        return ""
    if why.way == "run":
        return f"via {why.through[0]} on {why.through[1]}, a published run"
    return {
        "same": "the model is the same",
        "unknown": "compute is unknown on at least one side: the whole difference in IT energy counts as machine",
        "compute": "by the ratio of compute: no run of the old model on the new hardware is known",
        "together": "the model's part is unknown and is counted under machine: no compute is known",
    }[why.way]
