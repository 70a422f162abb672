"""A folder is read again when it changed, and only then."""

import os
import time
from types import SimpleNamespace

import pytest

from insights.lake import folders
from insights.lake.files import states
from insights.lake.folders import Folders
from insights.lake.source import Source
from insights.lake.waiting import look_again, once, waiting

TICK = 0.02  # seconds; file systems tell changes apart that are so far from each other


def walked(root):
    """Every file below, as the standard library finds it."""
    return sorted(os.path.join(where, name) for where, _, names in os.walk(root, followlinks=True) for name in names)


def fill(root):
    """Three months of two files."""
    for month in (1, 2, 3):
        (root / f"month={month}").mkdir(parents=True)
        for name in ("a", "b"):
            (root / f"month={month}" / name).write_text("")


def change(root):
    """One change after the other: files and folders come, go and move, and a link takes the place of a folder."""
    yield (root / "month=1" / "c").write_text("")
    yield (root / "month=1" / "c").unlink()
    yield (root / "month=2" / "a").rename(root / "month=3" / "z")
    yield (root / "month=4" / "day=1").mkdir(parents=True)
    yield (root / "month=4" / "day=1" / "x").write_text("")
    yield (root / "month=3").rename(root.parent / "elsewhere")
    yield (root / "month=3").symlink_to(root.parent / "elsewhere")
    yield (root.parent / "elsewhere" / "y").write_text("")
    os.utime(root / "month=4" / "day=1", ns=(1, 1))
    yield None
    before = os.stat(root / "month=2")
    (root / "month=2" / "late").write_text("")
    yield os.utime(root / "month=2", ns=(before.st_atime_ns, before.st_mtime_ns))  # as copying programs do


def test_changes_are_seen_at_once(tmp_path, monkeypatch):
    """Against a walk that remembers nothing, long after whatever there was has settled."""
    monkeypatch.setattr(folders, "time", SimpleNamespace(time_ns=lambda: time.time_ns() + 3_600_000_000_000))
    root = tmp_path / "data"
    fill(root)
    known = Folders()
    assert sorted(known.below(str(root))) == walked(root)
    for _ in change(root):
        assert sorted(known.below(str(root))) == walked(root)
        time.sleep(TICK)
    assert list(known.below(str(tmp_path / "nowhere"))) == []


def test_a_folder_that_did_not_change_is_not_read_again(tmp_path, monkeypatch):
    """Once it has settled; another one that did is."""
    monkeypatch.setattr(folders, "time", SimpleNamespace(time_ns=lambda: time.time_ns() + 3_600_000_000_000))
    read, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: read.append(path) or scandir(path))
    fill(tmp_path)
    known = Folders()
    for _ in range(3):
        list(known.below(str(tmp_path)))
    assert len(read) == 4
    (tmp_path / "month=2" / "c").write_text("")
    list(known.below(str(tmp_path)))
    assert read[4:] == [str(tmp_path / "month=2")]


@pytest.mark.parametrize(("later", "found"), [(1_000_000_000, ["a", "b"]), (3_000_000_000, ["a"])])
def test_what_changed_just_now_may_change_again_unnoticed(tmp_path, monkeypatch, later, found):
    """On a file system whose time stands still: a look a second after the last change is not trusted, one after three seconds is."""
    stat, at = os.stat, os.stat(tmp_path)
    still = SimpleNamespace(st_mtime_ns=10**18, st_ctime_ns=10**18, st_ino=at.st_ino, st_dev=at.st_dev)
    monkeypatch.setattr(folders, "time", SimpleNamespace(time_ns=lambda: 10**18 + later))
    (tmp_path / "a").write_text("")
    known = Folders()
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", lambda path, **more: still if path == str(tmp_path) else stat(path, **more))
        list(known.below(str(tmp_path)))
        (tmp_path / "b").write_text("")
        assert sorted(os.path.basename(path) for path in known.below(str(tmp_path))) == found


def test_one_question_looks_once():
    """Another one looks for itself, as does whoever is told to look again; what goes wrong is not remembered."""
    looks = iter(range(9))

    def look():
        return once("files", lambda: next(looks))

    assert [look(), look()] == [0, 1]
    with waiting(None):
        assert look() == 2
        with waiting(1.0):
            assert look() == 2
        look_again()
        assert look() == 3
    with waiting(None):
        with pytest.raises(ZeroDivisionError):
            once("broken", lambda: 1 / 0)
        assert once("broken", lambda: 1) == 1
        assert look() == 4


def test_a_pattern_in_one_folder_finds_what_a_shell_would(tmp_path):
    """Files of the name alone: no folder, no link to nowhere, nothing hidden or half written; and what is new at the next look."""
    for name in ("a.parquet", "b.parquet", ".c.parquet", "_d.parquet", "e.csv"):
        (tmp_path / name).write_text("x")
    (tmp_path / "f.parquet").mkdir()
    (tmp_path / "g.parquet").symlink_to(tmp_path / "nowhere")
    (tmp_path / "h.parquet").symlink_to(tmp_path / "a.parquet")
    source, known = Source(paths=(str(tmp_path / "*.parquet"),), format="parquet"), Folders()
    assert [os.path.basename(state[0]) for state in states(source, known)] == ["a.parquet", "b.parquet", "h.parquet"]
    time.sleep(TICK)
    (tmp_path / "b.parquet").unlink()
    (tmp_path / "i.parquet").write_text("x")
    assert [os.path.basename(state[0]) for state in states(source, known)] == ["a.parquet", "h.parquet", "i.parquet"]
