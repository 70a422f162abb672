"""Servers that tests start on this machine and stop afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest


def missing(reason):
    """Skip by name where a program is missing, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def as_nobody(command, **options):
    """Run a command as another user where we are root, as PostgreSQL asks for."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(command, check=True, capture_output=True, timeout=60, **user, **options)


@pytest.fixture(scope="session")
def postgres_address():
    """A PostgreSQL server of its own, in the locale that folds and orders the least."""
    programs = {name: shutil.which(name) for name in ("initdb", "pg_ctl")}
    if None in programs.values():
        missing("PostgreSQL is not installed: initdb and pg_ctl are not on the path")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="insights-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    as_nobody([programs["initdb"], "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "tests"], cwd=folder)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    as_nobody([programs["pg_ctl"], "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], cwd=folder)
    yield f"host=127.0.0.1 port={port} user=tests dbname=postgres"
    as_nobody([programs["pg_ctl"], "-D", data, "-m", "immediate", "stop"], cwd=folder)
    shutil.rmtree(folder, ignore_errors=True)
