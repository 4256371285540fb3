"""How to cite the tool, and the sources of a comparison as BibTeX."""

from __future__ import annotations

import re

from carbontui.version import DATA_RELEASE, __version__
from carbontui_registry.figures import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def tool() -> Source:
    """The tool as a source: its version, and the release of the figures that it came with."""
    title = f"carbontui {__version__}, data release {DATA_RELEASE}: energy and CO2e of machine-learning runs"
    return Source(title, None, int(DATA_RELEASE[:4]), "Apache-2.0", "carbontui")


def cite_key(name: str) -> str:
    """The id of a source as a key for `\\cite`, which takes neither braces nor commas nor spaces."""
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", name).strip("-") or "source"


def cite_keys(named: Iterable[tuple[Source, str]]) -> dict[Source, str]:
    """A key for each source, no two alike, from the ids under which they are listed; the tool's own stays free."""
    keys: dict[Source, str] = {}
    taken = {cite_key(tool().id or "")}
    for source, name in named:
        own, number = cite_key(name), 2
        key = own
        # BibTeX does not tell capitals from small letters.
        while key.lower() in taken:
            key, number = f"{own}-{number}", number + 1
        taken.add(key.lower())
        keys[source] = key
    return keys


# The title of a paper's source begins with its first author and the year, as `Patterson et al. 2021, Carbon ...`.
_AUTHOR = r"(?P<author>[^\W\d_][\w'’-]*(?P<more> et al\.| Team)?) (?P<year>\d{4}), (?P<title>.+)"


def _author_and_title(source: Source) -> tuple[str | None, str]:
    """The author as BibTeX has it, None where the title names none, and the title without it."""
    from carbontui.formats.tex import escape

    title = clean(source.title)
    found = re.fullmatch(_AUTHOR, title)
    if found is None or found["year"] != str(source.year):
        return None, title
    if found["more"] == " et al.":
        return f"{escape(found['author'].removesuffix(' et al.'))} and others", found["title"]
    return f"{{{escape(found['author'])}}}", found["title"]


def bibtex(source: Source, key: str) -> str:
    """The source as an entry of a BibTeX file."""
    from carbontui.formats.tex import escape

    author, title = _author_and_title(source)
    # Styles that sort do so by `key` where there is no author.
    fields = [("author", author) if author else ("key", key), ("title", f"{{{escape(title)}}}")]
    if source.year:
        fields.append(("year", str(source.year)))
    if source.url:
        fields.append(("howpublished", f"\\url{{{_url(source.url)}}}"))
    if source.licence:
        fields.append(("note", f"Licence: {escape(clean(source.licence))}"))
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{key},\n{lines}\n}}\n"


def _url(url: str) -> str:
    """The link with everything escaped by percent that `\\url` or a BibTeX field could stumble on."""

    def escaped(match: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8"))

    return re.sub(r"[^A-Za-z0-9:/?=&.,;@!$'()*+~_#%-]", escaped, clean(url))
