"""A report as HTML, for a notebook: title, tables of the screen and sentences."""

from __future__ import annotations

from html import escape

from netcea.reporting.number_format import plain, shown
from netcea.reporting.report import Report, Section
from netcea.reporting.table import Table
from netcea.scenario.price_layers import mark_of


def report_html(report: Report) -> str:
    """Return what a notebook shows of a report."""
    parts = report.screen or (*map(report.table, report.on_screen), Section("", report.lines))
    marking = report.scenario.prices.marking
    head = f"<h4>{_text(report.title)}</h4>" + (f"<p><b>{_text(marking)}</b></p>" if marking else "")
    head += _section(report.first_section) if report.read_first else ""
    return head + "".join(table_html(part) if isinstance(part, Table) else _section(part) for part in parts)


def table_html(table: Table) -> str:
    """Return a table as HTML: numbers right, text left, as the screen shows them."""
    sides = ["left" if column.format == "text" else "right" for column in table.columns]
    heads = "".join(_cell("th", column.title, side) for column, side in zip(table.columns, sides, strict=True))
    rows = "".join(
        "<tr>"
        + "".join(
            _cell("td", shown(cell, column.format), side)
            for cell, column, side in zip(row, table.columns, sides, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    mark = f" <b>{mark_of(table.marking)}</b>" if mark_of(table.marking) else ""
    head = f"<caption>{_text(table.title)}{mark}</caption><thead><tr>{heads}</tr></thead>"
    note = f"<p><small>{_text(table.note)}</small></p>" if table.note else ""
    return f"<table>{head}<tbody>{rows}</tbody></table>{note}"


def _cell(tag: str, text: str, side: str) -> str:
    return f'<{tag} style="text-align:{side}">{_text(text)}</{tag}>'


def _section(section: Section) -> str:
    title = f"<b>{_text(section.title)}</b>" if section.title else ""
    return f"<p>{title}</p>" * bool(title) + "".join(f"<p>{_text(line)}</p>" for line in section.lines)


def _text(text: str) -> str:
    return escape(plain(text))
