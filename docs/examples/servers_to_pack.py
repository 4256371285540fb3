"""Turns a table of servers into a pack: python servers_to_pack.py servers.csv servers.toml"""

import csv
import sys
from json import dumps as text  # a JSON string is a TOML string too

from carbontui_registry import quantity

HEAD = """pack = 1

[source]
title = "Register of servers of the North lab"
url = "https://north.example/servers.csv"
year = 2026
licence = "CC-BY-4.0"
"""
# Further names that this table has for units.
ALSO = {"Kilowatt": "kW"}


def record(row):
    """One row as [[hardware]]; a cell that is empty is unknown, and its key left out."""
    power = {
        "tdp": row["board power"] and quantity(row["board power"], "power", ALSO),
        # What a meter says of a whole server is divided by per_node.
        "node_mean": row["wall power"] and quantity(row["wall power"], "power", ALSO),
    }
    lines = [
        "[[hardware]]",
        f"id = {text(row['id'])}",
        f"name = {text(row['name'])}",
        f"vendor = {text(row['maker'])}",
        f"year = {int(row['released'])}",
        f"per_node = {int(row['boards'])}",
        f"memory = {text(quantity(row['memory'], 'memory'))}",
        f"peak = {{bf16 = {text(quantity(row['peak bf16'], 'throughput'))}}}",
    ]
    known = ", ".join(f"{key} = {text(value)}" for key, value in power.items() if value)
    return "\n".join([*lines, f"power = {{{known}}}"])


def main(table, pack):
    wrong = []
    with open(table, encoding="utf-8", newline="") as file, open(pack, "w", encoding="utf-8") as out:
        out.write(HEAD)
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                out.write(f"\n{record(row)}\n")
            except ValueError as error:
                wrong.append(f"{table}, row {number}: {error}")
    print("\n".join([*wrong, f"wrote {pack}, {len(wrong)} rows left out"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
