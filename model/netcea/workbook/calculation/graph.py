"""The order in which formulas can be worked out: what each refers to comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from netcea.workbook.calculation.syntax import Call, Name, Node, Reference


def references(node: Node | None) -> Iterator[Reference | Name]:
    """Yield all references and names in the tree of a formula."""
    todo: list[Node | None] = [node]
    while todo:
        found = todo.pop()
        if isinstance(found, Call):
            todo.extend(found.arguments)
        elif isinstance(found, Reference | Name):
            yield found


def functions(node: Node | None) -> set[str]:
    """Return the functions and operators in the tree of a formula."""
    found: set[str] = set()
    todo: list[Node | None] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, Call):
            found.add(item.function)
            todo.extend(item.arguments)
    return found


def components(after: Mapping[int, Sequence[int]], nodes: Iterable[int]) -> Iterator[list[int]]:
    """Yield nodes in their order: together those that refer to each other in a circle, mostly each alone.

    Parameters
    ----------
    after : mapping of node -> nodes that it refers to
    nodes : iterable of int

    Notes
    -----
    Tarjan (1972), Depth-first search and linear graph algorithms, SIAM J. Comput. 1, 146-160, without recursion.

    >>> list(components({1: [2], 2: [3], 3: [2], 4: []}, [1, 2, 3, 4]))
    [[3, 2], [1], [4]]
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in nodes:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        path: list[tuple[int, Iterator[int]]] = [(root, iter(after[root]))]
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == number[node]:
                    yield list(_popped(stack, on_stack, node))
            elif following not in number:
                number[following] = low[following] = len(number)
                stack.append(following)
                on_stack.add(following)
                path.append((following, iter(after[following])))
            elif following in on_stack:
                low[node] = min(low[node], number[following])


def _popped(stack: list[int], on_stack: set[int], until: int) -> Iterator[int]:
    while True:
        node = stack.pop()
        on_stack.remove(node)
        yield node
        if node == until:
            return


def reached(after: Mapping[int, Sequence[int]], nodes: Iterable[int]) -> set[int]:
    """Return nodes and all that they lead to.

    >>> sorted(reached({1: [2], 2: [1], 3: [1], 4: []}, [3]))
    [1, 2, 3]
    """
    found = set(nodes)
    todo = list(found)
    while todo:
        new = [node for node in after[todo.pop()] if node not in found]
        found.update(new)
        todo.extend(new)
    return found
