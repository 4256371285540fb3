"""One of anything is counted in the singular."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carbontui import cli

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    "words",
    [
        "sweep --model @8xh100,duration=3d --region grid:de",
        "sweep --model @1xh100,duration=3d --region grid:de --max-chips 1",
        "sweep --model @1xh100,duration=3d --region grid:de --max-days 1",
        "budget @1xh100@grid:de,duration=3d --gross 1t --region grid:de",
        "budget @1xh100@grid:de,duration=3d --gross 1t --region grid:fr",
        "compare t5 --total",
        "compare @h100 --total",
        "compare @h100 t5 --total",
        "ledger ONE",
        "ledger ONE --by month,account",
        "ledger TWO",
        "ledger TWO --budget BUDGET",
        "import zeus ZEUS",
    ],
)
def test_one_of_anything_is_counted_in_the_singular(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *jobs = (DATA / "slurm_sacct.txt").read_text().splitlines()
    files = {
        "ONE": "\n".join([header, jobs[0], ""]),
        "TWO": "\n".join([header, jobs[0], *[job for job in jobs if job.startswith("1003")], ""]),
        "BUDGET": 'limit = "1 kg"\nfrom = 2026-01-01\nto = 2026-12-31\n',
        "ZEUS": "start_time,window_name,elapsed_time,gpu0_energy\n0,all,100,2000\n10,part,20,500\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    cli.main([str(tmp_path / word) if word in files else word for word in words.split()])
    said = "".join(capsys.readouterr())
    assert said
    counted = r"(?<![\w.,/-])1 (?:[a-z]+ )?(runs|regions|combinations|chips|scenarios|groups|logs|windows|machines) "
    assert not re.findall(counted, said), said
    assert not re.findall(r"(?<![\w.,/-])1 (?:of [0-9]+ [a-z]+ )?(?:are|have) ", said), said
