"""insights.toml and the environment."""

from __future__ import annotations

import pytest

from insights import settings
from insights.errors import WrongSettings


def test_without_any_file_the_defaults_apply(tmp_path) -> None:
    """Nothing configured is fine: a home in the working folder and no door."""
    read = settings.read(environ={}, folder=tmp_path)
    assert (read.home, read.where, read.catalog, dict(read.sections)) == (tmp_path / ".insights", None, None, {})


def test_the_environment_wins_over_the_file(tmp_path) -> None:
    """INSIGHTS_SECTION__KEY overlays the file's table."""
    (tmp_path / "insights.toml").write_text('catalog = "company"\n[alexa]\nskill_id = "a"\nenabled = true\n')
    read = settings.read(environ={"INSIGHTS_ALEXA__SKILL_ID": "b", "INSIGHTS_SLACK__ENABLED": "false"}, folder=tmp_path)
    assert read.catalog == tmp_path / "company"
    assert read.section("alexa") == {"skill_id": "b", "enabled": True}
    assert read.section("slack") == {"enabled": False}
    assert read.secret("alexa", "skill_id") == "b"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("catalog = 3", "catalog"), ("catalogue = 'x'", "Did you mean 'catalog'"), ("catalog = ", "cannot be read"), ("\x00", "cannot be read")],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path, text, complaint) -> None:
    """Whoever runs the service learns which setting to mend."""
    (tmp_path / "insights.toml").write_text(text)
    with pytest.raises(WrongSettings, match=complaint):
        settings.read(environ={}, folder=tmp_path)


def test_a_named_file_must_exist(tmp_path) -> None:
    """INSIGHTS_CONFIG that leads nowhere is not ignored."""
    with pytest.raises(WrongSettings, match="INSIGHTS_CONFIG"):
        settings.read(environ={"INSIGHTS_CONFIG": str(tmp_path / "none.toml")}, folder=tmp_path)


def test_paths_are_relative_to_the_file(tmp_path) -> None:
    """A service started elsewhere finds the same catalog."""
    (tmp_path / "insights.toml").write_text('data = ["a.csv", "s3://lake/x"]\nhome = "state"\n')
    read = settings.read(environ={"INSIGHTS_CONFIG": str(tmp_path / "insights.toml")}, folder=tmp_path / "elsewhere")
    assert read.data == (str(tmp_path / "a.csv"), "s3://lake/x")
    assert read.home == tmp_path / "state"
