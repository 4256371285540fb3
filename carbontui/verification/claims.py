"""The claims of the text of Patterson et al. 2021, recomputed from its tables.

Energy and CO2e of Table 4 are the published ones, as the text took them from the table.
"""

from __future__ import annotations

from decimal import Decimal

from carbontui.engine.four_ms import why
from carbontui.text import display
from carbontui.verification.printed_intervals import (
    FOLLOWS,
    FOLLOWS_NOT,
    IN_PART,
    NOT_KNOWN,
    UNKNOWN,
    Interval,
    around,
    exactly,
    half_width,
    printed,
    rounded,
    verdict,
    verdict_of_range,
)
from carbontui.verification.tables import (
    CLAIMS,
    NAS_ESTIMATE,
    TABLE_1,
    TRAINED,
    Check,
    Row,
    percent_of_google,
    recorded,
    span,
)
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def claims(rows: dict[str, Row], catalogue: Catalogue) -> Iterator[Check]:
    yield _sparse(rows)
    yield from _gshard(rows)
    yield _location(rows)
    yield _datacenters(rows)
    yield _accelerators(rows)
    yield from _evolved_transformer(rows)
    yield from _overall(rows, catalogue)
    given = printed(NAS_ESTIMATE) * 1000 / rows["ET-NAS"].co2e("gross")
    yield _number("NAS estimate", "gross CO2e, estimate over ET-NAS", "88", given)
    yield from _all_choices(rows)
    yield _four_models(rows)


def _claim(claim: str, cell: str, text: str, computed: str, found: str, reason: str = "") -> Check:
    return Check(CLAIMS, claim, cell, text, computed, found, recorded(claim, cell), reason)


def _number(claim: str, cell: str, text: str, given: Interval) -> Check:
    """A claim of one ratio."""
    found = verdict(given, text)
    reason = f"the tables give {span(given)}" if found == FOLLOWS_NOT else ""
    computed = display.UNKNOWN if given.unknown else f"{rounded(given.mid, text)}x"
    return _claim(claim, cell, f"{text}x", computed, found, reason)


def _range(claim: str, cell: str, low: str, high: str, ratios: list[Interval], missing: str) -> Check:
    """A claim of a range of ratios; `missing` is the reason where it does not follow whole."""
    found = verdict_of_range(ratios, low, high)
    return _claim(claim, cell, f"{low} to {high}x", _extent(ratios), found, missing if found != FOLLOWS else "")


def _up_to(claim: str, cell: str, low: str, high: str, groups: list[dict[str, Interval]]) -> Check:
    """A claim of how far the figures of a group are apart; shown is the largest ratio of two of them."""
    text = f"{low} to {high}x"
    if not groups or any(figure.unknown for group in groups for figure in group.values()):
        return _claim(claim, cell, text, display.UNKNOWN, NOT_KNOWN)
    ratios = {
        f"{more} / {less}": group[more] / group[less]
        for group in groups
        for more in group
        for less in group
        if group[more].mid >= group[less].mid
    }
    found = verdict_of_range(ratios.values(), low, high, from_low=False)
    largest = max(ratios, key=lambda pair: ratios[pair].mid)
    reason = f"the largest ratio is {largest}; {high}x is not in the tables" if found != FOLLOWS else ""
    return _claim(claim, cell, text, f"up to {_extent([ratios[largest]])}", found, reason)


def _extent(ratios: Iterable[Interval]) -> str:
    """The smallest and the largest of some ratios."""
    found = sorted(ratios, key=lambda ratio: ratio.mid)
    if any(ratio.unknown for ratio in found):
        return display.UNKNOWN
    ends = dict.fromkeys(display.significant(float(ratio.mid)) for ratio in (found[0], found[-1]))
    return f"{' to '.join(ends)}x"


def _sparse(rows: dict[str, Row]) -> Check:
    """Sparse DNNs take under 1/10 of the energy of dense ones (abstract)."""
    claim, cell, text = "sparse models", "energy, dense over sparse", "over 10x"
    dense = [name for name in TRAINED if rows[name].texts["activated_pct"] == "100"]
    ratios = {
        f"{one} / {other}": rows[one].figure("energy_kwh") / rows[other].figure("energy_kwh")
        for one in dense
        for other in TRAINED
        if other not in dense
    }
    if any(ratio.unknown for ratio in ratios.values()):
        return _claim(claim, cell, text, display.UNKNOWN, NOT_KNOWN)
    holding = sum(ratio.high > 10 for ratio in ratios.values())
    if holding == len(ratios):
        return _claim(claim, cell, text, _extent(ratios.values()), FOLLOWS)
    falling = sorted(ratios.items(), key=lambda pair: -pair[1].mid)
    each = listed(f"{pair} {display.significant(float(ratio.mid))}" for pair, ratio in falling)
    reason = f"holds for {holding} of {len(ratios)} pairs: {each}"
    return _claim(claim, cell, text, _extent(ratios.values()), IN_PART if holding else FOLLOWS_NOT, reason)


def _gshard(rows: dict[str, Row]) -> Iterator[Check]:
    """GShard-600B against GPT-3: ~45X fewer processor years, ~55X less energy, ~115X, ~130X less CO2e (section 3)."""
    dense, sparse = rows["GPT-3"], rows["GShard-600B"]
    hours = [row.figure("chips") * row.duration for row in (dense, sparse)]
    yield _number("GShard-600B against GPT-3", "processor-years", "~45", hours[0] / hours[1])
    for cell, key, text in (
        ("energy", "energy_kwh", "~55"),
        ("gross CO2e", "gross_kgco2e", "~115"),
        ("net CO2e", "net_kgco2e", "~130"),
    ):
        yield _number("GShard-600B against GPT-3", cell, text, dense.figure(key) / sparse.figure(key))


def _location(rows: dict[str, Row]) -> Check:
    """CO2e varies 5 to 10 times with the location, within one country and operator (abstract)."""
    places: dict[tuple[str, str], dict[str, Interval]] = {}
    for row in rows.values():
        if row.filled is None or row.filled.region is None or row.filled.run is None:
            continue
        region, period = row.filled.region.record, row.filled.run.record.period
        for factor in region.factors:
            if factor.period == period and factor.net is not None and region.provider and region.country:
                half = half_width(row.texts["net_kg_per_kwh"]) * 1000
                net = around(Decimal(repr(factor.net.value)), half)
                places.setdefault((region.country, region.provider), {})[f"{region.name} {period}"] = net
    return _up_to("location", "net factor within one country and operator", "5", "10", list(places.values()))


def _datacenters(rows: dict[str, Row]) -> Check:
    """Cloud datacenters are 1.4 to 2 times as efficient (abstract)."""
    ratio = rows["TBig-P100-US"].figure("pue") / rows["TBig-P100-Iowa"].figure("pue")
    missing = "2x is cited, from server utilisation among others, and not computed from PUE"
    return _range("cloud datacenters", "PUE, US average over Google Iowa", "1.4", "2", [ratio], missing)


def _accelerators(rows: dict[str, Row]) -> Check:
    """Accelerators made for machine learning are 2 to 5 times as effective (abstract; sections 2.2 and 4.3)."""
    ratios: list[Interval] = []
    for model in ("TBig", "ET"):
        tpu, gpu = rows[f"{model}-TPUv2-Iowa"], rows[f"{model}-P100-Iowa"]
        ratios += [tpu.figure("throughput") / gpu.figure("throughput"), tpu.per_watt / gpu.per_watt]
    # TPU v3 / V100: on average, as section 4.3 has it.
    of_google = [name for name in TRAINED if name != "GPT-3"]
    mean = _total(rows[name].per_watt for name in of_google) / len(of_google)
    ratios.append(mean / rows["GPT-3"].per_watt)
    missing = "the tables do not reach both ends"
    return _range("accelerators", "throughput, also per watt", "2", "5", ratios, missing)


def _evolved_transformer(rows: dict[str, Row]) -> Iterator[Check]:
    """Evolved Transformer uses 1.6X fewer FLOPS and 1.1X-1.3X less time than Transformer (Big) (section 2.1)."""
    pairs = {on: (rows[f"TBig-{on}-Iowa"], rows[f"ET-{on}-Iowa"]) for on in ("P100", "TPUv2")}
    big, evolved = pairs["P100"]
    yield _number("Evolved Transformer", "compute", "1.6", big.figure("compute") / evolved.figure("compute"))
    for (on, (big, evolved)), text in zip(pairs.items(), ("1.1", "1.3"), strict=True):
        yield _number("Evolved Transformer", f"duration on {on}", text, big.duration / evolved.duration)


def _overall(rows: dict[str, Row], catalogue: Catalogue) -> Iterator[Check]:
    """Model, processor, datacenter and energy mix together make 57X, in the steps of figure 1 (section 2)."""
    old, between, new = rows["TBig-P100-US"], rows["TBig-TPUv2-Iowa"], rows["ET-TPUv2-Iowa"]
    found = why(old.filled, new.filled, "net", catalogue) if old.filled and new.filled else None
    cumulative = {step.name: step.cumulative for step in found.steps} if found else {}
    widths = {
        "model": between.it_energy / new.it_energy,
        "machine": old.it_energy / new.it_energy,
        "mechanization": old.energy / new.energy,
        "map": old.co2e("net") / new.co2e("net"),
    }
    given = UNKNOWN
    for (step, width), text in zip(widths.items(), ("1.3", "7.4", "10.5", "56.5"), strict=True):
        given = width.taken_for(cumulative[step]) if step in cumulative else UNKNOWN
        yield _number("overall", f"net CO2e, steps to {step}", text, given)
    yield _number("overall", "net CO2e", "57", given)


def _all_choices(rows: dict[str, Row]) -> Iterator[Check]:
    """DNN, datacenter and processor together make up to 100 to 1000 times (abstract)."""
    sparse, claim = exactly(10), "all choices"
    products = [
        sparse * printed("5") * printed("1.4") * printed("2"),
        sparse * printed("10") * printed("2") * printed("5"),
    ]
    missing = "the product of the other ranges does not reach both ends"
    yield _range(claim, "product of the ranges", "100", "1000", products, missing)
    tables = [TRAINED, [row.system for row in rows.values() if row.table == TABLE_1]]
    nets = [{name: rows[name].figure("net_kgco2e") for name in names} for names in tables]
    yield _up_to(claim, "net CO2e within a table", "100", "1000", nets)


def _four_models(rows: dict[str, Row]) -> Check:
    """Google's four models took under 0.005 % of its energy in 2019."""
    names = [name for name in TRAINED if name != "GPT-3"]
    share = percent_of_google(_total(rows[name].figure("energy_kwh") for name in names))
    found = NOT_KNOWN if share.unknown else FOLLOWS if share.low < Decimal("0.005") else FOLLOWS_NOT
    reason = f"the tables give {span(share)} %" if found == FOLLOWS_NOT else ""
    computed = display.UNKNOWN if share.unknown else f"{rounded(share.mid, '0.0001')} %"
    return _claim("Google's energy", listed(names), "under 0.005 %", computed, found, reason)


def _total(figures: Iterable[Interval]) -> Interval:
    made = exactly(0)
    for figure in figures:
        made = made + figure
    return made
