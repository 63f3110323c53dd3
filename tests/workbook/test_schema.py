"""The file is valid by the schemas of its format (ISO/IEC 29500-4, transitional), where they are at hand.

Their licence does not let them be copied here: NETCEA_OOXML_SCHEMAS names a folder with sml.xsd, dml-chart.xsd and the
others that they include; `pip install lxml` reads them.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.loading.option_values import options_with
from netcea.workbook.export import live_workbook

SCHEMAS = os.environ.get("NETCEA_OOXML_SCHEMAS", "")
PARTS = {
    r"xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/sheet\d+\.xml|xl/comments/.*\.xml": "sml.xsd",
    r"xl/drawings/drawing\d+\.xml": "dml-spreadsheetDrawing.xsd",
    r"xl/charts/chart\d+\.xml": "dml-chart.xsd",
    r"docProps/app\.xml": "shared-documentPropertiesExtended.xsd",
}


@pytest.mark.skipif(not SCHEMAS, reason="NETCEA_OOXML_SCHEMAS does not name a folder of schemas")
def test_every_part_is_valid():
    etree = pytest.importorskip("lxml.etree")
    scenario = load("pnet")
    one_way = ANALYSES["one_way"].run(scenario, scenario.file.analyses.one_way)
    options = options_with(scenario.file.analyses.psa, draws=50, keep_draws="no", bcea=True, explain=False)
    psa = ANALYSES["psa"].run(scenario, options)
    made = live_workbook([scenario, load("pnet_discount_0")], one_way=one_way, psa=psa)
    checked = 0
    with zipfile.ZipFile(io.BytesIO(made.as_bytes())) as archive:
        for pattern, name in PARTS.items():
            schema = etree.XMLSchema(etree.parse(str(Path(SCHEMAS) / name)))
            for part in archive.namelist():
                if re.fullmatch(pattern, part):
                    checked += 1
                    assert schema.validate(etree.fromstring(archive.read(part))), (part, schema.error_log[:3])
    assert checked > 30
