"""Curves out of vector figures: as matplotlib, R's graphics and Prism-like programs write them, against the data drawn."""

import matplotlib as mpl
import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.vector.axes import NoAxisError, number_of, through
from netcea.evidence.vector.digitise import digitise
from netcea.fitting.kaplan_meier import kaplan_meier

WIDE, HIGH, LEFT, TOP = 400.0, 240.0, 60.0, 20.0
MONTHS = 36.0


def arms(seed=2, n=60):
    random = np.random.default_rng(seed)
    found = {}
    for name, scale in (("Drug", 20.0), ("Placebo", 9.0)):
        failing, censored = random.weibull(1.2, n) * scale, random.uniform(5.0, 35.0, n)
        found[name] = (np.minimum(failing, censored), (failing <= censored).astype(float))
    return found


def corners(time, event):
    km = kaplan_meier(time, event)
    x, y = np.concatenate([[0.0], km.times]), np.concatenate([[1.0], km.survival])
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1], km


def page(x, y):
    return LEFT + np.asarray(x) / MONTHS * WIDE, TOP + (1.0 - np.asarray(y)) * HIGH


def check(found, drawn, names=("Drug", "Placebo")):
    """Compare with the data: 0.1% of each axis."""
    assert {curve.name for curve in found.curves} == set(names)
    for curve, (time, event) in zip(sorted(found.curves, key=lambda c: c.name), drawn.values(), strict=True):
        km = kaplan_meier(time, event)
        grid = np.linspace(0.0, float(km.times[-1]), 997)
        found_at = curve.survival[np.searchsorted(curve.time, grid, side="right") - 1]
        assert np.mean(np.abs(found_at - [km.at(t) for t in grid])) < 1e-3
        censored = np.unique(time[event == 0.0])
        assert len(curve.censored) == len(censored)
        assert np.abs(curve.censored - censored).max() < 1e-3 * MONTHS


def with_matplotlib(path, drawn, *, percent=False, letters="path", marker="+"):
    with mpl.rc_context({"svg.fonttype": letters}):
        figure = Figure(figsize=(6.0, 4.0))
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for (name, (time, event)), colour in zip(drawn.items(), ("C0", "C3"), strict=True):
            x, y, km = corners(time, event)
            axes.plot(x, y * (100.0 if percent else 1.0), color=colour, label=name)
            marks = time[event == 0.0]
            at = np.array([km.at(t) for t in marks]) * (100.0 if percent else 1.0)
            axes.plot(marks, at, marker, color=colour, markersize=6)
        axes.set_xlim(0.0, 40.0)
        axes.set_ylim(0.0, 105.0 if percent else 1.05)
        axes.set_xlabel("Months")
        axes.legend()
        figure.savefig(path)


@pytest.mark.parametrize("letters", ["path", "none"])
@pytest.mark.parametrize(("percent", "marker"), [(False, "+"), (True, "|"), (True, "o")])
def test_matplotlib_svg(tmp_path, letters, percent, marker):
    drawn = arms()
    with_matplotlib(tmp_path / "km.svg", drawn, percent=percent, letters=letters, marker=marker)
    check(digitise(tmp_path / "km.svg"), drawn)


@pytest.mark.parametrize("marker", ["+", "o"])
def test_matplotlib_pdf(tmp_path, marker):
    pytest.importorskip("pypdf")
    drawn = arms()
    with_matplotlib(tmp_path / "km.pdf", drawn, marker=marker)
    check(digitise(tmp_path / "km.pdf"), drawn)


def text(words, x, y, anchor="middle", size=9.0):
    look = f"style='font-size: {size}px; font-family: \"Arial\";' textLength='{5 * len(words)}px'"
    return f"<text x='{x:.2f}' y='{y + 0.36 * size:.2f}' text-anchor='{anchor}' {look}>{words}</text>"


def ticks(*, percent):
    """Return tick marks and labels below and beside the panel, and its grid."""
    made = []
    for month in range(0, 37, 6):
        x, _ = page(month, 0.0)
        made += [f"<polyline points='{x},{TOP} {x},{TOP + HIGH}' style='stroke: #EBEBEB;'/>"]
        made += [f"<polyline points='{x},{TOP + HIGH} {x},{TOP + HIGH + 3}' style='stroke: #333333;'/>"]
        made += [text(str(month), x, TOP + HIGH + 10)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        _, y = page(0.0, share)
        made += [f"<polyline points='{LEFT - 3},{y} {LEFT},{y}' style='stroke: #333333;'/>"]
        made += [text(f"{100 * share:.0f}%" if percent else f"{share:.2f}", LEFT - 6, y, "end")]
    return made


def as_ggsurvplot(drawn, *, percent=True):
    """Return SVG as svglite writes ggsurvplot: bands as polygons, crosses of two lines, a table of numbers at risk."""
    body = ticks(percent=percent)
    for row, ((name, (time, event)), colour) in enumerate(zip(drawn.items(), ("#F8766D", "#00BFC4"), strict=True)):
        x, y, km = corners(time, event)
        px, py = page(x, y)
        low, high = page(x, np.maximum(y - 0.1, 0.0))[1], page(x, np.minimum(y + 0.1, 1.0))[1]
        band = [*zip(px, low, strict=True), *zip(px[::-1], high[::-1], strict=True)]
        body += [
            f"<polygon points='{' '.join(f'{a:.2f},{b:.2f}' for a, b in band)}' style='stroke: none; fill: {colour};'/>"
        ]
        points = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(px, py, strict=True))
        body += [f"<polyline points='{points}' style='stroke-width: 2; stroke: {colour};' />"]
        for t in time[event == 0.0]:
            cx, cy = page(t, km.at(t))
            body += [
                f"<line x1='{cx - 3:.2f}' y1='{cy:.2f}' x2='{cx + 3:.2f}' y2='{cy:.2f}' style='stroke: {colour};'/>"
            ]
            body += [
                f"<line x1='{cx:.2f}' y1='{cy - 3:.2f}' x2='{cx:.2f}' y2='{cy + 3:.2f}' style='stroke: {colour};'/>"
            ]
        above = TOP + 8 + 14 * row
        body += [
            f"<line x1='300' y1='{above}' x2='316' y2='{above}' style='stroke: {colour};'/>",
            text(name, 320, above, "start"),
        ]
        below = TOP + HIGH + 40 + 14 * row
        body += [text(name, LEFT - 10, below, "end")]
        for month in range(0, 37, 6):
            body += [text(str(int((time >= month).sum())), page(month, 0)[0], below)]
    style = ".svglite line, .svglite polyline, .svglite polygon { fill: none; stroke: #000000; }"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' class='svglite' width='520pt' height='360pt'><defs><style><![CDATA[{style}]]>"
        f"</style></defs><rect width='100%' height='100%' style='stroke: none; fill: #FFFFFF;'/><g>{''.join(body)}</g></svg>"
    )


@pytest.mark.parametrize("percent", [True, False])
def test_ggsurvplot(tmp_path, percent):
    drawn = arms()
    (tmp_path / "km.svg").write_text(as_ggsurvplot(drawn, percent=percent), encoding="utf-8")
    found = digitise(tmp_path / "km.svg")
    check(found, drawn)
    for curve in found.curves:
        time = drawn[curve.name][0]
        assert [n for _, n in curve.at_risk] == [int((time >= month).sum()) for month in range(0, 37, 6)]
        assert [t for t, _ in curve.at_risk] == list(range(0, 37, 6))


def as_base_graphics(drawn, *, letters=True):
    """Return SVG as R's own device writes plot.survfit: dashed limits of the same colour, crosses as one path, glyphs."""
    body = []
    for month in range(0, 37, 12):
        x, _ = page(month, 0.0)
        body += [f"<path fill='none' stroke='rgb(0%, 0%, 0%)' d='M {x} {TOP + HIGH} L {x} {TOP + HIGH + 7}'/>"]
        body += [text(str(month), x, TOP + HIGH + 18)] if letters else []
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        _, y = page(0.0, share)
        body += [f"<path fill='none' stroke='rgb(0%, 0%, 0%)' d='M {LEFT} {y} L {LEFT - 7} {y}'/>"]
        body += [text(f"{share:.1f}", LEFT - 12, y, "end")] if letters else []
    ((time, event),) = [drawn["Drug"]]
    x, y, km = corners(time, event)
    for shift, dash in ((0.0, ""), (0.08, "stroke-dasharray='4 4'"), (-0.08, "stroke-dasharray='4 4'")):
        points = zip(*page(x, np.clip(y + shift, 0.0, 1.0)), strict=True)
        path = " L ".join(f"{a:.3f} {b:.3f}" for a, b in points)
        body += [f"<path fill='none' stroke='rgb(0%, 0%, 0%)' {dash} d='M {path}'/>"]
    for t in time[event == 0.0]:
        cx, cy = page(t, km.at(t))
        cross = f"M {cx - 3:.3f} {cy:.3f} L {cx + 3:.3f} {cy:.3f} M {cx:.3f} {cy - 3:.3f} L {cx:.3f} {cy + 3:.3f}"
        body += [f"<path fill='none' stroke='rgb(0%, 0%, 0%)' d='{cross}'/>"]
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 504 360'><g>{''.join(body)}</g></svg>"


def test_base_graphics(tmp_path):
    drawn = {"Drug": arms()["Drug"]}
    (tmp_path / "km.svg").write_text(as_base_graphics(drawn), encoding="utf-8")
    check(digitise(tmp_path / "km.svg", arms=["Drug"]), drawn, ("Drug",))


def test_axes_by_places_where_letters_are_drawn(tmp_path):
    drawn = {"Drug": arms()["Drug"]}
    (tmp_path / "km.svg").write_text(as_base_graphics(drawn, letters=False), encoding="utf-8")
    with pytest.raises(InputError, match="name two places: --x-at PLACE=VALUE twice"):
        digitise(tmp_path / "km.svg")
    places = {"x_at": [(LEFT, 0.0), (LEFT + WIDE, MONTHS)], "y_at": [(TOP + HIGH, 0.0), (TOP, 1.0)]}
    check(digitise(tmp_path / "km.svg", arms=["Drug"], **places), drawn, ("Drug",))


def as_prism(drawn):
    """Return SVG of a program that draws relative paths in a turned and scaled group, ticks as one path."""
    body = ticks(percent=False)
    for (name, (time, event)), colour in zip(drawn.items(), ("#f00", "blue"), strict=True):
        x, y, km = corners(time, event)
        px, py = page(x, y)
        steps = "".join(
            f"h{2 * (b[0] - a[0]):.3f}" if b[1] == a[1] else f"v{2 * (b[1] - a[1]):.3f}"
            for a, b in zip(zip(px[:-1], py[:-1], strict=True), zip(px[1:], py[1:], strict=True), strict=True)
        )
        body += [
            f"<g transform='scale(0.5)'><path style='fill:none;stroke:{colour}' d='M{2 * px[0]},{2 * py[0]}{steps}'/></g>"
        ]
        for t in time[event == 0.0]:
            cx, cy = page(t, km.at(t))
            body += [f"<path style='fill:none;stroke:{colour}' d='M{cx:.3f},{cy - 4:.3f}V{cy + 4:.3f}'/>"]
        last = page(x[-1], y[-1])
        body += [
            f"<path style='stroke:{colour}' d='M{380},{last[1] - 30}h16'/>",
            text(name, 400, last[1] - 30, "start"),
        ]
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='520' height='360'>{''.join(body)}</svg>"


def test_prism(tmp_path):
    drawn = arms()
    (tmp_path / "km.svg").write_text(as_prism(drawn), encoding="utf-8")
    check(digitise(tmp_path / "km.svg"), drawn)


def test_command_writes_what_fit_takes(tmp_path):
    drawn = arms()
    (tmp_path / "km.svg").write_text(as_ggsurvplot(drawn), encoding="utf-8")
    done = CliRunner().invoke(main, ["digitise", str(tmp_path / "km.svg"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "placed by tick marks" in done.output
    rows = (tmp_path / "out" / "curve.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "arm,time,survival"
    assert rows[1] == "Drug,0.0,1.0"
    assert (tmp_path / "out" / "at_risk.csv").read_text(encoding="utf-8").startswith("arm,time,at_risk\nDrug,0.0,60\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>", "expected a vector figure|no axis"),
        ("<svg><line x1='0' y1='0' x2='9' y2='9' stroke='red'/></svg>", "no axis of times"),
        ("<html/>", "XML file of <html>"),
        ("time,survival\n0,1\n", "damaged XML"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "entities of its own"),
        ("%PDF-1.4 nothing", "damaged PDF|pypdf"),
        (f"<svg>{'<g>' * 500}{'</g>' * 500}</svg>", "no lines"),
    ],
)
def test_what_is_no_figure(tmp_path, content, words):
    (tmp_path / "f.svg").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        digitise(tmp_path / "f.svg")


def test_names_for_every_curve(tmp_path):
    (tmp_path / "km.svg").write_text(as_prism(arms()), encoding="utf-8")
    with pytest.raises(InputError, match="1 names; expected 2"):
        digitise(tmp_path / "km.svg", arms=["one"])


def test_no_survival_curve(tmp_path):
    rising = f"<svg xmlns='http://www.w3.org/2000/svg'>{''.join(ticks(percent=False))}<path d='M60 260 L200 100 L300 20 L350 30' fill='none' stroke='red'/></svg>"
    (tmp_path / "km.svg").write_text(rising, encoding="utf-8")
    with pytest.raises(InputError, match="none of them a survival curve"):
        digitise(tmp_path / "km.svg")


@pytest.mark.parametrize(
    ("words", "number"), [("−3", -3.0), ("1.0", 1.0), (".5", 0.5), ("50 %", 0.5), ("5a", None), ("", None)]
)
def test_numbers_of_labels(words, number):
    assert number_of(words) == number


def test_axes_that_are_not_even():
    with pytest.raises(NoAxisError, match="off a straight line"):
        through([(0.0, 1.0), (100.0, 10.0), (200.0, 100.0)])
    with pytest.raises(NoAxisError, match="fewer than two"):
        through([(5.0, 1.0)])
