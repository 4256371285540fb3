"""The comparison format as a JSON Schema, so that editors complete a file and other tools can check one.

It is made from the tables by which files are read, and never refuses what `load` takes. What it cannot tell (names
that must be among the scenarios or sources, what a quantity may be) is left to the reader.

`python -m carbontui.formats.schema` prints it; `carbontui/comparison.schema.json` is what it printed.
"""

from __future__ import annotations

from typing import Any

from carbontui.formats import document, reader
from carbontui.quantities import ACCOUNTINGS, FILE_KEYS, METRICS, QUANTITIES, RESULTS, TEXTS, Quantity
from carbontui_registry.unit_kinds import ENGINE_UNIT
from carbontui_registry.vocabulary import BASES, PERIOD

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 2000}
_NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}

_WORDS = {
    "group": "The group that the scenario belongs to, such as a project.",
    "form": "What kind of machine it is: server, workstation, consumer or laptop.",
    "work": "What the job does: training or serving.",
    "precision": "The number format of the training.",
}


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a comparison in the format that this version writes."""
    texts = {"title": "Name of the comparison.", "note": "What readers should know about it."}
    top: dict[str, Any] = {
        "$schema": {"type": "string", "description": "This schema, for editors."},
        "carbontui": {"type": "integer", "minimum": 1, "maximum": document.FORMAT, "description": "Format version."},
        **{key: _TEXT | {"description": said} for key, said in texts.items()},
        "baseline": _TEXT | {"description": "Name of the scenario that the ratios are to; by default the first."},
        "metric": {"enum": list(METRICS), "description": "Result by which scenarios are drawn and sorted."},
        "accounting": {"enum": list(ACCOUNTINGS), "description": "Which carbon factors are used."},
        "data": _TEXT | {"description": "Release of the figures that came with the writer."},
        "cite": _TEXT | {"description": "How to cite the writer."},
        "scenarios": {"type": "array", "items": {"$ref": "#/$defs/scenario"}},
        "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}},
        "plugins": {"type": "array", "items": {"$ref": "#/$defs/plugin"}},
        "total": {"type": "array", "items": {"type": "object"}}
        | _said("Sums of each group, then of all scenarios; with any, they are computed again on opening."),
        "sweep": {
            "type": "object",
            "description": "What else a sweep found, besides its best combinations; not read again.",
        },
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


def _bounded(quantity: Quantity) -> dict[str, Any]:
    """What a quantity may be, as `wrong_quantity` has it."""
    made: dict[str, Any] = {"type": "number"}
    if quantity.whole:
        made |= {"minimum": quantity.least, "multipleOf": 1}
    elif quantity.positive:
        made["exclusiveMinimum"] = 0
    else:
        made["minimum"] = quantity.least
    if quantity.kind == "share" and quantity.most == 1:
        made["maximum"] = quantity.most
    return made | _said(_in_unit(quantity))


def _in_unit(quantity: Quantity) -> str:
    """What a quantity is, and the unit that it has in a file."""
    unit = ENGINE_UNIT[quantity.kind]
    return f"{quantity.description.rstrip('.')}, in {unit}." if unit else quantity.description


def _scenario() -> dict[str, Any]:
    keys = tuple(FILE_KEYS)
    inputs: dict[str, Any] = {quantity.file_key: _bounded(quantity) for quantity in QUANTITIES.values()}
    for key, text in TEXTS.items():
        inputs[key] = ({"enum": list(text.allowed)} if text.allowed else _period()) | _said(text.description)
    results: dict[str, Any] = {key: _NUMBER | _said(result.description) for key, result in RESULTS.items()}
    followed = {
        key: _NUMBER | _said(_in_unit(QUANTITIES[FILE_KEYS[key]])) for key in document.RESULT_KEYS if key not in RESULTS
    }
    ratios = {key: _NUMBER | _said(f"{key.split('_')[0]} divided by the baseline's.") for key in document.RATIOS}
    ends = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
    figures = dict.fromkeys((*keys, *document.RESULT_KEYS))
    return _table(
        {
            "name": _TEXT | _said("Name of the scenario; by default it follows from the rest."),
            **{part: _TEXT | _said(f"Id of the {part}.") for part in ("model", "hardware", "region", "run")},
            "note": _TEXT | _said("What readers should know about it."),
            "inputs": _table(inputs) | _said("What was given or looked up."),
            "results": _table(results | followed | ratios)
            | _said("What was computed. With results all inputs must be given; without them the registry fills in."),
            "published": _table(results) | _said("What the authors of the run published."),
            "basis": _table({key: {"enum": list(BASES)} for key in figures}) | _said("How each figure is known."),
            "spreads": _table({key: _NUMBER | {"maximum": reader.LARGEST_SPREAD} for key in figures})
            | _said("Relative standard deviation of each figure taken as lognormal."),
            "errors": _table({key: {"type": "object", "additionalProperties": _NUMBER} for key in keys})
            | _said("The independent errors in an input by name, each as the variance of a logarithm."),
            "interval90": _table(dict.fromkeys(document.RESULT_KEYS, ends))
            | _said("90 % range of a result, low and high."),
            "sources": _table(dict.fromkeys(keys, _TEXT)) | _said("Id of each input's source."),
            "lifetime": {"type": "object"} | _said("CO2e outside the training, in kg; not read again."),
            "rates": {"type": "object"} | _said("CO2e and energy per unit of work; not read again."),
            "notes": {"type": "array"} | _said("What a reader must know, each with its key; not read again."),
            "missing": {"type": "object"}
            | _said("What each unknown metric lacks, and why there is no ratio of two that are known; not read again."),
            "estimate": {"type": "object"} | _said("What an entered energy replaced; not read again."),
            **{key: _TEXT | _said(said) for key, said in _WORDS.items()},
        }
    )


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _period() -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{PERIOD}$"}


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
    from carbontui.formats.structured import to_json

    print(to_json(comparison_schema()), end="")
