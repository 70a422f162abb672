"""`insights ask --chart`: the picture beside the answer, and why there is none."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest

BY_MARKET = "revenue by market last month"


def test_the_picture_is_written_beside_the_answer(ask, tmp_path):
    """As SVG, with the finding in words as its description; the answer is the same as without."""
    path = tmp_path / "revenue.svg"
    ran = ask(BY_MARKET, "--chart", path)
    assert (ran.status, ran.out) == (0, ask(BY_MARKET).out)
    root = ElementTree.parse(path).getroot()
    assert root[0].text == "Revenue by Market"
    assert root[1].text == ask(BY_MARKET, "--format", "speech").out.strip()


def test_a_png_is_a_png(ask, tmp_path):
    """Whatever the case of its ending."""
    pytest.importorskip("vl_convert")
    path = tmp_path / "revenue.PNG"
    assert ask(BY_MARKET, "--chart", path).status == 0
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_without_the_extra_a_png_names_it_before_anything_is_asked(ask, tmp_path, monkeypatch):
    """Nothing is answered, nothing written."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    ran = ask(BY_MARKET, "--chart", tmp_path / "revenue.png")
    assert (ran.status, ran.out) == (2, "")
    assert "insights-assistant[charts]" in ran.err
    assert not (tmp_path / "revenue.png").exists()


def test_an_answer_without_a_picture_says_so(ask, tmp_path):
    """The answer is given; the status tells a script that there is no file."""
    path = tmp_path / "one.svg"
    ran = ask("what was revenue last month", "--chart", path)
    assert (ran.status, ran.lines[0]) == (1, "Revenue in April 2026: $300,385.62")
    assert "no picture of this answer" in ran.err
    assert not path.exists()


@pytest.mark.parametrize(("name", "wanted"), [("picture.jpg", ".svg"), ("missing/picture.svg", "no folder")])
def test_a_file_that_cannot_be_is_refused_before_anything_is_asked(ask, tmp_path, name, wanted):
    """Another kind of file, another folder than there is."""
    ran = ask(BY_MARKET, "--chart", tmp_path / name)
    assert (ran.status, ran.out) == (2, "")
    assert wanted in ran.err


def test_a_batch_has_no_picture(ask, tmp_path):
    """Many answers do not fit one file."""
    ran = ask("--batch", "--chart", tmp_path / "all.svg")
    assert (ran.status, ran.out) == (2, "")
    assert "--batch" in ran.err
