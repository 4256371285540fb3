"""What cannot be, what contradicts itself, and what is unlikely but taken."""

from __future__ import annotations

from carbontui.engine.claims import Claim
from carbontui.engine.equations import Known
from carbontui.engine.scenario import Input, Note, Scenario, ScenarioError
from carbontui.quantities import QUANTITIES
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import UNLIKELY_UTILISATION, Hardware

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Entered figures may differ by this from what follows from others: as much as published ones do.
DISAGREEING = 0.02
_ROUNDING = 1e-9
UNLIKELY_LOW_UTILISATION = 0.01
UNLIKELY_PUE = 3.0
UNLIKELY_FACTOR = 1500.0
HOURS_A_YEAR = 8766.0
# All data centers of the world, in 2024: 415 TWh (IEA, Energy and AI, 2025).
DATA_CENTERS_KWH = 415e9
# Of the TDP: the most that an accelerator, and a whole system with its host, is likely to draw.
VARIED_OVER_TDP, SYSTEM_OVER_TDP, HOST = 1.3, 2.0, 200.0


class Contradiction(ScenarioError):
    """Entered figures that cannot all hold: `key` was entered as `given`, and `follows` is what the figures in `behind`
    give by `equation`."""

    def __init__(self, key: str, given: float, follows: float, behind: Mapping[str, float], equation: str) -> None:
        self.key = key
        self.follows = follows
        self.behind = dict(behind)
        self.equation = equation
        figures = ", ".join(f"{name}={_shown(name, value)}" for name, value in behind.items())
        what = f"{_shown(key, given)} contradicts {equation} = {_shown(key, follows)} ({figures})"
        super().__init__(what, where=key, expected="leave one of them out")
        self.given_value = given


def _shown(key: str, value: float) -> str:
    from carbontui_registry.unit_kinds import ENGINE_UNIT

    unit = ENGINE_UNIT[QUANTITIES[key].kind]
    mantissa, e, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}{e}{int(exponent) if e else ''} {unit}".rstrip()


def too_far(given: float, follows: float) -> bool:
    """Whether an entered figure and what follows from others are more apart than published ones are."""
    return abs(given - follows) > DISAGREEING * abs(given)


def contradiction(claim: Claim, known: Mapping[str, Known], inputs: Mapping[str, Input]) -> Contradiction:
    """The error of an entered claim that differs from what follows from the inputs taken before it."""
    follows = known[claim.key]
    behind = {key: inputs[key].value for key in follows.exponents if key in inputs}
    equation = follows.by
    assert equation is not None
    if claim.key == equation.left:
        text = f"{equation.first} x {equation.second}"
    else:
        text = f"{equation.left} / {equation.second if claim.key == equation.first else equation.first}"
    return Contradiction(claim.key, claim.figure.value, follows.value, behind, text)


def highest_throughput(asked: Scenario, inputs: Mapping[str, Input], hardware: Registered | None) -> float | None:
    """The peak that no throughput can exceed: the one entered, that of the precision given, else the highest that is
    registered for floating-point numbers."""
    if "peak" in inputs and inputs["peak"].basis == "entered":
        return inputs["peak"].value
    if hardware is None:
        return None
    record: Hardware = hardware.record
    if asked.precision is not None and asked.precision in record.peak:
        return record.peak[asked.precision].value
    peaks = [figure.value for name, figure in record.peak.items() if not name.startswith("int")]
    return max(peaks, default=None)


def more_than_all(entered: Mapping[str, Figure], model: Registered | None) -> None:
    """Raises `ScenarioError` where more parameters were entered as active or trainable than the model has."""
    whole = entered.get("params") or (model.record.params if model is not None else None)
    for key in ("active_params", "trainable"):
        part = entered.get(key)
        if whole is not None and part is not None and part.value > whole.value:
            of = "" if "params" in entered or model is None else f" of {model.id}"
            raise ScenarioError(f"{key}: {part.value:.4g} is more than all parameters{of}, params={whole.value:.4g}")


def cannot_be(
    asked: Scenario, known: Mapping[str, Known], inputs: Mapping[str, Input], hardware: Registered | None
) -> None:
    """Raises `ScenarioError` for impossible figures: more than the peak, fewer than one chip, a PUE below 1."""
    if (speed := known.get("throughput")) is not None:
        most = highest_throughput(asked, inputs, hardware)
        if most is not None and speed.value > most * (1 + _ROUNDING):
            of = hardware.record.name if hardware is not None else "the hardware"
            peaks = hardware.record.peak.items() if hardware is not None else ()
            which = next((f" in {name}" for name, figure in peaks if figure.value == most), "")
            raise ScenarioError(
                f"a throughput of {_tera(speed.value)} TFLOP/s is more than the hardware can do: the peak of {of}"
                f"{which} is {_tera(most)} TFLOP/s{_from(speed, inputs)}",
                expected="more chips, more time or less work",
            )
    if (chips := known.get("chips")) is not None and chips.value < 1 - _ROUNDING:
        raise ScenarioError(f"{chips.value:.3g} chips is fewer than one{_from(chips, inputs)}")
    if (pue := known.get("pue")) is not None and pue.value < 1 - _ROUNDING:
        raise ScenarioError(
            f"a PUE of {pue.value:.4g} is impossible: PUE is facility energy / IT energy{_from(pue, inputs)}"
        )
    if (
        (share := known.get("utilisation")) is not None
        and share.value > 1 + _ROUNDING
        and _only_16_bit(asked, hardware)
    ):
        raise ScenarioError(
            f"a utilisation of {share.value:.0%} is more than the hardware can do{_from(share, inputs)}"
        )


def _tera(value: float) -> str:
    return f"{value / 1e12:,.4g}" if value < 1e15 else f"{value / 1e12:,.0f}"


def _only_16_bit(asked: Scenario, hardware: Registered | None) -> bool:
    return hardware is None or highest_throughput(asked, {}, hardware) is None


def _from(known: Known, inputs: Mapping[str, Input]) -> str:
    behind = [f"{key}={_shown(key, inputs[key].value)}" for key in known.exponents if key in inputs]
    return f" ({', '.join(behind)})" if known.by is not None and behind else ""


def unlikely(
    known: Mapping[str, Known],
    inputs: Mapping[str, Input],
    hardware: Registered | None,
    texts: Mapping[str, str],
) -> list[Note]:
    """What is taken although it is unlikely, as long as something entered stands behind it."""

    def entered(key: str) -> bool:
        return key in known and any(inputs[name].basis == "entered" for name in known[key].exponents if name in inputs)

    notes = []
    peak = hardware.record.matrix_peak if hardware is not None else None
    if peak is not None and hardware is not None and "throughput" in known:
        share = known["throughput"].value / peak.value
        if share > UNLIKELY_UTILISATION or (share < UNLIKELY_LOW_UTILISATION and entered("throughput")):
            notes.append(Note("throughput", "unlikely-utilisation", (share, hardware.record.name, peak.value)))
    if entered("power"):
        notes += _unlikely_power(known["power"].value, hardware, inputs, texts)
    if entered("pue") and known["pue"].value > UNLIKELY_PUE:
        notes.append(Note("pue", "unlikely-pue", (known["pue"].value,)))
    gross, net = inputs.get("gross"), inputs.get("net")
    for key, one in (("gross", gross), ("net", net)):
        if one is not None and one.basis == "entered" and one.value > UNLIKELY_FACTOR:
            notes.append(Note(key, "unlikely-factor", (one.value,)))
    if gross is not None and net is not None and "entered" in (gross.basis, net.basis) and net.value > gross.value:
        notes.append(Note("net", "net-above-gross", (net.value, gross.value)))
    if "duration" not in inputs and entered("duration") and known["duration"].value > HOURS_A_YEAR:
        notes.append(Note("duration", "unlikely-duration", (known["duration"].value,)))
    if "chips" in known and "power" in known:
        draw = known["chips"].value * known["power"].value / 1e3
        if draw > DATA_CENTERS_KWH / HOURS_A_YEAR:
            notes.append(Note("chips", "unlikely-draw", (draw, DATA_CENTERS_KWH / HOURS_A_YEAR)))
    for key in ("energy", "it_energy"):
        if key in inputs and inputs[key].value > DATA_CENTERS_KWH:
            notes.append(Note(key, "unlikely-energy", (inputs[key].value, DATA_CENTERS_KWH)))
        elif key in inputs and not inputs[key].value:
            notes.append(Note(key, "unlikely-nothing"))
    return notes


def _unlikely_power(
    power: float, hardware: Registered | None, inputs: Mapping[str, Input], texts: Mapping[str, str]
) -> list[Note]:
    profile = hardware.record.power if hardware is not None else None
    tdp = inputs["tdp"].value if "tdp" in inputs else profile.tdp.value if profile is not None and profile.tdp else None
    if profile is not None and profile.idle is not None and power < profile.idle.value:
        return [Note("power", "unlikely-below-idle", (power, profile.idle.value))]
    if tdp is None:
        return []
    from carbontui.engine.calibration import BOARDS, LIMIT

    at_accelerator = texts.get("boundary") == "accelerator"
    varied = hardware is not None and hardware.id in BOARDS
    most = (VARIED_OVER_TDP if varied else LIMIT) * tdp if at_accelerator else SYSTEM_OVER_TDP * tdp + HOST
    return [Note("power", "unlikely-above-tdp", (power, tdp))] if power > most else []
