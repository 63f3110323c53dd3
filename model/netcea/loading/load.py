"""From the name of a scenario to a `Scenario` that the engine can run, on one page; or every problem at once.

Loading goes one way: files are read (`reading`), laid over each other (`merging`), checked (`checks`), and resolved to
numbers, tables and curves (`resolving`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netcea.blas import ONE_THREAD
from netcea.errors import InputError, ModelWarning, Problem
from netcea.loading.checks.choices import beside_faults, checked_blocks, strategy_faults
from netcea.loading.checks.dose_units import dose_unit_faults
from netcea.loading.checks.labels import label_faults
from netcea.loading.checks.records import record_faults
from netcea.loading.checks.steps import step_faults
from netcea.loading.checks.windows import window_faults
from netcea.loading.merging.draft import DraftScenario, PriceTransform, overlay, read_draft, with_steps
from netcea.loading.merging.override import parse_command_line
from netcea.loading.resolving.correlated_estimates import correlated_estimates
from netcea.loading.resolving.correlated_numbers import correlated_numbers, correlations_not_drawn
from netcea.loading.resolving.curves import CurveResolver
from netcea.loading.resolving.joint_blocks import joint_blocks
from netcea.loading.resolving.looked_up import looked_up
from netcea.loading.resolving.method_packs import method_pack
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.origins import trial_names
from netcea.loading.resolving.population import life_table_at, norms_at
from netcea.loading.resolving.price_indices import price_indices
from netcea.loading.resolving.provenance import (
    bibliography_of,
    change_of,
    digest_of,
    names_of,
    table_digests_of,
    warnings_of,
)
from netcea.loading.resolving.replaced import replaced_by, shipped_at, sibling_of
from netcea.loading.resolving.resolved_curves import resolved_curves
from netcea.loading.resolving.table_ends import check_ages, check_anchor_age
from netcea.loading.resolving.trial_record import trial_record
from netcea.loading.resolving.trials import TrialGroup
from netcea.loading.resolving.value_sets import check_value_sets, value_sets_in_use
from netcea.plausibility.facts import Facts
from netcea.plausibility.implausible import implausible
from netcea.quantities.addresses import addresses_by_block
from netcea.sampling.sources import fed_into_fits, only_fitted
from netcea.scenario.method_pack import MethodPack
from netcea.scenario.scenario import JointEstimate, RelatedScenario, Scenario, ScenarioFile
from netcea.scenario.trial_record import TrialRecord
from netcea.scenario.waterfall import WaterfallOptions
from netcea.survival.curve import Curve

if TYPE_CHECKING:
    from netcea.fitting.written_fits import WrittenArm


@ONE_THREAD
def load(
    name: str,
    sets: Sequence[str] | Mapping[str, object] = (),
    trusted: Sequence[Path] = (),
    prices: PriceTransform | None = None,
) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name : str
        A scenario file, or the bare name of one that comes with netcea (``pnet``); with a step of its waterfall, such
        as ``pnet@3``, the scenario after that step.
    sets : sequence of str, or mapping of address -> value
        ``ADDRESS=VALUE``, applied last and in order; a dotted address of the scenario or of a number in inputs/.
    trusted : sequence of Path
        Folders outside the scenario's own project that `extends` may read from.
    prices : PriceTransform, optional
        Prices laid over the scenario, below `sets`; see `netcea.confidential.layers`.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With every problem: file, line, address, what was found, what was expected, a suggestion.
    """
    return resolve(read_draft(name, sets, trusted, prices=prices))


def resolve(draft: DraftScenario, *, brief: bool = False, doubts: bool = True) -> Scenario:
    """Check a draft and resolve its addresses, curves and tables.

    Parameters
    ----------
    draft : DraftScenario
        What its files say.
    brief : bool
        Leave out the digest and the covariances of fits: scenarios of a ledger need their point estimates only.
    doubts : bool
        Whether it warns of changes without effect and of what is implausible.

    Raises
    ------
    InputError
        With every problem; of confidential prices without their values.
    """
    try:
        return _resolved(draft, brief=brief, doubts=doubts)
    except InputError as error:
        raise InputError(draft.without_values(error.problems)) from None


def _resolved(draft: DraftScenario, *, brief: bool, doubts: bool) -> Scenario:
    file = checked_blocks(draft)
    numbers = Numbers(draft.inputs, file.settings.price_year, draft.place)
    numbers.faults.extend(draft.faults)
    numbers.faults.extend(strategy_faults(file, draft))
    numbers.faults.extend(label_faults(file, draft))
    if not brief:
        numbers.faults.extend(beside_faults(file, draft))
        numbers.faults.extend(record_faults(file, draft))
        numbers.faults.extend(step_faults(file, draft, file.analyses.waterfall))
    trials = _look_up_all(file, numbers, draft)
    numbers.faults.extend(dose_unit_faults(file, numbers.quantities, draft.place))
    numbers.faults.extend(window_faults(file, numbers.quantities, numbers.factors, draft.place))
    pack = method_pack(file.decision.method_pack, numbers, draft.place("decision.method_pack"))
    check_value_sets(file, numbers, draft, pack)
    curves = resolved_curves(file, numbers, draft, trials, covariances=not brief)
    check_ages(file.population, numbers)
    check_anchor_age(file.utilities, file.population.norms, numbers)
    numbers.complete_groups()
    blocks = joint_blocks(numbers)
    fits = curves.fits
    together = () if brief else correlated_numbers(numbers, only_fitted(curves.models.values(), fits.reports.values()))
    across = () if brief else correlated_estimates(numbers, blocks)
    if pack is None or numbers.faults.problems:
        raise InputError(numbers.faults.problems)
    scenario = _scenario(draft, file, numbers, curves, pack, blocks, brief=brief)
    if brief:
        return scenario
    scenario = replace(scenario, correlated=together, correlated_estimates=across)
    scenario = _with_correlations(scenario, draft)
    return _with_doubts(scenario, draft, numbers) if doubts else scenario


def _with_correlations(scenario: Scenario, draft: DraftScenario) -> Scenario:
    """Return the scenario with its rank correlations checked; without those that changes have left without a number."""
    if not scenario.file.analyses.psa.correlations and not scenario.correlated_estimates:
        return scenario
    from netcea.loading.checks.correlations import check_correlations, without_unused_correlations

    if draft.combined or draft.inputs.fixed_now:
        scenario = without_unused_correlations(scenario)
    check_correlations(scenario, draft.place)
    return scenario


def _with_doubts(scenario: Scenario, draft: DraftScenario, numbers: Numbers) -> Scenario:
    """Return the scenario with a warning for each change without effect, and for all that is implausible."""
    replaced, shipped = replaced_by(draft, scenario, numbers), shipped_at(draft, numbers)
    facts = Facts(scenario, replaced, shipped, sibling_of(numbers))
    apart = correlations_not_drawn(numbers, fed_into_fits(scenario))
    in_vain: Iterable[ModelWarning] = ()
    if draft.sets and not draft.combined:
        from netcea.loading.checks.effects import no_effect_warnings

        in_vain = no_effect_warnings(draft, scenario, partial(resolve, brief=True))
    return replace(scenario, warnings=(*scenario.warnings, *apart, *in_vain, *implausible(facts)))


def _look_up_all(file: ScenarioFile, numbers: Numbers, draft: DraftScenario) -> dict[str, TrialGroup | None]:
    """Look up every number, table and trial that a scenario names; return the trials by the entries that name them."""
    trials: dict[str, TrialGroup | None] = {}
    for uses in addresses_by_block(file):
        trials |= looked_up(uses, numbers, draft.tree.place)
    return trials


def _scenario(
    draft: DraftScenario,
    file: ScenarioFile,
    numbers: Numbers,
    curves: CurveResolver,
    pack: MethodPack,
    blocks: Sequence[JointEstimate],
    *,
    brief: bool,
) -> Scenario:
    """Return the scenario with a record of what went in."""
    population, secret, fits = file.population, draft.secret, curves.fits
    norms = norms_at(population.norms, numbers)
    source, inputs_folder, project = names_of(draft)
    return Scenario(
        file=file,
        quantities=numbers.quantities,
        factors=numbers.factors,
        limits={**numbers.limits, **fits.limits()},
        joint=(*(fits.joint[key] for key in sorted(fits.joint)), *blocks),
        curves=curves.models,
        life_table=life_table_at(population.life_table, numbers),
        norms=norms if file.utilities.age_adjustment == "multiplicative" else None,
        severity_norms=norms,
        method_pack=pack,
        used_tables=(*sorted(numbers.tables), *sorted(numbers.correlations)),
        fits=tuple(fits.reports[key] for key in sorted(fits.reports)),
        refits=dict(sorted(fits.refits.items())),
        trials=fits.trials,
        warnings=() if brief else tuple(warnings_of(draft, file, numbers, pack, fits.warnings)),
        digest="" if brief else digest_of(file, numbers, secret),
        source=source,
        inputs_folder=inputs_folder,
        project=project,
        bibliography={} if brief else bibliography_of(numbers, file),
        abbreviations={} if brief else dict(numbers.inputs.abbreviations()),
        changes=tuple(change_of(override, draft.project) for override in draft.sets),
        table_digests={} if brief else table_digests_of(numbers),
        prices=replace(draft.prices, secret={a: layer for a, layer in secret.items() if a in numbers.quantities}),
        related=None if brief else Related(draft),
        value_sets={} if brief else value_sets_in_use(file, numbers),
        trial_names={} if brief else trial_names(numbers),
        averages=tuple({average.address: average for average in curves.averages.values()}.values()),
        price_indices={} if brief else price_indices(numbers),
    )


@dataclass(frozen=True)
class Related:
    """Finds and loads the scenarios that a scenario names for comparison.

    Attributes
    ----------
    draft : DraftScenario
        The scenario that names them.
    """

    draft: DraftScenario

    def named(self, address: str, named: str) -> RelatedScenario:
        """Return a scenario by the entry that names it: a path relative to the file in which the entry stands.

        Parameters
        ----------
        address : str
            Of the entry that names it.
        named : str
            Path, relative to the file in which the entry stands.
        """
        path = self.draft.file_named_at(address, named)
        brief = not address.startswith("analyses.")  # of tests of the ledger only the point estimates are wanted
        source = self.draft.project.name_of(path)
        return RelatedScenario(path.stem, source, lambda: resolve(overlay(self.draft, path), brief=brief))

    def changed(self, changes: Mapping[str, object] | Sequence[str], *, brief: bool = False) -> Scenario:
        """Return the scenario with other values at some addresses.

        Parameters
        ----------
        changes : mapping of str -> object or sequence of str
            As ``--set`` takes them, or address -> value.
        brief : bool
            See `resolve`.
        """
        return resolve(self.draft.with_sets(parse_command_line(changes)), brief=brief)

    def after(self, waterfall: WaterfallOptions, numbers: Iterable[int]) -> Scenario:
        """Return the scenario with some steps of a waterfall on top, and what there is to warn of then.

        Parameters
        ----------
        waterfall : WaterfallOptions
            The scenario's own, or another.
        numbers : iterable of int
            Of its steps, from 0, in the order in which they are laid over one another.
        """
        return resolve(with_steps(self.draft, waterfall, numbers))

    def step_faults(self, file: ScenarioFile, waterfall: WaterfallOptions) -> Sequence[Problem]:
        """Return what is wrong with the steps of a waterfall, apart from the numbers that they bring in.

        Parameters
        ----------
        file : ScenarioFile
            The scenario without them.
        waterfall : WaterfallOptions
            The scenario's own, or another.
        """
        return step_faults(file, self.draft, waterfall)

    def trial_record(self, addresses: Iterable[str]) -> TrialRecord:
        """Return what inputs/ holds, beside the numbers in use, of the trials of some numbers.

        Parameters
        ----------
        addresses : iterable of str
            Of numbers of trials.
        """
        return trial_record(self.draft.inputs, addresses)

    def written_fits(self, curve: Curve) -> WrittenArm:
        """Return every family that inputs/ has of the fit that a curve names.

        Parameters
        ----------
        curve : Curve
            Of this scenario, with `fit`.
        """
        from netcea.loading.resolving.written_fits import written_fits

        return written_fits(self.draft.inputs, curve)
