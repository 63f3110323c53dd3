"""Errors of patients reconstructed from simulated curves: python tests/benchmarks/reconstruction.py [TRIALS].

Trials of known truth (exponential, Weibull, piecewise exponential; 50-600 patients; 10-70% censored; numbers at risk
each 3-6 months), clicked with a standard error of 0.2-1% of the axis. Errors are those against the trial's own
Kaplan-Meier curve. The last column is the error of the median of somebody who knows all but the errors of the clicks.
Nothing here fails; tests have limits. Clicks that are refused as no curve are counted.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parents[1] / "model"), str(HERE.parent), *(p for p in sys.path if Path(p or ".") != HERE)]

import numpy as np  # noqa: E402

from helpers.digitised_trials import CLICKED, designs, quantiles, sample  # noqa: E402
from helpers.reconstruction_bound import bound  # noqa: E402

PICTURES = {"curve": (0.0032, 0.0121), "median": (0.003, 0.019), "events": (0.015, 0.129)}
"""Median and 95% of the errors of the state of the art from pictures, on 1,620 trials."""
DENSE = "1000 points"
"""As many as a picture has columns of pixels."""
HEAD = "| Clicked | Error of | Curve, integrated | Median | Events | Median, at best |\n|---|---|---|---|---|---|"


def row(clicked: str, error_of: str, pairs: list[tuple[float, float]]) -> str:
    """Return a row of the table: median / 95% of each error, the least of the median last where it is known."""
    (curve, far), *rest = pairs
    cells = [f"{curve:.4f} / {far:.4f}", *(f"{100 * a:.1f}% / {100 * b:.1f}%" for a, b in rest)]
    return f"| {clicked} | {error_of} | {' | '.join([*cells, ''][:4])} |"


def main(trials: int) -> None:
    """Print the table."""
    print(f"{trials:,} trials a row; median / 95%\n\n{HEAD}")
    print(row("from pictures, the state of the art", "", list(PICTURES.values())))
    for sideways in (False, True):
        for clicked in (*CLICKED, DENSE):
            found = sample(trials, clicked, 20, sideways=sideways)
            error_of = "survival and time" if sideways else "survival"
            drawn = designs(trials, clicked, 20, sideways=sideways)
            least = [bound(trial, points, clicked, noise, noise * sideways) for trial, points, noise in drawn]
            middle, far = np.nanquantile(least, [0.5, 0.95]).tolist()
            pairs = [*(quantiles(found, what) for what in PICTURES), (middle, far)]
            print(row(clicked, error_of, pairs), flush=True)
            refused = sum(one.curve != one.curve for one in found)
            if refused:
                print(f"({refused} of {trials:,} refused: more than slips of clicks)", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1620)
