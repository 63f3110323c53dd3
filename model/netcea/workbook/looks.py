"""Styles of the live workbook: colours say what a reader may change and what is a result."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.reporting.xlsx.look import Look

INPUT, CHOSEN, LINK, RESULT = "FFF2CC", "FCE4D6", "DDEBF7", "E2EFDA"
"""Fills: what a reviewer may change; what a scenario or choice gives; what comes from another sheet; results."""
GREY: Final = "595959"
POUNDS: Final = '"£"#,##0;-"£"#,##0'
HEADING: Final = Look(bold=True, wrap=True, fill="D9D9D9", line="below")
LIVE: Final = Look(fill=LINK, bold=True)
VALUE: Final = Look(fill=RESULT, bold=True)
LEFT: Final = replace(VALUE, across="left")
LOOKS: Final = {
    "text": Look(),
    "wrapped": Look(wrap=True),
    "note": Look(colour=GREY, wrap=True),
    "title": Look(bold=True, size=16),
    "subtitle": Look(colour=GREY),
    "heading": HEADING,
    "number_heading": replace(HEADING, across="right"),
    "next_heading": replace(HEADING, indent=1),
    "indented": Look(indent=1),
    "section": Look(bold=True, size=12),
    "input": Look(fill=INPUT),
    "input_text": Look(fill=INPUT),
    "chosen": Look(fill=CHOSEN),
    "live": LIVE,
    "live4": replace(LIVE, number_format="0.0###"),
    "number": Look(),
    "number4": Look("0.####"),
    "integer": Look("0"),
    "years": Look("0.000"),
    "years_or_never": Look('[>=1000000]"never";0.000'),
    "share": Look("0.0000"),
    "small": Look("0.000000"),
    "pounds": Look(POUNDS),
    "pence": Look('"£"#,##0.00;-"£"#,##0.00'),
    "qalys": Look("0.000"),
    "percent": Look("0.0%"),
    "difference": Look("0.0E+00"),
    "result_pounds": replace(VALUE, number_format=POUNDS),
    "result_qalys": replace(VALUE, number_format="0.000"),
    "result_text": VALUE,
    "result_number": replace(VALUE, number_format="0.00"),
    "link": Look(colour="0563C1", underline=True),
    "left_pounds": replace(LEFT, number_format=POUNDS),
    "left_qalys": replace(LEFT, number_format="0.000"),
    "left_number": replace(LEFT, number_format="0.00"),
    "left_integer": Look("0", across="left"),
}
"""Name of a style -> how it looks."""
MAY_CHANGE: Final = frozenset({"input", "input_text"})
"""Styles of cells that a reader may change."""
