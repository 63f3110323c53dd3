"""Faults of YAML syntax, in plain words in place of the parser's."""

from __future__ import annotations

from netcea.errors import Problem

# (a part of the parser's message, what was found, what was expected, what to do), tried in order; the
# messages of the C parser and of the Python parser differ.
_MESSAGES = (
    (
        "mapping values are not allowed",
        "a second ':' or a key that is indented too far",
        "one 'key: value' per line, keys of one block in one column",
        "align the key with its neighbours, or put text that holds ': ' in quotes",
    ),
    (
        "entries are not allowed",
        "a '-' on the line of its key",
        "each list item on a line of its own",
        "start a new line before '-', or put the text in quotes",
    ),
    ("unexpected document", "'---' or '...' inside quotes", "the closing quote before it", "close the quote"),
    (
        "unexpected end of stream",
        "a quote that is never closed",
        "a closing quote",
        "close it; inside '...' write an apostrophe twice",
    ),
    ("',' or ']'", "a '[' that is not closed, or a missing comma", "[a, b]", "close the bracket"),
    ("',' or '}'", "a '{' that is not closed, or a missing comma", "{a: 1, b: 2}", "close the brace"),
    ("expected ':'", "a line without ':'", "key: value", "add ': ' and a value after the key"),
    ("escape", "a backslash in double quotes", "text", "use single quotes for text with backslashes"),
    ("hexdecimal", "a backslash in double quotes", "text", "use single quotes for text with backslashes"),
    ("cannot start any token", "text that starts with one of % @ ` or a tab", "a value", "put the text in quotes"),
    (
        "alphabetic or numeric",
        "text that starts with * or &",
        "a value",
        "put the text in quotes; anchors and aliases are not accepted",
    ),
    ("undefined tag", "a tag (a word that starts with !)", "a plain value", "remove the tag"),
    ("incompatible YAML", "another version of YAML", "YAML 1.2", "remove the %YAML line"),
    ("comment or line break", "text after | or >", "the text on the next lines", "start a new line after | or >"),
    ("chomping", "text after | or >", "the text on the next lines", "start a new line after | or >"),
    ("node content", "a bracket or comma with nothing before it", "a value", "remove it or put it in quotes"),
    (
        "",
        "a line that does not fit the lines above it",
        "keys of one block in one column, nothing after a quoted value or a closing bracket",
        "check indentation, brackets and quotes",
    ),
)
_OPENED_EARLIER = ("quoted", "double-quoted", "single-quoted", "flow")


def syntax_problem(error: Exception, shown_as: str, address: str, last_line: int) -> Problem:
    r"""Problem for an error of the parser; an unclosed quote or bracket is placed where it was opened.

    Parameters
    ----------
    error : Exception
        The parser's, or one that a broken escape raises.
    shown_as : str
        What messages call the text.
    address : str
        Of the entry that was being read.
    last_line : int
        How many lines the text has.

    Examples
    --------
    >>> import yaml
    >>> try:
    ...     list(yaml.parse("a: 1\nb: [1, 2", Loader=yaml.SafeLoader))
    ... except yaml.YAMLError as error:
    ...     print(syntax_problem(error, "a.yaml", "b", 2))
    a.yaml:2  b
      found a '[' that is not closed, or a missing comma; expected [a, b]; close the bracket
    """
    message = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None)
    context = str(getattr(error, "context", "") or "")
    simple_key = "simple key" in context
    if simple_key or (any(word in context for word in _OPENED_EARLIER) and "escape" not in message):
        mark = getattr(error, "context_mark", None) or mark
    line = min(mark.line + 1, max(last_line, 1)) if mark else 0
    for part, found, expected, suggestion in _MESSAGES:
        if part in message:
            return Problem(shown_as, line, address, found, expected, suggestion)
    raise AssertionError(message)  # pragma: no cover - the last row fits every message
