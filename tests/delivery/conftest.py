"""A ledger, and messengers that do as they are told."""

import importlib.util
import sys
from pathlib import Path

import pytest

from insights.ledger.sqlite import open_ledger


@pytest.fixture
def ledger(tmp_path):
    """An empty ledger."""
    ledger = open_ledger(tmp_path / "ledger.db")
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
