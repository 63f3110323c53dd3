"""The Python reference, from the docstrings: the public names, and the packages that hold the model's arithmetic.

Sources are read, not imported; docstrings are taken apart by numpydoc's own parser.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from numpydoc.docscrape import NumpyDocString, Parameter
from tables import cell, code, prose, table

import netcea

PACKAGES = {
    "quantities": "a number of inputs/: value, unit, uncertainty, source, status",
    "uncertainty": "how a number is uncertain, one family a file",
    "cohort": "cycles, life tables, norms, utilities",
    "survival": "families of curves; ratios, waning, floors",
    "fitting": "published figures, trials and patients to curves with their covariance",
    "costs": "one category of costs a file",
    "engine": "the model on one page: simulate",
    "sampling": "random rows",
    "decision": "incremental analysis, net benefit, severity, acceptability, value of information",
}
"""Packages whose docstrings tests/test_docstrings.py holds to numpydoc's rules."""
TABLES = ("Parameters", "Attributes", "Returns", "Yields", "Raises")
TEXTS = ("Notes", "References")


def pages(root: Path) -> dict[str, str]:
    """Return path -> page: an index, the public names, a page for each package."""
    model = root / "model"
    text = {"reference/index": _index(), "reference/public": _public()}
    for package, about in PACKAGES.items():
        paths = sorted((model / "netcea" / package).rglob("*.py"))
        modules = [_module(path, model) for path in paths if path.stem != "__init__" and not path.stem.startswith("_")]
        text[f"reference/{package}"] = f"# netcea.{package}\n\n{about[0].upper()}{about[1:]}.\n\n" + "\n".join(modules)
    return text


def _index() -> str:
    rows = [["[public names](public.md)", "for notebooks and scripts; everything else may change"]]
    rows += [[f"[netcea.{name}]({name}.md)", about] for name, about in PACKAGES.items()]
    return (
        "# Python reference\n\nFrom the docstrings, with shapes, units, equations and sources. "
        "[In a notebook](../notebook.md) shows how the public names are used.\n\n"
        + table(["page", "is for"], rows)
        + "\n```{toctree}\n:hidden:\n\npublic\n"
        + "\n".join(PACKAGES)
        + "\n```\n"
    )


def _public() -> str:
    text = ["# Public names\n\n`import netcea` has these, imported when they are first used.\n"]
    for name in netcea.__all__:
        if name != "__version__":
            found = getattr(netcea, name)
            text += [
                f"## {code(name)}\n",
                _given(name, re.sub(r"netcea\.[a-z_.]+\.(?=[A-Z])", "", str(inspect.signature(found)))),
            ]
            text += _docstring(inspect.getdoc(found))
    return "\n".join(text)


def _module(path: Path, model: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = ".".join(path.relative_to(model / "netcea").with_suffix("").parts)
    text = [f"## {cell(name)}\n", *_docstring(ast.get_docstring(tree))]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            text += [f"### {code(node.name)}\n", *_object(node, 4, node.name)]
    return "\n".join(text)


def _object(node: ast.FunctionDef | ast.ClassDef, level: int, name: str) -> Iterator[str]:
    """Yield the paragraphs of a function, or of a class with its public methods."""
    if isinstance(node, ast.FunctionDef):
        yield _signature(node, name)
        yield from _docstring(ast.get_docstring(node))
        return
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    yield f"```python\nclass {name}{f'({bases})' if bases else ''}\n```\n"
    yield from _docstring(ast.get_docstring(node))
    yield from _fields(node)
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            yield f"{'#' * level} {code(f'{node.name}.{method.name}')}\n"
            yield _signature(method, method.name)
            yield from _docstring(ast.get_docstring(method))


def _signature(node: ast.FunctionDef, name: str) -> str:
    decorated = [d.id for d in node.decorator_list if isinstance(d, ast.Name)]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if {"property", "cached_property"} & set(decorated):
        return f"```python\n{name}{returns.replace(' -> ', ': ')}\n```\n"
    return _given(name, f"({ast.unparse(node.args)}){returns}")


def _given(name: str, signature: str) -> str:
    """Return a call as code, an argument a line where it is long."""
    if len(name + signature) > 96 and (found := re.fullmatch(r"\((.*)\)( -> .*)?", signature, re.DOTALL)) is not None:
        inside = re.split(r",\s(?![^\[\]()]*[\])])", found[1])
        signature = "(\n" + "".join(f"    {part},\n" for part in inside) + f"){found[2] or ''}"
    return f"```python\n{name}{signature}\n```\n"


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Yield a table of the fields that have a docstring of their own."""
    rows = []
    for entry, after in zip(node.body, node.body[1:], strict=False):
        said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        if isinstance(entry, ast.AnnAssign) and isinstance(said, str):
            rows.append([code(ast.unparse(entry.target)), code(ast.unparse(entry.annotation)), prose(said)])
    if rows:
        yield table(["field", "is", "means"], rows)


def _docstring(text: str | None) -> Iterator[str]:
    if not text:
        return
    found = NumpyDocString(text)
    yield from _paragraphs(found["Summary"])
    yield from _paragraphs(found["Extended Summary"])
    for section in TABLES:
        if found[section]:
            yield f"*{section}*\n"
            yield table(["name", "is", "means"], [_row(entry) for entry in found[section]])
    for section in TEXTS:
        if found[section]:
            yield f"*{section}*\n"
            yield from _paragraphs(found[section])
    if found["Examples"]:
        yield "*Examples*\n\n```pycon\n" + "\n".join(found["Examples"]).strip() + "\n```\n"


def _row(entry: Parameter) -> list[str]:
    return [code(entry.name), prose(entry.type), prose(" ".join(entry.desc))]


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    for part in "\n".join(lines).split("\n\n"):
        if part.strip():
            yield f"{prose(part)}\n"
