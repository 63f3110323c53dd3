"""The functions of `scipy.special`, without the rest of that package.

Its own start imports array libraries and nearly all of NumPy, which takes five times as long as NumPy itself. The
compiled functions need none of that. They are the same objects, so that results are the same.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

__all__ = ["compiled", "special"]

PACKAGE: Final = "scipy.special"
COMPILED: Final = f"{PACKAGE}._ufuncs"


def compiled() -> ModuleType:
    """Return the compiled functions of `scipy.special`; the whole package where it is loaded, or they stand elsewhere.

    Returns
    -------
    ModuleType
        With `ndtr`, `gammainc` and the other functions of numbers.

    Examples
    --------
    >>> float(compiled().ndtr(0.0))
    0.5
    """
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    import scipy

    package = ModuleType(PACKAGE)  # stands in for the package while its compiled part is loaded
    package.__path__ = [f"{folder}/special" for folder in scipy.__path__]
    sys.modules[PACKAGE] = package
    found = None
    with suppress(Exception):  # a SciPy that is laid out in another way is loaded whole
        found = import_module(COMPILED)
    del sys.modules[PACKAGE]
    return import_module(PACKAGE) if found is None else found


if TYPE_CHECKING:
    from scipy import special as special  # noqa: PLC0414 - that others may import it from here
else:
    special: Any = compiled()
