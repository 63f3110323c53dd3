"""Why no price of a drug meets a threshold, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from netcea.analyses.threshold.result import Drug, DrugPrice, Ladder, LeftOut, PriceSolution
from netcea.reporting.amounts import amount
from netcea.reporting.first_lines import FirstLine, that_may_be_shown
from netcea.reporting.number_format import plain, pounds
from netcea.scenario.scenario import Scenario


def shown(ladder: Ladder, solutions: Sequence[PriceSolution]) -> list[PriceSolution]:
    """Return the solutions that are told apart: weighted ones only where the severity weight is not 1.

    Parameters
    ----------
    ladder : Ladder
    solutions : sequence of PriceSolution
        Of it, or with a cost left out.
    """
    weighted = ladder.effects[-1].severity_weight != 1.0
    return [s for s in solutions if weighted or not s.basis.weighted]


def deciding(ladder: Ladder) -> list[LeftOut]:
    """Return what alone decides that there is no price: the largest increment first.

    Parameters
    ----------
    ladder : Ladder
    """
    return sorted((left for left in ladder.without if left.decides), key=lambda left: -left.increment_free)


def states_its_prices(scenario: Scenario, drugs: Sequence[Drug]) -> bool:
    """Say whether no confidential price goes into ladders but those of the only drug, which they state themselves.

    Parameters
    ----------
    scenario : Scenario
    drugs : sequence of Drug
        Whose prices are solved for.
    """
    own = {address for drug in drugs for address in (drug.price, drug.discount)}
    return len(drugs) == 1 and set(scenario.prices.secret) <= own


def no_price_lines(scenario: Scenario, prices: Sequence[DrugPrice]) -> tuple[FirstLine, ...]:
    """Return, for each drug of which no price meets some threshold, that there is none, and what stands in the way.

    Parameters
    ----------
    scenario : Scenario
    prices : sequence of DrugPrice
    """
    depends = not states_its_prices(scenario, [price.drug for price in prices])
    found = (FirstLine("no_price", text, depends) for price in prices for text in _no_price(price))
    return that_may_be_shown(found, redacted=scenario.prices.redacted)


def _no_price(price: DrugPrice) -> Iterator[str]:
    """Yield the sentence of the point estimates; then of the means, where they meet other thresholds."""
    if _unmet(price.ladder):
        yield _sentence(price, price.ladder)
    means = price.probabilistic
    if means is not None and [s.basis for s in _unmet(means)] != [s.basis for s in _unmet(price.ladder)]:
        every = f"On the means of {means.draws:,} draws every threshold has a price."
        yield f"On the means of {means.draws:,} draws: {_sentence(price, means)}" if _unmet(means) else every


def _sentence(price: DrugPrice, ladder: Ladder) -> str:
    failing, label = _unmet(ladder), plain(price.drug.label)
    free = ladder.effects[-1]
    what = f"ICER {pounds(free.icer)}" if free.icer is not None and not free.label else free.label
    every = len(failing) == len(shown(ladder, ladder.solutions))
    which = "a threshold" if every else _joined([basis_of(s) for s in failing], "or")
    return f"No price of {label} meets {which}, not even when free ({what}): {_why(deciding(ladder))}."


def sentences(scenario: Scenario, price: DrugPrice) -> Iterator[str]:
    """Yield why no price of a drug meets a threshold: what it costs for free, what its QALYs are worth, what decides.

    That there is no price stands in the first lines.

    Parameters
    ----------
    scenario : Scenario
    price : DrugPrice
    """
    failing = _unmet(price.ladder)
    if not failing:
        return
    yield _remaining(scenario, price.ladder)
    gained = "gained" if price.ladder.effects[-1].incremental_qalys >= 0.0 else "lost"
    worth = _joined([f"{pounds(_worth(price.ladder, s))} at {basis_of(s)}" for s in failing], "and")
    yield f"The QALYs {gained} are worth {worth}."
    yield from (_without(price, left) for left in deciding(price.ladder)[:1])


def percent(share: float) -> str:
    """Return a share in percent; never 100% where a little of it could stay.

    Parameters
    ----------
    share : float
        0 to 1.

    Examples
    --------
    >>> percent(0.749), percent(0.9963), percent(1.0)
    ('75%', '99.6%', '100%')
    """
    return f"{share:.1%}" if 0.995 <= share < 0.9995 else f"{share:.0%}"


def basis_of(solution: PriceSolution) -> str:
    """Return the threshold and how QALYs are counted.

    Parameters
    ----------
    solution : PriceSolution
    """
    return f"{pounds(solution.basis.threshold)}{' weighted for severity' if solution.basis.weighted else ''}"


def _unmet(ladder: Ladder) -> list[PriceSolution]:
    return [s for s in shown(ladder, ladder.solutions) if s.status == "not even when free"]


def _why(found: Sequence[LeftOut]) -> str:
    if not found:
        return "leaving out any one other cost gives no price either"
    others = len({left.items for left in found}) - 1
    more = f", or any of {others} smaller costs" if others > 1 else ", or one smaller cost" if others else ""
    return f"{plain(found[0].label)} alone{more} stands in the way"


def _remaining(scenario: Scenario, ladder: Ladder) -> str:
    """Return what the increment consists of when the drug is free, by category; of one item, by its own name."""
    costs = scenario.file.all_costs()
    amounts: dict[str, float] = defaultdict(float)
    labels: dict[str, list[str]] = defaultdict(list)
    for left in ladder.without:
        if len(left.items) == 1 and abs(left.increment_free) >= 0.5:
            category = costs[left.items[0]].category.label
            amounts[category] += left.increment_free
            labels[category].append(plain(left.label))
    ranked = sorted(amounts.items(), key=lambda pair: -abs(pair[1]))
    parts = [f"{labels[c][0] if len(labels[c]) == 1 else c} {pounds(value)}" for c, value in ranked]
    total = ladder.effects[-1].incremental_costs
    more = f"{pounds(abs(total))} {'more' if total >= 0.0 else 'less'}"
    return f"For free it still costs {more} than the comparator: {', '.join(parts)}."


def _without(price: DrugPrice, left: LeftOut) -> str:
    """Return the price without what alone decides it, and how much of it would have to go."""
    prices = [
        f"{_price(s, price.drug.pack)} at {basis_of(s)} ({percent(share)} of that cost would have to go)"
        for s, share in zip(left.solutions, left.shares_to_go, strict=True)
        if share is not None and s in shown(price.ladder, left.solutions)
    ]
    what = f"background therapy ({plain(left.label)})" if left.kind == "background therapy" else plain(left.label)
    return f"Without {what} there is a price: {_joined(prices, 'and')}."


def _price(solution: PriceSolution, pack: str) -> str:
    if solution.pack_price is None:
        return "any up to the full price"
    return f"{amount(solution.pack_price, 'GBP')} a {pack}"


def _worth(ladder: Ladder, solution: PriceSolution) -> float:
    """Return what the incremental QALYs are worth at a threshold. [GBP]"""
    free = ladder.effects[-1]
    weight = free.severity_weight if solution.basis.weighted else 1.0
    return abs(free.incremental_qalys) * weight * solution.basis.threshold


def _joined(parts: Sequence[str], word: str) -> str:
    """Return a list in words.

    >>> _joined(["a", "b", "c"], "or"), _joined(["a"], "or")
    ('a, b or c', 'a')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
