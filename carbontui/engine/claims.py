"""Claims: who says what of a scenario, in the order in which they are believed."""

from __future__ import annotations

from carbontui.engine.assumptions import ranged
from carbontui.engine.scenario import Input, Term, Way
from carbontui.engine.uncertainty import Factors, combined, own_error, product_spread
from carbontui_registry.figures import Figure
from carbontui_registry.values import NamedTuple

# Within one rank the earlier is believed.
ORDER = (
    *("pue", "chips", "duration", "chip_hours", "flop_per_token", "tokens", "compute", "throughput", "utilisation"),
    *("energy", "it_energy", "power"),
)

# What a claim of a run or a file belongs to: where that is entered otherwise, the claim is void.
_WORK = ("compute", "tokens", "params", "active_params", "trainable")
BELONGS_TO = {
    "duration": ("chips", "throughput", "utilisation", "peak", *_WORK),
    "chip_hours": ("throughput", "utilisation", "peak", *_WORK),
    "compute": ("tokens", "params", "active_params", "trainable"),
    "net": ("gross",),
}


class Claim(NamedTuple):
    """A figure for a quantity: whose record gives it, how it was found, and the identity of its error.

    `terms` are the figures that it was computed from, with which it shares their errors; `errors` are those that a file
    keeps of it.
    """

    key: str
    figure: Figure
    origin: str
    way: Way
    identity: object
    terms: tuple[Term, ...] = ()
    errors: Factors | None = None

    def factors(self) -> Factors:
        """The independent errors in it."""
        if self.errors:
            return self.errors
        if self.terms:
            return combined(*((1.0, own_error(t.identity, t.figure.spread)) for t in self.terms))
        return own_error(self.identity, ranged(self.key, self.figure).spread)

    def as_input(self) -> Input:
        """The claim as what went into a footprint."""
        figure = self.figure if self.terms else ranged(self.key, self.figure)
        return Input(figure, self.origin, self.way, self.factors(), self.terms)


def product(key: str, way: Way, terms: tuple[Term, ...]) -> Claim:
    """A claim computed from terms; it is assumed if any of them is, else derived."""
    value = terms[0].figure.value
    for term in terms[1:]:
        value *= term.figure.value
    spreads = [term.figure.spread for term in terms if term.figure.spread]
    spread = spreads[0] if len(spreads) == 1 else product_spread(spreads) if spreads else None
    basis = "assumed" if any(term.figure.basis == "assumed" for term in terms) else "derived"
    figure = Figure(value, basis, spread, terms[-1].figure.source)  # type: ignore[arg-type]
    return Claim(key, figure, terms[-1].origin, way, None, terms)
