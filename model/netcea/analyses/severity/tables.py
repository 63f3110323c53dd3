"""Tables of an analysis of severity."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from netcea.analyses.severity.result import AtAge, Choice, Flip, PriceUnderWeight, SeverityResult
from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.plain_number import read
from netcea.reporting.number_format import fixed, plain
from netcea.reporting.table import Column, ColumnOf, Icer, Table, columns_of, table_of

CHOICES = "Severity weight by choice of established practice, discounting and ages"
CHOICES_NOTE = (
    "QALYs of the general population are averaged over the ages; QALYs of established practice are the model's, at the "
    "age of its cohort. `Over the ages` averages those of the model over the same ages. Costs, QALYs and weight are "
    "worked out under the discounting of the row."
)
FLIPS_NOTE = (
    "By age the model is run just below and just above; where patients differ in age, the general population's ages "
    "move with the mean, and the model's cohort is of the mean age. By QALYs of established practice the increments "
    "are those of the point estimates, times either weight."
)
PRICE_NOTE = "No price moves the weight: QALYs do not depend on prices. Between the prices of two weights it decides."
FINDINGS = {
    "solved": "cost-effective up to this price",
    "met at list price": "met at list price",
    "not even when free": "not even when free",
    "price has no effect": "the price has no effect",
}


def choices_table(result: SeverityResult) -> Table:
    """Return a row for each choice, the scenario's own first."""
    return table_of(
        "severity_choices",
        CHOICES,
        result.choices,
        (
            *_choice_columns(result),
            (Column("mean_age", "Mean age", "years", "years"), lambda choice: choice.mean_age),
            *columns_of(
                lambda choice: choice.shortfall,
                (
                    Column("qalys_general_population", "QALYs of the general population", "", "qalys"),
                    Column("qalys_current_care", "QALYs of established practice", "", "qalys"),
                    Column("absolute_shortfall", "Absolute shortfall", "QALYs", "qalys"),
                    Column("proportional_shortfall", "Proportional shortfall", "", "number"),
                    Column("next_boundary", "Nearest cut-off"),
                    Column("qalys_for_higher_weight", "QALYs for the higher weight", "", "qalys"),
                    Column("qalys_for_lower_weight", "QALYs for the lower weight", "", "qalys"),
                ),
            ),
            *effect_columns(result.scenario, lambda choice: choice.effect),
            *_probability_columns(result),
            Column("qalys_over_ages", "QALYs of established practice over the ages", "", "qalys"),
            Column("weight_over_ages", "Severity weight over the ages", "", "weight"),
            other_weight(result.base.effect, lambda choice: (choice.effect,)),
        ),
        CHOICES_NOTE,
    )


def choices_screen(result: SeverityResult) -> Table:
    """Return the columns of the same table that fit on a screen."""
    return table_of(
        "severity_choices_screen",
        CHOICES,
        result.choices,
        (
            (Column("established_practice", "Established practice"), _practice(result)),
            (Column("ages", "Discounting, ages"), choice_words),
            *columns_of(
                lambda choice: choice.shortfall,
                (
                    Column("qalys_general_population", "QALYs, population", "", "qalys"),
                    Column("qalys_current_care", "QALYs, practice", "", "qalys"),
                    Column("proportional_shortfall", "Proportional", "", "number"),
                    Column("absolute_shortfall", "Absolute", "", "qalys"),
                    Column("severity_weight", "Weight", "", "weight"),
                ),
            ),
            *_probability_columns(result, "P({})", possible_weights(result)),
        ),
        CHOICES_NOTE,
    )


def flips_table(result: SeverityResult) -> Table:
    """Return a row for each place at which the weight changes, with the results on both sides."""
    return table_of(
        "severity_flips",
        "Where the severity weight changes",
        result.flips,
        (
            *_flip_columns(result),
            *effect_columns(result.scenario, lambda flip: flip.below, "below", ", below"),
            *effect_columns(result.scenario, lambda flip: flip.above, "above", ", above"),
        ),
        FLIPS_NOTE,
    )


def flips_screen(result: SeverityResult) -> Table:
    """Return the columns of the same table that fit on a screen; of mean ages by the scenario's own discounting."""
    own = result.base.discounting
    return table_of(
        "severity_flips_screen",
        "Where the severity weight changes",
        [flip for flip in result.flips if not flip.ages or flip.discounting == own],
        (
            (Column("moved", "Moved, discounting"), _moved_words),
            (Column("established_practice", "Established practice"), _practice(result)),
            (Column("standing", "Now"), lambda flip: _amount(flip, flip.standing)),
            (Column("flips_at", "Changes at"), lambda flip: _amount(flip, flip.flips_at)),
            (Column("cut_off", "Cut-off"), lambda flip: flip.cut_off.replace(" shortfall", "").removesuffix(" QALYs")),
            *_weight_columns(),
            *(
                (Column(f"{side}_weighted_icer", f"ICER {side}", "", "icer"), _icer(side))
                for side in ("below", "above")
            ),
        ),
        f"ICERs weighted. {FLIPS_NOTE}",
    )


def price_table(result: SeverityResult) -> Table:
    """Return the price at which the ICER meets each threshold under each weight."""
    return table_of(
        "severity_price",
        "Price at which the ICER meets a threshold, by severity weight",
        result.solutions,
        (
            (Column("drug", "Drug"), lambda price: plain(price.drug)),
            Column("threshold", "Threshold", "£/QALY", "pounds"),
            Column("severity_weight", "Severity weight", "", "weight"),
            Column("discount", "Discount on the list price", "", "percent"),
            Column("pack_price", "Price of a pack", "£", "number"),
            (Column("finding", "Finding"), _finding),
            Column("nhb_now", "Incremental NHB at the price now", "QALYs", "qalys"),
        ),
        PRICE_NOTE,
    )


def by_age_table(result: SeverityResult) -> Table:
    """Return the shortfall in cohorts of other ages, with each strategy as established practice."""
    columns: tuple[ColumnOf[AtAge], ...] = (
        (Column("established_practice", "Established practice"), _practice(result)),
        Column("age", "Age at the start", "years", "number"),
        Column("qalys_general_population", "QALYs of the general population", "", "qalys"),
        Column("qalys_current_care", "QALYs of established practice", "", "qalys"),
        Column("absolute_shortfall", "Absolute shortfall", "QALYs", "qalys"),
        Column("proportional_shortfall", "Proportional shortfall", "", "number"),
        Column("severity_weight", "Severity weight", "", "weight"),
    )
    return table_of("severity_by_age", "Shortfall by age at the start", result.by_age, columns)


def flip_words(flip: Flip) -> str:
    """Return where a weight changes, in the unit of what is moved."""
    return f"{_amount(flip, flip.flips_at)} {'years' if _is_age(flip) else 'QALYs'}"


def _amount(flip: Flip, value: float) -> str:
    return fixed(value, 2 if _is_age(flip) else 3)


def _is_age(flip: Flip) -> bool:
    return flip.moved != "QALYs of established practice"


def _moved_words(flip: Flip) -> str:
    what = {"age at the start": "age (years)", "mean age at the start": f"mean age (years; {flip.ages})"}
    return f"{what.get(flip.moved, 'QALYs of practice')}, {discounting_words(flip.discounting)}"


def choice_words(choice: Choice) -> str:
    """Return the discounting and the ages of a choice in words."""
    return f"{discounting_words(choice.discounting)}, {choice.ages}"


def possible_weights(result: SeverityResult) -> tuple[float, ...]:
    """Return the weights that any choice or draw has, rising."""
    found = {choice.effect.severity_weight for choice in result.choices}
    for choice in result.choices:
        found |= {w for w, share in zip(result.weights, choice.probabilities, strict=False) if share > 0.0}
    return tuple(sorted(found))


def _practice(result: SeverityResult) -> Callable[[Any], str]:
    return lambda item: plain(result.scenario.label(item.established_practice))


def _choice_columns(result: SeverityResult) -> tuple[ColumnOf[Choice], ...]:
    return (
        (Column("established_practice", "Established practice"), _practice(result)),
        (Column("discounting", "Discounting"), lambda choice: discounting_words(choice.discounting)),
        Column("ages", "Ages"),
    )


def _flip_columns(result: SeverityResult) -> tuple[ColumnOf[Flip], ...]:
    return (
        (Column("moved", "Moved"), lambda flip: flip.moved.capitalize() if _is_age(flip) else flip.moved),
        (Column("established_practice", "Established practice"), _practice(result)),
        (Column("discounting", "Discounting"), lambda flip: discounting_words(flip.discounting)),
        Column("ages", "Ages"),
        Column("standing", "Now", "", "qalys"),
        Column("flips_at", "Changes at", "", "qalys"),
        Column("cut_off", "Cut-off"),
        *_weight_columns(),
    )


def _weight_columns() -> tuple[ColumnOf[Flip], ...]:
    return (
        (Column("weight_below", "Weight below", "", "weight"), lambda flip: flip.below.severity_weight),
        (Column("weight_above", "Weight above", "", "weight"), lambda flip: flip.above.severity_weight),
    )


def _probability_columns(
    result: SeverityResult, words: str = "Probability of weight {}", weights: Collection[float] = ()
) -> list[ColumnOf[Choice]]:
    """Return a column for each weight, or for some; none without draws."""

    def of(number: int, weight: float) -> ColumnOf[Choice]:
        column = Column(f"probability_of_weight_{read(weight)}", words.format(read(weight)), "", "percent")
        return column, lambda choice: choice.probabilities[number]

    chosen = [(i, weight) for i, weight in enumerate(result.weights) if weight in (weights or result.weights)]
    return [of(*pair) for pair in chosen] if result.options.draws else []


def _icer(side: str) -> Callable[[Flip], Icer]:
    return lambda flip: icer_of(getattr(flip, side), weighted=True)


def _finding(price: PriceUnderWeight) -> str:
    return FINDINGS[price.status]


def discounting_words(discounting: str) -> str:
    """Return a discounting convention in words.

    >>> discounting_words("mid_cycle")
    'mid cycle'
    """
    return discounting.replace("_", " ")
