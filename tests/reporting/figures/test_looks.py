"""Strategies are told apart: in colour, with any kind of colour vision, and in shades of grey."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from netcea.reporting.figures.style import looks

NAMES = [f"s{i}" for i in range(20)]
SIGHT = {
    "all": np.eye(3),
    "without red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "without green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "without blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What colours look like (Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1; linear RGB)."""


def seen(colour, sight):
    """Return a colour as CIE L*a*b* has it, as some people see it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    rgb = np.clip(SIGHT[sight] @ linear, 0.0, 1.0)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in to_xyz @ rgb / [0.95047, 1.0, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_every_strategy_has_a_look_of_its_own():
    found = looks(NAMES, "s3")
    assert len({(look.colour, look.marker) for look in found.values()}) == len(NAMES)
    assert len({(look.colour, look.linestyle) for look in found.values()}) == len(NAMES)
    first = looks(NAMES[:13], "s3")
    assert len({look.colour for look in first.values()}) == len(first)


@pytest.mark.parametrize("count", [2, 3, 8])
def test_without_colours_lines_and_points_tell_strategies_apart(count):
    found = looks(NAMES[:count], "s1")
    for a, b in combinations(found.values(), 2):
        assert (a.linestyle, a.linewidth) != (b.linestyle, b.linewidth) or abs(
            seen(a.colour, "all")[0] - seen(b.colour, "all")[0]
        ) > 15
    markers = [look.marker for look in found.values()]
    assert len(set(markers)) == len(markers)


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_of_eight_strategies_are_apart_for_any_sight(sight):
    found = looks(NAMES[:8], "s1")
    for a, b in combinations(found.values(), 2):
        apart = float(np.linalg.norm(seen(a.colour, sight) - seen(b.colour, sight)))
        assert apart > (8.0 if a.linestyle != b.linestyle else 15.0), (a, b, apart)


def test_the_comparator_is_wide_and_grey():
    found = looks(NAMES[:4], "s1")
    assert list(found) == NAMES[:4]
    assert found["s1"].linewidth > found["s0"].linewidth
    assert len(set(to_rgb(found["s1"].colour))) == 1
    assert found["s1"].linestyle == found["s0"].linestyle == "-"


def test_importing_the_module_does_not_import_matplotlib():
    code = "import sys, netcea.reporting.figures.forest; print('matplotlib' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
