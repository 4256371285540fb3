"""What is taken where only a TDP or a peak is known: figures calibrated on measurements and published runs.

The figures are literals, as fitting them needs every record and a start needs none. `carbontui verify --estimates` fits
them again to the first-party records and fails where one differs; `docs/estimates.md` has method and sources, and says
which of the constants no record can test.
"""

from __future__ import annotations

from math import exp, log, sqrt

from carbontui.engine.uncertainty import Z90, product_spread, spread_of
from carbontui_registry.values import NamedTuple, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.records import Hardware


class Estimate(Value):
    """A lognormal figure without unit: its median, and its relative standard deviation."""

    median: float
    spread: float


class BySize(Value):
    """Power over TDP by the size of the model: the ratio at a hundred million parameters; on the scale of `share`, how
    far it moves where they are e times as many, and half of the 90 % range."""

    median: float
    slope: float
    half: float


# Power over TDP of machines at work throughout: at the wall, for each accelerator, and of the accelerator alone.
SERVER = Estimate(1.34, 0.13)
# The same where a training on a whole server may be of a model of any size.
ANY_MODEL = Estimate(1.23, 0.2)
OLDER_SERVER = Estimate(0.99, 0.22)
TPU = Estimate(0.69, 0.2)
LARGE = Estimate(0.84, 0.14)
# What the host of a server draws over the TDP of its accelerators.
HOST_SHARE = SERVER.median - LARGE.median
# Of the accelerators alone on which `ANY_MODEL` is fitted: no more than their limit.
ANY_MODEL_ALONE = Estimate(0.73, 0.22)
# Of the accelerator alone: serving in batches, and a training on a few whose size is not known, or is.
BATCHES = Estimate(0.7, 0.2)
FEW = Estimate(0.36, 0.69)
FEW_BY_SIZE = BySize(0.58, 0.38, 1.31)

# How many measurements, and by how many sources, each of these laws rests on.
MEASURED = {
    "server": (10, 4),
    "any-model": (12, 5),
    "any-model-alone": (12, 5),
    "older-server": (3, 1),
    "tpu": (7, 1),
    "large": (4, 1),
    "batches": (19, 3),
    "few": (14, 7),
    "few-by-size": (11, 5),
}

# On which hardware they were made, of machines at the wall.
MEASURED_ON = {
    "server": ("a100-pcie-40", "a100-sxm4-40", "a100-sxm4-80", "b200", "h100-sxm5-80"),
    "any-model": ("a100-sxm4-40", "b200", "h100-sxm5-80", "h20", "h800-sxm5", "v100-sxm2-16"),
    "older-server": ("p100-sxm2", "v100-sxm2-32"),
    "tpu": ("tpu-v2", "tpu-v3"),
}

# Constants that the records do not test, or hardly.
# An accelerator at work draws more than at rest (H100: 72.5 W of 700) and on average hardly more than its limit.
IDLE, LIMIT = 0.10, 1.05
# Boards of one name are sold with several limits (400 and 500 W): the spread of the limit.
BOARDS = {"a100-sxm4-80": 0.10}
FEW_CHIPS = 8
# Fewer than these are part of a server, whose load says nothing of theirs.
WHOLE_SERVER = 4
# Models that do not keep an accelerator of today busy, as they are trained on a few and on a whole server, and one that
# does, in parameters.
SMALL_MODEL, MODEL_OF_SERVER, LARGE_MODEL = 1e7, 1e8, 3e9
FIRST_YEAR = 2020
# Cards whose host draws more than they do, in W, and its power for each of them; a machine at a desk without its card.
SMALL_CARD, SMALL_HOST, DESK_HOST = 150.0, 140.0, 100.0
HOST_SPREAD = 0.25
NODE = Estimate(1.2, 0.10)

# The throughput of a run as a share of another one's on hardware of one generation.
SAME_PAIR_THROUGHPUT = Estimate(1.0, 0.3)

# Utilisation by generation; hardware of another one has that of a new generation.
NEW_GENERATION = Estimate(0.26, 0.45)
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

# What about a machine decides its power at the wall.
DESK, TPU_POD, OLDER, MODERN = "desk", "tpu", "older-server", "server"


class Job(Value):
    """What the power of a machine depends on, None where it is not known: accelerators, parameters, kind of work."""

    chips: float | None = None
    params: float | None = None
    serving: bool = False


class Ratio(NamedTuple):
    """Power over TDP, and the laws that it rests on by the names of `text.laws`, such as few accelerators in a desk."""

    estimate: Estimate
    laws: tuple[str, ...]


def machine(hardware: Hardware | None, at_desk: bool) -> str:
    """What kind of machine an accelerator sits in; one that nobody described is a server of today."""
    if at_desk:
        return DESK
    if hardware is not None and hardware.kind == "tpu":
        return TPU_POD
    return OLDER if hardware is not None and hardware.year and hardware.year < FIRST_YEAR else MODERN


def power_over_tdp(boundary: str, kind: str, hardware: str, tdp: float, job: Job) -> Ratio:
    """Mean power over TDP (W) at a boundary of one accelerator with this id, in a machine of a kind, for a job."""
    estimate, laws = _by_law(boundary, kind, tdp, job)
    if hardware not in MEASURED_ON.get(laws[0], (hardware,)):
        laws = (*laws, "elsewhere")
    if boards := BOARDS.get(hardware):
        estimate, laws = Estimate(estimate.median, product_spread((estimate.spread, boards))), (*laws, "boards")
    return Ratio(rounded(estimate), laws)


def _by_law(boundary: str, kind: str, tdp: float, job: Job) -> Ratio:
    if boundary != "system":
        alone, law = accelerator(job)
        if boundary == "accelerator":
            return Ratio(alone, (law,))
        return Ratio(at_node(alone), (law, "node"))
    if kind == TPU_POD:
        return Ratio(TPU, ("tpu",))
    if kind == DESK:
        return _with_host(job, DESK_HOST / tdp, "desk")
    if tdp < SMALL_CARD:
        return _with_host(job, SMALL_HOST / tdp, "small-card")
    if _is_part(job):
        return _with_host(job, HOST_SHARE, "part")
    if kind == OLDER:
        return Ratio(OLDER_SERVER, ("older-server",))
    return Ratio(ANY_MODEL, ("any-model",)) if _of_any_model(job) else Ratio(SERVER, ("server",))


class Loads(NamedTuple):
    """Power over TDP at the wall with a `small` model, which has `params` parameters, and with one of `LARGE_MODEL`."""

    params: float
    small: float
    large: float


def by_load(kind: str, hardware: str, tdp: float, job: Job) -> Loads | None:
    """What a training on up to `FEW_CHIPS` accelerators of a server of today draws with a small and with a large model,
    where the size of its own is not known; None where the power does not depend on that."""
    if not _of_any_model(job) or kind != MODERN or tdp < SMALL_CARD:
        return None
    small = SMALL_MODEL if _is_part(job) else MODEL_OF_SERVER
    sized = (job.replace(params=params) for params in (small, LARGE_MODEL))
    return Loads(small, *(power_over_tdp("system", kind, hardware, tdp, one).estimate.median for one in sized))


def _of_any_model(job: Job) -> bool:
    """Whether a training is on a few accelerators, and the size of its model is not known."""
    return job.params is None and _on_few(job)


def _on_few(job: Job) -> bool:
    """Whether a training is on a few accelerators, which a small model does not keep busy."""
    return not job.serving and job.chips is not None and job.chips <= FEW_CHIPS


def _is_part(job: Job) -> bool:
    """Whether a training may leave its server less than fully at work: a few accelerators, with a model too small to
    keep them busy, or too few for a server where its size is not known."""
    if not _on_few(job):
        return False
    if job.params is None:
        return job.chips is not None and job.chips < WHOLE_SERVER
    return _odds(FEW_BY_SIZE, job.params) < share(LARGE.median)


def accelerator(job: Job) -> tuple[Estimate, str]:
    """Power over TDP of the accelerator alone, and the law that says so."""
    if job.serving:
        return BATCHES, "batches"
    if job.chips is not None and job.chips > FEW_CHIPS:
        return LARGE, "large"
    if job.params is None:
        whole = job.chips is not None and job.chips >= WHOLE_SERVER
        return (ANY_MODEL_ALONE, "any-model-alone") if whole else (FEW, "few")
    return between(*by_size(FEW_BY_SIZE, LARGE.median, job.params)), "few-by-size"


def at_node(alone: Estimate) -> Estimate:
    """What an accelerator draws with its part of CPU and memory, where `alone` is what it draws alone."""
    return Estimate(alone.median * NODE.median, product_spread((alone.spread, NODE.spread)))


def by_size(law: BySize, largest: float, params: float) -> tuple[float, float]:
    """The ends of the 90 % range of an accelerator's power over TDP; no model keeps a few accelerators busier than a
    large training, whose ratio is `largest`, keeps its own."""
    middle = min(_odds(law, params), share(largest))
    return of_share(middle - law.half), of_share(middle + law.half)


def _odds(law: BySize, params: float) -> float:
    return share(law.median) + law.slope * log(params / 1e8)


def share(ratio: float) -> float:
    """How far a ratio to the TDP is on the way from rest to the limit, as a logarithm of odds, which has no ends."""
    return log((ratio - IDLE) / (LIMIT - ratio))


def of_share(odds: float) -> float:
    """The ratio to the TDP of a `share`."""
    return IDLE + (LIMIT - IDLE) / (1 + exp(-odds))


def rounded(estimate: Estimate) -> Estimate:
    """The figure to a hundredth, which is more than it is known to."""
    return Estimate(round(estimate.median, 2), round(estimate.spread, 2))


def between(low: float, high: float) -> Estimate:
    """The figure whose 90 % range has these ends."""
    return Estimate(sqrt(low * high), spread_of((log(high / low) / 2 / Z90) ** 2))


def _with_host(job: Job, host: float, law: str) -> Ratio:
    """An accelerator and what its host draws, over the TDP; the errors of the two are independent."""
    alone, of_alone = accelerator(job.replace(chips=min(job.chips or 1, FEW_CHIPS)))
    median = alone.median + host
    error = sqrt((alone.median * alone.spread) ** 2 + (host * HOST_SPREAD) ** 2)
    return Ratio(Estimate(median, error / median), (of_alone, law))


def utilisation(hardware: str) -> Estimate:
    """Model FLOP over what the dense 16-bit matrix peak would have given, on hardware with this id."""
    return UTILISATION.get(GENERATION_OF.get(hardware, ""), NEW_GENERATION)
