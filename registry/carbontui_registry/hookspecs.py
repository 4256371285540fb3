"""What a plugin can implement. A hook takes no arguments and returns records; it may be a generator."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from carbontui_registry.records import Hardware, Measurement, Model, Offer, Region, TrainingRun

PROJECT = "carbontui"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# Hook name -> kind of the records that it gives.
HOOKS = {
    "carbontui_hardware": "hardware",
    "carbontui_regions": "region",
    "carbontui_models": "model",
    "carbontui_runs": "run",
    "carbontui_offers": "offer",
    "carbontui_measurements": "measurement",
}


@hookspec
def carbontui_hardware() -> Iterable[Hardware]:
    """Accelerators with their power profiles.

    ```python
    from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

    @hookimpl
    def carbontui_hardware():
        yield Hardware(id="acme-x1", name="Acme X1", power=PowerProfile(tdp="350 W"),
                       source=Source("Acme X1 datasheet, rev. 3", year=2026))
    ```
    """
    return ()


@hookspec
def carbontui_regions() -> Iterable[Region]:
    """Datacenters and grids with their PUE and carbon factors.

    ```python
    from carbontui_registry import CarbonFactor, Region, Source, hookimpl

    @hookimpl
    def carbontui_regions():
        yield Region(id="acme:lulea", name="Acme Lulea", country="SE", pue=1.07,
                     factors=[CarbonFactor("2025", gross="23 gCO2e/kWh", coverage="direct")],
                     source=Source("Acme sustainability report", year=2026))
    ```
    """
    return ()


@hookspec
def carbontui_models() -> Iterable[Model]:
    """Models with their parameters and training compute.

    ```python
    from carbontui_registry import Model, Source, hookimpl

    @hookimpl
    def carbontui_models():
        yield Model(id="acme-lm", name="Acme LM", params=7e9, compute="8.4e22 FLOP",
                    source=Source("Acme LM report", year=2026))
    ```
    """
    return ()


@hookspec
def carbontui_runs() -> Iterable[TrainingRun]:
    """Published training runs, of your own models or anybody else's.

    ```python
    from carbontui_registry import Source, TrainingRun, hookimpl

    @hookimpl
    def carbontui_runs():
        yield TrainingRun(model="gpt-3", hardware="acme-x1", chips=256, duration="24 d", power="290 W",
                          boundary="system", source=Source("Acme benchmark", year=2026))
    ```
    """
    return ()


@hookspec
def carbontui_offers() -> Iterable[Offer]:
    """Hardware that can be rented in a region, with its list price.

    ```python
    from carbontui_registry import Offer, Source, hookimpl

    @hookimpl
    def carbontui_offers():
        yield Offer(hardware="h100", region="acme:lulea", instance="x1.8", accelerators=8, price="2.5 USD/h",
                    period="2026-11", source=Source("Acme price list", year=2026))
    ```
    """
    return ()


@hookspec
def carbontui_measurements() -> Iterable[Measurement]:
    """Power that real work drew, on any hardware.

    ```python
    from carbontui_registry import Measurement, Source, hookimpl

    @hookimpl
    def carbontui_measurements():
        yield Measurement(hardware="acme-x1", power="290 W", boundary="system", work="training", accelerators=8,
                          workload="pretraining of a 7B model", source=Source("Acme, meter of a node", year=2026))
    ```
    """
    return ()
