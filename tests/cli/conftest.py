"""`insights.cli.main` in process: what is printed, and the status it ends with."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

import pytest

from insights.cli import main


class _Piped(io.StringIO):
    """Standard input as a pipe gives it."""

    def isatty(self):
        """Never."""
        return False


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self):
        """Lines of standard output."""
        return self.out.splitlines()


@pytest.fixture
def home(demo_home, tmp_path, monkeypatch):
    """INSIGHTS_HOME of this test, in an empty working folder without settings; the caches of the demo company are shared."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "cache").symlink_to(demo_home / "cache")
    (demo_home / "cache").mkdir(exist_ok=True)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for name in ("INSIGHTS_CONFIG", "INSIGHTS_CATALOG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSIGHTS_HOME", str(folder))
    return folder


@pytest.fixture
def run(home, monkeypatch):
    """Run `insights` with these arguments and this standard input."""

    def insights(*arguments: str, stdin: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr("sys.stdin", _Piped(stdin))
        status = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return Ran(status, out.getvalue(), err.getvalue())

    return insights


@pytest.fixture
def ask(run, company):
    """Run `insights ask` over the demo company."""

    def asked(*arguments: str, stdin: str = "") -> Ran:
        return run("ask", "--catalog", str(company.folder), *arguments, stdin=stdin)

    return asked
