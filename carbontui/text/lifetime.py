"""Emissions outside training, and intensities, as tables."""

from __future__ import annotations

from carbontui.engine.lifetime import BLOOM_IDLE, RATES, Line, assumed_rate, lifetime, rates
from carbontui.engine.scenario import Filled
from carbontui.quantities import LABELS
from carbontui.text import display
from carbontui.text.table import Column, aligned, render, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_LABELS = {key: LABELS[key] for key in ("embodied", "development", "idle")} | {"serving": "serving"}


def how(line: Line) -> str:
    """The formula of a line."""
    if line.key == "serving":
        where = "the place of serving" if line.elsewhere else "the place of the training"
        return f"queries x energy per query x PUE x factor of {where}"
    if line.key == "embodied":
        formula = "chip-hours x embodied / (hardware life x fleet use)"
        known = line.life is not None and line.use is not None
        return f"{formula}, with {line.life / 8766:g} yr and {100 * line.use:.0f} %" if known else formula  # type: ignore[operator]
    return f"{line.key} x the training's CO2e"


def needs(line: Line) -> str:
    """What a line that is unknown would need."""
    if "queries" in line.missing or "energy_per_query" in line.missing:
        return f"{' and '.join(f'{key}=' for key in line.missing)} (published figures differ twentyfold)"
    texts = {
        "gross": "a gross factor",
        "chip_hours": "chip-hours",
        "embodied": "embodied= (CO2e of making one chip)",
        "gross_kgco2e": "the training's CO2e",
        "development": "development= (a share on top of the training)",
        "idle": f"idle= (a share on top of the training, such as {100 * BLOOM_IDLE:.0f} % for BLOOM)",
    }
    return texts[line.missing[0]] if line.missing else ""


def rate_text(key: str, value: float | None) -> str:
    """An intensity with its unit."""
    if value is None:
        return display.UNKNOWN
    if key == "flop_per_joule":
        return f"{display.significant(value / 1e9)} GFLOP/J"
    return display.shown(value * 1000, "co2e")


def lifetime_sentences(one: Filled) -> list[str]:
    """A sentence for each line that is known, gross and net."""
    sentences = []
    for line in lifetime(one):
        if line.gross is not None:
            ends = f" (90 % range {display.interval(*line.gross.interval, 'co2e')})" if line.gross.interval else ""
            net = f"{display.shown(line.net.value, 'co2e')}CO2e" if line.net else "unknown"
            sentences.append(
                f"Outside training, {LINE_LABELS[line.key]}: gross {display.shown(line.gross.value, 'co2e')}CO2e{ends},"
                f" net {net}; {how(line)}."
            )
    return sentences


def rates_sentence(one: Filled) -> str:
    """The intensities in one sentence, or nothing where none is known."""
    known = [
        f"{label} {rate_text(key, value)}" for key, label in RATES.items() if (value := rates(one)[key]) is not None
    ]
    return f"Intensities: {'; '.join(known)}." if known else ""


def lifetime_table(scenarios: Sequence[Filled], width: int | None) -> str:
    """The lines of each scenario as a table, with the training above them for scale, and what is missing below."""
    rows: list[tuple[str, str, str, str, str]] = []
    missing: dict[str, None] = {}
    for one in scenarios:
        training = Line("training", one.results.get("gross_kgco2e"), one.results.get("net_kgco2e"))
        rows.append((one.name, "training", *_figures(training)))
        for line in lifetime(one):
            if line.gross is None:
                missing[f"{LINE_LABELS[line.key]}: needs {needs(line)}"] = None
                continue
            rows.append(("", LINE_LABELS[line.key], *_figures(line)))
    columns = [
        Column("scenario", [row[0] for row in rows], right=False, least=14),
        Column("emissions from", [row[1] for row in rows], right=False, least=14),
        Column("gross CO2e", [row[2] for row in rows]),
        Column("net CO2e", [row[3] for row in rows]),
        Column("90 % range", [row[4] for row in rows], keep=5),
    ]
    hows = dict.fromkeys(how(line) for one in scenarios for line in lifetime(one) if line.gross is not None)
    return "\n".join([*render(columns, width), "", *wrapped([*hows, *missing], width)]) + "\n"


def _figures(line: Line) -> tuple[str, str, str]:
    """Gross and net of a line, and the interval of gross."""
    gross, net = (display.marked(result, "co2e") if result else display.UNKNOWN for result in (line.gross, line.net))
    ends = display.interval(*line.gross.interval, "co2e") if line.gross and line.gross.interval else ""
    return gross, net, ends


def _marked(one: Filled, key: str, value: float | None) -> str:
    assumed = value is not None and assumed_rate(one, key)
    return rate_text(key, value) + (f" {display.ASSUMED}" if assumed else "")


def rates_table(scenarios: Sequence[Filled], width: int | None) -> str:
    """The intensities of each scenario as a table."""
    table = [rates(one) for one in scenarios]
    columns = [
        Column("scenario", [one.name for one in scenarios], right=False, least=14),
        *(
            Column(
                label,
                aligned([_marked(one, key, made[key]) for one, made in zip(scenarios, table, strict=True)]),
            )
            for key, label in RATES.items()
        ),
    ]
    return "\n".join(render(columns, width)) + "\n"
