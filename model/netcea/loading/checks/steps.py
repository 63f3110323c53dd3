"""Steps of a waterfall that cannot be taken, found when the scenario is loaded, at the place where each is written."""

from __future__ import annotations

from netcea.errors import InputError, Problem
from netcea.loading.checks.choices import checked_blocks
from netcea.loading.merging.draft import DraftScenario, with_steps
from netcea.loading.merging.steps import STEPS
from netcea.scenario.scenario import ScenarioFile
from netcea.scenario.waterfall import WaterfallOptions

COMPARED = ("intervention", "comparator")


def step_faults(file: ScenarioFile, draft: DraftScenario, waterfall: WaterfallOptions) -> list[Problem]:
    """Return what is wrong with steps: addresses that lead nowhere, entries that cannot be, another comparison.

    What the numbers that a step brings in come to is checked when the step is taken.

    Parameters
    ----------
    file : ScenarioFile
        The scenario without them.
    draft : DraftScenario
        Says where entries stand.
    waterfall : WaterfallOptions
        Its own, or one that was given in its place.
    """
    problems: list[Problem] = []
    for number in range(len(waterfall.steps)):
        try:
            changed = with_steps(draft, waterfall, [number])
            faults = changed.faults[len(draft.faults) :]
            problems.extend(faults)
            if faults:
                continue
            after = checked_blocks(changed)
        except InputError as error:
            problems.extend(error.problems)
            continue
        for role in COMPARED:
            before, now = getattr(file.decision, role), getattr(after.decision, role)
            if now != before:
                at = draft.tree.place((*STEPS, number))
                hint = "give the other comparison a scenario, and a waterfall, of its own"
                problems.append(at.problem(f"{now!r} as the {role}", f"{before!r}, as before the step", hint))
    return problems
