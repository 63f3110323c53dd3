"""What can be wrong with the input: a problem with its place, all problems of a run at once, and warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from netcea.visible_text import visible

MOST_LISTED: Final = 50
"""Problems that are shown one by one; the rest are counted."""
LONGEST: Final = 2000
"""Longest part of a message. [characters]"""


def shortened(text: str, most: int = 300) -> str:
    """Return a text with its middle left out where it is long: a key may have a megabyte.

    Parameters
    ----------
    text : str
        To be shown.
    most : int
        Length up to which it stays as it is. [characters]

    Returns
    -------
    str
        It, or its two ends.

    Examples
    --------
    >>> shortened("a" * 5000, 20)
    'aaaaaaaa ... aaaaaaa'
    """
    ends = (most - 5) // 2
    return text if len(text) <= most else f"{text[: most - 5 - ends]} ... {text[-ends:]}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the input, and where.

    Attributes
    ----------
    found, expected : str
        What stands there and what should; both in the reader's words, with units.
    file : str
        Path as the user would type it; empty for the command line.
    line : int
        1-based; 0 when the file as a whole is meant.
    address : str
        Dotted address (``strategies.new.os.distribution``).
    suggestion : str
        What to do about it; may be empty.
    stands_for : int
        How many problems it tells of: more than one for the line that ends a long list.
    """

    file: str = ""
    line: int = 0
    address: str = ""
    found: str = ""
    expected: str = ""
    suggestion: str = ""
    stands_for: int = 1

    def __str__(self) -> str:
        """Render the place on one line, the message indented below it.

        >>> print(Problem("a.yaml", 3, "x.y", "'weibul'", "weibull", "did you mean 'weibull'?"))
        a.yaml:3  x.y
          found 'weibul'; expected weibull; did you mean 'weibull'?
        """
        place = self.file + (f":{self.line}" if self.file and self.line else "")
        head = "  ".join(visible(shortened(part)) for part in (place, self.address) if part)
        body = "; ".join(
            visible(shortened(part, LONGEST))
            for part in (
                f"found {self.found}" if self.found else "",
                f"expected {self.expected}" if self.expected else "",
                self.suggestion,
            )
            if part
        )
        return f"{head}\n  {body}" if head else body


class InputError(Exception):
    """The input cannot be loaded or run: every problem found, at once. The command line exits with 2."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(dict.fromkeys(problems))
        )
        super().__init__("\n".join(map(str, self.listed)))

    @property
    def listed(self) -> tuple[Problem, ...]:
        """The problems that are shown: of a long list the first of each file, and how many more there are."""
        return tuple(listed(self.problems))

    @property
    def count(self) -> int:
        """How many problems there are, those that are not shown included."""
        return sum(problem.stands_for for problem in self.problems)


def listed(problems: Sequence[Problem], most: int = MOST_LISTED) -> list[Problem]:
    """Return a list that is short enough to read: of each file the first problems, then how many more it has.

    Parameters
    ----------
    problems : sequence of Problem
        All of them.
    most : int
        How many are kept, without the lines that count the rest.

    Returns
    -------
    list of Problem
        In their order.

    Examples
    --------
    >>> rows = [Problem("x.csv", line, "qx", "'a'", "a number") for line in range(2, 4560)]
    >>> print(listed(rows, 1)[-1])
    x.csv
      and 4,557 more like it, lines 3-4559
    """
    if len(problems) <= most:
        return list(problems)
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(_group(problem), []).append(problem)
    kept: dict[str, int] = {}
    room = most
    for done, file in enumerate(sorted(by_file, key=lambda file: len(by_file[file]))):
        share = max(room // (len(by_file) - done), 1)  # what short lists leave is for the long ones
        kept[file] = min(len(by_file[file]), share, room)
        room -= kept[file]
    ends = {file: own[kept[file] :] for file, own in by_file.items() if kept[file] < len(own)}
    found: list[Problem] = []
    seen = dict.fromkeys(by_file, 0)
    for problem in problems:
        file = _group(problem)
        seen[file] += 1
        if seen[file] <= kept[file]:
            found.append(problem)
        elif seen[file] == len(by_file[file]) and kept[file]:
            found.append(_rest(ends[file]))
    nowhere = [problem for file, own in by_file.items() if not kept[file] for problem in own]
    return [*found, _rest(nowhere)] if nowhere else found


def _group(problem: Problem) -> str:
    """Return what a problem is counted with: its file, or the option of the command line."""
    return re.sub(r"^(-\S+|changes).*", r"\1", problem.file, flags=re.DOTALL)


def _rest(hidden: Sequence[Problem]) -> Problem:
    """Return the line that says how many problems are not shown, and in which lines."""
    count = sum(problem.stands_for for problem in hidden)
    files = {_group(problem) for problem in hidden}
    lines = sorted({problem.line for problem in hidden if problem.line})
    where = f", {_lines(lines)}" if lines and len(files) == 1 else ""
    file = files.pop() if len(files) == 1 else ""
    return Problem(file, suggestion=f"and {count:,} more like it{where}", stands_for=count)


def _lines(lines: Sequence[int]) -> str:
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]}-{lines[-1]}"


class ModelError(Exception):
    """The model broke one of its own rules, or a result is not finite: there is none. The command line exits with 1.

    Its text says strategy, cycle and cause.
    """


@dataclass(frozen=True)
class Place:
    """Where an entry of the input stands, and so what a problem of it says first.

    Attributes
    ----------
    file : str
        Path as the user would type it, or an option of the command line.
    line : int
        1-based; 0 when the file as a whole is meant.
    path : Path or None
        The real file, for paths relative to it.
    address : str
        Dotted address of the entry.

    Examples
    --------
    >>> print(Place("a.yaml", 3, address="costs.drug").problem("no price", "a number in GBP"))
    a.yaml:3  costs.drug
      found no price; expected a number in GBP
    """

    file: str = ""
    line: int = 0
    path: Path | None = None
    address: str = ""

    def problem(self, found: str = "", expected: str = "", suggestion: str = "") -> Problem:
        """Return what is wrong here, in the words of a `Problem`."""
        return Problem(self.file, self.line, self.address, found, expected, suggestion)

    def error(self, found: str = "", expected: str = "", suggestion: str = "") -> InputError:
        """Return the error to raise where this is the only problem."""
        return InputError(self.problem(found, expected, suggestion))


class BlockError(ValueError):
    """Entries of one block that are wrong, or do not go together; addresses are relative to the block."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


FIXED_NOW: Final = "fixed_now"
"""Code of the warning that a changed number has lost its uncertainty."""
NOT_DRAWN: Final = "not_drawn"
"""Code of the warning that correlations are stated that nothing draws."""

MISSES: Final = "misses_figures"
"""Code of the warning that a fitted curve misses its published figures by more than chance."""


@dataclass(frozen=True)
class ModelWarning:
    """Something the reader of a result must know; it does not stop the run.

    Attributes
    ----------
    code : str
        A stable short name: crossing, floor, unverified, reference_case ...
    address : str
        The place of the assumption or number that caused it.
    message : str
        In words.
    """

    code: str
    address: str
    message: str

    def __str__(self) -> str:
        return visible(f"{self.address}: {self.message}" if self.address else self.message)


@dataclass
class ProblemCollector:
    """Gathers problems so that the user sees all of them in one go."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep one problem."""
        self.problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep several problems."""
        self.problems.extend(problems)

    def raise_if_any(self) -> None:
        """Raise InputError when at least one problem was kept."""
        if self.problems:
            raise InputError(self.problems)


LONGEST_WORD: Final = 200
"""Longest word for which a suggestion is looked for. [characters]"""
RENAMED: Final = {"probabilistic": "psa", "value_of_information": "voi", "base-case": "base_case"}
"""Names that files may still have -> what they are called now."""


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return ``did you mean '...'?`` for the closest choice, or an empty string; a renamed word is answered as such.

    >>> did_you_mean("weibul", ["exponential", "weibull"])
    "did you mean 'weibull'?"
    >>> did_you_mean("probabilistic", ["one_way", "psa"])
    "'probabilistic' is called 'psa' now"
    """
    if len(word) > LONGEST_WORD:
        return ""
    if RENAMED.get(word) in choices:
        return f"'{word}' is called '{RENAMED[word]}' now"
    import difflib

    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


MOST_BELOW: Final = 12
"""Addresses of a group that a message names."""


def addresses_below(addresses: Sequence[str]) -> str:
    """Return which addresses a group has, the first of many.

    Parameters
    ----------
    addresses : sequence of str
        Of the group's numbers.

    Examples
    --------
    >>> addresses_below(["costs.drug.new.price", "costs.drug.new.discount"])
    'below it: costs.drug.new.price, costs.drug.new.discount'
    """
    more = f" and {len(addresses) - MOST_BELOW} more" if len(addresses) > MOST_BELOW else ""
    return f"below it: {', '.join(addresses[:MOST_BELOW])}{more}"
