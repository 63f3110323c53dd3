"""The same bytes whatever the threads of the library of linear algebra."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from netcea.blas import VARIABLES, OneThread


def printed(*command, threads, **more):
    environment = {**os.environ, **dict.fromkeys(VARIABLES, str(threads)), **more}
    ran = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def blas_threads():
    return {item["num_threads"] for item in threadpool_info() if item["user_api"] == "blas"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("voi", "pnet", "--draws", "3000", "--seed", "1"),
        ("run", "pnet", "--no-ledger", "--set", "settings.cycle_days=1"),
        ("psa", "pnet", "--draws", "50", "--set", "settings.cycle_days=1"),
    ],
    ids=lambda command: command[0],
)
def test_a_command_prints_the_same_bytes(command):
    arguments = ("-m", "netcea", *command, "--no-files", "--json")
    one, two = (printed(*arguments, threads=n) for n in (1, 2))
    assert one == two
    assert json.loads(one)


@pytest.mark.slow
def test_a_program_that_loaded_numpy_first_gets_the_same_results():
    """There the variables come too late, and the library is limited while netcea works."""
    program = "import numpy, netcea; print(netcea.voi('pnet', draws=3000, seed=1).frame('evppi').to_json())"
    one, two = (printed("-c", program, threads=n) for n in (1, 2))
    assert one == two
    assert json.loads(one)


def test_a_program_starts_with_one_thread(monkeypatch):
    program = "from netcea.cli.main import main; import sys, os\ntry: main(['schema', 'scenario'])\nfinally:\n"
    program += f" print([os.environ[name] for name in {VARIABLES!r}], file=sys.stderr)"
    environment = {**os.environ, **dict.fromkeys(VARIABLES, "2")}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert ran.stderr.strip() == str(["1"] * len(VARIABLES))


@pytest.fixture
def two_threads():
    assert np.linalg.inv(np.eye(2)).sum() == 2.0  # the library is there
    with threadpool_limits(limits=2, user_api="blas"):
        if blas_threads() != {2}:
            pytest.skip("a library of linear algebra that takes no limit, or one processor")
        yield


def test_threads_are_given_back(two_threads):
    one_thread = OneThread()
    with one_thread:
        assert blas_threads() == {1}
        with one_thread:
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_threads_are_given_back_after_an_error(two_threads):
    with pytest.raises(ZeroDivisionError), OneThread():
        1 / 0  # noqa: B018
    assert blas_threads() == {2}


def test_a_thread_that_came_later_gives_back_what_it_took(two_threads):
    one_thread = OneThread()

    def second():
        with one_thread:
            pass

    with one_thread:
        other = threading.Thread(target=second)
        other.start()
        other.join()
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_a_function_has_one_thread(two_threads):
    assert OneThread()(blas_threads)() == {1}
    assert blas_threads() == {2}


def test_a_library_that_was_loaded_later_is_limited_too():
    """Libraries are looked for once, and again when modules were imported: SciPy brings one of its own."""
    program = (
        "import numpy, sys; from netcea.blas import OneThread; from threadpoolctl import threadpool_info\n"
        "one = OneThread()\nwith one: assert 'scipy.linalg' not in sys.modules\nimport scipy.linalg\n"
        "with one: print([i['num_threads'] for i in threadpool_info() if i['user_api'] == 'blas'])"
    )
    found = json.loads(printed("-c", program, threads=2))
    assert set(found) == {1}
