"""What a log of Slurm does not say is asked in the app, and kept in the cluster file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from ledger_screen import BUDGET, details, opened, rows, screen_ledger, screen_of, settled
from tui import SIZES, app_of, on_screen, press, said, until

from carbontui.tui.app import CarbonApp
from carbontui.tui.widgets.file_picker import FilePicker
from carbontui_registry.catalogue import Catalogue

HEAD = "JobID|ElapsedRaw|AllocTRES|Partition|Start"
JOBS = (
    "1|7200|gres/gpu:a100=8,gres/gpu=8,cpu=64|gpu|2026-01-05T00:00:00",
    "2|7200|gres/gpu:a100=4,gres/gpu=4,cpu=64|mixed|2026-01-05T00:00:00",
    "3|3600|gres/gpu=4,cpu=8|mixed|2026-01-06T00:00:00",
    "4|3600|gres/gpu=2,cpu=8|old|2026-01-06T00:00:00",
    "5|36000|cpu=32|cpu|2026-01-07T00:00:00",
    "6|36000|cpu=32|cpu|2026-01-08T00:00:00",
)
GIVEN = '# Ours.\nregion = "grid:de"  # in the cellar\npue = 1.2\n\n[partitions.gpu]\nhardware = "a100-sxm4-80"\n'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.txt"
    path.write_text("\n".join([HEAD, *JOBS, ""]))
    return path


@pytest.mark.parametrize("size", SIZES)
async def test_what_the_log_does_not_say_is_asked_and_kept(
    catalogue: Catalogue, log: Path, size: tuple[int, int]
) -> None:
    cluster = log.with_name("cluster.toml")
    cluster.write_text(GIVEN)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, str(log))
        assert rows(app)[-2:] == [
            ("the total covers 2 of 6 runs, 80 % of the chip-hours",),
            ("[C] adds what is missing: W per CPU core (2 runs), type of GPU (2 runs)",),
        ]
        await press(pilot, "C")
        assert "add what is missing: W per CPU core (2 runs), type of GPU (2 runs)" in on_screen(app)
        await press(pilot, "enter")
        assert "Which accelerators are the GPUs in partition mixed? (1 run)" in on_screen(app)
        # Nothing is written before all was asked.
        await press(pilot, "escape")
        assert said(app) == "nothing was written"
        assert cluster.read_text() == GIVEN
        # What is not known stays blank.
        await press(pilot, "C", "enter", "'v100-sxm2-32", "enter")
        assert "in partition old? (1 run)" in on_screen(app)
        await press(pilot, "enter")
        assert "W per CPU core of jobs without GPUs (2 runs)" in on_screen(app)
        await press(pilot, "'two", "enter")
        assert "W per CPU core" in on_screen(app)
        await press(pilot, *["backspace"] * 3, "'4", "enter")
        await settled(app, pilot)
        assert said(app).startswith(f"wrote {cluster}")
        assert rows(app)[-1] == ("[C] adds what is missing: type of GPU (1 run)",)
        account = screen_of(app).account
        assert account is not None
        assert (account.total.unknown, account.total.runs) == (1, 6)
        hardware = {one.chips: one.hardware for one in screen_ledger(app).runs.settings}
        assert set(hardware.values()) == {"a100-sxm4-80", "v100-sxm2-32", ""}
    written = cluster.read_text()
    assert written.startswith('# Ours.\nregion = "grid:de"  # in the cellar\npue = 1.2\n')
    # The type that the log names stays what it was taken for.
    assert tomllib.loads(written) == {
        "region": "grid:de",
        "pue": 1.2,
        "watts_per_core": "4 W",
        "gres": {"a100": "a100-sxm4-80"},
        "partitions": {"gpu": {"hardware": "a100-sxm4-80"}, "mixed": {"hardware": "v100-sxm2-32"}},
    }
    again = CarbonApp(catalogue, app.workspace)
    async with again.run_test(size=size) as pilot:
        await press(pilot, "7")
        await settled(again, pilot)
        assert rows(again)[-1] == ("[C] adds what is missing: type of GPU (1 run)",)


@pytest.mark.parametrize(
    ("key", "offers"), [("C", ["cluster.toml", "typo.toml", "*new"]), ("B", ["budget.toml", "year.toml"])]
)
async def test_only_files_of_the_kind_that_is_asked_for_are_offered(
    catalogue: Catalogue, log: Path, key: str, offers: list[str]
) -> None:
    texts = {
        "cluster": GIVEN,
        "typo": 'region = "grid:de"\npue = 1.2\nwats_per_core = 4\n',
        "budget": BUDGET,
        "year": f"[[budget]]\n{BUDGET}",
        "saved": 'carbontui = 1\nmetric = "gross"\naccounting = "lifecycle"\n\n[[scenarios]]\nname = "T5"\n',
        "run": 'id = "x"\nmodel = "t5"\nhardware = "tpu-v3"\nregion = "grid:de"\nperiod = "2020"\n',
        "broken": "region = \n",
        "named": 'name = "anything"\n',
    }
    for name, text in texts.items():
        log.with_name(f"{name}.toml").write_text(text)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        await press(pilot, key)
        picker = app.screen
        assert isinstance(picker, FilePicker)
        listed = [Path(one.id).name for one in picker.all if not one.group.startswith("folder")]
        assert [name for name in listed if name != "*add"] == offers


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chosen", [False, True])
async def test_a_file_that_is_replaced_asks_all_again_with_its_answers(
    catalogue: Catalogue, log: Path, size: tuple[int, int], chosen: bool
) -> None:
    cluster = log.with_name("cluster.toml")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, str(log))
        await press(pilot, "C", "enter", "'grid:de", "enter", "'v100-sxm2-32", "enter", "'a40", "enter", "'4", "enter")
        await settled(app, pilot)
        account = screen_of(app).account
        assert account is not None
        assert account.total.unknown == 0
        before = tomllib.loads(cluster.read_text())
        if chosen:
            # A file from elsewhere is replaced by one beside the log.
            elsewhere = log.with_name("ours.toml")
            cluster.rename(elsewhere)
            await press(pilot, "C", "'ours.toml", "enter")
            await settled(app, pilot)
        await press(pilot, "C", "'new", "enter", *([] if chosen else ["'replace", "enter"]))
        await until(pilot, lambda: "Where did these jobs run?" in on_screen(app))
        await press(pilot, "enter")
        assert "Which accelerators are the GPUs in partition mixed? (1 run)" in on_screen(app)
        await press(pilot, "enter")
        assert "in partition old? (1 run)" in on_screen(app)
        await press(pilot, "enter")
        assert "W per CPU core of jobs without GPUs (2 runs)" in on_screen(app)
        assert "4 W" in on_screen(app)
        await press(pilot, "enter")
        await settled(app, pilot)
        assert tomllib.loads(cluster.read_text()) == before
        account = screen_of(app).account
        assert account is not None
        assert account.total.unknown == 0


async def test_a_file_that_cannot_be_changed_is_left_as_it_is(catalogue: Catalogue, log: Path) -> None:
    cluster = log.with_name("cluster.toml")
    cluster.write_text(GIVEN)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        await press(pilot, "C", "enter", "'v100-sxm2-32", "enter", "enter")
        # Somebody has changed it meanwhile.
        cluster.write_text("partitions = 3\n")
        await press(pilot, "'4", "enter")
        await settled(app, pilot)
        assert said(app).endswith("please change it by hand")
        assert cluster.read_text() == "partitions = 3\n"


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        ('region = "grid:de"\n', "energy includes a PUE of 1.56 (assumed); a cluster file can give that of the Slurm"),
        ('region = "grid:de"\npue = 1.2\n', "energy includes a PUE of 1.20 (cluster file)"),
        ('region = "aws:eu-north-1"\n', "(region)"),
        (
            'region = "grid:de"\n[partitions.gpu]\npue = 1.1\n',
            "energy includes a PUE of 1.56 (assumed) for 1 run and 1.10 (cluster file) for 1 run",
        ),
    ],
)
async def test_the_pue_in_the_energy_is_said_with_where_it_is_from(
    catalogue: Catalogue, log: Path, cluster: str, says: str
) -> None:
    log.write_text("\n".join([HEAD, *JOBS[:2], ""]))
    log.with_name("cluster.toml").write_text(cluster)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        assert says in " ".join(on_screen(app).split())


async def test_no_order_is_claimed_where_nothing_is_known(catalogue: Catalogue, log: Path) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        assert details(app)[0] == "all runs, Jan 2026: 6 runs"
        while screen_of(app).by != "partition":
            await press(pilot, "g")
            await settled(app, pilot)
        for key in ("", "T"):
            await press(pilot, *filter(None, [key]))
            assert screen_of(app).sorted_by == "value"
            assert "sorted by" not in said(app)
        await press(pilot, "T", "m", "m")
        await settled(app, pilot)
        assert said(app).endswith("sorted by energy")
        assert any(line.endswith("largest first") for line in details(app))


async def test_where_runs_are_listed_another_region_is_of_one(catalogue: Catalogue, log: Path) -> None:
    log.with_name("cluster.toml").write_text(GIVEN)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        await press(pilot, "p")
        assert "all runs, Jan 2026: same IT energy in which region?" in on_screen(app)
        await press(pilot, "escape", "T", "p")
        assert "Only 1, not all ([T] groups): same IT energy in which region?" in on_screen(app)


METERED = "JobID|ElapsedRaw|AllocTRES|Partition|Start|ConsumedEnergyRaw"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_meters_count_for_runs_without_one_where_asked(
    catalogue: Catalogue, log: Path, size: tuple[int, int]
) -> None:
    log.with_name("cluster.toml").write_text('region = "grid:de"\n')
    gpus = "gres/gpu:a100=8,gres/gpu=8,cpu=64|gpu"
    jobs = [f"{n}|3600|{gpus}|2026-01-{n + 1:02}T00:00:00|{8 * 3600 * (300 + n)}" for n in range(1, 12)]
    unmetered = [f"{n}|3600|{gpus}|2026-01-{n + 1:02}T00:00:00|" for n in range(20, 25)]
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        log.write_text("\n".join([METERED, *jobs, ""]))
        await opened(app, pilot, str(log))
        assert "[P]" not in on_screen(app)
        log.write_text("\n".join([METERED, *jobs, *unmetered, ""]))
        await opened(app, pilot, str(log))
        report = screen_of(app).report
        assert report is not None
        (one,) = report.measured
        assert one.counted is not None
        assert one.counted > 1.25 * one.power
        says = f"5 runs on A100 SXM4 80 GB have no meter and count {one.counted:.0f} W a chip: [P]"
        assert f"{says} uses the 306 W of the metered runs" in " ".join(" ".join(details(app)).split())
        assert says in on_screen(app)
        await press(pilot, "P", "P")
        await settled(app, pilot)
        await until(pilot, lambda: "counts for runs without a meter" in said(app))
        # The total moves at once: each run counts 8 x 306 W for an hour, times the PUE.
        account = screen_of(app).account
        assert account is not None
        watts = sum(300 + n for n in range(1, 12)) + 5 * 306
        assert account.total.sums["energy_kwh"].value == pytest.approx(8 * watts / 1000 * 1.56)
        assert "[P]" not in on_screen(app)
        # A run that is taken into Compare comes to the same there.
        await press(pilot, "T", "end", "enter")
        await until(pilot, lambda: len(app.comparison.scenarios) == 2)
        (taken,) = (one for one in app.comparison.scenarios if one.scenario.hardware == "a100-sxm4-80")
        row = next(n for n, name in enumerate(screen_ledger(app).runs.names) if name == taken.name)
        assert taken.results["energy_kwh"].value == pytest.approx(screen_ledger(app).values("energy_kwh")[row])


async def test_answers_go_into_the_file_of_the_cluster_that_they_are_about(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        for name, job in (("north", JOBS[2]), ("south", JOBS[3])):
            (tmp_path / name).mkdir()
            (tmp_path / name / "jobs.txt").write_text("\n".join([HEAD, job, ""]))
            (tmp_path / name / "cluster.toml").write_text(f'name = "{name}"\nregion = "grid:de"\n')
            await opened(app, pilot, str(tmp_path / name / "jobs.txt"))
        await press(pilot, "C", "enter", "'v100-sxm2-32", "enter", "'a40", "enter")
        await settled(app, pilot)
        account = screen_of(app).account
        assert account is not None
        assert account.total.unknown == 0
    for name, partition, hardware in (("north", "mixed", "v100-sxm2-32"), ("south", "old", "a40")):
        found = tomllib.loads((tmp_path / name / "cluster.toml").read_text())
        assert found == {"name": name, "region": "grid:de", "partitions": {partition: {"hardware": hardware}}}
