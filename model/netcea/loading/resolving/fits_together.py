"""Fits that share published figures, drawn together: their parameters move with the same errors of the same figures.

Two strategies may take the arms of one trial in two families, or one of them may leave the trial's fit for a curve of
its own through the same median. Each fit is what it is; what a probabilistic analysis draws is both at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.errors import NOT_DRAWN, ModelWarning
from netcea.fitting.published_figures import Figure, NotIdentified, SummaryFit, covariance_of
from netcea.fitting.refit import Refit
from netcea.loading.merging.inputs import block_of
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.tables import CorrelationTable
from netcea.scenario.scenario import JointEstimate, LopsidedFigure

if TYPE_CHECKING:
    from netcea.loading.resolving.trial_correlations import Matrix

TABLE: Final = "correlation"
"""Name in a group of the table of its figures' correlations."""


class KeptFit(NamedTuple):
    """A fit of which it is known how its parameters follow its figures.

    Attributes
    ----------
    refit : Refit
        With the figures and their correlations.
    fit : SummaryFit
        With its influence.
    """

    refit: Refit
    fit: SummaryFit

    @property
    def shared(self) -> set[str]:
        """Addresses of figures that are used and are uncertain."""
        pairs = zip(self.refit.figures, self.refit.used, strict=True)
        return {figure.address for figure, used in pairs if used and figure.se}


def stated_correlation(numbers: Numbers, addresses: Sequence[str]) -> Matrix | None:
    """Return the correlations of figures that the table beside them states; None where it has not two of them.

    Parameters
    ----------
    numbers : Numbers
        In whose inputs/ it is looked up.
    addresses : sequence of str
        Of figures, of one group or several.
    """
    matrix, any_stated = np.eye(len(addresses)), False
    for above in dict.fromkeys(address.rpartition(".")[0] for address in addresses):
        table = f"{above}.{TABLE}"
        if not numbers.inputs.exists(table) or block_of(numbers.inputs.raw(table)) is not CorrelationTable:
            continue
        names = numbers.inputs.raw(table).get("names") or ()
        at = {f"{above}.{name}": i for i, name in enumerate(names)}
        mine = [i for i, address in enumerate(addresses) if address in at]
        if len(mine) < 2:
            continue
        found = numbers.correlation(table, partial(numbers.inputs.place, table))
        if found is None or found.correlation is None:
            continue
        theirs = [at[addresses[i]] for i in mine]
        matrix[np.ix_(mine, mine)] = np.array(found.correlation)[np.ix_(theirs, theirs)]
        any_stated = True
    return tuple(map(tuple, matrix.tolist())) if any_stated else None


def fits_together(
    kept: Mapping[str, KeptFit], joint: Mapping[str, JointEstimate], warnings: list[ModelWarning]
) -> Iterator[tuple[list[str], JointEstimate, Refit]]:
    """Yield the keys of fits that share figures, with the estimate that has all their parameters, and how it moves.

    Parameters
    ----------
    kept : mapping of str -> KeptFit
        Key -> fit.
    joint : mapping of str -> JointEstimate
        Of the same fits, each by itself.
    warnings : list of ModelWarning
        To which is added where fits share figures and cannot be drawn together.
    """
    for keys in _sharing(kept):
        together = _Together([kept[key] for key in keys])
        try:
            covariance = together.covariance()
        except NotIdentified:
            shared = ", ".join(sorted(together.addresses_shared))
            message = (
                f"{' and '.join(keys)} are fitted to {shared}, but the correlations of their other figures do not go "
                "together: they are drawn apart"
            )
            warnings.append(ModelWarning(NOT_DRAWN, keys[0], message))
            continue
        estimates = [joint[key] for key in keys]
        whole = JointEstimate(
            tuple(address for one in estimates for address in one.addresses),
            tuple(scale for one in estimates for scale in one.scales),
            np.concatenate([one.estimates for one in estimates]),
            covariance,
            lopsided=tuple(together.lopsided(estimates)),
        )
        yield list(keys), whole, together.refit()


def _sharing(kept: Mapping[str, KeptFit]) -> list[list[str]]:
    """Return the keys of fits that shared figures connect, two or more, in order."""
    groups: list[tuple[set[str], list[str]]] = []
    for key in sorted(kept):
        figures, keys = set(kept[key].shared), [key]
        apart = []
        for others, names in groups:
            if others & figures:
                figures |= others
                keys += names
            else:
                apart.append((others, names))
        groups = [*apart, (figures, sorted(keys))]
    return [keys for _, keys in groups if len(keys) > 1]


class _Together(NamedTuple):
    """Fits that share figures."""

    fits: Sequence[KeptFit]

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure once, by address."""
        return {figure.address: figure for one in reversed(self.fits) for figure in one.refit.figures}

    @property
    def addresses_shared(self) -> set[str]:
        """Addresses of figures that are in more than one of them."""
        every = [address for one in self.fits for address in one.shared]
        return {address for address in every if every.count(address) > 1}

    def correlation(self) -> Array:
        """Return the correlations of all figures: those that a fit knows, else 0."""
        order = list(self.figures)
        matrix = np.eye(len(order))
        for one in reversed(self.fits):
            if one.refit.correlation is not None:
                at = [order.index(figure.address) for figure in one.refit.figures]
                matrix[np.ix_(at, at)] = np.array(one.refit.correlation)
        return matrix

    def influence(self) -> Array:
        """Return the derivatives of all parameters by all figures, Array (parameter, figure)."""
        order = list(self.figures)
        rows = []
        for one in self.fits:
            own = np.zeros((len(one.fit.names), len(order)))
            if one.fit.influence is not None:
                own[:, [order.index(figure.address) for figure in one.refit.figures]] = one.fit.influence
            rows.append(own)
        return np.concatenate(rows)

    def covariance(self) -> Array:
        """Return the covariance of all parameters. [squares of the real line]

        Raises
        ------
        NotIdentified
            The correlations of figures of two fits do not go together.
        """
        figures, slopes = list(self.figures.values()), self.influence()
        used = np.any(slopes != 0.0, axis=0)
        known = covariance_of(figures, self.correlation())
        found = slopes[:, used] @ known[np.ix_(used, used)] @ slopes[:, used].T
        return np.asarray((found + found.T) / 2.0, dtype=np.float64)

    def lopsided(self, estimates: Sequence[JointEstimate]) -> Iterator[LopsidedFigure]:
        """Yield figures whose halves differ once, with what they do to all parameters."""
        order, slopes, seen = list(self.figures), self.influence(), set()
        begins = np.concatenate([[0], np.cumsum([len(one.addresses) for one in estimates])]).astype(int)
        for begin, one in zip(begins, estimates, strict=False):
            for figure in one.lopsided:
                if figure.address not in seen:
                    seen.add(figure.address)
                    weights = np.zeros(len(slopes))
                    weights[begin : begin + len(figure.weights)] = figure.weights
                    slope = slopes[:, order.index(figure.address)]
                    yield LopsidedFigure(figure.address, slope, weights, figure.se, figure.halves)

    def refit(self) -> Refit:
        """Return what makes all fits again at other figures."""
        order = list(self.figures)
        used = {address for one in self.fits for address in _used(one)}
        parts = tuple((one.refit, tuple(order.index(f.address) for f in one.refit.figures)) for one in self.fits)
        correlation = tuple(map(tuple, self.correlation().tolist()))
        figures = tuple(self.figures.values())
        return Refit(figures, tuple(address in used for address in order), correlation, partial(_again, parts))


def _used(one: KeptFit) -> list[str]:
    return [f.address for f, used in zip(one.refit.figures, one.refit.used, strict=True) if used]


def _again(parts: tuple[tuple[Refit, tuple[int, ...]], ...], figures: tuple[Figure, ...]) -> SummaryFit:
    """Make several fits again; return their parameters as one."""
    fits = [refit.fit(tuple(figures[i] for i in at)) for refit, at in parts]
    names = tuple(name for one in fits for name in one.names)
    scales = tuple(scale for one in fits for scale in one.scales)
    line = np.concatenate([one.real_line for one in fits])
    empty = np.zeros((len(line), len(line)))
    items = tuple(item for one in fits for item in one.figures)
    return SummaryFit(" and ".join(one.family for one in fits), names, scales, line, empty, items)
