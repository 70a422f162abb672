"""Templates that are kept compiled say what those that are not say."""

from __future__ import annotations

import os

from insights.requests import Unsupported
from insights.wording import Wording

ASKED = Unsupported(reason="It cannot be done.", suggestions=("revenue by region", "orders last month"))


def test_what_is_kept_is_used_again_and_says_the_same(tmp_path):
    """In a folder for the locale and the code, which only its owner can write to."""
    kept = tmp_path / "templates"
    said = Wording("en-GB", kept).unsupported(ASKED)
    files = sorted(kept.rglob("*.cache"))
    assert files
    assert said == Wording("en-GB").unsupported(ASKED)
    assert Wording("en-GB", kept).unsupported(ASKED) == said
    assert Wording("en-US", kept).unsupported(ASKED) == Wording("en-US").unsupported(ASKED)
    assert len({file.parent for file in kept.rglob("*.cache")}) == 2
    assert all(not file.parent.stat().st_mode & 0o022 for file in files)


def test_nothing_is_run_from_a_folder_that_others_can_write_to(tmp_path):
    """Then templates are compiled anew by each process."""
    from insights.wording import sentences

    folder = tmp_path / "open"
    folder.mkdir()
    os.chmod(folder, 0o777)  # that is the point
    assert not sentences._usable(folder)
    (tmp_path / "a file").write_text("", encoding="utf-8")
    assert not sentences._usable(tmp_path / "a file" / "below")


def test_an_answer_does_not_need_the_folder(tmp_path):
    """It may be cleared away while a process runs: what is said stays the same."""
    import shutil

    kept = tmp_path / "cleared"
    wording = Wording("en-AU", kept)
    said = wording.unsupported(ASKED)
    shutil.rmtree(kept)
    assert wording.unsupported(ASKED) == said
    assert wording.aside("hello") == Wording("en-AU").aside("hello")
