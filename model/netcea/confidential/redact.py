"""Redaction by non-interference: what is written does not depend on a confidential price.

The whole run is made at public prices, with each confidential drug free (and all of them), and at the confidential
prices. What is written is the run at *public* prices, with `confidential` in place of every value that is not the same
in all of them: no byte of a run at confidential prices is ever written. Costs are affine in every price, and a result
depends on prices through costs alone, so what agrees at all ends agrees between them, but for a word that changes twice
on the way. The run at the confidential prices is only compared: where it alone differs, the value is hidden too, which
is the one thing that can depend on a confidential price, and the owner is told.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.confidential.audit import Finding, Visible, audit, verdict
from netcea.confidential.layers import Layers
from netcea.confidential.price_points import REVEALABLE, STEPS, actual_shares, free_drugs
from netcea.confidential.price_points import drugs_of as drugs_of_prices
from netcea.confidential.same_files import Hidden, same_folders
from netcea.confidential.same_workbook import with_sheet
from netcea.errors import InputError, Problem, did_you_mean
from netcea.scenario.price_layers import CONFIDENTIAL, REDACTED, Prices
from netcea.storage.atomic import atomic_folder

RECORD: Final = "run.json"
REVEALED: Final = "revealed"


@dataclass(frozen=True)
class Made:
    """What one of the runs wrote.

    Attributes
    ----------
    prices : Prices
        Of its scenario.
    labels : mapping of address -> str
    results : mapping of name -> float
        What can be left visible; empty for an analysis that has none.
    faults : tuple of str
        Why its exit code is not 0.
    """

    prices: Prices
    labels: Mapping[str, str]
    results: Mapping[str, float]
    faults: tuple[str, ...] = ()


Write = Callable[[Layers, Path], Made]
"""Runs at the prices of layers and writes into an existing empty folder."""


@dataclass(frozen=True)
class Redaction:
    """What was written and hidden.

    Attributes
    ----------
    hidden : Hidden
    only_there : int
        Values that agree at every public price and not at the confidential ones.
    findings : tuple of Finding
    verdict : str
        Without a number.
    labels : mapping of drug -> str
    faults : tuple of str
    """

    hidden: Hidden
    only_there: int
    findings: tuple[Finding, ...]
    verdict: str
    labels: Mapping[str, str]
    faults: tuple[str, ...]

    @property
    def solvable(self) -> bool:
        """Say whether a reader can solve for a price."""
        return any(finding.solvable for finding in self.findings)


def write_redacted(write: Write, layers: Layers, out: Path, reveal: Sequence[str] = ()) -> Redaction:
    """Run at every price that it takes, and write what is the same; everything or nothing.

    Parameters
    ----------
    write : function
    layers : Layers
    out : Path
        Folder; it may hold an earlier redacted run and nothing else of ours.
    reveal : sequence of str
        ``NAME`` or ``NAME=STEP``: results that stand all the same, rounded to a step.

    Raises
    ------
    InputError
        The folder holds results that are not redacted, or a name is unknown.
    """
    _check_folder(out)
    wanted = steps_of(reveal)
    with tempfile.TemporaryDirectory(prefix="netcea-") as place:
        folders: list[Path] = []

        def made(at: Layers) -> Made:
            folders.append(Path(place, f"{len(folders)}"))
            folders[-1].mkdir()
            return write(at, folders[-1])

        runs = [made(layers.at(()))]
        drugs = drugs_of_prices(runs[0].prices)
        runs += [made(layers.at(free)) for free in free_drugs(drugs)]
        actual = made(layers)
        visible = _visible(wanted, runs, actual, drugs)
        findings = audit(visible, actual_shares(layers, actual.prices))
        labels = _labels(drugs, runs[0].labels)
        words = verdict(findings, labels)
        public_only, merged = Path(place, "public_only"), Path(place, "merged")
        public_only.mkdir()
        merged.mkdir()
        at_public_prices = same_folders(folders[:-1], public_only)
        hidden = same_folders(folders, merged)
        _write_record(merged, hidden, words, visible, runs[0].prices)
        with atomic_folder(out) as new:
            for path in sorted(p for p in merged.rglob("*") if p.is_file()):
                target = new / path.relative_to(merged)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    only_there = hidden.values - at_public_prices.values + len(hidden.dropped) - len(at_public_prices.dropped)
    return Redaction(hidden, only_there, findings, words, labels, actual.faults)


def steps_of(reveal: Sequence[str]) -> dict[str, float]:
    """Return name -> step of ``NAME`` or ``NAME=STEP``.

    Raises
    ------
    InputError
        An unknown name, or a step that is no number above 0.

    Examples
    --------
    >>> steps_of(["icer=10000", "costs"])
    {'icer': 10000.0, 'costs': 1.0}
    """
    found, problems = {}, []
    for text in reveal:
        name, equals, step = text.partition("=")
        if name not in REVEALABLE:
            problems.append(
                Problem(
                    "--reveal", 0, "", repr(name), f"one of {', '.join(REVEALABLE)}", did_you_mean(name, REVEALABLE)
                )
            )
            continue
        try:
            found[name] = float(step) if equals else STEPS[name]
        except ValueError:
            found[name] = 0.0
        if not 0.0 < found[name] < float("inf"):
            problems.append(
                Problem("--reveal", 0, "", repr(text), "NAME=STEP, a number above 0", "such as --reveal icer=10000")
            )
    if problems:
        raise InputError(problems)
    return found


def _check_folder(out: Path) -> None:
    """Refuse a folder that holds anything but an earlier redacted run: edited files of the old one would stay in it."""
    if not out.is_dir() or not any(out.iterdir()):
        return
    try:
        marking = json.loads((out / RECORD).read_text(encoding="utf-8")).get("marking")
    except (OSError, ValueError, AttributeError):
        marking = None
    if marking != REDACTED:
        raise InputError(
            Problem(
                str(out),
                0,
                "",
                "a folder with files that are not redacted",
                "a new folder, or an earlier redacted run",
                "name another: --out DIR",
            )
        )


def _visible(wanted: Mapping[str, float], runs: Sequence[Made], actual: Made, drugs: Sequence[str]) -> list[Visible]:
    """Return the results that are to be left visible.

    Raises
    ------
    InputError
        One of them is not there: an ICER that is no plain one, or an analysis that has none.
    """
    plain = {name for name, value in actual.results.items() if name != "icer" or value > 0.0}
    missing = [name for name in wanted if not any(_of(name, found) for found in plain)]
    if missing:
        raise InputError(
            [
                Problem(
                    "--reveal", 0, "", f"'{name}', which this result does not have as a number", "a result that is one"
                )
                for name in missing
            ]
        )
    found = []
    for name in sorted(plain):
        step = next((step for asked, step in wanted.items() if _of(asked, name)), None)
        if step is not None:
            found.append(visible_of(name, actual.results[name], step, runs, drugs))
    return found


def visible_of(name: str, value: float, step: float, runs: Sequence[Made], drugs: Sequence[str]) -> Visible:
    """Return a result as a reader sees it; runs: at public prices, then each drug alone free."""
    free = {drug: runs[number].results[name] for number, drug in enumerate(drugs, start=1)}
    return Visible(name, round(value / step) * step, step, runs[0].results[name], free)


def _of(asked: str, name: str) -> bool:
    return name == asked or name.startswith(f"{asked}.")


def _labels(drugs: Sequence[str], labels: Mapping[str, str]) -> dict[str, str]:
    return {drug: labels.get(drug, drug.rpartition(".")[2].replace("_", " ")) for drug in drugs}


def _write_record(folder: Path, hidden: Hidden, words: str, visible: Sequence[Visible], prices: Prices) -> None:
    """Put what was hidden, and what is left visible, into run.json, a table and the Excel file."""
    shown = {v.name: v.shown for v in visible}
    path = folder / RECORD
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if CONFIDENTIAL in record.get("headline", {}).values():
        record["headline"] = {}
    record["redaction"] = {
        "verdict": words,
        "revealed": {v.name: {"value": v.shown, "rounded_to": v.step} for v in visible},
        "hidden_values": hidden.values,
        "left_out": sorted(hidden.dropped),
    }
    if visible and isinstance(record.get("on_screen"), list):
        record["on_screen"] = [REVEALED, *(record["on_screen"] or ["base_case", "beside", "net_health_benefit"])]
    path.write_text(json.dumps(record, indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
    if visible:
        rows = [("Result", "Value", "Rounded to"), *((v.name, f"{v.shown:.12g}", f"{v.step:g}") for v in visible)]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / "tables").mkdir(exist_ok=True)
        (folder / "tables" / f"{REVEALED}.csv").write_text(text.getvalue(), encoding="utf-8")
    notes = [
        ("Redacted", REDACTED),
        ("Audit", words),
        *((f"Revealed: {name}", f"{value:.12g}") for name, value in shown.items()),
        *((f"Price layer '{layer.name}'", f"SHA-256 {layer.sha256}") for layer in prices.layers),
        ("Left out", "\n".join(sorted(hidden.dropped)) or "nothing"),
    ]
    for book in folder.glob("*.xlsx"):
        book.write_bytes(with_sheet(book.read_bytes(), notes))
