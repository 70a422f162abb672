"""What the tests of understanding share: one understander of the test company."""

from __future__ import annotations

import pytest

from insights.language.understand import Understander
from tests.language.company import CATALOG, CONTENTS


@pytest.fixture(scope="session")
def understander() -> Understander:
    """An understander of the test company, which has two rooms and four people."""
    people = {"ada": "Ada Okafor", "john": "John Smith", "jane": "Jane Smith", "mei": "Mei Tanaka"}
    return Understander(CATALOG, CONTENTS, rooms={"fern": "Fern", "dock": "The Dock"}, equipment=("screen", "video"), people=people)
