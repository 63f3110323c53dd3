"""Submissions of a few analyses with few draws, made once: what tests of a page open."""

from functools import cache

from netcea.analyses.registry import ANALYSES
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.submission.submission import Submission

DRAWS = 1500
QUICK = {"analyses.structure.draws": 20, "analyses.severity.draws": 50}
"""Changes with which everything of a submission is run in a few seconds."""
FEW = ("base_case", "psa", "one_way", "threshold")


def submission_of(scenario, names=FEW, draws=DRAWS):
    """What was run of a scenario that was loaded."""
    given = {
        "psa": {"draws": draws, "keep_draws": "no", "explain": False},
        "base_case": {"ledger": False, "beside": []},
    }
    results = {}
    for name in names:
        analysis = ANALYSES[name]
        results[name] = analysis.run(scenario, options_with(analysis.standing(scenario), **given.get(name, {})))
    reports = {name: result.report for name, result in results.items()}
    return Submission(scenario, reports, {} if scenario.prices.redacted else results)


@cache
def submission(name, names=FEW):
    """The same of one that comes with netcea, kept for the tests of a process."""
    return submission_of(load(name), names)
