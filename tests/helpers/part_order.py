"""The order of elements in a workbook's parts, as ISO/IEC 29500-1 has it: of the elements that these workbooks have.

A spreadsheet program repairs a file, or refuses it, whose elements stand in another order. Whoever writes a new element
adds it here, from the standard's clause 18 (SpreadsheetML), 20.5 (drawings) or 21.2 (charts).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

SHEETS, DRAWINGS, CHARTS = "sheets", "drawings", "charts"
KINDS: Final = {
    SHEETS: re.compile(r"xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/sheet\d+\.xml|xl/comments/.*\.xml"),
    DRAWINGS: re.compile(r"xl/drawings/drawing\d+\.xml"),
    CHARTS: re.compile(r"xl/charts/chart\d+\.xml"),
}
AXIS: Final = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossesAt"
)
SERIES: Final = "idx order tx spPr invertIfNegative marker dPt dLbls trendline errBars cat xVal val yVal smooth"
ORDER: Final = {
    SHEETS: {
        "workbook": "fileVersion workbookPr workbookProtection bookViews sheets externalReferences definedNames calcPr",
        "worksheet": (
            "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells "
            "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks "
            "colBreaks ignoredErrors drawing legacyDrawing tableParts"
        ),
        "sheetPr": "tabColor outlinePr pageSetUpPr",
        "sheetView": "pane selection",
        "c": "f v is",
        "dataValidation": "formula1 formula2",
        "cfRule": "formula colorScale dataBar iconSet",
        "headerFooter": "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter",
        "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors",
        "font": "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme",
        "xf": "alignment protection",
        "dxf": "font numFmt fill alignment border protection",
        "border": "left right top bottom diagonal vertical horizontal",
        "patternFill": "fgColor bgColor",
        "comments": "authors commentList",
    },
    DRAWINGS: {
        "oneCellAnchor": "from ext sp grpSp graphicFrame cxnSp pic clientData",
        "twoCellAnchor": "from to sp grpSp graphicFrame cxnSp pic clientData",
        "from": "col colOff row rowOff",
        "to": "col colOff row rowOff",
        "graphicFrame": "nvGraphicFramePr xfrm graphic",
        "nvGraphicFramePr": "cNvPr cNvGraphicFramePr",
        "pic": "nvPicPr blipFill spPr",
        "nvPicPr": "cNvPr cNvPicPr",
        "blipFill": "blip srcRect stretch",
        "spPr": "xfrm prstGeom solidFill ln",
    },
    CHARTS: {
        "chartSpace": "date1904 lang roundedCorners style chart spPr txPr printSettings",
        "chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
        "title": "tx layout overlay spPr txPr",
        "plotArea": "layout Chart Ax spPr",
        "areaChart": "grouping varyColors ser dLbls axId",
        "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId",
        "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
        "scatterChart": "scatterStyle varyColors ser dLbls axId",
        "ser": SERIES,
        "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
        "marker": "symbol size spPr",
        "dPt": "idx invertIfNegative marker bubble3D explosion spPr",
        "catAx": f"{AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
        "valAx": f"{AXIS} crossBetween majorUnit minorUnit dispUnits",
        "scaling": "logBase orientation max min",
        "legend": "legendPos legendEntry layout overlay spPr txPr",
        "rich": "bodyPr lstStyle p",
        "txPr": "bodyPr lstStyle p",
        "p": "pPr r br fld endParaRPr",
        "r": "rPr t",
        "spPr": "xfrm prstGeom noFill solidFill ln effectLst",
        "ln": "noFill solidFill prstDash round headEnd tailEnd",
        "numRef": "f numCache",
        "strRef": "f strCache",
        "layout": "manualLayout",
    },
}
"""Kind of part -> element -> those within it, in their order."""
ENDINGS: Final = ("Chart", "Ax")
"""Of charts and axes, of which those of all kinds stand in any order."""
CHOICES: Final = {(SHEETS, "font"), (SHEETS, "rPr")}
"""Of which the transitional standard takes the elements in any order."""


def out_of_order(data: bytes) -> Iterator[str]:
    """Yield elements of a workbook, a file's bytes, that stand in another order than the standard's, or are unknown."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            kind = next((kind for kind, pattern in KINDS.items() if pattern.fullmatch(part)), None)
            if kind is not None:
                yield from (f"{part}: {what}" for what in _wrong(kind, ET.fromstring(archive.read(part))))  # noqa: S314 - our own file


def _wrong(kind: str, root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        name, children = _name(element), [_name(child) for child in element]
        if name == "plotArea":
            children = [next((end for end in ENDINGS if child.endswith(end)), child) for child in children]
        if (len(set(children)) < 2 and name not in ORDER[kind]) or (kind, name) in CHOICES:
            continue
        if name not in ORDER[kind]:
            yield f"{name} has {', '.join(dict.fromkeys(children))}, and nobody said in which order"
            continue
        order = ORDER[kind][name].split()
        unknown = [child for child in children if child not in order]
        places = [order.index(child) for child in children if child in order]
        if unknown or places != sorted(places):
            yield f"{name} has {', '.join(dict.fromkeys(children))}; expected {', '.join(order)}"


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
