import subprocess
import sys

from netcea.reporting.figures.style import STRATEGY_COLOURS, looks


def test_importing_the_module_does_not_import_matplotlib():
    code = "import sys, netcea.reporting.figures.forest; print('matplotlib' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_strategies_beyond_the_palette_are_dashed_and_the_comparator_is_wide_and_grey():
    names = [f"s{i}" for i in range(len(STRATEGY_COLOURS) + 2)]
    found = looks(names, "s1")
    assert list(found) == names
    assert found["s1"].linewidth > found["s0"].linewidth
    assert {look.linestyle for name, look in found.items() if name != names[-1]} == {"-"}
    assert (found[names[-1]].colour, found[names[-1]].linestyle) == (STRATEGY_COLOURS[0], "--")
