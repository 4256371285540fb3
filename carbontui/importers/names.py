"""What tools print, as hardware and regions of the registry: every importer asks here."""

from __future__ import annotations

import re
import unicodedata

from carbontui.importers.countries import ALPHA_2
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MAKERS = frozenset(
    ("nvidia", "tesla", "geforce", "amd", "instinct", "radeon", "intel", "habana", "google", "corporation", "graphics")
)
# What forms, schedulers and clouds call hardware that neither record nor driver calls so; several where it may be any.
_SPELLINGS = {
    "a100pcie4080gb": ("a100-pcie-40", "a100-pcie-80"),
    "a10040gbpcie": ("a100-pcie-40",),
    "a10040": ("a100-sxm4-40",),
    "a10080": ("a100-sxm4-80",),
    "a10080gb": ("a100-sxm4-80",),
    "a10080gbsxm": ("a100-sxm4-80",),
    "a6000": ("rtx-a6000",),
    "agxxavier": ("jetson-agx-xavier-32",),
    "applem1": ("apple-m1",),
    "h100mega80gb": ("h100-sxm5-80",),
    "h100sxm": ("h100-sxm5-80",),
    "h200": ("h200-sxm",),
    "inferentia": ("inferentia1",),
    "jetsonagxxavier": ("jetson-agx-xavier-32",),
    "p100pcie": ("p100-pcie-12", "p100-pcie-16"),
    "rtx8000": ("quadro-rtx-8000",),
    "rtxpro6000": ("rtx-pro-6000-server",),
    "tpuv2chip": ("tpu-v2",),
    "tpuv3chip": ("tpu-v3",),
    "trainium": ("trainium1",),
    "v10032gb": ("v100-sxm2-32",),
    "v100s": ("v100s-pcie-32",),
}
# Tools count the dies of these boards and packages, two each; a record is of all of it.
_TWO_DIES = frozenset(("k80", "m60", "mi250", "mi250x"))
# Of these TPUs a name such as `tpu-v3-8` counts cores, two a chip; of later ones chips.
_TPU = re.compile(r"tpu-(v[0-9]+)(e|p|litepod)?-([0-9]{1,9})")
_OF_CORES = frozenset(("v2", "v3", "v4", "v5p"))
_PROVIDERS = {"google": "gcp", "google cloud": "gcp", "amazon": "aws", "microsoft": "azure"}
# Countries whose names other tools spell in another way than the registry.
_COUNTRIES = {
    "brunei": "bn",
    "cape verde": "cv",
    "czech republic": "cz",
    "democratic republic of congo": "cd",
    "democratic republic of the congo": "cd",
    "great britain": "gb",
    "korea": "kr",
    "macau": "mo",
    "russian federation": "ru",
    "timor": "tl",
    "timor-leste": "tl",
    "turkey": "tr",
    "uk": "gb",
    "united states of america": "us",
    "united states virgin islands": "vi",
    "usa": "us",
    "vietnam": "vn",
}
_COUNTED = re.compile(r"(?<![0-9])([0-9]{1,9}) ?x ")


class Named(NamedTuple):
    """Hardware that a name means: its id, and how many accelerators are `each` that the tool counts."""

    id: str
    each: float = 1.0


def hardware_key(name: str) -> str:
    """The name of an accelerator without its maker, signs and capitals: `NVIDIA A100-SXM4-80GB` is `a100sxm480gb`."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "".join(word for word in words if word not in _MAKERS)


class Names:
    """The names of hardware and regions that tools print, each looked up once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._hardware: dict[str, tuple[Named, ...]] = {}
        self._keys: dict[str, str] | None = None
        self._instances: dict[str, Named] | None = None
        self._places: dict[str, str] | None = None
        self._known: dict[tuple[str, str], str | None] = {}

    def hardware(self, name: str) -> Named | None:
        """The hardware that a tool calls so, or None where there is none or several."""
        found = self.candidates(name)
        return found[0] if len(found) == 1 else None

    def candidates(self, name: str) -> tuple[Named, ...]:
        """All hardware that may be called so; an instance of a cloud is as many as it holds."""
        if name not in self._hardware:
            self._hardware[name] = self._look_up(name.strip())
        return self._hardware[name]

    def _look_up(self, name: str) -> tuple[Named, ...]:
        lower = name.lower()
        if match := _TPU.fullmatch(lower):
            version = match[1] + {"litepod": "e"}.get(match[2] or "", match[2] or "")
            count = float(match[3]) / (2 if version in _OF_CORES else 1)
            return (Named(f"tpu-{version}", count),) if self.known("hardware", f"tpu-{version}") else ()
        key = hardware_key(name)
        if key in _SPELLINGS:
            return tuple(Named(one) for one in _SPELLINGS[key] if self.known("hardware", one))
        # An instance before a model: g5.xlarge is no card called G5.
        if re.fullmatch(r"(standard_|[a-z0-9]+-)?[a-z0-9]+[._-][a-z0-9_-]+", lower) and (of := self._instance(lower)):
            return (of,)
        printed = self.catalogue.hardware_by_tool_name(name)
        found = printed.id if printed else self._by_key(key)
        return (Named(found, 0.5 if found in _TWO_DIES else 1.0),) if found else ()

    def _by_key(self, key: str) -> str | None:
        if self._keys is None:
            self._keys = {}
            for one in self.catalogue.all("hardware"):
                if one.first_party:
                    for known in (one.record.name, one.id, *one.record.aliases):
                        self._keys.setdefault(hardware_key(known), one.id)
        found = self._keys.get(key)
        return found if found and self.known("hardware", found) else None

    def _instance(self, name: str) -> Named | None:
        if self._instances is None:
            self._instances = {}
            for one in self.catalogue.all("offer"):
                offer = one.record
                if one.first_party and offer.instance and offer.accelerators is not None:
                    named = Named(offer.hardware, offer.accelerators.value)
                    self._instances.setdefault(offer.instance.lower(), named)
        return self._instances.get(name)

    def models(self, text: str) -> list[tuple[int, str]]:
        """How many of which models are in a text such as `2 x Tesla V100, 1 x Tesla T4`.

        CodeCarbon joins them with nothing in between, so that the digits before an `x` may be the end of a name: then
        the count is the shortest that leaves a known name.
        """
        out: list[tuple[int, str]] = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            count, rest = self._counted(part)
            while (match := self._next_count(rest)) is not None:
                out.append((count, rest[: match[0]].strip()))
                count, rest = match[1], rest[match[2] :]
            out.append((count, rest.strip()))
        return out

    def _counted(self, part: str) -> tuple[int, str]:
        match = _COUNTED.match(part)
        return (int(match[1]), part[match.end() :]) if match else (1, part)

    def _next_count(self, text: str) -> tuple[int, int, int] | None:
        """Where the next count begins, the count, and where it ends; None where there is no other."""
        match = _COUNTED.search(text, 1)
        if match is None:
            return None
        starts = range(match.end(1) - 1, match.start(1) - 1, -1)
        start = next((at for at in starts if text[at] != "0" and self.candidates(text[:at])), starts[0])
        return start, int(text[start : match.end(1)]), match.end()

    def known(self, kind: str, name: str) -> str | None:
        """The id of the record of this name, or None."""
        if (kind, name) not in self._known:
            try:
                self._known[kind, name] = self.catalogue.find(kind, name).id
            except UnknownName:
                self._known[kind, name] = None
        return self._known[kind, name]

    def region(
        self, *, code: str = "", country: str = "", part: str = "", provider: str = "", zone: str = ""
    ) -> str | None:
        """The id of the region that a tool means, or None: a cloud's, else the part of a country, else the country.

        `code` has two or three letters, `zone` may be of a region (`us-central1-a`, `us-east-1a`).
        """
        if zone:
            cloud = _PROVIDERS.get(provider.lower(), provider.lower())
            bare = re.sub(r"(?<=[0-9])-?[a-f]\Z", "", zone.lower())
            for name in (zone.lower(), bare):
                if found := self.known("region", f"{cloud}:{name}" if cloud else name):
                    return found
        within = self.country(code or country)
        if within is None:
            return None
        return (self._place(part, f"{within}-") if part else None) or within

    def country(self, text: str) -> str | None:
        """The id of the grid of a country, by its code of two or three letters or its name, or None."""
        plain = _plain(text)
        if not plain:
            return None
        code = ALPHA_2.get(plain.upper(), plain if len(plain) == 2 else "") or _COUNTRIES.get(plain, "")
        return (self.known("region", f"grid:{code.lower()}") if code else None) or self._place(plain, "grid:")

    def _place(self, name: str, within: str) -> str | None:
        """The grid of this name, among countries or the parts of one."""
        if self._places is None:
            self._places = {}
            for one in self.catalogue.all("region"):
                if one.first_party and one.id.startswith("grid:"):
                    prefix = f"{one.id.rpartition('-')[0]}-" if "-" in one.id else "grid:"
                    own = one.record.name.removesuffix(f", {one.record.country}")
                    self._places.setdefault(f"{prefix} {_plain(own)}", one.id)
        return self._places.get(f"{within} {_plain(name)}")

    def shared_country(self, regions: Iterable[str | None]) -> str | None:
        """The country that several regions are all in, or None."""
        countries = {None if one is None or not one.startswith("grid:") else one.partition("-")[0] for one in regions}
        return countries.pop() if len(countries) == 1 else None


def _plain(text: str) -> str:
    """A name without accents, capitals and spaces around it."""
    decomposed = unicodedata.normalize("NFKD", text.strip().lower().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
