"""The demo company, made once and shared by every test process."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, settings

from insights import wiring
from insights.demo.company import ROWS, SEED, Company, make, standing
from insights.ledger.sqlite import open_ledger
from tests.servers import postgres_address  # noqa: F401  # a fixture for every folder

ROOT = Path(__file__).parents[1]
# No test is about how fast the machine is; CI draws the same cases each time, everybody else new ones.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def company() -> Company:
    """Halcyon Media as `make demo` makes it, where `make demo` makes it."""
    folder = ROOT / ".insights" / "demo"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return standing(folder, rows=ROWS, seed=SEED) or make(folder, rows=ROWS, seed=SEED)


@pytest.fixture(scope="session")
def by_hand(company):
    """Runs SQL over the demo company's files, with a view for each dataset."""
    connection = duckdb.connect()
    data = company.folder / "data"
    for path in sorted(data.iterdir()):
        files = f"{path}/**/*.parquet" if path.is_dir() else str(path)
        connection.execute(f"CREATE VIEW {path.name.removesuffix('.parquet')} AS SELECT * FROM read_parquet('{files}', union_by_name=true)")
    yield lambda sql, *parameters: connection.execute(sql, parameters or None).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def demo_home(company, tmp_path_factory) -> Path:
    """A home whose caches this process shares between its assistants."""
    home = tmp_path_factory.mktemp("home")
    (home / "cache").mkdir()  # what links to it before anything is kept must find it
    return home


@pytest.fixture(scope="session")
def halcyon(company, demo_home):
    """An assistant over the demo company; for questions, not for actions."""
    with closing(wiring.open_catalog(company.folder, home=demo_home)) as assistant:
        yield assistant


@pytest.fixture
def office(company, demo_home, tmp_path):
    """An assistant over the demo company with a ledger of its own."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(company.folder, home=home)) as assistant:
        yield assistant


@pytest.fixture
def ledger(tmp_path):
    """An empty ledger."""
    ledger = open_ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """Right, asked, refused and wrong answers of each measurement, told apart."""
    from tests.verdicts import VERDICTS

    properties = [value for reports in terminalreporter.stats.values() for report in reports for name, value in _properties(report) if name == "verdict"]
    counts = Counter(properties)
    for measured in sorted({value.rpartition(" ")[0] for value in properties}):
        terminalreporter.write_line(f"{measured}: " + ", ".join(f"{counts[f'{measured} {verdict}']} {verdict}" for verdict in VERDICTS))


def _properties(report) -> list[tuple[str, str]]:
    """What a test recorded; only its call, as setup and teardown repeat it."""
    return getattr(report, "user_properties", []) if getattr(report, "when", "") == "call" else []
