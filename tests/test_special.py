"""Compiled functions of scipy.special stand on their own: the same objects as in the package, at a fifth of its start."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import sys
from netcea.special import special
assert "scipy.special" not in sys.modules, "the whole package was loaded"
assert "scipy._lib.array_api_compat" not in sys.modules
ndtr, gammainc = special.ndtr, special.gammainc
import scipy.special
assert scipy.special.ndtr is ndtr and scipy.special.gammainc is gammainc
assert scipy.special.zeta(2.0) > 1.6, "which is not among the compiled ones"
"""
AFTERWARDS = """
import scipy.special
from netcea.special import special
assert special is scipy.special
"""


def test_the_package_can_be_loaded_before_and_afterwards():
    for program in (ALONE, AFTERWARDS):
        done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
