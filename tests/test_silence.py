"""Nothing is set aside in silence: what is refused, shadowed, contested or passed over is said, with the remedy.

Each case is a pack of the user's own, or several; what is said of it stands in `carbontui plugins`, in its JSON, and is
found by `plugins check`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path

import pytest

from carbontui import cli
from carbontui_registry.cache import open_catalogue
from carbontui_registry.checking import check
from carbontui_registry.folders import config_path

HEAD = 'pack = 1\nsource = {title = "Sheet", year = 2026}\n'
CHIP = '[[hardware]]\nid = "acme-x1"\nname = "X1"\npower = {tdp = "350 W", mean = "280 W", boundary = "system"}\n'
RUN = '[[run]]\nmodel = "gpt-3"\nhardware = "acme-x1"\nid = "own"\n'
REGION = '[[region]]\nid = "acme:r"\nname = "R"\n'
FACTOR = 'period = "2024", gross = "20 gCO2e/kWh", coverage = "direct"'

# What a pack holds, and what is said of it.
OF_ONE = {
    "first-party-id": (
        '[[model]]\nid = "gpt-3"\nname = "Not GPT-3"\n',
        'model gpt-3: gpt-3 already belongs to carbontui:paper; use lab/gpt-3, or prefer it in config.toml:'
        ' [prefer] "model:gpt-3" = "lab"',
    ),
    "first-party-alias": (CHIP + 'aliases = ["v100"]\n', "hardware acme-x1: v100 already belongs to carbontui:nvidia"),
    "taken-run": (
        '[[run]]\nmodel = "gpt-3"\nhardware = "v100-sxm2-32"\nperiod = "2020"\n',
        "run gpt-3/v100-sxm2-32/2020: gpt-3/v100-sxm2-32/2020 already belongs to carbontui:paper",
    ),
    "unknown-model": (CHIP + RUN.replace("gpt-3", "gtp-3"), "run own: model: nothing is registered as 'gtp-3'"),
    "unknown-hardware": (RUN, "run own: hardware: nothing is registered as 'acme-x1'"),
    "unknown-region": (CHIP + RUN + 'region = "moon"\n', "run own: region: nothing is registered as 'moon'"),
    "unknown-grid": (REGION + 'grid = "grid:sw"\n', "region acme:r: grid: nothing is registered as 'grid:sw'"),
    "own-grid": (REGION + 'grid = "acme:r"\n', "region acme:r: grid: acme:r -> acme:r is a cycle"),
    "circle": (
        REGION + 'grid = "acme:s"\n' + REGION.replace("acme:r", "acme:s") + 'grid = "acme:r"\n',
        "region acme:s: grid: acme:s -> acme:r -> acme:s is a cycle; the last grid must not have a grid itself",
    ),
    "two-factors": (
        REGION + f"factors = [{{{FACTOR}}}, {{{FACTOR.replace('20 g', '30 g')}}}]\n",
        "region acme:r: factors[2]: 2024, coverage and source are the same as in factors[1], which is used; remove one",
    ),
    "repeated-alias": (CHIP + 'aliases = ["x", "x"]\n', "hardware acme-x1: aliases: x is listed twice; remove one"),
    "own-alias": (CHIP + 'aliases = ["acme-x1"]\n', "hardware acme-x1: aliases: acme-x1 is its id"),
    "alias-of-two": (
        CHIP + 'aliases = ["x"]\n' + CHIP.replace("acme-x1", "acme-x2") + 'aliases = ["x"]\n',
        "hardware acme-x1: aliases: x is also an alias of hardware acme-x2, so it refers to neither",
    ),
    "alias-that-is-an-id": (
        CHIP + 'aliases = ["acme-x2"]\n' + CHIP.replace("acme-x1", "acme-x2"),
        "hardware acme-x1: aliases: acme-x2 is the id of hardware acme-x2, which it refers to; remove the alias",
    ),
    "id-twice": (CHIP + CHIP, "hardware acme-x1: pack:lab already has this id; this one is not used"),
    "time-zone": (
        REGION + f"factors = [{{{FACTOR}, hourly = {{shape = {[1.0] * 24}, time_zone = 'Europe/Stockhlm'}}}}]\n",
        "region acme:r: factors[1].hourly.time_zone: 'Europe/Stockhlm' is not known; did you mean Europe/Stockholm?",
    ),
    # Figures that cannot agree
    "whole-server": (
        CHIP + RUN + 'power = "6500 W"\nboundary = "system"\n',
        "run own: power: 6500 W is more than one accelerator with a TDP of 350 W can draw",
    ),
    "idle": (CHIP.replace('mean =', 'idle = "300 W", mean ='), "hardware acme-x1: power.idle: 300 W is above the mean"),
    "energy": (
        CHIP + RUN + 'chips = 10\nduration = "100 h"\npower = "300 W"\npue = 1.1\nenergy = "330 MWh"\n',
        "run own: energy: 330000 kWh is 1e+03 times the 330 kWh of chips x duration x power x PUE; check the units",
    ),
    "co2e": (
        CHIP + RUN + 'energy = "330 MWh"\ngross_factor = "20 gCO2e/kWh"\ngross_co2e = "6.6 kgCO2e"\n',
        "run own: gross_co2e: 6.6 kgCO2e is 1/1e+03 of the 6600 kgCO2e of energy x gross_factor; check the units",
    ),
    "chip-hours": (
        CHIP + RUN + 'chips = 10\nduration = "100 h"\nchip_hours = "10 h"\n',
        "run own: chip_hours: 10 h is 1/100 of the 1000 h of chips x duration",
    ),
    "net": (REGION + f'factors = [{{{FACTOR}, net = "21 gCO2e/kWh"}}]\n', "region acme:r: factors[1].net: 21 gCO2e"),
    "country": (REGION + 'country = "Sweden"\n', "country: 'Sweden' is not a country code (ISO 3166-1); write 'SE'"),
    "no-country": (REGION + 'country = "QQ"\n', "country: 'QQ' is not a country code (ISO 3166-1); write two letters"),
    "spread": (
        CHIP.replace('mean = "280 W"', 'mean = {value = "280 W", spread = 5}'),
        "hardware acme-x1: power.mean.spread: 5 is 500 %; 5 % is written '5 %' or 0.05",
    ),
    "future": (REGION + f"factors = [{{{FACTOR.replace('2024', '2125')}}}]\n", "factors[1].period: 2125 is later than"),
    "source": (
        '[[model]]\nid = "m"\nname = "M"\nsource = {title = "Somewhere"}\n',
        "source 'Somewhere' has neither a url nor a year, so nobody can find it; give one of them",
    ),
    "placeholder": (
        '[[model]]\nid = "m"\nname = "M"\nsource = {title = "S", url = "https://acme.example/x"}\n',
        "source 'S': acme.example is a placeholder; write where the figures are published",
    ),
}  # fmt: skip


def packs() -> Path:
    folder = Path(os.environ["CARBONTUI_CONFIG"]) / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `carbontui plugins` says of third parties, and the same in its JSON."""
    capsys.readouterr()
    assert cli.main(["plugins"]) == 0
    table = capsys.readouterr().out
    assert cli.main(["plugins", "--format", "json"]) == 0
    found = [text for one in json.loads(capsys.readouterr().out) for text in (*one["problems"], *one["warnings"])]
    for text in found[:20]:
        assert text in table
    return found


def of(case: str, text: str) -> str:
    """A text of a case with names of its own, so that all cases can be read beside one another."""
    return text.replace("acme", case).replace("lab", case)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """What `carbontui plugins` says of all cases at once, and what `check` finds."""
    folder = tmp_path_factory.mktemp("silence")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as out:
        patch.setenv("CARBONTUI_CACHE", str(folder / "cache"))
        patch.setenv("CARBONTUI_CONFIG", str(folder / "config"))
        for case, (text, _) in OF_ONE.items():
            (packs() / f"{case}.toml").write_text(HEAD + of(case, text))
        assert cli.main(["plugins", "--format", "json"]) == 0
        of_plugins = [text for one in json.loads(out.getvalue()) for text in (*one["problems"], *one["warnings"])]
        return of_plugins, [finding.what for finding in check(str(packs())).findings]


@pytest.mark.parametrize("case", OF_ONE)
def test_of_a_pack(case: str, found: tuple[list[str], list[str]]) -> None:
    right = of(case, OF_ONE[case][1])
    for texts in found:
        assert [text for text in texts if right in text], [text for text in texts if case in text]


@pytest.mark.usefixtures("empty_cache")
def test_what_is_right_is_not_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    right = CHIP.replace("mean =", 'idle = "60 W", mean =') + 'aliases = ["x1"]\n'
    right += (
        REGION
        + f'country = "SE"\ngrid = "grid:se"\nfactors = [{{{FACTOR}}}, {{{FACTOR.replace("direct", "lifecycle")}}}]\n'
    )
    right += RUN + 'region = "acme:r"\nchips = 8\nduration = "10 h"\npower = "300 W"\nenergy = "26 kWh"\n'
    (packs() / "lab.toml").write_text(HEAD + right)
    assert said(capsys) == []


@pytest.mark.usefixtures("empty_cache")
def test_one_id_or_alias_of_two_third_parties(capsys: pytest.CaptureFixture[str]) -> None:
    (packs() / "one.toml").write_text(HEAD + CHIP)
    (packs() / "two.toml").write_text(HEAD + CHIP.replace('"acme-x1"', '"other"') + 'aliases = ["acme-x1"]\n')
    (packs() / "run.toml").write_text(HEAD + RUN)
    found = said(capsys)
    refused = "so acme-x1 alone is refused; use"
    one = f"hardware acme-x1: two.toml has acme-x1 too, {refused} one/acme-x1"
    two = f"hardware other: one.toml has acme-x1 too, {refused} two/other"
    run = "run own: hardware: acme-x1 is claimed by several plugins; write one/acme-x1 or two/acme-x1"
    assert [any(text.startswith(right) for text in found) for right in (one, two, run)] == [True] * 3, found


@pytest.mark.usefixtures("empty_cache")
def test_two_records_of_one_distribution_are_no_reason_to_prefer_it(capsys: pytest.CaptureFixture[str]) -> None:
    (packs() / "lab.toml").write_text(HEAD + OF_ONE["alias-of-two"][0])
    assert cli.main(["show", "x"]) == 2
    message = capsys.readouterr().err
    assert "x is claimed by 2 records of lab; write lab/acme-x1 or lab/acme-x2" in message
    assert "prefer" not in message
    (packs() / "lab.toml").write_text(HEAD + OF_ONE["alias-that-is-an-id"][0])
    assert open_catalogue().hardware("acme-x2").record.id == "acme-x2"


# Files and folders


@pytest.mark.usefixtures("empty_cache")
def test_packs_in_subfolders_are_read_and_hidden_files_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    clone = packs() / "our-lab" / "data"
    clone.mkdir(parents=True)
    (clone / "chips.toml").write_text(HEAD + CHIP)
    (clone.parent / "pyproject.toml").write_text('[project]\nname = "our-lab"\n')
    for name in (".#chips.toml", "._chips.toml", ".hidden.toml"):
        (packs() / name).write_text("no pack at all")
    hidden = packs() / ".git"
    hidden.mkdir()
    (hidden / "config.toml").write_text("no pack at all")
    catalogue = open_catalogue()
    assert catalogue.hardware("acme-x1").origin == "pack:our-lab/data/chips"
    assert catalogue.hardware("our-lab-data-chips/acme-x1").record.id == "acme-x1"
    assert said(capsys) == []
    # What comes and goes in there is seen.
    (clone / "more.toml").write_text(HEAD + CHIP.replace("acme-x1", "acme-x2"))
    assert open_catalogue().hardware("acme-x2").record.id == "acme-x2"
    (clone / "chips.toml").unlink()
    assert not open_catalogue().claimants("hardware", "acme-x1")
    assert cli.main(["plugins", "off", "pack:our-lab/data/more"]) == 0
    assert not open_catalogue().claimants("hardware", "acme-x2")


@pytest.mark.usefixtures("empty_cache")
def test_what_in_the_folder_of_packs_cannot_be_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    folder = packs()
    (folder / "a.TOML").write_text(HEAD + CHIP)
    (folder / "b.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    (folder / "gone.toml").symlink_to(folder / "nowhere")
    (folder / "round").symlink_to(folder)
    (folder / os.fsdecode(b"caf\xe9.toml")).write_text("no pack")
    found = "\n".join(said(capsys))
    for right in (
        "a pack's name must end in lower-case .toml; rename a.TOML",
        "pipe.toml: cannot be read: it is a pipe or a device, not a file",
        "gone.toml: cannot be read: No such file or directory",
        "is not TOML",
    ):
        assert right in found


@pytest.mark.usefixtures("empty_cache")
def test_a_folder_of_packs_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    packs().rmdir()
    packs_file = Path(os.environ["CARBONTUI_CONFIG"]) / "packs"
    packs_file.write_text("a file")
    assert any("the folder cannot be read: Not a directory" in text for text in said(capsys))


def test_an_unknown_theme_and_an_unknown_key_are_said_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    config = Path(config_path())
    config.parent.mkdir(parents=True, exist_ok=True)
    keymap = '[app.keymap]\nsav = "x"\nqqqqqqqq = "y"\nundo = "z"\n'
    config.write_text(f'[app]\ntheme = "carbon-ligt"\n{keymap}[plugin]\n[qqqqq]\n')
    right = [
        "app.theme: carbon-ligt is not known; did you mean carbon-light?",
        'app.keymap: qqqqqqqq is not known; the reference lists the ids under "Keys of the app"',
        "app.keymap: sav is not known; did you mean save?",
    ]
    assert cli.main(["plugins", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)[-1]
    assert said["name"] == "config.toml"
    assert said["warnings"] == right
    assert said["problems"] == [
        f"{config}: [plugin] is not known; did you mean plugins?",
        f"{config}: [qqqqq] is not known; known: plugins, prefer and app",
    ]
    assert cli.main(["plugins"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  warning: {text}\n" in shown for text in right)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('title = 5\nurll = "x"\nyear = "abc"', ["4: source.urll: unknown key; did you mean url?",
            '3: source.title: 5 is not text; put it in quotes: "5"',
            "5: source.year: 'abc' is not a year such as 2026"]),
        ('title = ""', ["3: source.title: is empty; leave out what is unknown"]),
        ('title = "A sheet"', []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("used", ["", CHIP + 'source = {title = "Own", year = 2025, url = "https://acme.org/x"}\n'])
def test_a_source_for_all_that_no_record_takes_is_checked_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, source: str, said: list[str], used: str
) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(f"pack = 1\n[source]\n{source}\n{used}", encoding="utf-8")
    assert cli.main(["plugins", "check", str(path)]) == 0
    *found, _, _ = capsys.readouterr().out.splitlines()
    assert found == [f"warning: {path}, line {text}" for text in said]


@pytest.mark.usefixtures("empty_cache")
def test_the_configuration_is_checked_by_its_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = Path(config_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[plugins]\nofff = true\noff = ["nope"]\n[app]\ntheme = "carbon-lihgt"\n', encoding="utf-8")
    assert cli.main(["plugins", "check", str(path)]) == 1
    wrong, *unknown, last = capsys.readouterr().out.splitlines()
    assert wrong == f"error: {path}: plugins.offf is not known; did you mean off?"
    assert [text.startswith(f"warning: {path}: ") for text in unknown] == [True, True]
    assert "no plugin or pack is called 'nope'" in unknown[0]
    assert "carbon-lihgt is not known; did you mean carbon-light?" in unknown[1]
    assert last == "1 error, 2 warnings"
    path.write_text('[app]\ntheme = "carbon-light"\n', encoding="utf-8")
    assert cli.main(["plugins", "check", str(path)]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    # Somebody else's is not taken for a pack.
    other = tmp_path / "config.toml"
    other.write_text('[app]\ntheme = "carbon-light"\n', encoding="utf-8")
    assert cli.main(["plugins", "check", str(other)]) != 0
    assert "is a configuration, not a pack, and not the one that is used" in capsys.readouterr().err
