"""The checked-in examples in `examples/`: one small file of each kind, as the generator writes it.

`python -m sample_data.example_files` writes them anew.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from sample_data.exchange import generate

FOLDER = Path(__file__).with_name("examples")

_FILES = (
    "exchange.toml",
    "providers.csv",
    "networks.csv",
    "days/2026-10-29/sftp/dhcs/outgoing/DHCS834-DA-20261029-SHP-010-001.dat",
    "days/2026-10-29/sftp/fresno_probation/outgoing/PROBATION_REFERRALS_20261029.csv",
    "days/2026-10-30/sftp/valley_reentry/outgoing/VRC_JI_REFERRAL_20261030.txt",
    "days/2026-11-03/sftp/ashgrove_prison/outgoing/ASHGROVE_ECM_REFERRALS_20261103.xlsx",
    "days/2026-10-28/sftp/orchard_health/outgoing/ORCHARD_MIF_20261001.xlsx",
    "days/2026-10-29/sftp/brindlemoor_jail/outgoing/RELEASE_NOTICE_20261029.csv",
    "days/2026-11-02/sftp/kestrel_reentry/outgoing/CARE_PLAN_RECEIPTS_20261102.txt",
    "days/2026-11-05/liaison_acts.csv",
)


def write_examples(folder: Path) -> list[Path]:
    """Write the examples into `folder` and give their places."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        exchange = generate(Path(scratch), members=60)
        return [Path(copyfile(exchange.out / file, folder / Path(file).name)) for file in _FILES]


if __name__ == "__main__":
    write_examples(FOLDER)
