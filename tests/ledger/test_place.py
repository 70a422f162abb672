"""Where the ledger is kept, by the settings."""

import re
from pathlib import Path

import pytest

from insights import settings, wiring
from insights.errors import OutsideFailed, WrongSettings
from insights.ledger import postgres, sqlite


def configured(tmp_path, **environ):
    """Settings from the environment alone."""
    return settings.read(environ={"INSIGHTS_HOME": str(tmp_path), **environ}, folder=tmp_path)


def test_without_a_setting_the_ledger_is_a_file_at_home(tmp_path):
    """Made when it is opened, not before."""
    place = wiring.ledger_place(configured(tmp_path))
    assert not place.stands()
    place.open().close()
    assert place.stands()
    assert (tmp_path / "ledger.sqlite").exists()


def test_ledger_url_keeps_it_in_postgresql(tmp_path, postgres_address):
    """In the schema that is named, and nothing is written at home."""
    place = wiring.ledger_place(configured(tmp_path, INSIGHTS_LEDGER__URL=postgres_address, INSIGHTS_LEDGER__SCHEMA="placed"))
    ledger = place.open()
    assert ledger.find("nothing") is None
    ledger.close()
    assert not list(tmp_path.iterdir())


def test_on_lambda_a_file_is_refused_at_the_start_with_the_way_out(tmp_path):
    """Before anything is asked: what it wrote would vanish with the function."""
    with pytest.raises(WrongSettings, match="vanish") as caught:
        wiring.open_settings(configured(tmp_path, AWS_LAMBDA_FUNCTION_NAME="alexa", INSIGHTS_CATALOG="catalog"))
    assert "ledger.url" in caught.value.remedy
    place = wiring.ledger_place(configured(tmp_path, AWS_LAMBDA_FUNCTION_NAME="alexa", INSIGHTS_LEDGER__URL="postgresql://db/insights"))
    assert place.stands()


@pytest.mark.parametrize("schema", ['x"; DROP SCHEMA public; --', "", "naïve", "a b"])
def test_a_schema_is_a_plain_name(postgres_address, schema):
    """It stands in SQL, so it is checked and never escaped."""
    with pytest.raises(WrongSettings, match=r"ledger\.schema"):
        postgres.open_ledger(postgres_address, schema=schema)


def test_a_server_out_of_reach_and_an_address_that_is_none_are_told_apart():
    """One is worth another try, the other has to be mended; neither tells the password."""
    with pytest.raises(OutsideFailed, match="cannot be reached") as caught:
        postgres.open_ledger("postgresql://ada:secret@127.0.0.1:1/insights")
    assert "secret" not in f"{caught.value}{caught.value.reference}"
    with pytest.raises(WrongSettings, match=r"ledger\.url"):
        postgres.open_ledger("mysql://ada:secret@127.0.0.1/insights")


def test_the_schema_of_another_program_and_of_a_newer_one_are_left_alone(postgres_address):
    """A wrong name must not grow our tables."""
    import psycopg

    with psycopg.connect(postgres_address, autocommit=True) as other:
        other.execute("CREATE SCHEMA theirs; CREATE TABLE theirs.things (x int)")
        with pytest.raises(WrongSettings, match="another program"):
            postgres.open_ledger(postgres_address, schema="theirs")
        postgres.open_ledger(postgres_address, schema="newer").close()
        other.execute("UPDATE newer.ledger_version SET version = 99")
    with pytest.raises(WrongSettings, match="newer version"):
        postgres.open_ledger(postgres_address, schema="newer")


def test_every_migration_exists_for_both_engines_and_makes_the_same_tables():
    """The same numbers and names; the same tables with the same columns, in the same order."""
    made = {}
    for engine in (sqlite, postgres):
        folder = Path(engine.__file__).parent / "migrations"
        found = {}
        for step in sorted(folder.glob("*.sql")):
            script = re.sub(r"--.*", "", step.read_text())
            for name, body in re.findall(r"CREATE TABLE (\w+) \(\n(.*?)\n\);", script, re.DOTALL):
                found[step.name, name] = re.findall(r"^    (\w+) (?:TEXT|INTEGER|BIGINT|REAL|DOUBLE)", body, re.MULTILINE)
            found[step.name] = re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", script)
        made[engine] = found
    assert made[sqlite] == made[postgres]
    assert len(made[sqlite]) > 8
