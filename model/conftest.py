"""Doctests of the compiled kernel are left out where numba is not installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("numba") is not None else ["netcea/kernel/compiled.py"]
