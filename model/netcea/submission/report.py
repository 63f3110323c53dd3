"""`netcea report`: one run of everything, and the files that are made of it; ``netcea.report`` in Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from netcea.blas import ONE_THREAD
from netcea.errors import Place
from netcea.loading.reading.python_value import path_of, whole_number
from netcea.loading.scenarios import AnyScenario, Changes, scenario_of
from netcea.reporting.report import Report, default_folder, write_report
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_bytes, check_target
from netcea.storage.run_folder import refuse_others
from netcea.submission.document.write import document_of
from netcea.submission.page.page import write_page
from netcea.submission.slides.write import slides_bytes
from netcea.submission.submission import Submission, gather
from netcea.submission.wanted import Wanted, check

ANALYSIS: Final = "report"
DOCUMENT: Final = "submission.docx"
SLIDES: Final = "slides.pptx"
PAGE: Final = "page.html"


@dataclass(frozen=True)
class SubmissionRecord:
    """What results.json holds of a submission.

    Attributes
    ----------
    analyses : mapping of name -> record
        Of each analysis that was run, of the verification and of the reference case: as their own commands write them.
    not_run : mapping of name -> str
        Analyses that were not run, with the reason.
    """

    analyses: Mapping[str, Any]
    not_run: Mapping[str, str]


@ONE_THREAD
def report(
    scenario: AnyScenario,
    changes: Changes | None = None,
    folder: str | Path | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
    voi: bool = False,
    workers: int = 1,
    template: str | Path | None = None,
    author: str = "",
    date: dt.date | None = None,
    slides: bool = False,
) -> Submission:
    """Run everything of a scenario and write the submission into a folder.

    Parameters
    ----------
    scenario : Scenario, str or Path
        One that was loaded in this process, the name of one that comes with netcea, or a file.
    changes : mapping of address -> value, or sequence of ADDRESS=VALUE, optional
        On top of what the scenario has.
    folder : str or Path, optional
        Where it is written; reports/NAME_report when left out.
    draws, seed : int, optional
        Of the probabilistic analysis; the scenario's own when left out.
    voi : bool
        Whether to work out the value of information too, which takes long.
    workers : int
        Processes; the result does not depend on it.
    template : str or Path, optional
        A company's .docx file: its styles, page and headers are taken.
    author : str
        Who hands it in.
    date : date, optional
        Of the document; today when left out.
    slides : bool
        Whether to write slides too, which python-pptx makes.

    Returns
    -------
    Submission

    Raises
    ------
    InputError
        With every problem found; nothing is written.
    """
    processes = whole_number(workers, Place("workers"), 1)
    wanted = Wanted(None if template is None else path_of(template, "template"), author, date, slides)
    check(wanted)
    loaded = scenario_of(scenario, changes)
    target = folder_of(loaded) if folder is None else path_of(folder, "folder", "a folder")
    check_folder(target, loaded)
    submission = gather(loaded, draws=draws, seed=seed, also=("voi",) if voi else (), workers=processes)
    write_report(report_of(submission, wanted), target, figures=False)
    return submission


def folder_of(scenario: Scenario) -> Path:
    """Return reports/NAME_report.

    Parameters
    ----------
    scenario : Scenario
        Any.
    """
    return default_folder(scenario, ANALYSIS, nested=True)


def check_folder(folder: Path, scenario: Scenario) -> None:
    """Refuse, before anything is run, a folder that could not be replaced afterwards.

    Parameters
    ----------
    folder : Path
        For the files.
    scenario : Scenario
        Whose submission it is to hold.

    Raises
    ------
    InputError
        It holds something else, or lies where nothing can be written.
    """
    refuse_others(folder, scenario.file.name, scenario.source, folder_of(scenario).name)
    check_target(folder)


def report_of(submission: Submission, wanted: Wanted) -> Report:
    """Return a submission as a report: its files, the record of every analysis, and the tables of the base case.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    wanted : Wanted
        What is to be written.
    """
    base = submission.reports["base_case"]

    def document(path: Path) -> None:
        made = document_of(submission, template=wanted.template, author=wanted.author, date=wanted.date)
        atomic_write_bytes(path, made.data, durable=False)
        if wanted.say_missing is not None and made.missing_styles:
            wanted.say_missing(made.missing_styles)

    def slides(path: Path) -> None:
        atomic_write_bytes(path, slides_bytes(submission, author=wanted.author, date=wanted.date), durable=False)

    psa = submission.reports.get("psa")
    return Report(
        analysis=ANALYSIS,
        title=f"{submission.scenario.file.title}: submission",
        scenario=submission.scenario,
        options={} if psa is None else {"psa": dict(psa.options)},
        record=SubmissionRecord(
            {name: _record(found) for name, found in submission.reports.items()}, dict(submission.not_run)
        ),
        tables=base.tables,
        on_screen=base.on_screen,
        read_first=base.read_first,
        headline=base.headline,
        files={
            DOCUMENT: document,
            PAGE: partial(write_page, submission),
            **({SLIDES: slides} if wanted.slides else {}),
        },
        faults=tuple(fault for found in submission.reports.values() for fault in found.faults),
        stated=frozenset({"analyses"}),  # each record is redacted already
    )


def _record(found: Report) -> Any:
    """Return the record of an analysis, without the head that is the same for all."""
    results = found.results
    return results["results"] if found.nested else {k: v for k, v in results.items() if k not in _HEAD}


_HEAD: Final = frozenset({"format", "analysis", "digest", "versions", "prices", "marking", "scenario", "options"})
