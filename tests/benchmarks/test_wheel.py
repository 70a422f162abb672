"""What is built holds everything the packages need, and says what is missing where it does not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from benchmarks import wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return wheel.build(tmp_path_factory.mktemp("wheel"))


def _without(built: Path, name: str, to: Path) -> Path:
    with zipfile.ZipFile(built) as whole, zipfile.ZipFile(to, "w") as part:
        for entry in whole.namelist():
            if entry != name:
                part.writestr(entry, whole.read(entry))
    return to


@pytest.mark.xdist_group("benchmarks")
def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(built, tmp_path):
    """Templates, definitions, migrations and word lists travel with the code; one that is left out is named."""
    wheel.compare(built, built.parent / wheel.SOURCE)
    for name in ("insights/wording/templates/value.j2", "insights/demo/sql/orders.sql", "insights/language/english.txt", "insights/py.typed"):
        with pytest.raises(wheel.Failed, match=f"not in it: {name};"):
            wheel.compare(_without(built, name, tmp_path / "part.whl"), built.parent / wheel.SOURCE)


def test_a_program_that_fails_is_named_with_its_complaint(tmp_path):
    """Whoever runs it sees what went wrong, not a traceback of ours."""
    with pytest.raises(wheel.Failed, match=r"ended with 3:\nno such thing"):
        wheel.run("sh", "-c", "echo no such thing >&2; exit 3", cwd=tmp_path)


def test_settings_of_this_machine_do_not_reach_the_empty_environment(tmp_path, monkeypatch):
    """A wheel that only works beside the checkout does not work."""
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("INSIGHTS_CATALOG", "/elsewhere")
    assert wheel.run("sh", "-c", "echo $PYTHONPATH$INSIGHTS_CATALOG", cwd=tmp_path).strip() == ""
