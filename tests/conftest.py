"""What holds for all tests: properties are tried without a clock, so that no test depends on the speed of a machine.

Linear algebra takes one thread a process: tests run side by side, and small matrices are not worth two. What Python compiled
is kept (below __pycache__, which git ignores), whatever the environment says: every process of a test would compile netcea again.
"""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded, here and in what tests start
os.environ["NETCEA_PROGRESS"] = "off"  # lines that depend on the speed of the machine; tests of them turn it on
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("any machine")


def pytest_collection_finish() -> None:
    """Thousands of tests are no garbage: what is collected stays out of the collector's way."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _libreoffice_recalculates_a_workbook_once(tmp_path_factory):
    """Many tests verify the same scenario: the processes of a run share what LibreOffice made of its workbook."""
    from helpers.recalculated import each_once
    from netcea.verification import independent

    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "recalculated"
    kept.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(independent, "recalculated", each_once(kept))
        yield


def pytest_sessionfinish() -> None:
    """End the LibreOffice that tests of this process shared."""
    if "helpers.office" in sys.modules:
        sys.modules["helpers.office"].Office.close()
