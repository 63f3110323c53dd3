"""Which of the two computes: as asked, or the compiled one once loading it pays; and it says so."""

import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.errors import InputError
from netcea.kernel import choice
from netcea.kernel.choice import SWITCH, Kernel, kernels


class Loaded:
    NUMBA = "9.9"


@pytest.fixture
def numba_is_there(monkeypatch):
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(choice, "find_spec", lambda _: object())
    monkeypatch.setattr(choice, "import_module", lambda _: Loaded)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "9.9")


def test_it_is_loaded_once_as_much_was_computed_as_that_costs(numba_is_there):
    kernel = Kernel(pays=100)
    assert [kernel.compiled(40) for _ in range(2)] == [None, None]
    assert kernel.words == "NumPy"
    assert kernel.compiled(21) is Loaded
    assert kernel.compiled() is Loaded
    assert (kernel.words, kernel.compiled_was_used) == ("compiled kernel (numba 9.9)", True)


@pytest.mark.parametrize(("asked", "expected"), [("numpy", None), (" Compiled ", Loaded)])
def test_the_environment_decides(asked, expected, numba_is_there, monkeypatch):
    monkeypatch.setenv(SWITCH, asked)
    assert Kernel(pays=0).compiled(1) is expected
    assert ("numba" in kernels()) == (expected is Loaded)


def test_other_words_are_refused(monkeypatch):
    monkeypatch.setenv(SWITCH, "fortran")
    for ask in (Kernel().compiled, kernels):
        with pytest.raises(InputError, match=r"(?s)NETCEA_KERNEL.*found 'fortran'; expected numpy, compiled"):
            ask()


@pytest.mark.parametrize("broken", [False, True])
def test_without_numba_numpy_computes_unless_it_was_asked_for(broken, numba_is_there, monkeypatch):
    def fails(_):
        raise ImportError("Numba needs NumPy 2.0 or less")

    if broken:
        monkeypatch.setattr(choice, "import_module", fails)
    else:
        monkeypatch.setattr(choice, "find_spec", lambda _: None)
    kernel = Kernel(pays=0)
    assert kernel.compiled(1) is None
    assert (kernel.compiled(1), kernel.words) == (None, "NumPy")
    monkeypatch.setenv(SWITCH, "compiled")
    words = "Numba needs NumPy 2.0" if broken else "it is not installed"
    with pytest.raises(InputError, match=rf"(?s){words}.*pip install 'netcea\[fast\]'"):
        Kernel().compiled()


def test_the_version_says_what_computes(numba_is_there, monkeypatch):
    shown = CliRunner().invoke(main, ["--version"])
    assert "NumPy, and the compiled kernel (numba 9.9) where there is much to compute" in shown.output
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    assert CliRunner().invoke(main, ["--version"]).output.splitlines()[-1] == "numbers are computed by NumPy"
