"""From the name of a scenario to a `Scenario` that the engine can run; or every problem at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.errors import InputError, ModelWarning, Problem, did_you_mean
from netcea.loading.curve_fits import CurveFits
from netcea.loading.curves import CurveResolver
from netcea.loading.inputs import Override
from netcea.loading.merged import Merged, explained, overlay, parse_command_line, read_merged
from netcea.loading.method_packs import method_pack
from netcea.loading.numbers import Numbers
from netcea.loading.problems import problems_of
from netcea.loading.project import shown
from netcea.loading.sampled_together import check_correlations
from netcea.loading.tree import KeyPath, Place, join_address, split_address
from netcea.loading.trials import trial_group
from netcea.quantities.addresses import addresses_in
from netcea.scenario.method_pack import MethodPack
from netcea.scenario.price_layers import CONFIDENTIAL, Prices
from netcea.scenario.scenario import Change, RelatedScenario, Scenario, ScenarioFile
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers


def load(
    name: str,
    sets: Sequence[str] | Mapping[str, object] = (),
    trusted: Sequence[Path] = (),
    prices: Layers | None = None,
) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name : str
        A scenario file, or the bare name of one that comes with netcea (``pnet``).
    sets : sequence of str, or mapping of address -> value
        ``ADDRESS=VALUE``, applied last and in order; a dotted address of the scenario or of a number in inputs/.
    trusted : sequence of Path
        Folders outside the scenario's own project that `extends` may read from.
    prices : Layers, optional
        Price layers; see `netcea.confidential.layers`.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With every problem: file, line, address, what was found, what was expected, a suggestion.
    """
    return resolve(read_merged(name, sets, trusted, None, prices))


def resolve(merged: Merged, *, brief: bool = False) -> Scenario:
    """Check a merged scenario and resolve its addresses, curves and tables.

    Parameters
    ----------
    merged : Merged
    brief : bool
        Leave out the digest and the covariances of fits: scenarios of a ledger need their point estimates only.
    """
    secret = merged.secret
    if not secret:
        return _resolved(merged, {}, brief=brief)
    from netcea.confidential.layers import without_values

    try:
        return _resolved(merged, secret, brief=brief)
    except InputError as error:
        raise InputError(without_values(error.problems, secret)) from None


def _resolved(merged: Merged, secret: Mapping[str, str], *, brief: bool) -> Scenario:
    file = _validated(merged)
    numbers = Numbers(merged.inputs, file.settings.price_year, merged.tree.place(("settings", "price_year")))
    numbers.faults.problems.extend(merged.faults)

    def place(address: str) -> Place:
        return merged.tree.place(split_address(address))

    _check_strategy_names(file, numbers, place)
    if not brief:
        _check_beside(file, numbers, merged)
    tables: dict[str, str] = {}
    for use in addresses_in(file):
        address = join_address(use.path)
        where = merged.tree.place(use.path)
        if use.kind.table:
            if numbers.table(use.address, use.kind, where, address) is not None:
                tables[address] = use.address
        elif use.kind.trial:
            trial_group(numbers, use.address, where, address)
        else:
            numbers.quantity(use.address, use.kind, where, address)
            numbers.check_limits(use.address, use.path)
    pack = _method_pack(file, numbers, place)
    _check_value_sets(file, numbers, place)
    curves = CurveResolver(file, numbers, place, CurveFits(numbers, place, covariances=not brief))
    curves.resolve()
    numbers.faults.raise_if_any()
    if pack is None:
        raise InputError(Problem(found="no method pack"))
    population = file.population
    norms = _norms(numbers, population.norms)
    scenario = Scenario(
        file=file,
        quantities=numbers.quantities,
        factors=numbers.factors,
        joint=tuple(curves.fits.joint[key] for key in sorted(curves.fits.joint)),
        curves=curves.models,
        life_table=_life_table(numbers, population.life_table),
        norms=norms if file.utilities.age_adjustment == "multiplicative" else None,
        severity_norms=norms,
        method_pack=pack,
        used_tables=(*sorted(numbers.tables), *sorted(numbers.others)),
        fits=tuple(curves.fits.reports[key] for key in sorted(curves.fits.reports)),
        trials=curves.fits.trials,
        warnings=(*_warnings(numbers), *curves.fits.warnings, *_unused_prices(merged, secret, numbers)),
        digest="" if brief else _digest(file, numbers, secret),
        source=merged.source,
        inputs_folder=shown(merged.inputs.folder),
        bibliography={} if brief else _bibliography(numbers),
        changes=tuple(_change(override) for override in merged.sets),
        table_digests={} if brief else _table_digests(numbers),
        prices=Prices(
            merged.layers,
            {address: layer for address, layer in secret.items() if address in numbers.quantities},
            merged.public,
            merged.redacted,
        ),
        related=None if brief else Related(merged),
    )
    if file.analyses.psa.correlations and not brief:
        check_correlations(scenario, place)
    return scenario


@dataclass(frozen=True)
class Related:
    """Finds and loads the scenarios that a scenario names for comparison.

    Attributes
    ----------
    merged : Merged
        The scenario that names them.
    """

    merged: Merged

    def named(self, address: str, named: str) -> RelatedScenario:
        """Return a scenario by the entry that names it: a path relative to the file in which the entry stands."""
        place = self.merged.tree.place(split_address(address))
        folder = place.path.parent if place.path is not None else self.merged.project.scenarios
        path = folder / named
        brief = not address.startswith("analyses.")  # of tests of the ledger only the point estimates are wanted

        def load_it() -> Scenario:
            return resolve(overlay(self.merged, path), brief=brief)

        return RelatedScenario(path.stem, shown(path), load_it)

    def changed(self, changes: Mapping[str, object] | Sequence[str]) -> Scenario:
        """Return the scenario with other values at some addresses."""
        return resolve(self.merged.with_sets(parse_command_line(changes)))


def _validated(merged: Merged) -> ScenarioFile:
    data = {**merged.tree.data, **{key: value for key, value in merged.header.items() if value is not None}}
    try:
        return ScenarioFile.model_validate(data)
    except ValidationError as error:

        def place(location: KeyPath) -> Place:
            return merged.tree.place(location)

        problems = list(problems_of(error, ScenarioFile, data, "", place))
        raise InputError([*merged.faults, *explained(problems, merged.sets), *_faults_of_numbers(merged)]) from None


def _faults_of_numbers(merged: Merged) -> Iterator[Problem]:
    """Yield the faults of the numbers that a faulty scenario names, so that they are seen at once."""
    for address in sorted(set(_texts(merged.tree.data))):
        if merged.inputs.exists(split_address(address)):
            try:
                merged.inputs.node(address)
            except KeyError:
                continue
            except InputError as error:
                yield from error.problems


def _texts(node: object) -> Iterator[str]:
    """Yield every text of a tree that could be an address."""
    if isinstance(node, str) and "." in node and " " not in node:
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _texts(child)


def _check_strategy_names(file: ScenarioFile, numbers: Numbers, place: object) -> None:
    """Check every place that names a strategy."""
    known = list(file.strategies)
    named: list[tuple[str, str]] = [
        ("decision.intervention", file.decision.intervention),
        ("decision.comparator", file.decision.comparator),
        ("decision.established_practice", file.decision.established_practice),
    ]
    for name, item in file.costs.items():
        if item.strategies != "all":
            named += [(f"costs.{name}.strategies.{index}", strategy) for index, strategy in enumerate(item.strategies)]
    for name, event in file.adverse_events.events.items():
        named += [(f"adverse_events.events.{name}.incidence.{strategy}", strategy) for strategy in event.incidence]
    for address, strategy in named:
        if strategy not in known:
            where = place(address)  # type: ignore[operator]
            numbers.wrong(
                where,
                address,
                repr(strategy),
                f"one of the strategies {', '.join(known)}",
                did_you_mean(strategy, known),
            )
    if file.decision.comparator == file.decision.intervention:
        where = place("decision.comparator")  # type: ignore[operator]
        numbers.wrong(
            where,
            "decision.comparator",
            f"{file.decision.comparator!r}, which is the intervention",
            "another strategy, with which the intervention is compared",
        )


def _check_beside(file: ScenarioFile, numbers: Numbers, merged: Merged) -> None:
    """Check that the scenarios shown beside the base case are files of the project."""
    for index, named in enumerate(file.analyses.base_case.beside):
        where = merged.tree.place(("analyses", "base_case", "beside", index))
        path = (where.path.parent if where.path is not None else merged.project.scenarios) / named
        if not path.is_file() or not merged.project.holds(path):
            siblings = sorted(f"{Path(named).parent.as_posix()}/{p.name}" for p in path.parent.glob("*.yaml"))
            numbers.wrong(
                where,
                f"analyses.base_case.beside.{index}",
                repr(named),
                "a scenario file of this project, relative to the file that names it",
                did_you_mean(named, siblings),
            )


def _method_pack(file: ScenarioFile, numbers: Numbers, place: object) -> MethodPack | None:
    where = place("decision.method_pack")  # type: ignore[operator]
    try:
        return method_pack(file.decision.method_pack, numbers, where)
    except InputError as error:  # the file of method packs itself
        numbers.faults.problems.extend(p for p in error.problems if p not in numbers.faults.problems)
        return None


def _check_value_sets(file: ScenarioFile, numbers: Numbers, place: object) -> None:
    """State utilities and norms come from one value set, or the scenario says why not."""
    found = numbers.tables.get(file.population.norms)
    if found is None:
        return
    norms = found[0].value_set
    if norms != file.utilities.value_set and not file.utilities.value_set_exemption.strip():
        where = place("utilities.value_set")  # type: ignore[operator]
        numbers.wrong(
            where,
            "utilities.value_set",
            f"{file.utilities.value_set!r}, while the norms {file.population.norms} are {norms!r}",
            "one value set for both",
            "or say in utilities.value_set_exemption why they may differ",
        )


def _life_table(numbers: Numbers, address: str) -> LifeTable:
    table = numbers.tables[address][1]
    return LifeTable.from_columns(table["age"], table["qx_male"], table["qx_female"])


def _norms(numbers: Numbers, address: str) -> UtilityNorms:
    node, table = numbers.tables[address]
    rows = list(zip(table["age"], table["sex"], table[node.column], strict=True))
    ages = sorted({age for age, _, _ in rows})
    by_sex = {sex: {age: value for age, s, value in rows if s == sex} for sex in ("male", "female")}
    return UtilityNorms.from_columns(
        ages, [by_sex["male"][age] for age in ages], [by_sex["female"][age] for age in ages]
    )


def _warnings(numbers: Numbers) -> list[ModelWarning]:
    return [
        ModelWarning("unverified", address, f"{quantity.label or address} is unverified: {quantity.note}")
        for address, quantity in sorted(numbers.quantities.items())
        if quantity.status == "unverified"
    ]


def _unused_prices(merged: Merged, secret: Mapping[str, str], numbers: Numbers) -> Iterator[ModelWarning]:
    names = {layer.sha256: layer.name for layer in merged.layers}
    for address, layer in sorted(secret.items()):
        if address not in numbers.quantities:
            message = f"the price layer '{names.get(layer, '')}' sets a price that this scenario does not use"
            yield ModelWarning("unused_price", address, message)


def _change(override: Override) -> Change:
    place = override.place
    value = json.dumps(CONFIDENTIAL if override.secret else override.value, ensure_ascii=False)
    return Change(override.address, value, f"{place.file}:{place.line}" if place.line else place.file)


def _bibliography(numbers: Numbers) -> dict[str, str]:
    """Return key -> citation of every source that a number or table in use names."""
    entries = numbers.inputs.sources()
    used = {key for quantity in numbers.quantities.values() for key in quantity.source}
    used |= {key for node, _ in numbers.tables.values() for key in node.source}
    return {
        key: ". ".join(str(entries[key][part]) for part in ("title", "doi", "pmcid", "licence") if part in entries[key])
        for key in sorted(used)
        if isinstance(entries.get(key), dict)
    }


def _table_digests(numbers: Numbers) -> dict[str, str]:
    """Return the SHA-256 of every table, and of every correlation as JSON."""
    tables = {address: content.sha256 for address, (_, content) in numbers.tables.items()}
    others = {
        address: hashlib.sha256(json.dumps(node, sort_keys=True).encode()).hexdigest()
        for address, node in numbers.others.items()
    }
    return dict(sorted({**tables, **others}.items()))


def _digest(file: ScenarioFile, numbers: Numbers, secret: Mapping[str, str]) -> str:
    """Return the SHA-256 of everything that went in: choices, numbers, tables, and the program's version.

    In place of a confidential number stands the salted hash of its layer: the digest cannot be found by trying values.
    """
    quantities = {a: q.model_dump(mode="json") for a, q in sorted(numbers.quantities.items())}
    hidden = {a: {**quantities[a], "value": layer} for a, layer in secret.items() if a in quantities}
    content = {
        "netcea": __version__,
        "scenario": file.model_dump(mode="json"),
        "quantities": {**quantities, **hidden},
        "tables": {a: content.sha256 for a, (_, content) in sorted(numbers.tables.items())},
        "others": dict(sorted(numbers.others.items())),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
