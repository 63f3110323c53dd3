"""What Excel does with a formula that LibreOffice does not, found in its text: limits, arrays where one cell belongs.

Limits: Microsoft, "Excel specifications and limits" (formula 8,192 letters, 64 levels of functions, 255 arguments, text
255 letters in a formula). Files without the flag of dynamic arrays are calculated as Excel 2016 does: an array or a
range where one value belongs is cut to the cell in the formula's own row or column ("implicit intersection", shown
as @), and IF, CHOOSE and INDEX are not worked out for each element of an array but in formulas entered as arrays.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from netcea.workbook.calculation.syntax import Call, Constant, Node, Reference

MOST_LETTERS, MOST_LEVELS, MOST_ARGUMENTS, MOST_OF_A_TEXT = 8192, 64, 255, 255
EVERY: Final = range(MOST_ARGUMENTS)
TAKE_RANGES: Final[Mapping[str, range | tuple[int, ...]]] = {
    **dict.fromkeys(("SUM", "MAX", "MIN", "COUNT", "COUNTA", "AVERAGE", "AND", "OR", "STDEV", "VAR", "CORREL"), EVERY),
    **dict.fromkeys(("SUMPRODUCT", "SLOPE", "INTERCEPT", "COVAR", "FREQUENCY", "STDEV.S"), EVERY),
    **dict.fromkeys(("INDEX", "COUNTIF", "SMALL", "LARGE", "PERCENTILE", "QUARTILE", "MEDIAN", "RANK"), (0,)),
    **dict.fromkeys(("COLUMN", "ROW", "COLUMNS", "ROWS", "ISERROR"), (0,)),
    "MATCH": (1,),
    "RANK": (1,),
    "SUMIF": (0, 2),
    "LOOKUP": (1, 2),
}
"""Function -> arguments that may be ranges in a formula that was not entered as an array."""
NOT_BY_ELEMENT: Final = frozenset({"IF", "IFERROR", "CHOOSE", "INDEX", "MATCH", "AND", "OR"})
"""Functions that SUMPRODUCT does not work out for each element of an array."""
VOLATILE: Final = frozenset({"RAND", "RANDBETWEEN", "NOW", "TODAY", "OFFSET", "INDIRECT", "CELL", "INFO"})
COMPARISONS: Final = frozenset({"=", "<>"})


def nodes(tree: Node | None) -> Iterator[Node]:
    """Yield everything in a formula."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if node is not None:
            yield node
        if isinstance(node, Call):
            todo.extend(node.arguments)


def is_function(node: Node) -> bool:
    """Say whether it is a function, not an operator."""
    return isinstance(node, Call) and node.function[0].isalpha()


def levels(tree: Node | None) -> int:
    """Return how many functions stand within one another."""
    if not isinstance(tree, Call):
        return 0
    return max((levels(argument) for argument in tree.arguments), default=0) + is_function(tree)


def has_range(tree: Node | None) -> bool:
    """Say whether something in it has more than one value: a range that no function makes one value of."""
    if isinstance(tree, Reference):
        return not tree.is_cell
    if not isinstance(tree, Call):
        return False
    own = TAKE_RANGES.get(tree.function, ())
    one = is_function(tree) and own and tree.function not in ("COLUMN", "ROW", "ISERROR")
    return any(has_range(argument) for i, argument in enumerate(tree.arguments) if not (one and i in own))


def too_much(tree: Node) -> list[str]:
    """Return the limits of Excel that a formula goes beyond, but for its length."""
    found = [f"{levels(tree)} levels"] if levels(tree) > MOST_LEVELS else []
    for node in nodes(tree):
        if isinstance(node, Call) and len(node.arguments) > MOST_ARGUMENTS:
            found.append(f"{len(node.arguments)} arguments of {node.function}")
        if isinstance(node, Constant) and isinstance(node.value, str) and len(node.value) > MOST_OF_A_TEXT:
            found.append(f"a text of {len(node.value)} letters")
    return found


def intersections(tree: Node | None, *, by_element: bool = False) -> list[str]:
    """Return where Excel would take one cell of a range, or one element of an array, and LibreOffice all.

    Parameters
    ----------
    tree : Node
    by_element : bool
        Within SUMPRODUCT.
    """
    if isinstance(tree, Reference):
        return [] if tree.is_cell or by_element else [f"the range in rows {tree.first_row} to {tree.last_row}"]
    if not isinstance(tree, Call):
        return []
    taken = TAKE_RANGES.get(tree.function, ())
    found = []
    if by_element and tree.function in NOT_BY_ELEMENT:
        whole = taken if tree.function in ("INDEX", "MATCH") else ()
        if any(has_range(argument) for i, argument in enumerate(tree.arguments) if i not in whole):
            found.append(f"{tree.function} of an array")
    for i, argument in enumerate(tree.arguments):
        if isinstance(argument, Reference) and i in taken:
            continue
        found += intersections(argument, by_element=by_element or tree.function == "SUMPRODUCT")
    return found


def compared_exactly(tree: Node | None, whole: Container[tuple[str, int, int]] = ()) -> list[Call]:
    """Return comparisons of two computed numbers for equality: Excel compares 15 digits of them, others all.

    Rounded numbers, texts, truth values, and numbers that are compared with a constant, are not among them; nor are two
    numbers by whose difference the formula divides where they are not equal: an interpolation between what is the same.

    Parameters
    ----------
    tree : Node
    whole : container of (title, row, column)
        Cells that hold text or a whole number that was not computed.
    """
    every = list(nodes(tree))
    divided = [
        set(_differences(node.arguments[1])) for node in every if isinstance(node, Call) and node.function == "/"
    ]
    return [
        node
        for node in every
        if isinstance(node, Call)
        and node.function in COMPARISONS
        and not any(_is_exact(argument, whole) for argument in node.arguments)
        and not any(frozenset(node.arguments) in between for between in divided)
    ]


def _differences(tree: Node | None) -> Iterator[frozenset[Node | None]]:
    return (frozenset(n.arguments) for n in nodes(tree) if isinstance(n, Call) and n.function == "-")


def _is_exact(node: Node | None, whole: Container[tuple[str, int, int]]) -> bool:
    if isinstance(node, Reference):
        return (node.title, node.first_row, node.first_column) in whole
    if isinstance(node, Constant):
        return not isinstance(node.value, float) or node.value == int(node.value)
    exact = ("ROUND", "INT", "&", "=", "<>", "COUNTIF", "ISTEXT", "ISNUMBER")
    if isinstance(node, Call) and node.function in ("IF", "CHOOSE"):
        return all(_is_exact(argument, whole) for argument in node.arguments[1:])
    return isinstance(node, Call) and node.function in exact
