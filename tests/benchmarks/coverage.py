"""Coverage of 95% intervals of every family over simulated trials: python tests/benchmarks/coverage.py [TRIALS].

Nothing here fails; tests have limits.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parents[1] / "model"), str(HERE.parent), *(p for p in sys.path if Path(p or ".") != HERE)]

from helpers.coverage import LEVELS, PATIENTS, coverage  # noqa: E402
from netcea.fitting.candidates import candidates  # noqa: E402


def percent(shares: list[float]) -> str:
    """Return shares in percent."""
    return ", ".join(f"{100.0 * share:.1f}" for share in shares)


def main(trials: int) -> None:
    """Print the table."""
    print(f"{trials:,} trials of {PATIENTS} patients for each family\n")
    print(
        f"| Family | Fitted | Parameters | Survival of {' / '.join(f'{100 * s:.0f}%' for s in LEVELS)} |\n|---|---|---|---|"
    )
    for model in candidates():
        found = coverage(model, trials)
        cells = (model.name, f"{found.fitted:,}", percent(found.parameters.tolist()), percent(found.survival.tolist()))
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
