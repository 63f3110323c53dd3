"""What holds for all tests: properties are tried without a clock, so that no test depends on the speed of a machine.

Linear algebra takes one thread a process: tests run side by side, and small matrices are not worth two.
"""

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded, here and in what tests start
os.environ["NETCEA_PROGRESS"] = "off"  # lines that depend on the speed of the machine; tests of them turn it on
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("any machine")
