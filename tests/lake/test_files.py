"""What a person means by a path: tables with names, or a reason that can be acted upon."""

import gzip
import os
from pathlib import Path

import duckdb
import pytest

from insights.errors import WrongCatalog
from insights.lake.files import files, find, fingerprint
from insights.lake.source import Source


def parquet(path, rows=1):
    """Write a small Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY (SELECT range AS id FROM range({rows})) TO '{path}' (FORMAT parquet)")


def csv(path, header="id,name", rows=("1,a",)):
    """Write a small CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((header, *rows)) + "\n")


def tables(folder, *paths):
    """The names of the tables found, with how many files each has."""
    return {found.name: len(files(found.source)) for found in find(paths, folder=folder)}


def test_a_file_is_a_table_named_after_it(tmp_path):
    """Relative paths start at the folder one is in; absolute ones stand for themselves."""
    csv(tmp_path / "flights.csv")
    parquet(tmp_path / "Air Ports-2.parquet")
    assert tables(tmp_path, "flights.csv", str(tmp_path / "Air Ports-2.parquet")) == {"flights": 1, "air_ports_2": 1}
    assert tables(tmp_path, "./flights.csv", "flights.csv") == {"flights": 1}


def test_a_folder_of_different_files_is_a_table_for_each(tmp_path):
    """Hidden files, unfinished writes and other formats are left alone."""
    for name in ("flights.csv", "airlines.csv", "planes.parquet"):
        (csv if name.endswith("csv") else parquet)(tmp_path / "data" / name)
    for name in (".hidden.csv", "_SUCCESS", "readme.txt", "_temporary.parquet"):
        (tmp_path / "data" / name).write_text("x")
    assert tables(tmp_path, "data") == {"airlines": 1, "flights": 1, "planes": 1}


def test_a_folder_of_part_files_is_one_table(tmp_path):
    """Named after the folder when the files' own names say nothing."""
    for number in range(3):
        parquet(tmp_path / "orders" / f"part-{number:05d}-0f7a2c2e-1111-2222-3333-444455556666-c000.snappy.parquet")
        parquet(tmp_path / "visits" / f"{number}.parquet")
    assert tables(tmp_path, "orders", "visits") == {"orders": 3, "visits": 3}


def test_files_that_differ_only_in_a_date_are_one_table(tmp_path):
    """As long as they have the same header."""
    for month in ("2024-01", "2024-02", "2024-03"):
        csv(tmp_path / "d" / f"sales_{month}.csv")
    csv(tmp_path / "d" / "sales_2019-01.csv", header="other,columns")
    csv(tmp_path / "d" / "staff.csv")
    assert tables(tmp_path, "d") == {"sales": 3, "sales_2019_01": 1, "staff": 1}


def test_hive_partitions_are_one_table(tmp_path):
    """However deep they are; their folders are columns."""
    for year in (2023, 2024):
        for month in (1, 2):
            parquet(tmp_path / "lake" / "orders" / f"year={year}" / f"month={month}" / "data.parquet")
    parquet(tmp_path / "lake" / "customers.parquet")
    (orders,) = [found for found in find(["lake"], folder=tmp_path) if found.name == "orders"]
    assert orders.source.hive
    assert tables(tmp_path, "lake") == {"customers": 1, "orders": 4}
    parquet(tmp_path / "lake" / "orders" / "year=2025" / "month=1" / "data.parquet")
    assert len(files(orders.source)) == 5


def test_a_pattern_is_the_files_it_matches(tmp_path):
    """Grouped as in a folder; a folder that matches is looked into."""
    for name in ("a_1.csv", "a_2.csv", "b.csv"):
        csv(tmp_path / "x" / name)
    assert tables(tmp_path, "x/*.csv") == {"a": 2, "b": 1}
    assert tables(tmp_path, "x*") == {"a": 2, "b": 1}


def test_two_tables_of_one_name_are_told_apart(tmp_path):
    """The later one gets a number."""
    csv(tmp_path / "a" / "sales.csv")
    csv(tmp_path / "b" / "sales.csv")
    assert tables(tmp_path, "a", "b") == {"sales": 1, "sales_2": 1}


@pytest.mark.parametrize("name", ["it's [2024] (final)*.csv", "数据.csv", "2024.csv", 'a"b.csv'])
def test_odd_names_are_names(tmp_path, name):
    """Of a file, and in SQL."""
    csv(tmp_path / name)
    (found,) = find([name], folder=tmp_path)
    assert found.name.isidentifier()
    assert files(found.source) == (str(tmp_path / name),)


def test_a_compressed_file_is_read_as_it_is(tmp_path):
    """Named without either ending."""
    (tmp_path / "big.csv.gz").write_bytes(gzip.compress(b"id\n1\n"))
    assert tables(tmp_path, "big.csv.gz") == {"big": 1}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.csv", None, "does not exist"),
        ("nothing*.csv", None, "nothing matches"),
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n \n", "empty"),
        ("empty.parquet", b"", "empty"),
        ("binary.csv", b"\x00\x01\x02" * 99, "not text"),
        ("picture.parquet", b"\x89PNG" * 99, "not a Parquet file"),
        ("cut.parquet", b"PAR1" + b"\x00" * 99, "not a whole one"),
        ("plain.csv.gz", b"id\n1\n", "gzip"),
        ("report.pdf", b"%PDF", "neither CSV nor Parquet"),
        ("s3://bucket/key.parquet", None, "address"),
        ("\0", None, "not a path"),
        ("", None, "not a path"),
        ("\udcff.csv", None, "does not exist"),
        ("a" * 5000, None, ""),
    ],
)
def test_what_cannot_be_read_is_told_with_the_path_and_a_remedy(tmp_path, name, content, reason):
    """Never a traceback."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(WrongCatalog) as wrong:
        find([name], folder=tmp_path)
    (problem,) = wrong.value.problems
    assert problem.file == name
    assert reason in problem.message
    assert problem.suggestion


def test_every_unreadable_path_is_named_at_once(tmp_path):
    """Nobody mends them one by one."""
    csv(tmp_path / "fine.csv")
    with pytest.raises(WrongCatalog) as wrong:
        find(["a.csv", "fine.csv", "b.csv"], folder=tmp_path)
    assert [problem.file for problem in wrong.value.problems] == ["a.csv", "b.csv"]


def test_an_empty_folder_says_what_was_expected(tmp_path):
    """Also one whose only files are of other formats."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "notes.txt").write_text("x")
    with pytest.raises(WrongCatalog, match=r"no CSV or Parquet file.*\.parquet"):
        find(["d"], folder=tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path):
    """As an error of the path, not of the program."""
    csv(tmp_path / "secret.csv")
    (tmp_path / "secret.csv").chmod(0)
    with pytest.raises(WrongCatalog, match="cannot be read"):
        find(["secret.csv"], folder=tmp_path)


@pytest.mark.parametrize("change", ["grow", "rewrite", "add", "remove"])
def test_the_fingerprint_changes_with_the_files(tmp_path, change):
    """With any of their names, sizes, times or inodes."""
    for name in ("a_1.csv", "a_2.csv"):
        csv(tmp_path / name)
    source = Source(paths=(str(tmp_path / "a_*.csv"),), format="csv")
    before = fingerprint(source)
    assert fingerprint(source) == before
    match change:
        case "grow":
            csv(tmp_path / "a_1.csv", rows=("1,a", "2,b"))
        case "rewrite":
            csv(tmp_path / "new.csv", rows=("9,z",))
            os.replace(tmp_path / "new.csv", tmp_path / "a_1.csv")
        case "add":
            csv(tmp_path / "a_3.csv")
        case _:
            Path(tmp_path / "a_1.csv").unlink()
    assert fingerprint(source) != before
