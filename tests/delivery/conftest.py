"""A ledger, and messengers that do as they are told."""

import importlib.util
import sys
from pathlib import Path

import pytest

from tests.ledgers import open_at


@pytest.fixture
def where(tmp_path):
    """Where the ledger of a test is."""
    return str(tmp_path / "ledger.db")


@pytest.fixture
def ledger(where):
    """An empty ledger."""
    ledger = open_at(where)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def doomed():
    """The module of the process that is killed, for what it asks and as whom."""
    specification = importlib.util.spec_from_file_location("doomed", Path(__file__).with_name("doomed.py"))
    module = importlib.util.module_from_spec(specification)
    sys.modules["doomed"] = module
    specification.loader.exec_module(module)
    return module
