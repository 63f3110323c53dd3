"""Tasks that workers of a cluster import by name, and clusters whose processes can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from helpers.processes import PATIENCE, wait_until

SCHEDULER = "distributed.cli.dask_scheduler"
WORKER = "distributed.cli.dask_worker"


def digest_after(scenario, seconds):
    time.sleep(seconds)
    return scenario.digest


def double_after(x, seconds):
    time.sleep(seconds)
    return 2 * x


def begin_and_wait(folder, x, seconds):
    """Leave a file that says where and that this was begun."""
    (Path(folder) / f"{x}-{os.getpid()}-{time.monotonic_ns()}").touch()
    time.sleep(seconds)
    return 2 * x


def die(folder):
    (Path(folder) / f"died-{os.getpid()}").touch()
    os.kill(os.getpid(), signal.SIGKILL)


def divide(x, y):
    return x / y


class Cluster:
    """A Dask cluster of processes on this machine."""

    def __init__(self, folder, workers=2, *, nanny=False):
        self.file = folder / "scheduler.json"
        self.folder, self.nanny = folder, nanny
        self.scheduler = self._begin(SCHEDULER, "--port", "0", "--no-dashboard", "--no-show", "--no-jupyter")
        assert wait_until(self.file.is_file)
        self.workers = [self.add() for _ in range(workers)]

    def _begin(self, module, *options):
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
        program = [sys.executable, "-m", module, "--host", "127.0.0.1", "--scheduler-file", str(self.file), *options]
        with (self.folder / "said.txt").open("a") as said:
            return subprocess.Popen(
                program, stdout=said, stderr=said, env=environment, start_new_session=True, cwd=self.folder
            )

    def add(self):
        nanny = "--nanny" if self.nanny else "--no-nanny"
        return self._begin(WORKER, "--nthreads", "1", nanny, "--no-dashboard", "--local-directory", str(self.folder))

    @property
    def address(self):
        return str(self.file)

    def wait_for_workers(self, count=2):
        from distributed import Client

        with Client(scheduler_file=self.address, timeout=PATIENCE) as client:
            client.wait_for_workers(count, timeout=PATIENCE)

    def close(self):
        for process in [*self.workers, self.scheduler]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
