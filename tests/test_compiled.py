"""Methods of dataclasses are compiled once, kept beside the bytecode, and are those that the standard library writes."""

from __future__ import annotations

import builtins
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from insights.compiled import Compiled

TEXT = "def __create_fn__(answer):\n def __call__(self):\n  return answer\n return __call__"
PROGRAM = """
import insights, dataclasses
from typing import Any
made = []
compiling = compile
import builtins
builtins.compile = lambda *given, **more: made.append(given[0]) or compiling(*given, **more)
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pair:
    left: int
    right: Any = None
    rest: list = dataclasses.field(default_factory=list, compare=False)
one = Pair(left=1)
try:
    one.left = 2
except dataclasses.FrozenInstanceError as refused:
    print(refused)
print(one, one == Pair(left=1, rest=[3]), hash(one) == hash(Pair(left=1)), Pair(left=1, right=2) < Pair(left=2, right=1), dataclasses.replace(one, right=5))
print("compiled", len(made))
"""
WHOLE = "cannot assign to field 'left'\nPair(left=1, right=None, rest=[]) True True True Pair(left=1, right=5, rest=[])\n"


def run(compiled: Compiled, text: str = TEXT) -> object:
    """What a function made by the text gives."""
    found: dict[str, object] = {}
    compiled.execute(text, {}, found)
    make = found["__create_fn__"]
    assert callable(make)
    return make(42)(None)


def started(program: str, cache: Path) -> str:
    """What a program prints whose bytecode is kept in `cache`."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=kept | {"PYTHONPYCACHEPREFIX": str(cache)}).stdout


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python may write bytecode, whatever the tests are run with."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.mark.usefixtures("writing")
def test_what_was_compiled_is_not_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process finds what the first one kept; a text that differs by one character is compiled."""
    first = Compiled(tmp_path / "kept.methods")
    assert run(first) == 42
    first.keep()
    second, compiled = Compiled(tmp_path / "kept.methods"), []
    real = compile
    monkeypatch.setattr(builtins, "compile", lambda *given, **more: compiled.append(given[0]) or real(*given, **more))  # type: ignore[func-returns-value]
    assert run(second) == 42
    assert compiled == []
    assert run(second, TEXT.replace("return answer", "return answer + 1")) == 43
    assert len(compiled) == 1


@pytest.mark.usefixtures("writing")
def test_processes_keep_what_others_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that started with nothing leave what both compiled."""
    one, other = Compiled(tmp_path / "kept.methods"), Compiled(tmp_path / "kept.methods")
    run(one)
    run(other, TEXT.replace("answer", "reply"))
    one.keep()
    other.keep()
    after = Compiled(tmp_path / "kept.methods")
    monkeypatch.setattr(builtins, "compile", lambda *_, **__: pytest.fail("compiled again"))
    assert run(after) == run(after, TEXT.replace("answer", "reply")) == 42
    assert [path.name for path in tmp_path.iterdir()] == ["kept.methods"]


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize("damage", [lambda held: b"", lambda held: held[: len(held) // 2], lambda held: b"\0" * len(held), lambda held: b"i\x01\0\0\0"])
def test_a_damaged_file_is_done_without(tmp_path: Path, damage: object) -> None:
    """What was cut short or overwritten is compiled anew, and kept again."""
    file = tmp_path / "kept.methods"
    first = Compiled(file)
    run(first)
    first.keep()
    held = file.read_bytes()
    assert callable(damage)
    file.write_bytes(damage(held))
    second = Compiled(file)
    assert run(second) == 42
    second.keep()
    assert file.read_bytes() == held


@pytest.mark.usefixtures("writing")
def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    """A folder that is not there, as in a package that cannot be written to, stops nothing."""
    compiled = Compiled(tmp_path / "missing" / "kept.methods")
    assert run(compiled) == 42
    compiled.keep()
    assert list(tmp_path.iterdir()) == []
    assert run(Compiled(None)) == 42


@pytest.mark.usefixtures("writing")
def test_a_file_system_that_can_only_be_read_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There even removing what is not there is refused, as on Lambda."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refused)
    monkeypatch.setattr(Path, "unlink", refused)
    compiled = Compiled(tmp_path / "kept.methods")
    assert run(compiled) == 42
    compiled.keep()


def test_no_file_is_written_where_python_writes_no_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-B is heeded."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compiled = Compiled(tmp_path / "kept.methods")
    run(compiled)
    compiled.keep()
    assert list(tmp_path.iterdir()) == []


def test_dataclasses_are_what_they_are_without(tmp_path: Path) -> None:
    """The first process compiles the methods of a class, the second none; both behave as the class does in a Python that knows nothing of it."""
    bare = started(PROGRAM.replace("import insights, ", "import "), tmp_path)
    first, second = started(PROGRAM, tmp_path), started(PROGRAM, tmp_path)
    assert (bare, second) == (f"{WHOLE}compiled 0\n", f"{WHOLE}compiled 0\n")  # `exec` of a text does not call `compile`
    assert first.startswith(WHOLE)
    assert int(first.split()[-1]) >= 5
