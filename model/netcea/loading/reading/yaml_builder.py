"""The events of a YAML parser, built into plain data, the line of every key and all problems.

Nothing is expanded: anchors, aliases, tags and deep nesting are refused as their events come.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from netcea.errors import InputError, Problem
from netcea.loading.reading.scalar import Scalar, parse_scalar
from netcea.loading.reading.yaml_faults import syntax_problem
from netcea.quantities.key_path import KeyPath, join_address

MAX_DEPTH = 40
MAX_ENTRIES = 50_000
MOST_PROBLEMS = 1000
"""Problems after which the rest of a file is not read."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB = re.compile(r" *\t[ \t]*[^ \t]")


@dataclass
class _Open:
    """A mapping or list that is being read; ``kept`` is false below a key that was refused."""

    path: KeyPath
    node: dict[str, Any] | list[Any]
    kept: bool
    is_key: bool = False
    pending: tuple[str, bool] | None = None  # the key that waits for its value, and whether it is kept
    first_lines: dict[str, int] = field(default_factory=dict)

    def awaits_key(self) -> bool:
        return self.pending is None and isinstance(self.node, dict)


@dataclass
class Builder:
    """Turns the parser's events into data, lines and problems."""

    shown_as: str
    numbered: bool = True
    root: Any = None
    documents: int = 0
    incomplete: bool = False
    read_to: int = 0
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    quoted_lines: set[int] = field(default_factory=set)

    def refuse(self, line: int, path: KeyPath, found: str, expected: str, suggestion: str = "") -> None:
        """Keep a problem.

        Parameters
        ----------
        line : int
            1-based; 0 for the whole text.
        path : KeyPath
            Key path of the entry.
        found : str
            What stands there.
        expected : str
            What should.
        suggestion : str
            What to do.
        """
        line = line if self.numbered else 0
        self.problems.append(Problem(self.shown_as, line, join_address(path), found, expected, suggestion))

    def build(self, text: str) -> None:
        """Read a whole text: `root`, `lines` and `problems` hold the result.

        Parameters
        ----------
        text : str
            YAML.
        """
        tabs = _tab_lines(text)
        try:
            self.incomplete = not self._read(text)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.incomplete = True
            deep = self._too_deep(text)
            lines = text.rstrip("\n").split("\n")
            problem = syntax_problem(error, self.shown_as, join_address(self._next_path()), len(lines))
            if deep:
                self.problems = deep
            elif lines[problem.line - 1].lstrip(" ").startswith("\t"):
                self._refuse_tab(problem.line)
            else:
                self.problems.append(problem if self.numbered else dataclasses.replace(problem, line=0))
        for tab in tabs:
            if tab <= self.read_to and tab not in self.quoted_lines:
                self._refuse_tab(tab)

    def _read(self, text: str) -> bool:
        """Take the events of a text; False when the rest must not be read."""
        loader = _LOADER(text)
        while (event := loader.get_event()) is not None:
            self.read_to = line = _line(event)
            if not self._take(event, line):
                return False
            if len(self.problems) >= MOST_PROBLEMS or len(self.lines) > MAX_ENTRIES:
                self._refuse_rest()
                return False
        self.read_to = len(text)
        return True

    def _refuse_rest(self) -> None:
        """Keep the problem of a text that is not read to its end, before those that were found in it."""
        where = f" up to line {self.read_to}" if self.numbered else ""
        if len(self.lines) > MAX_ENTRIES:
            self.refuse(0, (), f"more than {MAX_ENTRIES:,} entries{where}", "a file of fewer", "is it the right file?")
        else:
            self.refuse(0, (), f"{MOST_PROBLEMS:,} problems{where}", "a file with fewer: the rest of it was not read")

    def _too_deep(self, text: str) -> list[Problem]:
        """Return the problems of a text that is nested too deeply, whatever the parser's own limit; else none.

        Parsers look ahead, and may refuse brackets before their events come.
        """
        shallow = _until_too_deep(text)
        again = Builder(self.shown_as, self.numbered)
        try:
            return [] if shallow is None or again._read(shallow) else again.problems
        except (yaml.YAMLError, ValueError, OverflowError):
            return []

    def _refuse_tab(self, line: int) -> None:
        """Keep the problem of a line that is indented with a tab."""
        self.refuse(line, (), "a tab used as indentation", "spaces", "replace each tab by two spaces")

    def _take(self, event: yaml.Event, line: int) -> bool:
        """Take one event, which starts in a line; False when the rest of the file must not be read."""
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
            self._take_scalar(event.value, line, event.style, event.end_mark)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.refuse(line, (), "a second document", "one document per file", "remove the line '---'")
                return False
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None or getattr(event, "tag", None) is not None:
                self._refuse_marks(event)
            if isinstance(event, yaml.CollectionStartEvent):
                return self._start(event)
            if isinstance(event, yaml.ScalarEvent):
                self._take_scalar(event.value, line, event.style, event.end_mark)
            else:
                self._take_alias(line)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self.stack.pop()
            if closed.is_key:
                self.stack[-1].pending = ("?", False)
        return True

    def _refuse_marks(self, event: yaml.NodeEvent) -> None:
        """Refuse anchors, aliases and tags."""
        line, path = _line(event), self._next_path()
        if isinstance(event, yaml.AliasEvent):
            self.refuse(line, path, f"the alias *{event.anchor}", "a value", "write the value out, or quote it")
        elif event.anchor is not None:
            self.refuse(line, path, f"the anchor &{event.anchor}", "a value", "remove it, or put the text in quotes")
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            self.refuse(line, path, f"the tag {shown}", "a plain value", "remove it, or put the text in quotes")

    def _next_path(self) -> KeyPath:
        """Key path of the value that comes next."""
        if not self.stack:
            return ()
        top = self.stack[-1]
        if isinstance(top.node, list):
            return (*top.path, len(top.node))
        return (*top.path, top.pending[0]) if top.pending else top.path

    def _start(self, event: yaml.CollectionStartEvent) -> bool:
        """Open a mapping or a list; False when it is nested too deeply."""
        line, path = _line(event), self._next_path()
        if len(self.stack) == MAX_DEPTH:
            found = f"more than {MAX_DEPTH} levels of nesting"
            self.refuse(line, path[:4], found, f"at most {MAX_DEPTH} levels", "is a bracket missing?")
            return False
        node: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self.stack and self.stack[-1].awaits_key():
            suggestion = "put text with brackets or braces in quotes"
            self.refuse(line, path, "a list or mapping as a key", "text as a key", suggestion)
            self.stack.append(_Open(path, node, kept=False, is_key=True))
        else:
            self.stack.append(_Open(path, node, kept=self._attach(node, line)))
        return True

    def _attach(self, value: Any, line: int) -> bool:
        """Put a value into what is open; return whether it is kept."""
        if not self.stack:
            self.root, self.lines[()] = value, line
            return True
        top = self.stack[-1]
        if isinstance(top.node, list):
            if top.kept:
                self.lines[*top.path, len(top.node)] = line
            top.node.append(value)
            return top.kept
        key, kept = top.pending or ("?", False)
        top.pending = None
        if kept:
            top.node[key] = value
        return kept and top.kept

    def _take_alias(self, line: int) -> None:
        """Take an alias, which is refused already, as a key or an empty value."""
        if self.stack and self.stack[-1].awaits_key():
            self.stack[-1].pending = ("?", False)
        else:
            self._attach(None, line)

    def _take_scalar(self, text: str, line: int, style: str | None, end: Any) -> None:
        """Take a scalar as a key or a value."""
        value: Scalar = text
        if style:
            last = end.line + (1 if end.column else 0) if end else 0
            self.quoted_lines.update(range(line + 1, last + 1))
        if self.stack and self.stack[-1].awaits_key():
            self._take_key(text, line, quoted=bool(style))
            return
        if not style:
            try:
                value = parse_scalar(text)
            except InputError as error:
                value = None
                for fault in error.problems:
                    self.refuse(line, self._next_path(), fault.found, fault.expected, fault.suggestion)
        self._attach(value, line)

    def _take_key(self, key: str, line: int, *, quoted: bool) -> None:
        """Check a key; its value comes with the next event."""
        top = self.stack[-1]
        path = (*top.path, key)
        kept = True
        if not quoted and not _is_text(key):
            found = f"the key {key}, which is not text" if key else "a key without a name"
            self.refuse(line, path, found, "text as a key", f"write '{key}' in quotes" if key else "name the key")
            kept = False
        elif not quoted and key == "<<":
            self.refuse(line, path, "the merge key <<", "a key", "write the entries out")
            kept = False
        if key in top.first_lines:
            first = f" (first in line {top.first_lines[key]})" if self.numbered else ""
            self.refuse(line, path, f"the key '{key}' again{first}", "each key once", "remove or rename one")
            kept = False
        top.first_lines.setdefault(key, line)
        top.pending = (key, kept)
        if kept and top.kept:
            self.lines[path] = line


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _is_text(word: str) -> bool:
    try:
        return isinstance(parse_scalar(word), str)
    except InputError:
        return False


def _tab_lines(text: str) -> list[int]:
    r"""1-based lines that are indented with a tab.

    >>> _tab_lines("a:\n\tb: 1\n\t\n  c:\t2")
    [2]
    """
    return [number for number, line in enumerate(text.split("\n"), start=1) if _TAB.match(line)]


def _until_too_deep(text: str) -> str | None:
    """Return a text up to where far too many brackets are open (those in quotes counted too); None if nowhere."""
    depth = 0
    for end, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if depth > 2 * MAX_DEPTH:
            return text[:end]
    return None
