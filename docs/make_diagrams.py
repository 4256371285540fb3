"""Makes the diagrams of docs/gross-and-net.md with the engine's figures: `python docs/make_diagrams.py`."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "images"
WIDTH, BAR, LEFT = 720, 440, 230
TEXT, FAINT, GROSS, SAVED = "#dfe6ec", "#7e8b97", "#7aa6e0", "#7dd6a8"


def _text(x: float, y: float, text: str, colour: str = TEXT, size: int = 15) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size}">{text}</text>'


def _bar(x: float, y: float, width: float, colour: str, *, hollow: bool = False) -> str:
    fill = f'fill="none" stroke="{colour}" stroke-dasharray="5 4"' if hollow else f'fill="{colour}"'
    return f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="34" rx="3" {fill}/>'


def _svg(title: str, height: int, parts: list[str]) -> str:
    body = "\n".join(f"  {part}" for part in parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif">\n  <title>{title}</title>\n'
        f'  <rect width="{WIDTH}" height="{height}" rx="6" fill="#0f1419"/>\n{body}\n</svg>\n'
    )


def gross_and_net() -> str:
    """Gross and net CO2e of Switch Transformer, as published, and what lies between."""
    import carbontui

    run = carbontui.compare("switch-transformer").scenarios[0]
    gross, net = (run.results[f"{metric}_kgco2e"].value / 1000 for metric in ("gross", "net"))
    split = BAR * net / gross
    return _svg(
        f"Switch Transformer: gross {gross:.1f} t, net {net:.1f} t",
        215,
        [
            _text(24, 34, "Training Switch Transformer (Patterson et al. 2021)", FAINT),
            _text(24, 78, f"gross  {gross:.1f} tCO2e"),
            _bar(LEFT, 56, BAR, GROSS),
            _text(LEFT + 10, 78, "energy x what the grid emits per kWh", "#0f1419"),
            _text(24, 138, f"net  {net:.1f} tCO2e"),
            _bar(LEFT, 116, split, SAVED),
            _text(LEFT + 10, 138, "what is left", "#0f1419"),
            _bar(LEFT + split, 116, BAR - split, SAVED, hollow=True),
            _text(24, 178, "dashed: energy for which the operator bought carbon-free power", FAINT, 14),
            _text(24, 198, "at the same place in the same hour", FAINT, 14),
        ],
    )


def direct_and_lifecycle() -> str:
    """One job by direct and by lifecycle factors of one place, and what lies between."""
    import carbontui

    job = "@8xh100@gcp:europe-west3,duration=3 d"
    kg = {}
    for coverage in ("direct", "lifecycle"):
        (scenario,) = carbontui.compare(job, accounting=coverage).scenarios
        kg[coverage] = scenario.results["gross_kgco2e"].value
    split = BAR * kg["direct"] / kg["lifecycle"]
    return _svg(
        f"8 H100 for 3 days in Frankfurt: direct {kg['direct']:.0f} kg, lifecycle {kg['lifecycle']:.0f} kg",
        215,
        [
            _text(24, 34, "8 H100 for 3 days in Frankfurt (Google's factor of 2024)", FAINT),
            _text(24, 78, f"direct  {kg['direct']:.0f} kgCO2e ~"),
            _bar(LEFT, 56, split, GROSS),
            _text(LEFT + 10, 78, "what the power plants emit", "#0f1419"),
            _text(24, 138, f"lifecycle  {kg['lifecycle']:.0f} kgCO2e ~"),
            _bar(LEFT, 116, split, GROSS),
            _bar(LEFT + split + 2, 116, BAR - split - 2, "#e6ab5e"),
            _text(LEFT + 10, 138, "the same", "#0f1419"),
            _text(24, 178, "orange: supply of fuel, building of plants, wind turbines and solar cells;", FAINT, 14),
            _text(24, 198, "converted from the direct factor, as Google publishes no lifecycle one", FAINT, 14),
        ],
    )


NAMES = ("gross-and-net.svg", "direct-and-lifecycle.svg")


def diagrams() -> dict[str, str]:
    """Each diagram by the name of its file."""
    return dict(zip(NAMES, (gross_and_net(), direct_and_lifecycle()), strict=True))


if __name__ == "__main__":
    for name, text in diagrams().items():
        (HERE / name).write_text(text, encoding="utf-8")
