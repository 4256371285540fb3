"""What is taken where only a TDP or a peak is known: figures calibrated on published runs.

The figures are literals, as fitting them needs every run and a start needs none. `carbontui verify --estimates` fits
them anew to the first-party runs and fails where one differs; `docs/estimates.md` has method and sources.
"""

from __future__ import annotations

from carbontui_registry.values import Value


class Estimate(Value):
    """A lognormal figure without unit: its median, and its relative standard deviation."""

    median: float
    spread: float


# Mean power over TDP of hardware of which no run's power was measured, by boundary.
SYSTEM_POWER = Estimate(0.84, 0.38)
ACCELERATOR_POWER = Estimate(0.41, 0.58)
# The most chips of a run behind ACCELERATOR_POWER. More of them are busier, and nobody published how much.
FEW_CHIPS = 4

# The throughput of a run as a share of another one's on hardware of one generation.
SAME_PAIR_THROUGHPUT = Estimate(1.0, 0.3)

# Utilisation by generation; hardware of another one has that of a new generation.
NEW_GENERATION = Estimate(0.31, 0.39)
UTILISATION = {
    "A100": Estimate(0.34, 0.31),
    "H100": Estimate(0.26, 0.32),
    "P100": Estimate(0.29, 0.35),
    "TPU v2": Estimate(0.39, 0.34),
    "TPU v3": Estimate(0.36, 0.33),
    "TPU v4": Estimate(0.31, 0.36),
    "V100": Estimate(0.27, 0.36),
}
# The same chip as it is sold. H20 is not among them: its rate is cut far more than its memory.
GENERATIONS = {
    "A100": ("a100-sxm4-40", "a100-sxm4-80", "a100-pcie-40", "a100-pcie-80", "a800-sxm4-80"),
    "H100": (
        *("h100-sxm5-80", "h100-pcie", "h100-nvl", "h800-sxm5"),
        *("h200-sxm", "h200-nvl", "gh200"),
    ),
    "P100": ("p100-sxm2", "p100-pcie-16"),
    "TPU v2": ("tpu-v2",),
    "TPU v3": ("tpu-v3",),
    "TPU v4": ("tpu-v4",),
    "V100": ("v100-sxm2-16", "v100-sxm2-32", "v100-pcie-16", "v100-pcie-32", "v100s-pcie-32"),
}
GENERATION_OF = {hardware: name for name, members in GENERATIONS.items() for hardware in members}


def power_over_tdp(boundary: str | None, chips: float | None) -> tuple[Estimate, str]:
    """Mean power over TDP for the boundary asked for, and the boundary that it is of.

    It is of the system wherever no published measurement says more: of a node, of many accelerators, of an unknown
    number of them.
    """
    if boundary == "accelerator" and chips is not None and chips <= FEW_CHIPS:
        return ACCELERATOR_POWER, "accelerator"
    return SYSTEM_POWER, "system"


def utilisation(hardware: str) -> Estimate:
    """Model FLOP over what the dense 16-bit matrix peak would have given, on hardware with this id."""
    return UTILISATION.get(GENERATION_OF.get(hardware, ""), NEW_GENERATION)
