"""The gallery: every figure of the committed run, with what it shows."""

from __future__ import annotations

import json
from pathlib import Path

CAPTIONS = {
    "pfs": "Progression-free survival: curves after all adjustments, with published medians and landmarks",
    "os": "Overall survival, with the published figures of each trial",
    "time_on_treatment": "Time on treatment",
    "hazards": "Hazards of progression or death, and of death, with the general population's",
    "occupancy": "Health states over time, by strategy",
    "costs": "Costs by category, and what differs",
    "plane": "The cost-effectiveness plane, with thresholds",
    "ledger": "The bias ledger: what each tested assumption does to net health benefit",
    "ceac": "Probability of being cost-effective, by threshold",
    "ceaf": "The strategy with the highest expected net benefit, and how sure it is",
    "expected_loss": "Expected loss of each strategy, by threshold",
    "contributions": "Why the mean of the draws differs from the deterministic result",
    "convergence": "Whether there are enough draws",
    "severity": "Shortfall over the draws, and the severity weight",
    "price": "Steps of price",
}


def page(root: Path) -> str:
    """Return the page."""
    first = (
        "# Gallery\n\nEvery figure of the committed run, [reports/published](published_result.md): base cases and "
        "10,000 draws of "
        "each. `netcea run` and `netcea psa` draw them again, as PNG and SVG.\n"
    )
    text = [first]
    for folder in sorted((root / "reports" / "published").iterdir()):
        if not (folder / "figures").is_dir():
            continue
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        text.append(f"## {_title(folder.name, run)}\n")
        for path in sorted((folder / "figures").glob("*.png")):
            caption = CAPTIONS.get(path.stem, path.stem.replace("_", " ").capitalize())
            text.append(f"### {caption}\n\n![{caption}](../{path.relative_to(root).as_posix()})\n")
    return "\n".join(text)


def _title(name: str, run: dict) -> str:
    return f"{run.get('scenario', {}).get('name', name)}" + (": probabilistic" if name.endswith("_psa") else "")
