"""The words that fields of records, scenarios and files take."""

from __future__ import annotations

import re

BASES = ("measured", "published", "derived", "assumed", "entered")
BOUNDARIES = ("accelerator", "node", "system")
HARDWARE_KINDS = ("gpu", "tpu", "other")
FORMS = ("server", "workstation", "consumer", "laptop")
PRECISIONS = ("fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "fp6", "fp4")
INTEGERS = ("int8", "int4")
COVERAGES = ("direct", "lifecycle", "unknown")
# Sources of electricity, by which a grid's generation is divided.
SOURCES_OF_ELECTRICITY = ("coal", "gas", "oil", "nuclear", "wind", "solar", "hydro", "bioenergy")
MIXES = ("generation", "consumption")
NET_BASES = ("hourly", "annual")
# What a measured machine did: a training; serving in batches as large as fit, or one request at a time; all that a
# fleet does, idle times included; or any of them under a power limit below the board's own.
WORKS = ("training", "serving", "requests", "fleet", "limited")
PUE_KINDS = ("site", "fleet", "survey")
COMPUTE_KINDS = ("model", "hardware")
TRAININGS = ("pre-training", "fine-tuning")

# A year or a month.
PERIOD = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"


def is_period(text: str) -> bool:
    """Whether a text is a year `2025` or a month `2025-03`."""
    return re.fullmatch(PERIOD, text) is not None
