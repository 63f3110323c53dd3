"""What a study is worth, over its number of patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.voi.figures.money import after, money, money_axis
from netcea.arrays import Array
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, set_ticks
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLUE, DASHED, GREEN, GREY, INK, SMALL_SIZE, styled
from netcea.reporting.figures.text import drawn, plain, pounds
from netcea.reporting.figures.thresholds import name_ends

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.voi.result import VoiResult

Z: Final = 1.96
FAR: Final = 1.6
"""EVPI is drawn with EVPPI when it is at most so many times as large."""


def evsi(result: VoiResult, name: str) -> Figure:
    """Draw what a study is worth, on the basis on which it is worth most."""
    study = max((s for s in result.studies if s.name == name), key=lambda s: float(s.evsi.max()))
    evpi = result.evpi[[basis.name for basis in result.bases].index(study.basis.name)].value
    return evsi_curve(
        study.patients,
        study.evsi,
        study.standard_error,
        study.evppi.value,
        evpi,
        study.net_benefit,
        name=study.label,
        words=f"at {study.basis.label}; {result.scenario.file.name}",
        notes=study.notes,
    )


@styled()
def evsi_curve(
    n: Array,
    evsi: Array,
    standard_error: Array,
    evppi: float,
    evpi: float,
    net_benefit: Array | None = None,
    *,
    name: str = "",
    words: str = "",
    notes: Sequence[str] = (),
) -> Figure:
    """Draw the expected value of sample information over the size of a study and, below it, the study's net benefit.

    Parameters
    ----------
    n : Array (size,)
        Patients in the study, rising.
    evsi, standard_error : Array (size,)
        [GBP per patient of the population]
    evppi : float
        Of what the study informs: the most it could be worth. [GBP per patient]
    evpi : float
        Of everything. [GBP per patient]
    net_benefit : Array (size,), optional
        Value for everybody the decision reaches less the cost of the study. [GBP]
    name : str
        Of the study.
    words : str
        Where it is worth this: 'at £35,000 per QALY'.
    notes : sequence of str
    """
    title = f"Expected value of sample information (EVSI){': ' if name else ''}{name}"
    subtitle = after("", f"what a study is worth, per patient{', ' if words else ''}{plain(words)}")
    if max(float(evsi.max()), evppi) <= 0.0:
        return sentence(title, subtitle, "What this study informs cannot change the decision: it is worth £0.")
    lower = 0.0 if net_benefit is None else 2.3
    made = page(
        title,
        f"{subtitle}; EVPI of everything {pounds(evpi)}",
        2.6 + lower,
        margins=Margins(left=1.2, right=1.7, top=0.15, bottom=0.6),
        legend=[legend.patch("95% interval of the estimate", BLUE, alpha=0.2)] if np.any(standard_error > 0) else [],
        notes=notes,
    )
    axes = made.panel(0.0, lower, made.width, 2.6)
    _value(axes, n, evsi, standard_error, evppi, evpi)
    _patients(axes, n)
    if net_benefit is not None:
        axes.tick_params(labelbottom=False)
        axes = made.panel(0.0, 0.0, made.width, 1.95)
        _net_benefit(axes, n, net_benefit)
        _patients(axes, n)
    axes.set_xlabel("Patients in the study")
    return made.figure


def _value(axes: Axes, n: Array, evsi: Array, standard_error: Array, evppi: float, evpi: float) -> None:
    low, high = np.maximum(evsi - Z * standard_error, 0.0), evsi + Z * standard_error
    axes.fill_between(n, low, high, color=BLUE, alpha=0.2, linewidth=0)
    if len(n) == 1:
        axes.plot([n[0], n[0]], [low[0], high[0]], color=BLUE, alpha=0.5)
    axes.plot(n, evsi, color=BLUE, marker="o", markersize=5, zorder=3, clip_on=False)
    lines = [(evppi, f"EVPPI of what it informs: {pounds(evppi)}", INK)]
    if evpi <= FAR * evppi:
        lines.append((evpi, f"EVPI of everything: {pounds(evpi)}", GREY))
    for level, _, colour in lines:
        axes.axhline(level, color=colour, linewidth=1.1, linestyle=DASHED, zorder=2)
    top = 1.08 * max(float(high.max()), *(level for level, _, _ in lines), 0.01)
    money_axis(axes, 0.0, top, "EVSI per patient")
    last, error = float(evsi[-1]), float(standard_error[-1])
    name_ends(axes, [(last, f"EVSI {drawn(last, error, 'pounds')}", BLUE), *lines])


def _net_benefit(axes: Axes, n: Array, net_benefit: Array) -> None:
    low, high = min(0.0, float(net_benefit.min())), max(0.0, float(net_benefit.max()))
    span = max(high - low, 1.0)
    low, high = low - 0.12 * span, high + 0.12 * span
    axes.plot(n, net_benefit, color=GREEN, marker="o", markersize=5, zorder=3, clip_on=False)
    axes.axhline(0.0, color=GREY, linewidth=0.9, zorder=2)
    money_axis(axes, low, high, "Net benefit of the study,\nall patients reached")
    best = int(net_benefit.argmax())
    amount = money(net_benefit[best : best + 1])[0]
    text = f"Most: {amount} with {int(n[best]):,} patients" if net_benefit[best] > 0 else "Never worth its cost"
    name_ends(axes, [(float(net_benefit[best if net_benefit[best] > 0 else -1]), text, GREEN)])
    if net_benefit[best] > 0:
        ring: dict[str, Any] = {"marker": "o", "markersize": 10, "markerfacecolor": "none", "markeredgecolor": GREEN}
        axes.plot(n[best], net_benefit[best], **ring, markeredgewidth=1.6, linestyle="none", zorder=4, clip_on=False)


def _patients(axes: Axes, n: Array) -> None:
    """Set a logarithmic axis of patients, with a tick at each size asked for that has room."""
    axes.set_xscale("log")
    low, high = float(n[0]), float(n[-1])
    axes.set_xlim(low / 1.08, high * 1.08)
    least = 0.09 * np.log(max(high / low, 1.2))
    ticks: list[float] = []
    for size in sorted({float(size) for size in n}, reverse=True):
        if not ticks or np.log(ticks[-1] / size) >= least:
            ticks.append(size)
    set_ticks(axes.xaxis, ticks, "{:,.0f}".format)
    axes.minorticks_off()
    axes.tick_params(axis="x", labelsize=SMALL_SIZE)
    grid(axes, "y")
