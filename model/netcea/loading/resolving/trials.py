"""A trial in inputs/: a group that names its arms, with medians, hazard ratios between them, patients, follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from netcea.errors import InputError, Place, did_you_mean
from netcea.fitting import Figure, HazardRatio, Trial
from netcea.fitting.trial import FURTHER, RATIO, further_arm, ratio_arms
from netcea.loading.messages.hints import show
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.published import published_figure
from netcea.loading.resolving.taken_over import taken_over
from netcea.plain_number import read
from netcea.quantities.addresses import Kind
from netcea.quantities.key_path import split_address
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable

MEDIAN: Final = "median_"
FOLLOW_UP: Final = "follow_up_median"
ARM: Final = re.compile(r"(?!.*_versus_)[A-Za-z0-9_\-]+")
SURVIVAL, RESTRICTED, QUANTILE = FURTHER
DURATIONS: Final = (MEDIAN, RESTRICTED, QUANTILE)
LIMITED: Final[Mapping[str, str]] = {**dict.fromkeys(DURATIONS, "median"), SURVIVAL: "landmark", FOLLOW_UP: FOLLOW_UP}
"""How a name begins -> whose limits it has."""
WHAT: Final[Mapping[str, tuple[str, str]]] = {
    MEDIAN: ("median", "a duration without `at_months` and `failed`"),
    SURVIVAL: ("survival_at", "a proportion with the time at which it holds, `at_months`"),
    RESTRICTED: ("restricted_mean", "a duration with the time until which it is the area under the curve, `at_months`"),
    QUANTILE: ("quantile", "a duration with the share that has failed by then, `failed`"),
}
"""How a name begins -> what it must be."""
DURATION: Final = Kind(("duration",))


class TrialGroup(NamedTuple):
    """What stands in a trial's group, by name.

    Attributes
    ----------
    address : str
        Of the group.
    arms : tuple of str
        The reference arm first.
    medians : tuple of str or None
        Of each arm in turn; None where the group has none.
    ratios : tuple of (str, str, str)
        Name, arm, the arm it is compared with.
    patients : tuple of float
        Randomised to each arm.
    correlation : CorrelationTable or None
        Of `figures` on their logarithms; None where it has to be worked out.
    further : tuple of (str, str)
        Name and arm of survivals, restricted means and quantiles.
    """

    address: str
    arms: tuple[str, ...]
    medians: tuple[str | None, ...]
    ratios: tuple[tuple[str, str, str], ...]
    patients: tuple[float, ...]
    correlation: CorrelationTable | None
    further: tuple[tuple[str, str], ...] = ()

    @property
    def figures(self) -> list[str]:
        """Names of the medians in the order of the arms, of further figures, then of the hazard ratios."""
        further = (name for name, _ in self.further)
        return [*(name for name in self.medians if name), *further, *(name for name, _, _ in self.ratios)]


def trial_group(numbers: Numbers, trial: str, place: Place) -> TrialGroup | None:
    """Look up a trial's figures and note them as used; None after noting what is wrong.

    Parameters
    ----------
    numbers : Numbers
        In which its figures are looked up.
    trial : str
        Address of the group.
    place : Place
        Where a scenario names it.
    """
    words = ("trial", trial, place.address)
    return taken_over(numbers, (), words, lambda into: _Reader(into, trial, place).group())


def published_trial(numbers: Numbers, group: TrialGroup) -> Trial:
    """Return a trial's figures in the model's units, with their standard errors on the log scale.

    A figure that is fixed has the standard error 0, one without an interval on the log scale has none.

    Parameters
    ----------
    numbers : Numbers
        Where its figures were looked up.
    group : TrialGroup
        The trial.
    """

    def figure(name: str) -> Figure:
        found = published_figure(numbers, f"{group.address}.{name}")
        if found is None:  # its unit is checked when it is looked up
            msg = f"{group.address}.{name} is no figure of a survival curve"
            raise ValueError(msg)
        return found

    medians = tuple(None if name is None else figure(name) for name in group.medians)
    ratios = tuple(HazardRatio(arm, versus, figure(name)) for name, arm, versus in group.ratios)
    follow_up = f"{group.address}.{FOLLOW_UP}"
    years = numbers.quantities[follow_up].value * numbers.factors[follow_up]
    further = tuple((arm, figure(name)) for name, arm in group.further)
    return Trial(group.arms, medians, ratios, group.patients, years, further)


def arms_of(numbers: Numbers, trial: str) -> tuple[str, ...]:
    """Return the arms that a trial's group names; none where it is no trial.

    Parameters
    ----------
    numbers : Numbers
        Where it is looked up.
    trial : str
        Address of the group.
    """
    try:
        named = numbers.inputs.raw(f"{trial}.arms")
    except KeyError:
        return ()
    return tuple(named) if isinstance(named, list) and all(isinstance(arm, str) for arm in named) else ()


class _Reader(NamedTuple):
    numbers: Numbers
    trial: str
    place: Place

    def group(self) -> TrialGroup | None:
        content = self._content()
        if content is None or not self._arms_are_sound(content):
            return None
        arms = arms_of(self.numbers, self.trial)
        problems = len(self.numbers.faults.problems)
        for name in content:
            self._check_name(str(name), arms)
        medians = tuple(f"{MEDIAN}{arm}" if f"{MEDIAN}{arm}" in content else None for arm in arms)
        found = ((name, ratio_arms(name, arms)) for name in content if str(name).startswith(RATIO))
        ratios = tuple((name, *pair) for name, pair in found if pair is not None)
        further = tuple((str(name), arm) for name in content if (arm := further_arm(str(name), arms)))
        figures = [
            *(name for name in medians if name),
            *(name for name, _ in further),
            *(name for name, _, _ in ratios),
        ]
        for name in (*figures, FOLLOW_UP):
            self._quantity(name)
        correlation = self._correlation(content, figures)
        patients = tuple(self._patients(arm, used=correlation is None) for arm in arms)
        if len(self.numbers.faults.problems) > problems or any(
            f"{self.trial}.{name}" not in self.numbers.quantities for name in (*figures, FOLLOW_UP)
        ):
            return None
        return TrialGroup(self.trial, arms, medians, ratios, patients, correlation, further)

    def _named(self) -> Place:
        return self.place

    def _wrong(self, name: str, found: str, expected: str, suggestion: str = "") -> None:
        address = f"{self.trial}.{name}"
        self.numbers.wrong(self.numbers.inputs.place(address), found, expected, suggestion)

    def _content(self) -> Mapping[str, Any] | None:
        """Return the group; None where something else, or nothing, stands at the address."""
        kind = Kind(trial=True)
        if not self.numbers.inputs.exists(self.trial):
            self.numbers.quantity(self.trial, kind, self._named)  # which says what is wrong
            return None
        content = self.numbers.inputs.raw(self.trial)
        if isinstance(content, Mapping) and ("arms" in content or any(n.startswith(MEDIAN) for n in content)):
            return content
        self.numbers.wrong(self.place, f"'{self.trial}', which is none", str(kind), "such a group has an entry `arms:`")
        return None

    def _arms_are_sound(self, content: Mapping[str, Any]) -> bool:
        named = content.get("arms")
        expected = "the names of the trial's arms, the reference arm first"
        if named is None:
            names = ", ".join(name.removeprefix(MEDIAN) for name in content if name.startswith(MEDIAN))
            self._wrong("arms", "nothing", expected, f"add `arms: [{names}]`")
        elif not isinstance(named, list) or not named or not all(isinstance(arm, str) for arm in named):
            self._wrong("arms", show(named) if not isinstance(named, list) else f"{named}", expected)
        elif len(set(named)) < len(named) or not all(ARM.fullmatch(arm) for arm in named):
            rule = "different names of letters, digits, _ and - (not _versus_)"
            self._wrong("arms", ", ".join(named), rule)
        else:
            return True
        return False

    def _check_name(self, name: str, arms: tuple[str, ...]) -> None:
        """Note a median or a hazard ratio that belongs to no arm."""
        listed = ", ".join(arms)
        if name.startswith(MEDIAN) and name.removeprefix(MEDIAN) not in arms:
            arm = name.removeprefix(MEDIAN)
            self._wrong(name, f"the median of '{arm}'", f"one of an arm: {listed}", did_you_mean(arm, arms))
        elif name.startswith(RATIO) and ratio_arms(name, arms) is None:
            short = f"{RATIO} (the second arm over the first), or " if len(arms) == 2 else ""
            self._wrong(name, f"'{name}'", f"{short}{RATIO}_ARM_versus_OTHER, of the arms {listed}")
        elif name.startswith(FURTHER) and not further_arm(name, arms):
            start = next(start for start in FURTHER if name.startswith(start))
            self._wrong(name, f"'{name}'", f"{start}ARM or {start}ARM_..., of the arms {listed}")

    def _quantity(self, name: str) -> None:
        """Look up a figure: medians, quantiles, restricted means and the follow-up are durations."""
        kind = DURATION if name.startswith(DURATIONS) or name == FOLLOW_UP else Kind(("ratio",))
        if name.startswith(SURVIVAL):
            kind = Kind(("proportion",))
        address = f"{self.trial}.{name}"
        quantity = self.numbers.quantity(address, kind, self._named)
        if quantity is None:
            return
        limited = next((limit for start, limit in LIMITED.items() if name.startswith(start)), RATIO)
        self.numbers.check_limits(address, (*split_address(self.place.address), limited))
        expected = WHAT.get(next((start for start in WHAT if name.startswith(start)), ""))
        if expected and quantity.figure_kind != expected[0]:
            self._wrong(name, f"a {quantity.figure_kind.replace('_', ' ') or 'share without its time'}", expected[1])

    def _patients(self, arm: str, *, used: bool) -> float:
        """Return the patients of an arm; `used`: a correlation that is worked out rests on them, so they are noted."""
        name = f"patients_{arm}"
        address = f"{self.trial}.{name}"
        if not self.numbers.inputs.exists(address):
            self._wrong(name, "nothing", f"how many patients were randomised to {arm}")
            return 0.0
        try:
            node = self.numbers.inputs.node(address)
        except (KeyError, InputError):
            node = None
        if used or node is None:
            node = self.numbers.quantity(address, Kind(("number",)), self._named)
        patients = node.value if isinstance(node, Quantity) else 0.0
        if node is not None and not patients >= 1.0:
            self._wrong(name, read(patients), "1 patient or more")
        return patients

    def _correlation(self, content: Mapping[str, Any], figures: list[str]) -> CorrelationTable | None:
        """Return the correlations that stand in the group, None where it has none."""
        if "correlation" not in content:
            return None
        table = self.numbers.correlation(f"{self.trial}.correlation", self._named)
        if table is not None and (table.names != figures or table.correlation is None):
            self._wrong("correlation", f"correlations of {', '.join(table.names)}", ", ".join(figures))
        return table


def trial_groups(numbers: Numbers) -> Iterator[str]:
    """Yield the address of every trial in inputs/, in the order of their addresses.

    Parameters
    ----------
    numbers : Numbers
        Whose inputs/ are gone through.
    """
    yield from sorted(
        {a.rpartition(".")[0] for a, _ in numbers.inputs.all_addresses() if arms_of(numbers, a.rpartition(".")[0])}
    )


def odd_signs(
    names: Sequence[str], ratios: Sequence[tuple[str, str, str]], correlation: Sequence[Sequence[float]]
) -> Iterator[str]:
    """Yield correlations of a trial's medians and hazard ratios whose sign no trial gives.

    Parameters
    ----------
    names : sequence of str
        Figures in the order of the correlations: ``median_<arm>``, and hazard ratios.
    ratios : sequence of (name, arm, versus)
        Of each hazard ratio, whose it is and the arm it is compared with.
    correlation : sequence of sequence of float, (figure, figure)
        Of the logarithms.

    Notes
    -----
    A longer median of an arm goes with a lower hazard ratio of that arm, and a higher one of those compared with it.

    Examples
    --------
    >>> names, ratio = ["median_old", "median_new", "hazard_ratio"], [("hazard_ratio", "new", "old")]
    >>> list(odd_signs(names, ratio, ((1.0, 0.0, 0.4), (0.0, 1.0, 0.5), (0.4, 0.5, 1.0))))
    ['median_new and hazard_ratio are correlated by 0.5: a longer median of new goes with a lower hazard ratio']
    """
    for name, arm, versus in ratios:
        for of, sign, words in ((arm, -1.0, "lower"), (versus, 1.0, "higher")):
            median = f"median_{of}"
            if name in names and median in names:
                r = correlation[names.index(name)][names.index(median)]
                if r * sign < -ODD:
                    found = f"{median} and {name} are correlated by {read(r)}"
                    yield f"{found}: a longer median of {of} goes with a {words} hazard ratio"


ODD: Final = 0.1
"""Correlation of the wrong sign beyond which it is no rounding of none."""
