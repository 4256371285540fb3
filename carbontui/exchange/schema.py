"""The comparison format as a JSON Schema, so that editors complete a file and other tools can check one.

It is made from the tables by which files are read, and never refuses what `load` takes. What it cannot tell (names
that must be among the scenarios or sources, what a quantity may be) is left to the reader.

`python -m carbontui.exchange.schema` prints it; `carbontui/comparison.schema.json` is what it printed.
"""

from __future__ import annotations

from typing import Any

from carbontui.comparison import ACCOUNTINGS, METRICS
from carbontui.exchange import document
from carbontui.scenario import QUANTITIES, RESULTS, TEXTS
from carbontui_registry.records import BASES

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 2000}
_NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}
_RATIOS = tuple(f"{metric}_ratio_to_baseline" for metric in METRICS)
_INPUTS = {
    "chips": "Number of accelerators.",
    "duration": "Duration in h.",
    "chip_hours": "Accelerators times time, in h.",
    "compute": "Training compute in FLOP.",
    "power": "Mean power of one accelerator before PUE, in W.",
    "throughput": "Achieved training speed of one accelerator, in FLOP/s.",
    "utilisation": "Model FLOP over dense 16-bit peak, from 0 to 1.",
    "pue": "Facility energy over IT energy.",
    "gross": "Location-based carbon factor in gCO2e/kWh.",
    "net": "Carbon factor after the operator's carbon-free purchases, in gCO2e/kWh.",
    "energy": "Energy in kWh, PUE included.",
    "queries": "Number of queries.",
    "energy_per_query": "Energy of one query in kWh.",
    "serving_pue": "PUE of where it is served.",
    "serving_gross": "Gross factor of where it is served, in gCO2e/kWh.",
    "serving_net": "Net factor of where it is served, in gCO2e/kWh.",
    "embodied": "Making one chip, in kgCO2e.",
    "hardware_life": "Life of the hardware in hours.",
    "fleet_use": "Share of its life that the fleet is in use.",
    "development": "Development and failed runs, as a share of the training.",
    "idle": "Idle and reserved capacity, as a share of the training.",
}
_RESULTS = {
    "duration_h": "Duration in h.",
    "it_energy_kwh": "Energy before PUE, in kWh.",
    "energy_kwh": "Energy in kWh, PUE included.",
    "gross_kgco2e": "Location-based emissions in kgCO2e.",
    "net_kgco2e": "Emissions after the operator's carbon-free purchases, in kgCO2e.",
}
_OF_TEXT = {
    "period": "Year or month of the carbon factors.",
    "boundary": "What the power is of.",
    "coverage": "What the carbon factors count.",
    "net_basis": "How carbon-free purchases are matched.",
    "pue_kind": "What the PUE is of.",
}


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a comparison in the format that this version writes."""
    texts = {"title": "Name of the comparison.", "note": "What one should know about it."}
    top: dict[str, Any] = {
        "$schema": {"type": "string", "description": "This schema, for editors."},
        "carbontui": {"type": "integer", "minimum": 1, "maximum": document.FORMAT, "description": "Format version."},
        **{key: _TEXT | {"description": said} for key, said in texts.items()},
        "baseline": _TEXT | {"description": "Name of the scenario that the ratios are to; by default the first."},
        "metric": {"enum": list(METRICS), "description": "Result by which scenarios are drawn and sorted."},
        "accounting": {"enum": list(ACCOUNTINGS), "description": "Which carbon factors are taken."},
        "data": _TEXT | {"description": "Release of the figures that came with the writer."},
        "cite": _TEXT | {"description": "How to cite the writer."},
        "scenarios": {"type": "array", "items": {"$ref": "#/$defs/scenario"}},
        "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}},
        "plugins": {"type": "array", "items": {"$ref": "#/$defs/plugin"}},
        "sweep": {"type": "object", "description": "What a sweep found beside its best cells; not read again."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"carbontui comparison, format {document.FORMAT}",
        **_table(top, ("carbontui",)),
        "$defs": {"scenario": _scenario(), "source": _source(), "plugin": _plugin()},
    }


def _table(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    table: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": list(required)} if required else table


def _scenario() -> dict[str, Any]:
    keys = {QUANTITIES[key][1]: said for key, said in _INPUTS.items()}
    inputs: dict[str, Any] = {key: _NUMBER | {"description": said} for key, said in keys.items()}
    inputs["chips"] = inputs["chips"] | {"minimum": 1, "multipleOf": 1}
    inputs["pue"] = inputs["pue"] | {"minimum": 1}
    inputs["utilisation"] = {"type": "number", "exclusiveMinimum": 0, "maximum": 1, **_said(keys["utilisation"])}
    for key in ("duration_h", "chip_hours_h", "compute_flop", "power_w", "throughput_flop_per_s"):
        inputs[key] = {"type": "number", "exclusiveMinimum": 0, **_said(keys[key])}
    for text in TEXTS:
        allowed = document._ALLOWED.get(text)
        inputs[text] = ({"enum": list(allowed)} if allowed else _period()) | _said(_OF_TEXT[text])
    results: dict[str, Any] = {key: _NUMBER | _said(said) for key, said in _RESULTS.items()}
    ratios = {key: _NUMBER | _said(f"{key.split('_')[0]} over that of the baseline.") for key in _RATIOS}
    ends = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
    figures = dict.fromkeys((*keys, *RESULTS))
    return _table(
        {
            "name": _TEXT | _said("Name of the scenario; by default it follows from the rest."),
            **{part: _TEXT | _said(f"Id of the {part}.") for part in ("model", "hardware", "region", "run")},
            "note": _TEXT | _said("What one should know about it."),
            "inputs": _table(inputs) | _said("What was given or looked up."),
            "results": _table(results | ratios)
            | _said("What was computed. With them a file says all its inputs; without them the registry fills in."),
            "published": _table(results) | _said("What the authors of the run published."),
            "basis": _table({key: {"enum": list(BASES)} for key in figures}) | _said("How each figure is known."),
            "spreads": _table({key: _NUMBER | {"maximum": document.LARGEST_SPREAD} for key in figures})
            | _said("Relative standard deviation of each figure taken as lognormal."),
            "interval90": _table(dict.fromkeys(RESULTS, ends)) | _said("90 % interval of a result, low and high."),
            "sources": _table(dict.fromkeys(keys, _TEXT)) | _said("Id of each input's source."),
            "lifetime": {"type": "object"} | _said("CO2e beside the training, in kg; not read again."),
            "rates": {"type": "object"} | _said("CO2e and energy for so much work; not read again."),
        }
    )


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _period() -> dict[str, Any]:
    return {"type": "string", "pattern": "^" + document._PERIOD.pattern.replace(r"\Z", "$")}


def _source() -> dict[str, Any]:
    texts = {"id": "Name in this file.", "title": "What it is.", "url": "Where it is.", "licence": "Its licence."}
    fields: dict[str, Any] = {key: _TEXT | _said(said) for key, said in texts.items()}
    for key in ("id", "title"):
        fields[key] = fields[key] | {"minLength": 1}
    fields["year"] = {"type": "integer", **_said("Year of publication.")}
    return _table(fields, ("id", "title"))


def _plugin() -> dict[str, Any]:
    return _table(
        {
            "name": _TEXT | _said("distribution:entry-point whose records are used."),
            "version": _TEXT | _said("Its version."),
        }
    )


if __name__ == "__main__":
    from carbontui.exchange.structured import to_json

    print(to_json(comparison_schema()), end="")
