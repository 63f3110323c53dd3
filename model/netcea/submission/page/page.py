"""The page: one HTML file with results, figures, sources and the panel, which needs nothing else and sends nothing.

Everything travels inside: style, script, data, draws. The page's own policy lets no other script or style run, and
nothing be fetched; each is allowed by its hash. Labels of a scenario are text in it, never markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from netcea.reporting.first_lines import TITLE
from netcea.reporting.json_text import plain as as_json
from netcea.reporting.table import Table
from netcea.scenario.price_layers import mark_of
from netcea.storage.atomic import atomic_write_text
from netcea.submission.page.figures import TITLES, Survival, strategy_looks, tornado_of
from netcea.submission.page.ledger import ledger_tables
from netcea.submission.page.panel import PanelData, panel_of, severity_words
from netcea.submission.page.panel_html import panel_html
from netcea.submission.page.redacted import without_costs
from netcea.submission.page.sections import SECTIONS, Part, Section
from netcea.submission.page.sources import Sources, without_schemes
from netcea.submission.page.table_html import figure_html, live_table_html, table_html, text_html
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.submission.submission import Submission

SCRIPTS: Final = (
    "format.js",
    "numbers.js",
    "decision.js",
    "draws.js",
    "elements.js",
    "tables.js",
    "axes.js",
    "chart.js",
    "survival.js",
    "tornado.js",
    "model.js",
    "panel_controls.js",
    "panel_tables.js",
    "panel.js",
    "main.js",
)
"""Parts of the page's one script, each using those before it."""
NOTHING: Final = PanelData({}, "")
ABOUT_TABLES: Final = "Every table is one of the run's own (tables/NAME.csv), shown to the same digits."
ABOUT: Final = (
    """Nothing leaves this page: it holds everything that it shows, its policy forbids it to fetch or send anything,
    and it works without a network.""",
    """A number's source shows when the pointer is over it, or when it has the keyboard's focus: the tab key goes from
    table to table, arrow keys from cell to cell, Escape closes what is shown.""",
    """Costs are a straight line in the price of each drug, and QALYs depend on none: the panel puts together the costs
    without the drugs and those of each drug at what is typed, in the point estimates and in every draw, and judges them
    by the same rules. It does not simulate again, and does not need to.""",
)
"""What the page is, and what it does not do."""


def write_page(submission: Submission, path: Path) -> None:
    """Write the page of a submission; whole or not at all.

    Parameters
    ----------
    submission : Submission
        A scenario and what was run of it.
    path : Path
        Of the file: page.html.

    Raises
    ------
    InputError
        It cannot be written.
    """
    atomic_write_text(path, page_text(submission))


def page_text(submission: Submission) -> str:
    """Return the page as text.

    Parameters
    ----------
    submission : Submission
        A scenario and what was run of it.
    """
    return _Page(submission).text()


@cache
def _asset(name: str) -> str:
    text = resources.files("netcea.submission.page").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _script() -> str:
    parts = "\n".join(_asset(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy_of(script: str, style: str) -> str:
    """Return the content security policy: nothing is fetched, and only this script and this style act.

    Parameters
    ----------
    script, style : str
        As they stand in the page.
    """
    return (
        f"default-src 'none'; script-src {_hash_of(script)}; style-src {_hash_of(style)}; img-src data:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def json_html(value: Any) -> str:
    """Return a value as JSON that ends no element of HTML, whatever its texts hold.

    >>> json.loads(json_html({"a": "</script>"})), "<" in json_html({"a": "</script>"})
    ({'a': '</script>'}, False)
    """
    text = json.dumps(as_json(value), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Page:
    """A page while it is made."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.scenario = submission.scenario
        self.redacted = self.scenario.prices.redacted
        self.marking = self.scenario.prices.marking
        self.results = {} if self.redacted else submission.results
        self.sources = Sources(self.scenario)
        self.survival = Survival(self.scenario, self.results.get("base_case"))
        case = self.results.get("base_case")
        self.panel = NOTHING if case is None else panel_of(case, self.results.get("psa"))

    def text(self) -> str:
        sections = [(section, self.section(section)) for section in SECTIONS]
        sections = [(section, html) for section, html in sections if html]
        script, style, scenario = _script(), _asset("style.css"), self.scenario
        decision = scenario.file.decision
        comparison = f"{scenario.label(decision.intervention)} against {scenario.label(decision.comparator)}"
        problem = f"{comparison}. {scenario.file.decision_problem.population}"
        return Template(_asset("template.html")).substitute(
            policy=policy_of(script, style),
            version=__version__,
            title=text_html(f"{mark_of(self.marking)} {scenario.file.title}".strip()),
            style=style,
            heading=text_html(scenario.file.title),
            comparison=text_html(problem),
            marking=f'<p class="confidential">{text_html(self.marking)}</p>' if self.marking else "",
            facts=self.facts(),
            contents="".join(f'<li><a href="#{s.name}">{text_html(s.short or s.title)}</a></li>' for s, _ in sections),
            first=self.first_lines(),
            sections="\n".join(html for _, html in sections),
            about=self.about(),
            data=json_html(self.data()),
            draws=self.panel.draws,
            script=script,
        )

    def facts(self) -> str:
        """Return what the run is, in a few words each."""
        settings, psa = self.scenario.file.settings, self.submission.reports.get("psa")
        pairs = [
            ("Run", self.scenario.digest[:12]),
            ("Perspective", self.scenario.file.perspective),
            ("Price year", settings.price_year),
            ("Method pack", self.scenario.file.decision.method_pack),
            ("Version", f"netcea {__version__}"),
        ]
        if psa is not None:
            pairs.append(("Probabilistic", psa.title.rpartition(": ")[2].removeprefix("probabilistic analysis, ")))
        return "".join(f"<div><dt>{text_html(a)}</dt><dd>{text_html(b)}</dd></div>" for a, b in pairs)

    def first_lines(self) -> str:
        """Return what to know before reading the numbers."""
        lines = self.submission.read_first
        if not lines:
            return ""
        items = "".join(f"<li>{text_html(line)}</li>" for line in lines)
        return f'<section class="first" aria-labelledby="first"><h2 id="first">{TITLE}</h2><ul>{items}</ul></section>'

    def section(self, section: Section) -> str:
        """Return a section as HTML; empty where nothing of it was run."""
        body = {"panel": self.panel_section, "survival": self.curves, "one_way": self.tornado}
        before = body[section.name]() if section.name in body else ""
        parts = before + "".join(self.part(part) for part in section.parts)
        if not parts:
            return ""
        words = f"<p>{text_html(section.words)}</p>" if section.words else ""
        return (
            f'<section aria-labelledby="{section.name}"><h2 id="{section.name}">{text_html(section.title)}</h2>'
            f"{words}{parts}</section>"
        )

    def part(self, part: Part) -> str:
        """Return the tables of a part."""
        report = self.submission.reports.get(part.analysis)
        if report is None:
            return ""
        wanted = part.tables or report.on_screen
        by_name = {table.name: table for table in report.tables}
        tables = [self.table(by_name[name], part.analysis) for name in wanted if name in by_name]
        html = "".join(tables)
        if not html:
            return ""
        if (part.sentences or not part.tables) and not self.redacted:
            html += "".join(f"<p>{text_html(line)}</p>" for line in report.lines)
        if not part.folded:
            return html
        titles = [by_name[name].title for name in part.tables if name in by_name and by_name[name].rows]
        name = "; ".join(titles) or report.title.removeprefix(f"{self.scenario.file.title}: ")
        printed = "" if part.tables else " data-print"
        return f"<details{printed}><summary>{text_html(name[:1].upper() + name[1:])}</summary>{html}</details>"

    def table(self, table: Table, where: str) -> str:
        """Return a table; empty where it has no rows, or a redacted run does not show it."""
        if table.name == "ledger" and "why" in [column.name for column in table.columns] and table.rows:
            return "".join(self.one_table(part, where) for part in ledger_tables(table))
        return self.one_table(table, where)

    def one_table(self, table: Table, where: str) -> str:
        """Return a table that is shown as it is."""
        shown = without_costs(table) if self.redacted else replace(table, marking=self.marking)
        return table_html(shown, self.sources, where) if shown is not None and shown.rows else ""

    def panel_section(self) -> str:
        """Return the panel; in its place a sentence, where the run is redacted."""
        if self.redacted:
            return (
                "<p>This page is of a redacted run: the panel is left out, since it works with costs that depend on a "
                "confidential price.</p>"
            )
        if not self.panel.about:
            return ""
        return panel_html(self.panel.about, self.marking)

    def curves(self) -> str:
        """Return the survival curves, the slider of time, numbers at risk."""
        live = live_table_html(
            "at-time",
            "Where patients are at this time",
            ("Strategy", "Alive", "Progression-free", "Progressed", "Dead", "On treatment"),
            self.marking,
        )
        figures = "".join(self.curve(endpoint) for endpoint in self.survival.endpoints)
        at_risk = [self.survival.at_risk(endpoint) for endpoint in self.survival.endpoints]
        risks = "".join(self.table(table, "inputs") for table in at_risk if table is not None)
        none = (
            "<p>Numbers at risk: inputs/ holds no times of patients, nor numbers at risk, of these trials and arms.</p>"
        )
        return (
            '<div id="survival-time" class="js"></div><p id="at-risk-now"></p>'
            f'{live}<div class="figures">{figures}</div>{risks or none}'
        )

    def curve(self, endpoint: str) -> str:
        """Return the figure of an endpoint, with its numbers."""
        numbers = self.table(self.survival.table(endpoint), "base_case")
        title = f"{TITLES[endpoint][0]}: the model's curves, with what was published and observed"
        return figure_html(endpoint, title, numbers)

    def tornado(self) -> str:
        """Return the tornado; empty where one-way analysis was not run."""
        if "one_way" not in self.results or not self.results["one_way"].moved:
            return ""
        return figure_html("tornado", "Tornado: incremental net health benefit (QALYs), one number at a time")

    def data(self) -> dict[str, Any]:
        """Return what the script works with."""
        case, one_way = self.results.get("base_case"), self.results.get("one_way")
        tornado = None
        if one_way is not None and one_way.moved:
            told = [self.sources.of_number(moved.quantity.address) for moved in one_way.moved]
            tornado = tornado_of(one_way, [without_schemes(text) for text in told])
        return {
            "mark": mark_of(self.marking),
            "sources": self.sources.texts,
            "looks": strategy_looks(self.scenario),
            "severity_source": severity_words(case) if case is not None else "",
            "survival": self.survival.as_json(),
            "one_way": tornado,
            "panel": self.panel.about or None,
        }

    def about(self) -> str:
        """Return what the page is, and what it does not do."""
        run = f"run with the digest {self.scenario.digest}, scenario {self.scenario.source}"
        lines = [f"Made by netcea {__version__} from the {run}. {ABOUT_TABLES}", *ABOUT]
        draws = (self.panel.about or {}).get("draws")
        if draws and draws["n"] < draws["of"]:
            lines.append(
                f"The panel holds the first {draws['n']:,} of {draws['of']:,} draws, to be small enough to send"
            )
        return "".join(f"<p>{text_html(line)}</p>" for line in lines)
