"""Steps of a waterfall that load with the scenario and cannot be taken for the numbers that they bring in."""

from __future__ import annotations

from netcea.checking.findings import Finding
from netcea.errors import InputError
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, with_steps
from netcea.loading.merging.steps import STEPS
from netcea.quantities.key_path import join_address
from netcea.scenario.scenario import Scenario


def check_steps(merged: DraftScenario, scenario: Scenario) -> tuple[list[Finding], dict[str, Scenario]]:
    """Return what is wrong with the scenario after each of its steps, and those that load.

    Parameters
    ----------
    merged : DraftScenario
        The scenario before it was checked.
    scenario : Scenario
        The same, checked.

    Returns
    -------
    list of Finding
    dict of str -> Scenario
        How each is named -> the scenario.
    """
    waterfall, place = scenario.file.analyses.waterfall, merged.tree.place(STEPS)
    findings: list[Finding] = []
    found: dict[str, Scenario] = {}
    for number in steps(range(1, len(waterfall.steps) + 1), "steps of the waterfall"):
        try:
            found[f"{scenario.source}@{number}"] = resolve(with_steps(merged, waterfall, range(number)), brief=True)
        except InputError as error:
            at = join_address((*STEPS, number - 1))
            text = f"step {number} cannot be taken: {error.problems[0]!s}".replace("\n", " ")
            findings.append(
                Finding("error", "waterfall", at, place.file, merged.tree.place((*STEPS, number - 1)).line, text)
            )
    return findings, found
