"""The page of validation: netcea beside other programs, worked out when the site is built."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tables import cell, table


def page(root: Path) -> str:
    """Return the page: the largest difference by program and model, the verdict, where differences are explained."""
    sys.path.insert(0, str(root / "tests"))
    from validation import table as shown  # noqa: PLC0415  of the tests
    from validation.external import figures  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        found = figures(Path(folder))
    cases: dict[tuple[str, str], list] = {}
    for figure in found:
        cases.setdefault((figure.program, figure.case), []).append(figure)
    rows = []
    for (program, case), inside in cases.items():
        matched = [f for f in inside if not f.explained]
        largest = max((f.difference for f in matched), key=abs, default=None)
        rows.append(
            [
                cell(program),
                cell(case),
                f"{len(matched):,}",
                "-" if largest is None else f"{abs(largest):.1e}",
                str(len(inside) - len(matched) or ""),
            ]
        )
    head = ["program", "model", "figures", "largest relative difference", "explained differences"]
    return (
        "# Validation: the same model in other programs\n\nWorked out when this site was built, from what the other "
        "programs "
        "printed (`python tests/validation` shows every figure).\n\n"
        + table(head, rows)
        + f"\n{cell(shown.verdict(found))}\n\n[Differences, explained](differences.md) says why what differs does, "
        "and sets this model's results beside those of published models.\n"
    )
