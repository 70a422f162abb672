"""One index of values for everybody, whatever each may see, kept between processes."""

from __future__ import annotations

from contextlib import closing

import pytest

from insights import wiring
from insights.language import index, keeping
from insights.requests import Understood
from insights.turns import Turn


@pytest.fixture
def built(monkeypatch):
    """How many values each index was built of, in order."""
    counts: list[int] = []

    def counting(values, version):
        counts.append(sum(map(len, values.values())))
        return build(values, version)

    build = index.build
    monkeypatch.setattr(keeping, "build", counting)
    monkeypatch.setattr(index, "build", counting)
    return counts


def test_everybody_shares_one_index_and_the_next_process_reads_it(company, tmp_path, built):
    """Three people who may see different things, and a second assistant over the same home: it is built once, of all values."""
    said = []
    for _ in range(2):
        with closing(wiring.open_catalog(company.folder, home=tmp_path)) as assistant:
            for person in (None, *list(assistant.organization.people)[:6]):
                reading, _ = assistant.understand(Turn("revenue by market last month", person))
                said.append(isinstance(reading, Understood))
            values = sum(map(len, assistant.contents.values.values()))
    assert built == [values]
    assert any(said)


def test_a_spoilt_index_changes_no_reading(company, tmp_path, built):
    """A byte of the kept file flipped: it is built again and everything is understood as before."""
    readings = []
    for _ in range(2):
        with closing(wiring.open_catalog(company.folder, home=tmp_path)) as assistant:
            readings.append(assistant.understand(Turn("revenue in the Nordics last month", "ada"))[0])
        (place,) = (tmp_path / "cache").glob("*.index")
        data = bytearray(place.read_bytes())
        data[len(data) // 2] ^= 1
        place.write_bytes(bytes(data))
    assert readings[0] == readings[1]
    assert len(built) == 2
