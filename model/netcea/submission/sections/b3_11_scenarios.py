"""B.3.11.4 Scenario analysis: the bias ledger, other structures, treatment switching."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from netcea.errors import InputError
from netcea.loading.load import Related
from netcea.loading.reading.yaml_file import read_yaml
from netcea.plain_number import read
from netcea.quantities.key_path import split_address
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.scenario.scenario import Scenario
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import figure_blocks, list_of, picked, table_blocks, value_in_words
from netcea.submission.submission import Submission

CAPTION: Final = "Scenario analysis: every scenario that tests an assumption"
RESULTS: Final = (
    "incremental_costs",
    "incremental_qalys",
    "icer",
    "change_in_icer",
    "nhb",
    "change_in_nhb",
    "severity_weight",
    "weighted_icer",
    "weighted_nhb",
    "change_in_weighted_nhb",
    "fault",
)
LONGEST: Final = 110
"""Characters of a setting in the table."""


def scenarios(submission: Submission) -> list[Block]:
    """Return the scenarios that test assumptions, other structures and switching.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    structure, switching = (submission.reports.get(name) for name in ("structure", "switching"))
    return [
        Heading("B.3.11.4 Scenario analysis", 2, "b3_11_4"),
        *_ledger(submission),
        *figure_blocks(
            submission,
            "base_case",
            "ledger",
            "The bias ledger: what each scenario changes",
            "A mark for each scenario of the bias ledger at its change of net health benefit, grouped by assumption; "
            f"numbers in {ref('scenario_analysis')}.",
        ),
        Heading("B.3.11.5 Structural uncertainty", 2, "b3_11_5"),
        *_structure(submission),
        *list_of(structure.lines if structure is not None else ()),
        *_why_not(submission, "structure"),
        Heading("B.3.11.6 Treatment switching", 2, "b3_11_6"),
        *_switching(submission),
        *list_of(switching.lines if switching is not None else ()),
        *_why_not(submission, "switching"),
    ]


def _why_not(submission: Submission, analysis: str) -> list[Block]:
    why = submission.not_run.get(analysis, "")
    return [Paragraph(f"Not run: {plain(why)}.", "note")] if why else []


@dataclass(frozen=True)
class Setting:
    """What a scenario changes.

    Attributes
    ----------
    before, after, why : str
        The choices of the base case, those of the scenario, its rationale.
    """

    before: str = ""
    after: str = ""
    why: str = ""


def _ledger(submission: Submission) -> list[Block]:
    """Return a row for each scenario: what it changes, why, and what comes of it."""
    found = submission.table("base_case", "ledger")
    if found is None:
        return list_of(["The scenario has no bias ledger: no scenario tests an assumption."])
    names = [column.name for column in found.columns]
    rows: dict[str, tuple[Cell, ...]] = {}
    settings = settings_of(submission.scenario)
    at = [names.index(name) for name in RESULTS]
    for row in found.rows:
        source, scenario = str(row[names.index("source")]), str(row[names.index("scenario")])
        if scenario and source not in rows:
            setting = settings.get(source, Setting())
            rows[source] = (scenario, setting.before, setting.after, setting.why, *(row[i] for i in at))
    columns = (
        Column("scenario", "Scenario"),
        Column("before", "Base-case setting"),
        Column("after", "Scenario setting"),
        Column("why", "Justification"),
        *(found.columns[i] for i in at),
    )
    if not any(row[-1] for row in rows.values()):
        columns, rows = columns[:-1], {source: row[:-1] for source, row in rows.items()}
    made = Table("scenario_analysis", CAPTION, columns, tuple(rows.values()), found.note, marking=found.marking)
    return [TableBlock(made, CAPTION)]


def settings_of(scenario: Scenario) -> dict[str, Setting]:
    """Return source of a scenario of the ledger -> what it changes, and why.

    Parameters
    ----------
    scenario : Scenario
        Whose ledger it is; one that came from another process does not know the files.
    """
    related = scenario.related
    if not isinstance(related, Related):
        return {}
    found = {}
    for number, entry in enumerate(scenario.file.assumptions):
        for index, named in enumerate(entry.tested_by):
            address = f"assumptions.{number}.tested_by.{index}"
            found[related.named(address, named).source] = _setting(
                scenario, related.draft.file_named_at(address, named)
            )
    return found


def _setting(scenario: Scenario, path: Any) -> Setting:
    try:
        data: Mapping[str, Any] = read_yaml(path).data
    except InputError:
        return Setting()
    changes = data.get("set") or {}
    after = "; ".join(
        dict.fromkeys(f"{_end_of(address)}: {value_in_words(value)}" for address, value in changes.items())
    )
    before = "; ".join(dict.fromkeys(filter(None, (_before(scenario, address) for address in changes))))
    return Setting(_cut(before), _cut(after), _first_sentence(plain(str(data.get("rationale", "")))))


def _first_sentence(text: str) -> str:
    """Return the first sentence: the whole rationale stands in the scenario's file.

    >>> _first_sentence("Set by 0.5 of it. More."), _first_sentence("One")
    ('Set by 0.5 of it.', 'One')
    """
    found = re.match(r".*?[.:;](?= [A-Z])", text)
    return found[0].rstrip(":;") if found else text


def _before(scenario: Scenario, address: str) -> str:
    """Return what stands at an address of the base case."""
    bare = address.removesuffix(".value")
    number = scenario.quantities.get(bare)
    if number is not None:
        return CONFIDENTIAL if bare in scenario.prices.secret else f"{read(number.value, 4)} {number.unit}"
    value: Any = scenario.file.model_dump(exclude_none=True)
    for key in split_address(address):
        if not isinstance(value, Mapping) or key not in value:
            return "none"
        value = value[key]
    return value_in_words(value)


def _end_of(address: str) -> str:
    """Return the last names of an address, as words.

    >>> _end_of("strategies.new.os.waning")
    'os waning'
    """
    return " ".join(map(str, split_address(address)[-2:])).replace("_", " ")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} ..."


def _structure(submission: Submission) -> list[Block]:
    """Return state-transition models beside partitioned survival."""
    found = submission.table("structure", "structure")
    if found is None:
        return []
    names = [column.name for column in found.columns]
    wanted = [n for n in names if n not in ("assumes", "optimal", "weight")]
    return [
        TableBlock(picked(found, wanted), "The same inputs through state-transition models (NICE DSU TSD 19)"),
        *table_blocks(
            submission, "structure", "structure_survival", "Survival, QALYs and costs of each strategy by structure"
        ),
        *table_blocks(
            submission, "structure", "structure_qalys", "What the QALYs gained by partitioned survival are made of"
        ),
        *table_blocks(
            submission,
            "structure",
            "structure_mortality",
            "Mortality after progression that partitioned survival implies",
        ),
        *_crossing(submission),
        *figure_blocks(
            submission,
            "structure",
            "survival",
            "Survival by structure",
            "Curves of overall survival of each strategy under each structure; numbers in "
            f"{ref('structure_survival')}.",
        ),
        *figure_blocks(
            submission,
            "structure",
            "mortality_after_progression",
            "Mortality after progression",
            "The hazard of death of progressed patients that partitioned survival implies for each strategy, beside "
            "the "
            f"general population's; numbers in {ref('structure_mortality')}.",
        ),
    ]


def _crossing(submission: Submission) -> list[Block]:
    """Return what is done where PFS is above OS, with net health benefit unweighted and weighted."""
    caption = "What is done where PFS is above OS, and what it costs"
    found = submission.table("structure", "structure_crossing")
    if found is None:
        return []
    early = ("_crossing_early", "_capped")
    names = [c.name for c in found.columns if not c.name.endswith(early) and not c.name.startswith("qalys_")]
    return table_blocks(submission, "structure", "structure_crossing", caption, names)


def _switching(submission: Submission) -> list[Block]:
    """Return results by method of adjusting for switching."""
    found = submission.table("switching", "switching")
    if found is None:
        return []
    left_out = ("optimal", "weight", "source", "survival_from")
    wanted = [column.name for column in found.columns if column.name not in left_out]
    return [
        TableBlock(picked(found, wanted), "Results by method of adjusting overall survival for treatment switching"),
        *figure_blocks(
            submission,
            "switching",
            "methods",
            "Results by method of adjusting for switching",
            f"The ICER or net health benefit by each method, beside intention to treat; numbers in {ref('switching')}.",
        ),
    ]
