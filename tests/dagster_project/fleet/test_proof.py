"""The proof of a rehearsal: what is lost, twice or misrouted is counted, each as what it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from pathlib import Path

import pytest

from dagster_project.fleet.rehearsal.proof import prove

_ALDER, _BIRCH = Path("ecm_1/assignments/a.csv"), Path("ecm_2/assignments/b.csv")
_TABLES = {_ALDER: "cin\n1\n2\n", _BIRCH: "cin\n3\n", Path("dhcs/responses/x.999"): "ISA"}


def write(accounts: Path, files: dict[Path, str]) -> None:
    for path, content in files.items():
        (accounts / path).parent.mkdir(parents=True, exist_ok=True)
        (accounts / path).write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "lost", "twice", "misrouted", "other_bytes"),
    [
        pytest.param({}, 0, 0, 0, 0, id="as it was"),
        pytest.param({_ALDER: "cin\n1\n"}, 1, 0, 0, 1, id="a row is not there"),
        pytest.param({_ALDER: "cin\n1\n2\n2\n"}, 0, 1, 0, 1, id="a row is there twice"),
        pytest.param({_ALDER.with_name("a2.csv"): "cin\n1\n"}, 0, 1, 1, 0, id="a file too many tells a row again"),
        pytest.param({_ALDER: "cin\n1\n2\n3\n", _BIRCH: "cin\n"}, 1, 0, 1, 2, id="a row is in another one's folder"),
        pytest.param({Path("dhcs/responses/x.999"): "IEA"}, 0, 0, 0, 1, id="a file reads otherwise"),
    ],
)
def test_each_harm_is_counted(
    tmp_path: Path, changed: dict[Path, str], lost: int, twice: int, misrouted: int, other_bytes: int
) -> None:
    found, undisturbed = tmp_path / "found", tmp_path / "undisturbed"
    write(undisturbed, _TABLES)
    write(found, _TABLES | changed)
    proof = prove("ALDER", found, undisturbed, Counter())
    assert astuple(proof)[4:] == (lost, twice, misrouted, other_bytes)
    assert proof.holds is not any((lost, twice, misrouted, other_bytes))


def test_a_file_that_is_gone_is_lost_with_its_rows_and_one_put_there_again_is_there_twice(tmp_path: Path) -> None:
    found, undisturbed = tmp_path / "found", tmp_path / "undisturbed"
    write(undisturbed, _TABLES)
    write(found, {_BIRCH: _TABLES[_BIRCH]})
    proof = prove("ALDER", found, undisturbed, Counter({found / _BIRCH: 3}))
    assert (proof.folders, proof.files, proof.rows, proof.lost, proof.twice) == (3, 1, 1, 4, 2)
