"""Writes the tables of docs/statements.md: what each text asks, and what answers it for three jobs.

`python docs/make_statements.py`
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent / "statements.md"
TABLE = re.compile(r"(?P<head><!-- table: (?P<preset>[\w-]+) -->\n).*?(?P<foot><!-- end -->)", re.DOTALL)
GPT_3 = "gpt-3"
FINE_TUNE = (
    "llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B,trainable=40M,queries=1e9,energy_per_query=0.3 Wh,"
    "serving=gcp:europe-north1"
)


def page(text: str) -> str:
    """The page with its tables made again; figures are those of the plugins that come with carbontui."""
    from carbontui.engine.scenario import Filled
    from carbontui.engine.solver import fill
    from carbontui.formats import modelcard
    from carbontui.formats.statements import items_of
    from carbontui.importers import read
    from carbontui.importers.reading import Reading
    from carbontui.spec import parse_spec
    from carbontui_registry.cache import open_catalogue

    catalogue = open_catalogue(only_first_party=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "emissions.csv"
        block = re.search(r"```csv\n(.*?)```", text, re.DOTALL)
        assert block is not None
        path.write_text(block[1], encoding="utf-8")
        (metered,) = read("codecarbon", str(path), Reading(catalogue))
    jobs: list[Filled] = [fill(one, catalogue) for one in (parse_spec(GPT_3), parse_spec(FINE_TUNE), metered)]

    def rows(preset: str) -> list[list[str]]:
        if preset == "modelcard":
            fronts = [modelcard.front_matter(one, "gross") for one in jobs]
            return [[f"`{key}`", "`co2_eq_emissions`", *(f[key] or "not known" for f in fronts)] for key in fronts[0]]
        return [
            [item.asked, item.where, *(str(item.answer(one)) or "nothing" for one in jobs)] for item in items_of(preset)
        ]

    def table(preset: str) -> str:
        lines = [["asked", "where", "GPT-3", "fine-tune", "metered"], ["---"] * 5, *rows(preset)]
        return "".join(f"| {' | '.join(cell.replace('|', ' ') for cell in line)} |\n" for line in lines)

    return TABLE.sub(lambda m: f"{m['head']}\n{table(m['preset'])}\n{m['foot']}", text)


def main() -> None:
    """The page again, with a configuration of nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARBONTUI_CONFIG"] = os.environ["CARBONTUI_CACHE"] = folder
        made = page(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
