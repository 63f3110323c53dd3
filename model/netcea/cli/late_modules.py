"""Modules of NumPy that SciPy touches when it starts: loaded when somebody uses them, in a program that is all netcea.

`scipy.special` takes over every name of NumPy's, and so loads its Fortran parser, its test tools and its polynomials: a
third of the time of a start.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Final

LATE: Final = frozenset(f"numpy.{name}" for name in ("ctypeslib", "f2py", "ma", "polynomial", "testing"))


class _LateModules(MetaPathFinder):
    """Finds the modules as they are found otherwise, with a loader that waits until one of their names is asked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LATE else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def load_late() -> None:
    """Let this process, and those that it forks, load these modules when they are used.

    The loader is the standard library's `importlib.util.LazyLoader`: whoever uses a module finds it as ever.
    """
    if not any(isinstance(finder, _LateModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, _LateModules())
