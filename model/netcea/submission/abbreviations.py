"""What abbreviations of a document stand for: those that occur in it, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table
from netcea.submission.blocks import TO_BE_COMPLETED, Block, FigureBlock, Heading, TableBlock, cite, parts_of
from netcea.submission.document.tables import headings_of, texts_in

GENERAL: Final = {
    "AdViSHE": "Assessment of the Validation Status of Health-Economic decision models",
    "AFT": "Accelerated failure time",
    "AIC": "Akaike information criterion",
    "BIC": "Bayesian information criterion",
    "BNF": "British National Formulary",
    "BSA": "Body surface area",
    "CEAC": "Cost-effectiveness acceptability curve",
    "CEAF": "Cost-effectiveness acceptability frontier",
    "CHEERS": "Consolidated Health Economic Evaluation Reporting Standards",
    "CI": "Confidence interval",
    "CT": "Computed tomography",
    "DSU": "Decision Support Unit",
    "EMA": "European Medicines Agency",
    "eMIT": "Electronic market information tool: prices that hospitals of the NHS paid",
    "ENBS": "Expected net benefit of sampling",
    "EORTC": "European Organisation for Research and Treatment of Cancer",
    "EQ-5D": "A questionnaire of five dimensions of quality of life (EuroQol)",
    "EQ-5D-3L": "EQ-5D with three levels",
    "EQ-5D-5L": "EQ-5D with five levels",
    "EVPI": "Expected value of perfect information",
    "EVPPI": "Expected value of partial perfect information",
    "EVSI": "Expected value of sample information",
    "FDA": "US Food and Drug Administration",
    "GBP": "Pounds sterling",
    "GP": "General practitioner",
    "HR": "Hazard ratio",
    "HSE": "Health Survey for England",
    "HTA": "Health technology assessment",
    "ICER": "Incremental cost-effectiveness ratio",
    "INHB": "Incremental net health benefit",
    "IPCW": "Inverse probability of censoring weights",
    "LYG": "Life years gained",
    "MCSE": "Monte Carlo standard error",
    "MHRA": "Medicines and Healthcare products Regulatory Agency",
    "MRI": "Magnetic resonance imaging",
    "MVH": "Measurement and Valuation of Health, the UK study of values of EQ-5D-3L",
    "NHB": "Net health benefit",
    "NHS": "National Health Service",
    "NICE": "National Institute for Health and Care Excellence",
    "NMB": "Net monetary benefit",
    "ONS": "Office for National Statistics",
    "OS": "Overall survival",
    "PAS": "Patient access scheme",
    "PFS": "Progression-free survival",
    "PH": "Proportional hazards",
    "PSA": "Probabilistic sensitivity analysis",
    "PSS": "Personal social services",
    "PSSRU": "Personal Social Services Research Unit",
    "QALY": "Quality-adjusted life year",
    "QLQ": "Quality of Life Questionnaire",
    "RMST": "Restricted mean survival time",
    "RPSFT": "Rank-preserving structural failure time",
    "SD": "Standard deviation",
    "SE": "Standard error",
    "SHA": "Secure hash algorithm",
    "SMR": "Standardised mortality ratio",
    "TA": "Technology appraisal",
    "TECH-VER": "A checklist for the technical verification of health-economic models",
    "TSD": "Technical Support Document",
    "TTD": "Time to treatment discontinuation",
    "TTO": "Time trade-off",
    "UK": "United Kingdom",
    "US": "United States",
    "VAS": "Visual analogue scale",
}
"""Of health economics, whatever the disease; a project's own stand in abbreviations.yaml of its inputs/."""
TITLE: Final = "Abbreviations"
_SHORT: Final = re.compile(r"(?<![\w-])[a-z]{0,2}[A-Z]{2,}s?(?![\w-])")
"""What looks like an abbreviation; with digits or hyphens it is a code or a name."""


def abbreviations(blocks: Iterable[Block], own: Mapping[str, str], sources: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the abbreviations of a document with what each stands for, by the alphabet.

    What is known is listed wherever it stands, what is not where a table has it: a word that a source's citation has is
    a name, of which the source tells; of the rest a person has to say it.

    Parameters
    ----------
    blocks : iterable of Block
        Of the document.
    own : mapping of abbreviation -> words
        Of the project.
    sources : mapping of key -> citation
        Of the document.
    """
    blocks = list(blocks)
    everything = " ".join(_words(text) for block in blocks for text in [_said(block), *_in_table(block)])
    in_tables = " ".join(_words(text) for block in blocks for text in _in_table(block))
    known = {**GENERAL, **own}
    found = {short: plain(words) for short, words in known.items() if re.search(_whole(short), everything)}
    ordinary = set(re.findall(r"[a-z]{2,}", everything))
    for word in dict.fromkeys(_SHORT.findall(in_tables)):
        short = word.removesuffix("s")
        if short not in known and short.lower() not in ordinary:
            found[short] = _of_source(short, sources)
    return sorted(found.items(), key=lambda pair: (pair[0].lower(), pair[0]))


def abbreviation_blocks(blocks: Iterable[Block], own: Mapping[str, str], sources: Mapping[str, str]) -> list[Block]:
    """Return the list of abbreviations of a document, with its heading; nothing where it has none.

    Parameters
    ----------
    blocks, own, sources
        As of `abbreviations`.
    """
    rows = tuple(abbreviations(blocks, own, sources))
    columns = Column("short", "Abbreviation"), Column("words", "Stands for")
    table = Table("abbreviations", TITLE, columns, rows)
    return [Heading(TITLE, 1, "abbreviations_heading"), TableBlock(table, TITLE, widths=(1.0, 5.0))] if rows else []


def _said(block: Block) -> str:
    """Return what stands around: words, a caption, a note; these may cite by authors' initials."""
    if isinstance(block, TableBlock):
        return f"{block.caption} {block.table.note}"
    return block.caption if isinstance(block, FigureBlock) else block.text


def _in_table(block: Block) -> list[str]:
    """Return headings and cells of a table."""
    if not isinstance(block, TableBlock):
        return []
    return [*headings_of(block), *(cell for row in texts_in(block.table) for cell in row)]


def _words(text: str) -> str:
    """Return a text without what it points to."""
    return "".join(words for kind, words in parts_of(text) if kind == "text")


def _whole(short: str) -> str:
    return rf"(?<![\w-]){re.escape(short)}s?(?!\w)"


def _of_source(short: str, sources: Mapping[str, str]) -> str:
    key = next((key for key, citation in sources.items() if re.search(_whole(short), citation)), "")
    return f"A name, of which its source tells {cite(key)}" if key else f"{TO_BE_COMPLETED}: what {short} stands for"
