"""Published figures of survival curves, their fits, and when they are refused.

Working scales: the logarithm of medians, quantiles, restricted means and ratios; log(-log S) of survivals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from netcea.arrays import Array
from netcea.draws import from_real_line
from netcea.plain_number import read
from netcea.uncertainty.halves import Halves

FigureKind: TypeAlias = Literal["median", "survival_at", "restricted_mean", "hazard_ratio", "quantile"]
SUMMARY_FAMILIES: Final = ("exponential", "weibull", "weibull_ph", "gompertz", "log_normal", "log_logistic", "gamma")
"""Families with at most a location and a shape: medians and one hazard ratio place the arms of a trial in them."""


class NotIdentified(ValueError):  # noqa: N818 - what it says, not a fault of the program
    """The figures do not determine the curve, or contradict it."""


class TooFew(NotIdentified):
    """There are fewer figures than the family has parameters."""


class Figure(NamedTuple):
    """One published figure.

    Attributes
    ----------
    kind : {'median', 'survival_at', 'restricted_mean', 'hazard_ratio', 'quantile'}
    value : float
        [unit of time] or 1
    se : float or None
        Standard error on the working scale; 0 where the figure is known exactly, None where its error is not known.
    time : float or None
        For survival_at and restricted_mean. [unit of time]
    address : str
        Where the figure is defined.
    halves : Halves or None
        How its error on the working scale follows a deviate, where that is not its standard error times it.
    failed : float or None
        For a quantile: the share that has failed by then, 0.25 of the lower quartile. [share]
    plain : bool
        Whether its error is symmetric on the published scale, which is then its working scale.

    Examples
    --------
    >>> round(Figure("survival_at", 0.5, 0.1, 12.0).working, 4)  # log(log 2)
    -0.3665
    """

    kind: FigureKind
    value: float
    se: float | None = None
    time: float | None = None
    address: str = ""
    halves: Halves | None = None
    failed: float | None = None
    plain: bool = False

    @property
    def working(self) -> float:
        """The figure on its working scale. [log, log(-log S), or as published]."""
        if self.plain:
            return self.value
        return float(np.log(-np.log(self.value)) if self.kind == "survival_at" else np.log(self.value))

    def at_working(self, working: float) -> Figure:
        """The same figure with another value, given on its working scale.

        Parameters
        ----------
        working : float
            [log, log(-log S), or as published].

        Returns
        -------
        Figure
            With its standard error, time and address.

        Examples
        --------
        >>> figure = Figure("survival_at", 0.5, 0.1, 12.0)
        >>> round(figure.at_working(figure.working).value, 12)
        0.5
        """
        if self.plain:
            return self._replace(value=float(working))
        value = np.exp(-np.exp(working)) if self.kind == "survival_at" else np.exp(working)
        return self._replace(value=float(value))

    def deviate(self, shift: float) -> float:
        """Deviate at which the figure is so far from its value.

        Parameters
        ----------
        shift : float
            On the working scale. [log, or log(-log S)]

        Returns
        -------
        float
            0 where the figure is known exactly. [1]

        Examples
        --------
        >>> lopsided = Figure("median", 8.4, 0.1, halves=Halves(0.0, 0.05, 0.2))
        >>> Figure("median", 8.4, 0.1).deviate(0.2), lopsided.deviate(-0.1)
        (2.0, -2.0)
        """
        if self.halves is not None:
            return float(self.halves.deviate(np.array(shift)))
        return shift / self.se if self.se else 0.0

    def shift(self, deviate: float) -> float:
        """How far the figure is from its value at a deviate: the inverse of `deviate`.

        Parameters
        ----------
        deviate : float
            [1]

        Returns
        -------
        float
            On the working scale. [log, or log(-log S)]

        Examples
        --------
        >>> round(Figure("median", 8.4, 0.1, halves=Halves(0.0, 0.05, 0.2)).shift(1.5), 12)
        0.3
        """
        if self.halves is not None:
            return float(self.halves.error(np.array(deviate)))
        return deviate * (self.se or 0.0)

    @property
    def error(self) -> float:
        """The standard error on the working scale; nan where it is not known. [as `working`]."""
        return float("nan") if self.se is None else self.se


class FigureFit(NamedTuple):
    """A published figure and what the fitted curve says; `used` when the fit was made to meet it.

    Examples
    --------
    A median of 11 months where 10 were published: log(1.1) = 0.0953, with a standard error of 0.1 nearly one.

    >>> fit = FigureFit(Figure("median", 10.0, 0.1), 11.0, used=False)
    >>> fit.miss, round(fit.miss_on_working_scale, 4), round(fit.miss_in_standard_errors, 3)
    (1.0, 0.0953, 0.953)
    """

    figure: Figure
    modelled: float
    used: bool

    @property
    def miss(self) -> float:
        """Modelled - published, on the published scale. [as published]."""
        return self.modelled - self.figure.value

    @property
    def miss_on_working_scale(self) -> float:
        """Modelled - published, on the working scale: of a median or a ratio, the relative miss. [1]."""
        return self.figure._replace(value=self.modelled).working - self.figure.working

    @property
    def miss_in_standard_errors(self) -> float | None:
        """(modelled - published) / standard error, on the working scale. [1]."""
        return self.miss_on_working_scale / self.figure.se if self.figure.se else None


class ArmCurve(NamedTuple):
    """Which parameters of a fit make the curve of one arm of a trial.

    Attributes
    ----------
    arm : str
    parameters : mapping of str to str
        Parameter of the family -> its name in the fit; a shape that was imposed is not there.
    hazard_ratio : str or None
        Name in the fit of the ratio by which the hazard of these parameters is multiplied.
    """

    arm: str
    parameters: Mapping[str, str]
    hazard_ratio: str | None


@dataclass(frozen=True)
class SummaryFit:
    """A fit to published figures.

    Attributes
    ----------
    family : str
    names : tuple of str
        Parameters that were fitted; of a trial the common shape first, then each arm's location or hazard ratio.
    scales : tuple of str
        The real line of each: log or identity.
    real_line : Array (parameter,)
        The estimates. [real line]
    covariance : Array (parameter, parameter)
        Theirs. All nan where the standard error of a figure that was used is not known; singular where one is 0.
        [squares of the real line]
    figures : tuple of FigureFit
        Every figure, used or not.
    note : str
        What the reader must know of the fit.
    arms : tuple of ArmCurve
        Of a trial, the curve of each arm.
    influence : Array (parameter, figure), optional
        Derivatives of the parameters by the figures on their working scales; 0 of figures that are not used. None where
        the covariance was not asked for. [real line / working scale]
    chi_square : float
        Of the misses of the figures that are used, weighed by their covariance: (g - y)' V^-1 (g - y). [1]

    Examples
    --------
    >>> SummaryFit("exponential", ("rate",), ("log",), np.array([0.0]), np.zeros((1, 1)), ()).estimates
    {'rate': 1.0}
    """

    family: str
    names: tuple[str, ...]
    scales: tuple[str, ...]
    real_line: Array
    covariance: Array
    figures: tuple[FigureFit, ...]
    note: str = ""
    arms: tuple[ArmCurve, ...] = ()
    influence: Array | None = None
    chi_square: float = 0.0

    @property
    def estimates(self) -> dict[str, float]:
        """Parameters on their published scale. [as the family says]."""
        pairs = zip(self.names, self.scales, self.real_line, strict=True)
        return {name: float(from_real_line(np.array(x), scale)) for name, scale, x in pairs}

    @property
    def degrees_of_freedom(self) -> int:
        """Figures that are used, less parameters. [1]."""
        return sum(item.used for item in self.figures) - len(self.names)

    @property
    def probability(self) -> float | None:
        """Probability of a chi-square as high or higher if the family is right; None where figures are met. [1]."""
        return probability_of(self.chi_square, self.degrees_of_freedom)


def probability_of(chi_square: float, degrees_of_freedom: int) -> float | None:
    """Probability of a chi-square as high or higher.

    Parameters
    ----------
    chi_square : float
        [1]
    degrees_of_freedom : int
        [1]

    Returns
    -------
    float or None
        None without degrees of freedom. [1]

    Examples
    --------
    >>> round(probability_of(3.841459, 1), 4), probability_of(0.0, 0)
    (0.05, None)
    """
    from netcea.special import special

    if degrees_of_freedom <= 0:
        return None
    return float(special.gammaincc(degrees_of_freedom / 2.0, chi_square / 2.0))


def weighed_words(figures: int, parameters: int, chi_square: float) -> str:
    """Say that figures are weighed, and how far all of them are missed.

    Parameters
    ----------
    figures, parameters : int
        How many. [1]
    chi_square : float
        Of all misses. [1]

    Returns
    -------
    str
        A clause.

    Examples
    --------
    >>> weighed_words(5, 2, 2.31)
    '5 figures for 2 parameters are weighed: none is met exactly; chi-square 2.31, 3 degrees of freedom, P 0.51'
    """
    df = figures - parameters
    several = "s" if parameters > 1 else ""
    freedom = f"{df} degree{'s' if df > 1 else ''} of freedom"
    p = read(probability_of(chi_square, df) or 0.0, 2)
    return (
        f"{figures} figures for {parameters} parameter{several} are weighed: none is met exactly; "
        f"chi-square {read(chi_square, 3)}, {freedom}, P {p}"
    )


def check_figures(figures: Sequence[Figure]) -> None:
    """Refuse values that no survival curve can have.

    Parameters
    ----------
    figures : sequence of Figure
        Of any kind.

    Raises
    ------
    NotIdentified
        The first figure that is impossible, and what is expected.
    """
    for figure in figures:
        name = figure.address or {"survival_at": "survival"}.get(figure.kind, figure.kind.replace("_", " "))
        if figure.kind not in get_args(FigureKind):
            raise NotIdentified(
                f"found a figure of kind {figure.kind!r}; expected one of {', '.join(get_args(FigureKind))}"
            )
        if figure.kind in ("survival_at", "restricted_mean"):
            if figure.time is None or not 0.0 < figure.time < np.inf:
                raise NotIdentified(f"{name} needs the time it belongs to, above 0 (found {figure.time})")
            limit = 1.0 if figure.kind == "survival_at" else figure.time
        else:
            limit = np.inf
        if figure.kind == "quantile" and not 0.0 < (figure.failed or 0.0) < 1.0:
            raise NotIdentified(f"{name} needs the share that has failed by then, between 0 and 1")
        if not 0.0 < figure.value < limit:
            raise NotIdentified(f"{name} is {read(figure.value)}; expected between 0 and {read(limit)}, both excluded")
        if figure.se is not None and not 0.0 <= figure.se < np.inf:
            raise NotIdentified(f"{name} has the standard error {read(figure.se)}; expected 0 or more")


def covariance_of(figures: Sequence[Figure], correlation: Array | None) -> Array:
    """Covariance of figures on their working scales.

    Parameters
    ----------
    figures : sequence of Figure
        With their standard errors.
    correlation : Array (figure, figure) or None
        On the logarithms and log(-log S), -1 to 1; None: independent. [1]

    Returns
    -------
    Array (figure, figure)
        Not a number where a standard error is not known. [squares of the working scales]

    Raises
    ------
    NotIdentified
        A matrix of the wrong size, or that is not one of correlations.

    Examples
    --------
    >>> covariance_of([Figure("median", 5.0, 0.1), Figure("median", 9.0, 0.2)], None).round(3).tolist()
    [[0.01, 0.0], [0.0, 0.04]]
    """
    falls = [figure.plain and figure.kind == "survival_at" for figure in figures]  # where log(-log S) rises
    errors = np.where(falls, -1.0, 1.0) * np.array([figure.error for figure in figures])
    if correlation is None:
        return np.diag(errors**2)
    matrix = np.asarray(correlation, dtype=np.float64)
    if matrix.shape != (len(figures), len(figures)):
        raise NotIdentified(f"found correlations of shape {matrix.shape} for {len(figures)} figures")
    proper = np.array_equal(np.diag(matrix), np.ones(len(matrix))) and np.allclose(matrix, matrix.T, atol=1e-12)
    if not proper or np.linalg.eigvalsh(matrix).min() < -1e-9:
        raise NotIdentified("the correlations contradict each other: the matrix is not positive definite")
    return np.outer(errors, errors) * matrix
