"""`python tests/seeded_errors`: prints what finds which faults."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from seeded_errors.benchmark import libreoffice_is_left_out, outcomes, table
from seeded_errors.further_faults import FAULTS

libreoffice_is_left_out()
found = []
for one in outcomes(FAULTS):
    found.append(one)
    by = [what for what in ("loading", "check", "verify") if getattr(one, what)]
    print(f"{'+'.join(by) or 'NONE':16} {one.kind}: {one.fault}: {one.words[:160]}".replace("\n", " "), flush=True)
print(table(found))
