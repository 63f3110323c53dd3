"""Structural alternatives of a scenario, each a scenario of its own, so that a workbook has them to choose from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from netcea.errors import InputError
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import parse_command_line
from netcea.loading.reading.project import locate, real, shown
from netcea.loading.reading.text_file import read_text
from netcea.loading.reading.yaml_file import read_yaml
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import Curve

FAMILIES: Final = ("exponential", "weibull", "gompertz", "log_normal", "log_logistic")
"""Those that published figures may be enough for. The gamma has a formula of 2,300 letters, with which a spreadsheet
takes twice as long to open the file, so it comes with scenarios that ask for it alone."""
TAKEN: Final = ("utilities", "waning", ".stops_at")
"""Parts of addresses that scenarios of the project may change to be taken without being asked for."""
OF_A_FIT: Final = ("scale", "internal_knots", "base")
"""What tells families of a fit to patients apart, and other families have not."""
Sets: TypeAlias = Mapping[str, object]
TABLES: Final = ("population.life_table", "population.norms")


def alternatives(
    merged: DraftScenario, scenario: Scenario, again: Callable[[Path], DraftScenario] | None = None
) -> list[Scenario]:
    """Return the scenario with other families, without waning, with other tables, rules and ways of costing.

    The project's own scenarios that extend it and change only its utilities, waning or end of treatment are among them.

    Parameters
    ----------
    merged : DraftScenario
        The scenario before it was checked.
    scenario : Scenario
        The same, checked.
    again : function of a file, optional
        Reads another file as this one was read; without it the project's own scenarios are left out.

    Returns
    -------
    list of Scenario
        Those that load: a family that cannot meet the figures it would be fitted to is none.
    """
    found = []
    for sets in steps(_sets(merged, scenario), "choices that can be made in the workbook"):
        items = [f"{address}={json.dumps(value)}" for address, value in sets.items()]
        found += _resolved(partial(_changed, merged, items))
    if again is not None:
        for path in _of_the_project(merged):
            found += _resolved(partial(again, path))
    return found


def after_steps(scenario: Scenario, again: Callable[[Path], DraftScenario]) -> list[Scenario]:
    """Return the scenario after each step of its waterfall, on top of those before it.

    Parameters
    ----------
    scenario : Scenario
    again : function of a file
        Reads another scenario as this one was read.

    Raises
    ------
    InputError
        With what is wrong with a step.
    """
    numbers = range(1, len(scenario.file.analyses.waterfall.steps) + 1)
    return [resolve(again(Path(f"{scenario.path}@{number}")), doubts=False) for number in numbers]


def unlike(scenarios: Sequence[Scenario], base: Scenario) -> list[Scenario]:
    """Return scenarios without the base and without what stands there twice: the first of each digest."""
    first = {scenario.digest: scenario for scenario in reversed(scenarios)}
    return [s for s in scenarios if s.digest != base.digest and s is first[s.digest]]


def _changed(merged: DraftScenario, items: Sequence[str]) -> DraftScenario:
    return merged.with_sets(parse_command_line(items))


def _resolved(read: Callable[[], DraftScenario]) -> list[Scenario]:
    """Return a scenario, or none if it does not load."""
    try:
        return [resolve(read(), doubts=False)]
    except InputError:
        return []


def _of_the_project(merged: DraftScenario) -> Iterator[Path]:
    """Yield scenario files of the project that extend this one and change such choices only."""
    own, _ = locate(merged.path)
    for path in sorted(merged.project.scenarios.rglob("*.yaml")):
        try:
            if not any(word in read_text(path, shown(path)).text for word in TAKEN):
                continue
            data = read_yaml(path, shown(path)).data
        except InputError:
            continue
        sets = data.get("set")
        if not isinstance(sets, dict) or not sets or not isinstance(data.get("extends"), str):
            continue
        extended = path.parent / data["extends"]
        if real(extended) == real(own) and all(any(word in str(address) for word in TAKEN) for address in sets):
            yield path


def _sets(merged: DraftScenario, scenario: Scenario) -> Iterator[Sets]:
    """Yield what each alternative sets."""
    yield from _curves(scenario)
    file = scenario.file
    adjusted = file.utilities.age_adjustment == "multiplicative"
    yield {"utilities.age_adjustment": "none" if adjusted else "multiplicative"}
    known = [a for a, raw in merged.inputs.all_addresses() if isinstance(raw, dict) and "file" in raw]
    for address in TABLES:
        group, _, name = address.partition(".")
        standing = str(getattr(getattr(file, group), name))
        beside = [a for a in known if a.rpartition(".")[0] == standing.rpartition(".")[0] and a != standing]
        yield from ({address: other} for other in beside)
    packs = {a.split(".")[2] for a, _ in merged.inputs.all_addresses() if a.startswith("decision.method_packs.")}
    yield from ({"decision.method_pack": name} for name in sorted(packs) if name != file.decision.method_pack)
    for name, item in file.costs.items():
        method = getattr(item, "method", "")
        if method in ("per_pack", "per_time"):
            yield {f"costs.{name}.method": "per_time" if method == "per_pack" else "per_pack"}


def _curves(scenario: Scenario) -> Iterator[Sets]:
    """Yield other families, together where arms are fitted together, and effects that do not wane."""
    together: dict[str, list[str]] = {}
    without: Sets = {}
    for strategy, parts in scenario.file.strategies.items():
        for endpoint in ("pfs", "os"):
            curve: Curve = getattr(parts, endpoint)
            address = f"strategies.{strategy}.{endpoint}"
            if curve.waning is not None:
                yield {f"{address}.waning": None}
            if curve.distribution is not None and curve.parameters is None and curve.table is None:
                together.setdefault(f"{endpoint} {curve.trial}" if curve.trial else address, []).append(address)
                structure = [name for name in OF_A_FIT if getattr(curve, name) is not None]
                without = {**without, **{f"{address}.{name}": None for name in structure}}
    for addresses in together.values():
        for family in FAMILIES:
            own = {a: None for a in without if a.rpartition(".")[0] in addresses}
            yield {**own, **{f"{address}.distribution": family for address in addresses}}
