"""The limits that several commands take: days, CO2e, energy, cost, chips, memory, countries."""

from __future__ import annotations

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from carbontui.engine.sweep import Limits


def add_limits(parser: ArgumentParser) -> None:
    """The options of limits."""
    add = parser.add_argument
    add("--max-days", metavar="D", help="at most D days, such as 30")
    add("--max-gross", metavar="CO2E", help="at most this gross CO2e, with its unit, such as '5 tCO2e'")
    add("--max-net", metavar="CO2E", help="at most this net CO2e, with its unit, such as '5 tCO2e'")
    add("--max-energy", metavar="E", help="at most E of energy, with its unit, such as '100 MWh'")
    add("--max-cost", metavar="C", help="at most C at on-demand list prices, such as '5000 USD'")
    add("--max-chips", metavar="N", help="at most N chips, such as 1024")
    add("--min-memory", metavar="M", help="at least M of memory per chip, such as '80 GiB'")
    add(
        "--within",
        nargs="+",
        default=[],
        metavar="C",
        help="only in these countries: EU, or names such as SE or Finland",
    )


def limits_of(options: Namespace) -> Limits:
    """The limits that were given. Raises `WrongUse`."""
    from carbontui.engine.sweep import Limits
    from carbontui.typed import quantity

    def limit(option: str, kind: str, unit: str, size: float = 1.0) -> float | None:
        found = frame.amount(f"--{option}", getattr(options, option.replace("-", "_")), kind, unit)
        return None if found is None else found / size

    return Limits(
        max_days=limit("max-days", "duration", "d", 24.0),
        max_gross=limit("max-gross", "co2e", "", 1000.0),
        max_net=limit("max-net", "co2e", "", 1000.0),
        max_energy=limit("max-energy", "energy", "", 1000.0),
        max_cost=limit("max-cost", "cost", "USD"),
        max_chips=None if options.max_chips is None else quantity("chips", options.max_chips).value,
        min_memory=limit("min-memory", "memory", "GiB"),
        within=tuple(frame.split(options.within)),
    )
