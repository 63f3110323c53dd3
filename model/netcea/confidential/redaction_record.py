"""What a redacted run says of its own redaction: in its record, in a table, in its Excel file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from netcea.confidential.audit import RevealedResult
from netcea.confidential.same_files import Hidden
from netcea.confidential.same_workbook import with_sheet
from netcea.plain_number import read, typed
from netcea.scenario.price_layers import REDACTED, Prices

RECORD: Final = "run.json"
REVEALED: Final = "revealed"


def write_record(
    folder: Path, hidden: Hidden, verdict: str, revealed: Sequence[RevealedResult], prices: Prices
) -> None:
    """Put what was hidden, and what is left visible, into run.json, a table and the Excel file.

    Parameters
    ----------
    folder : Path
        Of a redacted run.
    hidden : Hidden
        What was hidden; what the report left out by itself is added.
    verdict : str
        Of the audit.
    revealed : sequence of RevealedResult
        What is left visible.
    prices : Prices
        Its layers, which are named.
    """
    shown = {v.name: v.shown for v in revealed}
    path = folder / RECORD
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    hidden.dropped += record.pop("left_out", [])
    record["redaction"] = {
        "verdict": verdict,
        "revealed": {v.name: {"value": v.shown, "rounded_to": v.step} for v in revealed},
        "hidden_values": hidden.values,
        "left_out": sorted(hidden.dropped),
    }
    if revealed and isinstance(record.get("on_screen"), list):
        record["on_screen"] = [REVEALED, *(record["on_screen"] or ["base_case", "beside", "net_health_benefit"])]
    path.write_text(json.dumps(record, indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
    if revealed:
        rows = [("Result", "Value", "Rounded to"), *((v.name, typed(v.shown, 12), typed(v.step, 12)) for v in revealed)]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / "tables").mkdir(exist_ok=True)
        (folder / "tables" / f"{REVEALED}.csv").write_text(text.getvalue(), encoding="utf-8")
    notes = [
        ("Redacted", REDACTED),
        ("Audit", verdict),
        *((f"Revealed: {name}", read(value, 12)) for name, value in shown.items()),
        *((f"Price layer '{layer.name}'", f"SHA-256 {layer.sha256}") for layer in prices.layers),
        ("Left out", "\n".join(sorted(hidden.dropped)) or "nothing"),
    ]
    for book in folder.glob("*.xlsx"):
        book.write_bytes(with_sheet(book.read_bytes(), notes))
