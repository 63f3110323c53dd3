"""Put the patients of survHE's ta174 into a model made by `netcea init --blank`: python prepare.py CSV MODEL.

The data are under the GPL (3 or later) and stay outside netcea: the file is read where it was downloaded to. Written
are, in MODEL: patients.csv (arm, and time and event of PFS and OS), the share of PFS events that are deaths as counted
in them, and the numbers and choices of project/ beside this file, which are illustrative.
"""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

ARMS = {"0": "FC", "1": "RFC"}
COLUMNS = ("treat", "prog", "death", "prog_t", "death_t")
SHARE = """# Counted in patients.csv by prepare.py.

share_of_pfs_events_that_are_deaths:
  value: {share:.4f}
  unit: proportion
  uncertainty: {{beta: {{effective_n: {events}}}}}
  source: [ta174_patients]
  status: derived
  label: Share of PFS events that are deaths
  note: {deaths} deaths without progression of {events} events of both arms
"""


def main(data: Path, model: Path) -> None:
    """Read the patients, and write them and the rest into the model."""
    with data.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        sys.exit(f"{data}: no column {', '.join(missing)}; expected survHE's ta174 with {', '.join(COLUMNS)}")
    if not (model / "inputs").is_dir():
        sys.exit(f"{model}: no model; make one with `netcea init --blank {model}`")
    shutil.copytree(Path(__file__).parent / "project", model, dirs_exist_ok=True)
    patients = [
        {
            "arm": ARMS[row["treat"]],
            "pfs_months": row["prog_t"],
            "pfs_event": int("1" in (row["prog"], row["death"])),
            "os_months": row["death_t"],
            "os_event": row["death"],
        }
        for row in sorted(rows, key=lambda row: row["treat"])
    ]
    with (model / "patients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(patients[0]))
        writer.writeheader()
        writer.writerows(patients)
    events = sum(patient["pfs_event"] for patient in patients)
    deaths = sum((row["prog"], row["death"]) == ("0", "1") for row in rows)
    text = SHARE.format(share=deaths / events, events=events, deaths=deaths)
    (model / "inputs" / "survival" / "current_care.yaml").write_text(text, encoding="utf-8")
    print(f"{len(patients)} patients, {events} progressions or deaths: {model / 'patients.csv'}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
