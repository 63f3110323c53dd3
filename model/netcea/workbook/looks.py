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
    "wrapped_indented": Look(wrap=True, indent=1),
    "note": Look(colour=GREY, wrap=True),
    "title": Look(bold=True, size=16),
    "subtitle": Look(colour=GREY),
    "heading": HEADING,
    "number_heading": replace(HEADING, across="right"),
    "next_heading": replace(HEADING, indent=1),
    "indented": Look(indent=1),
    "right": Look(across="right"),
    "section": Look(bold=True, size=12),
    "band": Look(bold=True, size=11, fill="EDEDED"),
    "input": Look(fill=INPUT),
    "input_text": Look(fill=INPUT, wrap=True),
    "chosen": Look(fill=CHOSEN),
    "chosen_text": Look(fill=CHOSEN, wrap=True),
    "live": LIVE,
    "live_text": replace(LIVE, wrap=True),
    "live4": replace(LIVE, number_format="0.00##"),
    "live_pence": replace(LIVE, number_format='"£"#,##0.00;-"£"#,##0.00'),
    "live_general": replace(LIVE, bold=False),
    "number": Look(),
    "number4": Look("0.00##"),
    "integer": Look("0"),
    "number1": Look("#,##0.0"),
    "left_share": Look("0%", across="left"),
    "years": Look("0.000"),
    "years_or_never": Look('[>=1000000]"never";0.000'),
    "share": Look("0.0000"),
    "small": Look("0.000000"),
    "pounds": Look(POUNDS),
    "pence": Look('"£"#,##0.00;-"£"#,##0.00'),
    "qalys": Look("0.000"),
    "weight": Look("0.0#"),
    "percent": Look("0.0%"),
    "difference": Look("0.0E+00"),
    "result_pounds": replace(VALUE, number_format=POUNDS),
    "result_qalys": replace(VALUE, number_format="0.000"),
    "result_text": VALUE,
    "result_indented": replace(VALUE, indent=1),
    "meeting": replace(VALUE, bold=False, number_format="0.0%", across="right"),
    "result_number": replace(VALUE, number_format="0.00"),
    "result_said": replace(VALUE, number_format="General"),
    "result_figure": replace(VALUE, bold=False, number_format="0.00"),
    "result_share": replace(VALUE, bold=False, number_format="0.000"),
    "entry": Look(fill=INPUT, line="below", wrap=True),
    "state": Look(bold=True, size=12, fill="DDEBF7", line="around", wrap=True),
    "state_text": Look(line="around", wrap=True),
    "arrow": Look(bold=True, across="right"),
    "arrow_past": Look(bold=True, line="below"),
    "link": Look(colour="0563C1", underline=True),
    "link_wrapped": Look(colour="0563C1", underline=True, wrap=True),
    "indented_wrapped": Look(indent=1, wrap=True),
    "was_pounds": Look(POUNDS, across="left", colour=GREY),
    "was_qalys": Look("0.000", across="left", colour=GREY),
    "was_number": Look("0.00", across="left", colour=GREY),
    "left_pounds": replace(LEFT, number_format=POUNDS),
    "left_qalys": replace(LEFT, number_format="0.000"),
    "left_percent": replace(LEFT, number_format="0.0%"),
    "after_years": Look('[=1]"after "0" year";"after "0" years"', across="left", colour=GREY),
    "left_number": replace(LEFT, number_format="0.00"),
    "left_integer": Look("0", across="left"),
}
"""Name of a style -> how it looks."""
MAY_CHANGE: Final = frozenset({"input", "input_text"})
"""Styles of cells that a reader may change."""
