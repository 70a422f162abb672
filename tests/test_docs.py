"""Every command, conversation and setting in the documentation, run as it stands."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from insights import settings
from insights.cli import _COMMANDS, main
from tests.conversations.front_ends import Alexa, Shell, Slack
from tests.conversations.script import parse

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    """Every block in one of the languages."""
    found = []
    for page in PAGES:
        content = page.read_text(encoding="utf-8")
        for match in _FENCE.finditer(content):
            if match[1] in languages:
                found.append(Block(page, content.count("\n", 0, match.start()) + 1, match[1], match[2].strip(), match[3]))
    return found


def pages_with_commands() -> list[Path]:
    """Pages that show commands, each run from top to bottom in a folder of its own."""
    return sorted({block.page for block in blocks("console")})


@pytest.fixture
def folder(company, demo_home, tmp_path, monkeypatch):
    """An empty working folder in which `make demo` has been run, with a dbt project in `my_project`."""
    (tmp_path / "my_project").symlink_to(ROOT / "tests" / "external" / "metricflow")
    (tmp_path / ".insights").mkdir()
    (tmp_path / ".insights" / "demo").symlink_to(company.folder)
    (tmp_path / ".insights" / "cache").symlink_to(demo_home / "cache")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INSIGHTS_HOME", raising=False)
    monkeypatch.delenv("INSIGHTS_CONFIG", raising=False)
    return tmp_path


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What an `insights` command prints; `printf ... |` in front of it is its input."""
    piped, _, last = command.rpartition(" | ")
    words = shlex.split(last)
    if piped:
        printed = shlex.split(piped)
        assert printed[0] == "printf", command
        monkeypatch.setattr("sys.stdin", io.StringIO(printed[1].encode().decode("unicode_escape")))
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), contextlib.suppress(SystemExit):
        main(words[1:])
    return out.getvalue()


@pytest.mark.parametrize("page", pages_with_commands(), ids=lambda page: page.name)
def test_the_commands_of_the_page_print_what_it_shows(page, folder, monkeypatch) -> None:
    """Each `$ insights ...` runs, and each line below it stands in what it prints ("..." leaves lines out)."""
    for block in (block for block in blocks("console") if block.page == page):
        for shown in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, expected = shown.partition("\n")
            if command.startswith("make "):
                assert re.search(rf"^{re.escape(command.split()[1])}:", (ROOT / "Makefile").read_text(), re.MULTILINE), f"{block}: no target for {command!r}"
                continue
            assert command.split()[0] in ("insights", "printf"), f"{block}: {command!r} is not a command of this project"
            printed = run(command, monkeypatch)
            assert "Traceback" not in printed, f"{block}: {command}\n{printed}"
            seen = [" ".join(line.split()) for line in printed.splitlines()]
            for line in expected.splitlines():
                wanted = " ".join(line.split())
                assert not wanted or wanted == "..." or any(wanted in one for one in seen), f"{block}: {command}\nno line {wanted!r} in\n{printed}"


@pytest.mark.parametrize("block", blocks("conversation"), ids=str)
def test_the_conversation_in_the_page_is_a_real_one(block, office, company, tmp_path, monkeypatch) -> None:
    """A conversation shown is replayed through the real front ends."""
    slack = Slack(office)
    with contextlib.closing(slack):
        doors = {"shell": Shell(company.folder, tmp_path / "home", monkeypatch), "alexa": Alexa(office), "slack": slack}
        for exchange in parse(block.text, str(block)):
            reply = " ".join(doors[exchange.door].say(exchange).split())
            for wanted in exchange.expected:
                assert " ".join(wanted.split()) in reply, f"{block}: {exchange.text!r} was answered: {reply}"


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_the_settings_in_the_page_can_be_read(block, tmp_path) -> None:
    """A settings file shown is one that the settings accept."""
    tomllib.loads(block.text)
    (tmp_path / "insights.toml").write_text(block.text)
    settings.read(environ={}, folder=tmp_path)


@pytest.mark.parametrize("block", blocks("yaml", "json"), ids=str)
def test_the_documents_in_the_page_can_be_read(block) -> None:
    """YAML and JSON shown can be parsed."""
    assert (yaml.safe_load if block.language == "yaml" else json.loads)(block.text)


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_the_python_in_the_page_runs(block, folder) -> None:
    """Python shown runs in a folder with the demo company."""
    exec(compile(block.text, str(block), "exec"), {"__name__": "docs"})


@pytest.mark.parametrize("name", list(_COMMANDS))
def test_every_command_is_documented(name) -> None:
    """A command that no page shows fails the build."""
    assert any(f"insights {name}" in page.read_text(encoding="utf-8") for page in PAGES), f"no page shows `insights {name}`"


@pytest.mark.parametrize("name", ["make demo", "make test"])
def test_the_two_commands_stand_on_the_first_screen(name) -> None:
    """Whoever opens the README sees how to start."""
    assert name in "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:45])


def test_links_between_pages_lead_somewhere() -> None:
    """No page links to a file that is not there."""
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
