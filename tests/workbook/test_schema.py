"""The file is valid by the schemas of its format (ISO/IEC 29500-4, transitional), where they are at hand.

Their licence does not let them be copied here: NETCEA_OOXML_SCHEMAS names a folder with sml.xsd, dml-chart.xsd and the
others that they include (opc-*.xsd of part 2 too, if there). Without them openxml-audit has what the Open XML SDK knows
of every element and attribute, of comments' shapes and of the package too, and the order of elements is seen to: what
openpyxl gets wrong, and what Excel repairs.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from helpers.part_order import out_of_order
from netcea import load
from netcea.analyses.base_case.analysis import ledger_of
from netcea.analyses.registry import ANALYSES
from netcea.loading.option_values import options_with
from netcea.workbook.export import live_workbook

FEW = ["settings.horizon_years=3"]
SCHEMAS = os.environ.get("NETCEA_OOXML_SCHEMAS", "")
PARTS = {
    r"xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/sheet\d+\.xml|xl/comments/.*\.xml": "sml.xsd",
    r"xl/drawings/drawing\d+\.xml": "dml-spreadsheetDrawing.xsd",
    r"xl/charts/chart\d+\.xml": "dml-chart.xsd",
    r"xl/theme/theme\d+\.xml": "dml-main.xsd",
    r"docProps/app\.xml": "shared-documentPropertiesExtended.xsd",
    r"\[Content_Types\]\.xml": "opc-contentTypes.xsd",
    r".*\.rels": "opc-relationships.xsd",
}
"""All but the VML that places comments, and docProps/core.xml, whose schema includes others from the web."""


@pytest.fixture(scope="module")
def data():
    """A workbook with every kind of sheet and chart."""
    scenario = load("pnet", FEW)
    one_way = ANALYSES["one_way"].run(scenario, scenario.file.analyses.one_way)
    options = options_with(scenario.file.analyses.psa, draws=50, keep_draws="no", bcea=True, explain=False)
    psa = ANALYSES["psa"].run(scenario, options)
    others = [load("pnet_discount_0", FEW), load("pnet_os_lifelong_ratio", FEW)]
    entries = ledger_of(scenario, quiet=True)
    made = live_workbook([scenario, *others], one_way=one_way, psa=psa, ledger=entries, live_draws=20)
    return made.as_bytes()


def test_elements_stand_in_their_order(data):
    assert sorted(set(out_of_order(data))) == []


def test_another_order_is_seen(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part == "xl/worksheets/sheet2.xml":
                content = re.sub(rb"(<sheetViews>.*</sheetViews>)(<sheetFormatPr[^>]*/>)", rb"\2\1", content)
            after.writestr(part, content)
    (wrong,) = out_of_order(out.getvalue())
    assert wrong.startswith("xl/worksheets/sheet2.xml: worksheet has")


@pytest.mark.slow
def test_every_part_is_as_the_open_xml_sdk_has_it(data, tmp_path):
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed: pip install -e '.[dev]'")
    path = tmp_path / "m.xlsx"
    path.write_bytes(data)
    found = audit.OpenXmlValidator(max_errors=0).validate(path)
    errors = [e for e in found.errors if e.severity is not audit.ValidationSeverity.WARNING]
    assert [(error.part_uri, error.path, error.description) for error in errors] == []


@pytest.mark.slow
def test_what_is_not_in_the_standard_is_seen(data, tmp_path):
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed: pip install -e '.[dev]'")
    path = tmp_path / "m.xlsx"
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(path, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            after.writestr(
                part, content.replace(b"<pane ", b'<pane colour="red" ') if "sheet2.xml" in part else content
            )
    found = audit.OpenXmlValidator(max_errors=0).validate(path)
    assert any("sheet2" in str(error.part_uri) for error in found.errors)


@pytest.mark.skipif(not SCHEMAS, reason="NETCEA_OOXML_SCHEMAS does not name a folder of schemas")
def test_every_part_is_valid(data):
    etree = pytest.importorskip("lxml.etree")
    checked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for pattern, name in PARTS.items():
            if name.startswith("opc-") and not (Path(SCHEMAS) / name).exists():
                continue
            schema = etree.XMLSchema(etree.parse(str(Path(SCHEMAS) / name)))
            for part in archive.namelist():
                if re.fullmatch(pattern, part):
                    checked += 1
                    assert schema.validate(etree.fromstring(archive.read(part))), (part, schema.error_log[:3])
    assert checked > 30
