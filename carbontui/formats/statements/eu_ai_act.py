"""Regulation (EU) 2024/1689, Annex XI, section 1, where it is about compute and energy.

The Model Documentation Form of the General-Purpose AI Code of Practice (transparency chapter, 10 July 2025) asks for
the same in detail.

The form wants energy, compute and parameters with at least two significant digits, days with at least one.
"""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.lifetime import lifetime
from carbontui.engine.scenario import Filled
from carbontui.formats.statements import Answer, Item, Unknown
from carbontui.text import display, prose
from carbontui.text.inputs import how
from carbontui.text.lifetime import LINE_LABELS
from carbontui.text.table import part_name
from carbontui_registry.text import clean, listed

# How an energy that is no estimate of ours is known.
_KNOWN = {
    "measured": "as measured by the source",
    "published": "as published; whether it was metered is not known",
    "entered": "as entered; whether it was metered is not known",
}
_ONLY = "this statement covers this job only, not the training of that model"


def _dependencies(one: Filled) -> Answer:
    base = disclosure.base_model(one)
    if base is not None:
        return f"{clean(base.record.name)}; {_ONLY}"
    training = one.texts.get("training")
    if training == disclosure.PRE_TRAINING:
        return "N/A, the model is trained from scratch"
    if training == disclosure.FINE_TUNING:
        return Unknown("which model is trained further")
    return Unknown("whether an earlier model is trained further; give it as work=fine-tuning or work=pre-training")


def _parameters(one: Filled) -> Answer:
    params = disclosure.parameters(one)
    if params is None:
        return Unknown()
    trainable = one.value("trainable")
    of_them = f", of which {display.count(trainable)} are trained" if trainable is not None else ""
    return f"{display.count(params)} parameters{of_them}"


def _flop(value: float) -> str:
    return f"{value:.1e} FLOP".replace("e+", "e")


def _compute(one: Filled) -> Answer:
    compute = disclosure.of_all(one, "compute")
    return Unknown() if compute is None else f"{_flop(compute)}{_times(one)}"


def _times(one: Filled) -> str:
    count = disclosure.count(one)
    return f", of {display.plain(count)} runs together" if count != 1 else ""


def _compute_method(one: Filled) -> Answer:
    found = one.inputs.get("compute")
    if found is not None:
        return f"{found.basis} ({how(found.way)})" if how(found.way) != found.basis else found.basis
    if "compute_flop" not in one.results:
        return Unknown()
    if one.value("tokens") is not None:
        per_token = "6 per active parameter or, if some are frozen, 4 per active and 2 per trained parameter"
        return f"computed from tokens and FLOP per token: {per_token}"
    return "computed from chip-hours and throughput"


def _time(one: Filled) -> Answer:
    days, chip_hours = one.result("duration_h"), disclosure.of_all(one, "chip_hours")
    if days is None and chip_hours is None:
        return Unknown()
    each = " of one run" if disclosure.count(one) != 1 else ""
    clock = "wall-clock days not known" if days is None else f"{display.significant(days / 24)} wall-clock days{each}"
    if chip_hours is None:
        return f"{clock}; hardware-days not known"
    hardware = clean(part_name(one, "hardware"))
    of = "days of an unknown accelerator" if hardware == display.UNKNOWN else f"{hardware} days"
    hours = display.plain(float(f"{chip_hours:.4g}"))
    return f"{clock}; {display.significant(chip_hours / 24)} {of} ({hours} accelerator-hours){_times(one)}"


def _details(one: Filled) -> Answer:
    known = prose.place(one) != prose.UNKNOWN_PLACE
    return f"{prose.processors(one)}, {f'in {prose.place(one)}' if known else 'place unknown'}"


def _energy(one: Filled) -> Answer:
    energy = one.result("energy_kwh")
    if energy is None:
        return Unknown()
    unit = ("MWh", 1e3)
    two_digits = display.significant(float(f"{energy / unit[1]:.2g}"), 2)
    return f"{two_digits} MWh{prose.within(one, 'energy_kwh', unit)}{_times(one)}"


def _energy_method(one: Filled) -> Answer:
    method = disclosure.method(one)
    if method is None:
        return Unknown("the known computational resources are not enough")
    if method == disclosure.ESTIMATED:
        said = "estimated from the computational resources: accelerator-hours x mean power x PUE"
        said += f", at {prose.entry(one, 'power')} ({one.inputs['power'].basis})" if "power" in one.inputs else ""
    else:
        what = "energy" if "energy" in one.inputs else "energy before PUE"
        said = f"not estimated here: {what} {_KNOWN[method]}"
    boundary = prose.BOUNDARY_WORDS.get(one.texts.get("boundary", ""), "with an unknown boundary")
    pue = f"PUE {prose.entry(one, 'pue')} ({one.inputs['pue'].basis})" if "pue" in one.inputs else "PUE not known"
    given = [LINE_LABELS[line.key] for line in lifetime(one) if line.key in one.inputs and line.key != "embodied"]
    beside = f"; {listed(given)} also left out, although known" if given else ""
    return f"{said}; power {boundary}; {pue}; without data preparation, failed runs and inference{beside}"


def _inference(one: Filled) -> Answer:
    compute = one.value("inference_compute")
    return Unknown("give it as inference_compute=") if compute is None else _flop(compute)


def _inference_method(_: Filled) -> Answer:
    return Unknown("the task and the hardware of the benchmark")


_COMPUTE, _ENERGY = "form, Computational resources", "form, Energy consumption"
ITEMS = (
    Item("Model dependencies", "form, General information", _dependencies),
    Item("Total model size", "point 1(d); form, Model properties", _parameters),
    Item("Amount of computation used for training", f"point 2(d); {_COMPUTE}", _compute),
    Item("Measurement methodology, computation", _COMPUTE, _compute_method),
    Item("Training time", f"point 2(d); {_COMPUTE}", _time),
    Item("Other relevant details related to the training", "point 2(d)", _details),
    Item("Amount of energy used for training", f"point 2(e); {_ENERGY}", _energy),
    Item("Measurement methodology, energy", f"point 2(e); {_ENERGY}", _energy_method),
    Item("Benchmarked amount of computation used for inference", _ENERGY, _inference),
    Item("Measurement methodology, inference", _ENERGY, _inference_method),
)
