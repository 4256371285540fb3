"""Examples of the keys of a pack, as its documentation shows them."""

from __future__ import annotations

# Examples of keys whose kind of figure has an example of another size, or of keys that are words.
KEYS = {
    **{("source", "title"): "Acme X1 datasheet, rev. 3", ("source", "url"): "https://acme.example/x1.pdf"},
    **{("source", "licence"): "CC-BY-4.0", ("source", "id"): "acme-2026"},
    **{("hardware", "name"): "Acme X1", ("hardware", "vendor"): "Acme", ("hardware", "embodied"): "150 kgCO2e"},
    **{("power", "tdp"): "350 W", ("power", "mean"): "280 W", ("power", "idle"): "60 W"},
    ("power", "node_mean"): "6.2 kW",
    **{("region", "id"): "acme:lulea", ("region", "name"): "Acme Lulea", ("region", "provider"): "acme"},
    **{("region", "location"): "Lulea, Norrbotten", ("factor", "gross"): "23 gCO2e/kWh"},
    **{("factor", "net"): "5 gCO2e/kWh", ("factor", "cfe"): "64 %"},
    **{("shares", "hydro"): "41 %", ("shares", "wind"): "25 %", ("shares", "nuclear"): "29 %"},
    **{("model", "id"): "acme-lm", ("model", "name"): "Acme LM", ("model", "energy_per_query"): "0.3 Wh"},
    **{("run", "id"): "acme-lm/acme-x1/2025", ("run", "chip_hours"): "245_800 h", ("run", "node_power"): "6.2 kW"},
    **{("run", "throughput"): "150 TFLOP/s", ("run", "gross_factor"): "23 gCO2e/kWh"},
    **{("run", "net_factor"): "5 gCO2e/kWh", ("run", "energy"): "251 MWh", ("run", "gross_co2e"): "5.8 tCO2e"},
    **{("run", "net_co2e"): "1.3 tCO2e", ("offer", "instance"): "x1.8", ("offer", "id"): "acme-x1/acme:lulea/x1.8"},
    **{("measurement", "workload"): "pretraining of a 7B model", ("measurement", "tdp"): "300 W"},
    ("measurement", "id"): "acme-x1/system/pretraining",
}
LISTS = {"names": '`["ACME X1 96GB"]`', "offered_by": '`["acme"]`'}
ALIASES = {"hardware": '`["x1"]`', "region": '`["lulea"]`', "model": '`["acme"]`'}
COUNTS = {"params": "7e9", "active_params": "2e9", "tokens": "2e12"}
