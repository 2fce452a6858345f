"""A JupyterLab of one's own: its settings, its port, its processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.nbgrader_course import environment

SETTINGS = {
    # A first visitor is asked about news from the internet.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # Light or dark as the browser likes it.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
}
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
]
SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve the folder ``root`` to this machine alone, as ``jupyter lab`` in it does."""
    own = Path(environment(root)["JUPYTER_CONFIG_DIR"])
    (own / "labconfig").mkdir(parents=True, exist_ok=True)
    (own / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    log = own / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--port={port}"],
            cwd=root,
            env=environment(root),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(address, server, log)
        yield address
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    # Nothing between here and this machine: a proxy of the environment would not find it.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < end:
        with suppress(OSError):
            direct.open(f"{address}/api", timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Let it end its kernels first, which are in sessions of their own."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(SECONDS_TO_STOP)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
