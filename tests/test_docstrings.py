"""Docstrings of the public numbers: numpydoc's rules, and how many say their parameters, units and evidence.

`python tests/test_docstrings.py` prints both; pyproject.toml says which of numpydoc's rules hold.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "model" / "netcea"
PACKAGES = ("quantities", "uncertainty", "cohort", "survival", "fitting", "costs", "engine", "sampling", "decision")
"""Packages whose docstrings are checked."""
WITHOUT_NUMBERS = ("loading", "execution", "storage", "confidential")
"""Packages that have no formulas: their functions say their parameters."""
FLOORS = {"parameters": 1.0, "units": 1.0, "evidence": 0.9}
"""Least share of the public functions of a package: of those with parameters, that have a section Parameters; of those
with numbers, that have a [unit]; and that have Examples or References."""
NUMBERS = re.compile(r"Array|float|Amount")
CELLS = re.compile(r"\b(V|S|S_co)\b")
"""In an annotation: numbers or cells of a spreadsheet, of one time and over time. They have a unit, but no example."""


@dataclass(frozen=True)
class Function:
    """A public function or method: where it stands, the class it belongs to, what it says."""

    file: Path
    node: ast.FunctionDef
    owner: ast.ClassDef | None

    @property
    def name(self):
        return ".".join([self.file.stem, *([self.owner.name] if self.owner else []), self.node.name])

    @property
    def parameters(self):
        args = self.node.args
        names = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        names += [a for a in (args.vararg, args.kwarg) if a]
        return names[1:] if self.owner and not is_("staticmethod", self.node) else names

    @property
    def is_property(self):
        return is_("property", self.node) or is_("cached_property", self.node)

    @property
    def annotations(self):
        """Of what goes in and of what comes out."""
        found = [*(a.annotation for a in self.parameters), self.node.returns]
        return ", ".join(ast.unparse(annotation) for annotation in found if annotation)

    @property
    def texts(self):
        """Its own docstring, and those of the methods that it fills in."""
        overridden = [overridden_by(base, self.node.name) for base in bases(self.owner)]
        return [ast.get_docstring(node) or "" for node in (self.node, *filter(None, overridden))]

    def says(self, what):
        if what == "parameters":
            return any(re.search(r"^Parameters\n-+$", text, re.MULTILINE) for text in self.texts)
        if what == "units":
            return any(re.search(r"\[[^\]\n]+\]", without_examples(text)) for text in self.texts)
        texts = [*self.texts, ast.get_docstring(self.owner) or "" if self.owner else ""]
        return any(re.search(r"^(Examples|References)\n-+$", text, re.MULTILINE) for text in texts)


def is_(decorator, node):
    return any(ast.unparse(d).split(".")[-1] == decorator for d in node.decorator_list)


def without_examples(text):
    return re.split(r"^Examples\n-+$", text, flags=re.MULTILINE)[0]


@cache
def classes():
    """Every class of the source by its name."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")]
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def bases(owner):
    """Classes that a class is made from, the nearest first."""
    found = [classes().get(ast.unparse(base).split("[")[0].split(".")[-1]) for base in (owner.bases if owner else [])]
    return [one for base in found if base for one in (base, *bases(base))]


def overridden_by(base, name):
    return next((n for n in base.body if isinstance(n, ast.FunctionDef) and n.name == name), None)


def files(package):
    return sorted((SOURCE / package).rglob("*.py"))


def functions(package):
    """Public functions, methods and properties of public classes."""
    for file in files(package):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield Function(file, node, None)
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                inner = (n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_"))
                yield from (Function(file, n, node) for n in inner)


@cache
def concerned(package):
    """What is counted -> the functions of a package that it concerns."""
    found = list(functions(package))
    return {
        "parameters": [f for f in found if f.parameters],
        "units": [f for f in found if NUMBERS.search(f.annotations) or CELLS.search(f.annotations)],
        "evidence": [f for f in found if NUMBERS.search(f.annotations)],
    }


def share(what, among):
    return sum(function.says(what) for function in among) / max(len(among), 1)


def accepted(package):
    """(file, name, code) of rules that numpydoc cannot see to be met.

    A method says its parameters through the class whose method it fills in; a property returns what it is, and one that
    is a function says that function's parameters; a class may have its base's `__init__`.
    """
    for f in functions(package):
        if len(f.texts) > 1:
            yield from ((f.file, f.name, code) for code in ("PR01", "RT01", "YD01"))
        if f.is_property:
            yield from ((f.file, f.name, code) for code in ("PR02", "RT01"))
    for file in files(package):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(overridden_by(base, "__init__") for base in bases(node)):
                yield file, f"{file.stem}.{node.name}", "PR02"


def findings(package):
    """Yield what numpydoc finds."""
    from numpydoc.hooks.validate_docstrings import parse_config, process_file

    config, known = parse_config(ROOT), set(accepted(package))
    for file in files(package):
        for place, name, code, text in process_file(file, config):
            if (file, name, code) not in known:
                yield f"{Path(place).relative_to(ROOT)} {name} {code} {text}"


@pytest.mark.parametrize("what", FLOORS)
@pytest.mark.parametrize("package", PACKAGES)
def test_public_functions_say(package, what):
    among = concerned(package)[what]
    silent = [function.name for function in among if not function.says(what)]
    assert share(what, among) >= FLOORS[what], silent


@pytest.mark.parametrize("package", WITHOUT_NUMBERS)
def test_functions_without_numbers_say_their_parameters(package):
    assert not [f.name for f in concerned(package)["parameters"] if not f.says("parameters")]


@pytest.mark.parametrize("package", PACKAGES)
def test_numpydoc(package):
    pytest.importorskip("numpydoc", reason="numpydoc comes with the extra dev")
    assert not list(findings(package))


def main():
    """Print shares and findings; return whether anything is wrong."""
    wrong = []
    for package in PACKAGES:
        found = {what: (share(what, among), len(among)) for what, among in concerned(package).items()}
        print(f"{package:12}", *(f"{what} {100 * part:.0f}% of {n}" for what, (part, n) in found.items()), sep="   ")
        wrong += [
            f"{package}: {what} below {100 * FLOORS[what]:.0f}%" for what in FLOORS if found[what][0] < FLOORS[what]
        ]
        wrong += findings(package)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
