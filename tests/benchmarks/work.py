"""Work that is measured inside a process, beside the same work in plain NumPy and SciPy where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from benchmarks.side_by_side import Sides
from helpers import plain, workload

if TYPE_CHECKING:
    from netcea.fitting.patients import Patients

CACHED = 133_888
"""Numbers in an array of a block of the peers: 1 MB, 256 rows of 523 edges."""
IN_BLOCKS, AT_ONCE = "in blocks of 1 MB", "all rows at once"


def slices(rows: int, columns: int, *, in_blocks: bool) -> Iterator[slice]:
    """Yield the blocks of rows that a peer computes together."""
    size = max(1, CACHED // columns) if in_blocks else rows
    for first in range(0, rows, size):
        yield slice(first, first + size)


def simulated(cycle_days: int, rows: int, folder: Path) -> Sides:
    """pNET's base case simulated; peers: the bare survival functions that it needs.

    S(t) = exp(-(t / scale)^shape), as anyone would write it in NumPy, or with the power as exp(shape log(t / scale)),
    which is quicker where NumPy has no vectors for powers (no AVX-512): PFS and OS of two strategies at the edges of the
    cycles, PFS and OS of cabozantinib at its 487 dispensings.
    """
    from netcea.engine.simulate import simulate
    from netcea.loading import load
    from netcea.sampling.sampler import sample

    scenario = load("pnet", [f"settings.cycle_days={cycle_days}"])
    draws = sample(scenario, rows, 1)
    random = np.random.default_rng(1)
    shape, scale = np.exp(random.normal(0.25, 0.1, (rows, 1))), np.exp(random.normal(0.5, 0.2, (rows, 1)))
    cycles = -(-14_610 // cycle_days)  # 40 years
    edges, packs = np.arange(cycles + 1) * cycle_days / 365.25, np.arange(487) * 30 / 365.25

    def calls(curve: Callable[..., object], *, in_blocks: bool) -> None:
        for block in slices(rows, len(edges), in_blocks=in_blocks):
            for times in (edges, edges, edges, edges, packs, packs):
                curve(times, shape[block], scale[block])

    peers = {
        f"bare curve calls, {IN_BLOCKS}": partial(calls, BARE["weibull"], in_blocks=True),
        f"bare curve calls, {AT_ONCE}": partial(calls, BARE["weibull"], in_blocks=False),
        f"bare curve calls by logarithms, {IN_BLOCKS}": partial(calls, weibull_by_logarithms, in_blocks=True),
    }
    return Sides(lambda: simulate(scenario, draws), peers, 1e6 / rows)


def weibull_by_logarithms(t, shape, scale):
    """S(t) = exp(-exp(shape (log t - log scale)))."""
    with np.errstate(divide="ignore"):
        return np.exp(-np.exp(shape * (np.log(t) - np.log(scale))))


def common_workload(folder: Path) -> Sides:
    """Every output of every row of the common workload; peers: plain NumPy programs by the same rules."""
    from netcea.engine.simulate import simulate

    coefficients = workload.all_coefficients() or workload.made_coefficients(10_000)
    rows = len(coefficients["new_os_shape"])
    scenario = workload.scenario(folder)
    draws = workload.draws(scenario, coefficients)
    peers = {
        f"plain NumPy, {IN_BLOCKS}": lambda: plain.by_own_rules(coefficients, CACHED // (workload.MONTHS + 1)),
        f"plain NumPy, {AT_ONCE}": lambda: plain.by_own_rules(coefficients),
    }
    return Sides(lambda: workload.outputs(simulate(scenario, draws)), peers, 1e6 / rows)


def generalised_gamma_model(folder: Path, rows: int = 2_000) -> Sides:
    """Every output of the common workload with generalised gamma curves; peers: plain programs with SciPy's functions."""
    from netcea.engine.simulate import simulate

    coefficients = workload.made_generalised_gammas(rows)
    scenario = workload.generalised_gamma_scenario(folder)
    draws = workload.draws(scenario, coefficients)
    by_rules = partial(plain.by_own_rules, coefficients, survival=plain.generalised_gamma)
    peers = {
        f"plain SciPy, {IN_BLOCKS}": lambda: by_rules(CACHED // (workload.MONTHS + 1)),
        f"plain SciPy, {AT_ONCE}": by_rules,
    }
    return Sides(lambda: workload.outputs(simulate(scenario, draws)), peers, 1e6 / rows)


BARE: Mapping[str, Callable[..., object]] = {
    "weibull": lambda t, shape, scale: np.exp(-((t / scale) ** shape)),
    "log_logistic": lambda t, shape, scale: 1 / (1 + (t / scale) ** shape),
    "log_normal": lambda t, meanlog, sdlog: special.ndtr((meanlog - np.log(t)) / sdlog),
    "gompertz": lambda t, shape, rate: np.exp(-rate / shape * np.expm1(shape * t)),
    "gamma": lambda t, shape, rate: special.gammaincc(shape, rate * t),
    "generalised_gamma": plain.generalised_gamma_survival,
}
"""Survival as anyone would write it."""
PARAMETERS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "weibull": {"shape": (1.3, 0.1), "scale": (2.0, 0.2)},
    "log_logistic": {"shape": (1.6, 0.1), "scale": (2.0, 0.2)},
    "log_normal": {"meanlog": (0.6, 0.1), "sdlog": (1.1, 0.1)},
    "gompertz": {"shape": (0.1, 0.01), "rate": (0.3, 0.03)},
    "gamma": {"shape": (1.5, 0.1), "rate": (0.8, 0.05)},
    "generalised_gamma": {"mu": (0.6, 0.1), "sigma": (0.9, 0.05), "Q": (0.6, 0.2)},
}
"""Family -> parameter -> mean and standard deviation of rows. [years]"""


def survival_function(family: str, folder: Path, rows: int = 2_048) -> Sides:
    """S = exp(-H) of a family at 523 edges, 256 rows at a time; peer: its bare function."""
    from netcea.survival.distributions import distribution

    chosen, random = distribution(family), np.random.default_rng(1)
    columns = {name: random.normal(*of, (rows, 1)) for name, of in PARAMETERS[family].items()}
    t = np.arange(1, 524) * 28 / 365.25
    blocks = [
        {name: column[block] for name, column in columns.items()} for block in slices(rows, len(t), in_blocks=True)
    ]

    def own() -> None:
        for block in blocks:
            np.exp(-chosen.cumulative_hazard(t, block))

    def bare() -> None:
        for block in blocks:
            BARE[family](t, **block)

    return Sides(own, {f"bare function, {IN_BLOCKS}": bare}, 1e6 / rows)


def evppi_of(quantities: int, folder: Path) -> Sides:
    """EVPPI by regression on so many quantities, 10,000 draws, two strategies: voi's own example."""
    from netcea.decision.value_of_information import evppi

    theta = np.random.default_rng(1).standard_normal((10_000, 3))
    nmb = np.array([np.zeros(10_000), -300.0 + theta @ np.array([1000.0, 500.0, 300.0])])
    return Sides(lambda: evppi(nmb, theta[:, :quantities]))


def patients_of_a_trial() -> Patients:
    """Return 300 patients whose survival is Weibull, two fifths censored."""
    from netcea.fitting.patients import Patients

    random = np.random.default_rng(1)
    failing, censored = 10.0 * random.weibull(1.3, 300), random.uniform(0.0, 25.0, 300)
    return Patients.of(np.minimum(failing, censored), failing <= censored)


def fitted(words: str, folder: Path) -> Sides:
    """Curves fitted to 300 patients by maximum likelihood: families, splines, or all."""
    from netcea.fitting.candidates import candidates
    from netcea.fitting.maximum_likelihood import fit_patients

    patients = patients_of_a_trial()
    families, splines = candidates()[:7], [one for one in candidates() if one.scale is not None]
    chosen = {"families": families, "splines": splines, "all": [*families, *splines]}[words]
    return Sides(lambda: fit_patients(patients, chosen))


def drawn_again(family: str, folder: Path) -> Sides:
    """1,000 bootstrap replicates of a family fitted to 300 patients."""
    from netcea.fitting.bootstrap import bootstrap
    from netcea.fitting.candidates import Candidate
    from netcea.fitting.maximum_likelihood import fit_patients

    patients = patients_of_a_trial()
    (fit,) = fit_patients(patients, [Candidate(*REPLICATED[family])])
    return Sides(lambda: bootstrap(fit, patients, {"all": patients.n}, 1_000))


def workbook_built(folder: Path, *, structural: bool) -> Sides:
    """The live workbook of pNET's base case built and written to bytes."""
    from netcea.loading.load import resolve
    from netcea.loading.merging.draft import read_draft
    from netcea.workbook.alternatives import alternatives, unlike
    from netcea.workbook.export import live_workbook

    merged = read_draft("pnet")
    scenarios = [resolve(merged)]
    if structural:
        found = alternatives(merged, scenarios[0], lambda path: read_draft(str(path), (), (), merged.inputs))
        scenarios += unlike(found, scenarios[0])
    return Sides(lambda: live_workbook(scenarios).as_bytes())


REPLICATED: Mapping[str, tuple[Any, ...]] = {
    "weibull": ("weibull",),
    "generalised_gamma": ("generalised_gamma",),
    "spline_of_the_hazard,_2_knots": ("royston_parmar", "hazard", 2),
}
"""Family in words -> what a candidate is made of."""

WORK: Mapping[str, Callable[[Path], Sides]] = {
    "simulate_28": partial(simulated, 28, 10_000),
    "simulate_7": partial(simulated, 7, 2_500),
    "simulate_1": partial(simulated, 1, 400),
    "common_workload": common_workload,
    "generalised_gamma_model": generalised_gamma_model,
    **{f"survival_{family}": partial(survival_function, family) for family in BARE},
    **{f"evppi_{k}": partial(evppi_of, k) for k in (1, 2, 3)},
    **{f"fit_{words}": partial(fitted, words) for words in ("families", "splines", "all")},
    **{f"bootstrap_{family}": partial(drawn_again, family) for family in REPLICATED},
    "workbook": partial(workbook_built, structural=False),
    "workbook_structural": partial(workbook_built, structural=True),
}
"""Name -> what makes ready one piece of work, in a folder of its own."""
