"""Which figures of packs are older than three years, and what a newer source would change.

    python data/old_figures.py                                     all packs of regions and offers
    python data/old_figures.py plugins/carbontui_regions/aws.toml  those named
    python data/old_figures.py --years 2                           older than two years

What ages is what changes from year to year: carbon factors, the shape of the day, PUE, water and prices. A datasheet
does not. Of each the list says how many regions take it, and where a figure of one region and coverage is known for
several years, how it moved: what a newer source is likely to change, and so where to look first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from carbontui_registry import CarbonFactor, Figure, Offer, Region, load_pack
from carbontui_registry.packs import Pack

SHORTEST = 3
PACKS = Path(__file__).parent.parent / "plugins" / "carbontui_regions"


class Old(NamedTuple):
    """A figure that is old: whose and which, its year and source, how many regions take it, and how it moved."""

    of: str
    what: str
    year: int
    source: str
    taken_by: int
    moved: str


def _year(figure: Figure | None, record: Region | Offer) -> int:
    source = (figure.source if figure else None) or record.source
    return source.year or 0


def _newest(factors: Iterable[CarbonFactor]) -> dict[str, CarbonFactor]:
    """The newest factor of each coverage: older ones are for runs of their own time."""
    newest: dict[str, CarbonFactor] = {}
    for factor in factors:
        kind = factor.coverage or "unknown"
        if kind not in newest or factor.period > newest[kind].period:
            newest[kind] = factor
    return newest


def _series(region: Region, coverage: str | None) -> tuple[int, int, float] | None:
    """The first and the last year of a region's gross factors of one coverage, and how they moved in a year.

    None where they are less than three years apart: two years say nothing of a trend.
    """
    alike = sorted(
        (int(one.period[:4]), one.gross.value)
        for one in region.factors
        if one.coverage == coverage and one.gross and one.gross.value
    )
    if not alike or alike[-1][0] - alike[0][0] < SHORTEST:
        return None
    (first, before), (last, after) = alike[0], alike[-1]
    return first, last, (after / before) ** (1 / (last - first)) - 1


def _moved(region: Region, newest: CarbonFactor, now: int) -> str:
    """How the gross factor moved from year to year, else that of the other coverage, and what that comes to by now."""
    year = int(newest.period[:4])
    for coverage in (newest.coverage, *(other for other in ("direct", "lifecycle") if other != newest.coverage)):
        if newest.gross and (found := _series(region, coverage)):
            first, last, yearly = found
            by_now = (1 + yearly) ** (now - year) - 1
            return f"{coverage}: {100 * yearly:+.1f} % a year, {first} to {last}; {100 * by_now:+.0f} % by {now}"
    return "no series"


def old_figures(packs: Sequence[Pack], now: int, years: int = 3) -> list[Old]:
    """The old figures of packs, those that most regions take first."""
    before = now - years
    regions = {region.id: region for pack in packs for region in pack.regions}
    found = []

    def takers(one: str) -> int:
        """Regions whose chain of grids comes to this one before it comes to a factor, itself among them."""
        below = [r.id for r in regions.values() if r.grid == one and not r.factors]
        return 1 + sum(map(takers, below))

    for region in regions.values():
        for coverage, factor in sorted(_newest(region.factors).items()):
            year = int(factor.period[:4])
            if year < before:
                source = (factor.source or region.source).title
                what = f"{coverage} factor" if factor.gross else "net factor"
                found.append(Old(region.id, what, year, source, takers(region.id), _moved(region, factor, now)))
            if factor.hourly and year < before:
                found.append(
                    Old(region.id, "shape of the day", year, region.source.title, takers(region.id), "no series")
                )
        for what, figure in (("PUE", region.pue), ("water", region.water)):
            if figure and 0 < _year(figure, region) < before:
                source = (figure.source or region.source).title
                found.append(Old(region.id, what, _year(figure, region), source, 1, "no series"))
    for pack in packs:
        for offer in pack.offers:
            year = int(offer.period[:4]) if offer.period else _year(offer.price, offer)
            if offer.price and 0 < year < before:
                source = (offer.price.source or offer.source).title
                found.append(Old(offer.id, "price", year, source, 1, "no series"))
    return sorted(found, key=lambda old: (-old.taken_by, old.year, old.of, old.what))


def main(arguments: Sequence[str]) -> None:
    """Print them as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", nargs="*", type=Path, help="packs; default: all of carbontui_regions")
    parser.add_argument("--years", type=int, default=3, help="how old is old; default: 3")
    options = parser.parse_args(arguments)
    now = date.today().year
    found = old_figures([load_pack(path) for path in options.pack or sorted(PACKS.glob("*.toml"))], now, options.years)
    for old in found:
        print(f"{old.of:<28} {old.what:<17} {old.year}  {old.taken_by:>3}  {old.moved:<56} {old.source}")
    print(f"{len(found)} figures are from before {now - options.years}")


if __name__ == "__main__":
    main(sys.argv[1:])
