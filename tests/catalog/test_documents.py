"""YAML with lines: what is read, what is refused, and that nothing else can happen."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.catalog import read
from insights.catalog.documents import Node, load, of, parse
from insights.catalog.sections import plain_of
from insights.errors import Problem, WrongCatalog


def _parse(text: str) -> tuple[Node | None, list[Problem]]:
    problems: list[Problem] = []
    return parse(text, "f.yaml", problems), problems


def test_every_value_knows_the_line_of_its_key() -> None:
    """A mapping's value has the line of its key, an item of a list its own."""
    root, problems = _parse("a: 1\nb:\n  - x\n  - y: >\n      folded\n      text\n")
    assert problems == []
    assert root is not None
    assert root.entries is not None
    second = root.entries["b"]
    assert (root.entries["a"].line, second.line) == (1, 2)
    assert second.items is not None
    assert [item.line for item in second.items] == [3, 4]
    assert second.items[1].entries is not None
    assert second.items[1].entries["y"].line == 4


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-1.5", -1.5),
        ("true", True),
        ("no", "no"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("'12'", "12"),
        ("~", None),
        ("1e3", 1000.0),
        ("1_000", "1_000"),
    ],
)
def test_only_plain_numbers_truth_and_dates_are_more_than_text(written: str, value: object) -> None:
    """No Norway problem, no sexagesimal clock times, no octal post codes."""
    root, _ = _parse(f"a: {written}")
    assert root is not None
    assert root.entries is not None
    assert root.entries["a"].scalar == value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "given twice, first in line 1"),
        ("a: &x [1]\nb: *x\n", 2, "aliases"),
        ("a: &a [*a]\n", 1, "aliases"),
        ("<<: {a: 1}\n", 1, "merge keys"),
        ("? [a, b]\n: 1\n", 1, "a key must be a word"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: [1,\nb: 2\n", 3, "not valid YAML"),
        ("a: b: c\n", 1, "not valid YAML"),
        ("\ta: 1\n", 1, "not valid YAML"),
        ("a: 1\n\x00", 0, "characters"),
        ("\ud800", 0, "characters"),
        ("[" * 100_000, 1, "nested deeper"),
        ("{a: " * 100_000, 1, "nested deeper"),
        ("- " * 100_000, 1, "nested deeper"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    """Duplicate keys, aliases (and so alias bombs), tags, hostile nesting, text that is not YAML."""
    _, problems = _parse(text)
    assert len(problems) == 1
    assert message in problems[0].message
    assert problems[0].line == line or not line
    assert problems[0].suggestion


def test_files_that_are_no_text_or_far_too_big_are_refused(tmp_path: Path) -> None:
    """A Parquet file named model.yaml, a folder, a file of many megabytes: each has its reason."""
    binary, big = tmp_path / "binary.yaml", tmp_path / "big.yaml"
    binary.write_bytes(b"PAR1\n\xff\xfe\x00\x81")
    big.write_bytes(b"a: 1\n" * 1_000_000)
    for path, line, message in ((binary, 2, "UTF-8"), (big, 0, "larger than"), (tmp_path, 0, "cannot be read")):
        problems: list[Problem] = []
        assert load(path, problems) is None
        assert (problems[0].file, problems[0].line) == (str(path), line)
        assert message in problems[0].message


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text("abcdefgh", min_size=1, max_size=6), inner, max_size=4)),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None)
@given(value=PLAIN)
def test_what_a_yaml_library_writes_is_read_back_the_same(value: object) -> None:
    """Against the writer of another library: the value in memory, written and read, is the value; so is one that was never written."""
    root, problems = _parse(yaml.safe_dump(value, allow_unicode=True))
    assert problems == []
    assert root is not None
    assert plain_of(root) == value
    assert plain_of(of(value)) == value


WORDS = st.sampled_from(
    [
        "version",
        "semantic_model",
        "name",
        "datasets",
        "fields",
        "expression",
        "dialects",
        "metrics",
        "relationships",
        "SUM(a.b)",
        "0.1.1",
        "{",
        "[",
        ":",
        "-",
        "\n",
        "  ",
        "'",
        "&x",
        "*x",
        "null",
    ]
)


@settings(max_examples=80, deadline=None)
@given(model=st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join), PLAIN.map(yaml.safe_dump)), overlay=PLAIN.map(yaml.safe_dump))
def test_no_text_whatever_makes_reading_fail_otherwise(tmp_path_factory: pytest.TempPathFactory, model: str, overlay: str) -> None:
    """Any two files give a catalog or WrongCatalog."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "model.yaml").write_bytes(model.encode("utf-8", "surrogatepass"))
    (folder / "assistant.yaml").write_text(overlay, encoding="utf-8")
    try:
        read(folder, columns=lambda _: {"a": "number"})
    except WrongCatalog as error:
        assert error.problems  # noqa: PT017 - both outcomes are fine, a third is not
