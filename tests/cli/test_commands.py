"""The rest of the commands: help, chat, catalog, demo, doctor, generate, serve, work."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest
import yaml

from insights.cli import _COMMANDS, group

ROOT = Path(__file__).parents[2]


def commands():
    """Every command and subcommand by its words."""
    found = {"": group}
    for name in _COMMANDS:
        command = group.get_command(click.Context(group), name)
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
    return found


def examples(command):
    """The command lines of an epilog, each as what the shell would make of its `insights` part."""
    for line in (command.epilog or "").splitlines():
        if "insights " in line:
            called = re.split(r" (?:<|>>?) ", line[line.index("insights ") :])[0]
            yield shlex.split(called)[1:]


def parse(arguments):
    """Read the arguments as click would, without running anything."""
    from insights.cli.arguments import spread_paths

    context = group.make_context("insights", spread_paths(list(arguments)))
    command = group
    rest = [*context._protected_args, *context.args]
    while isinstance(command, click.Group):
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
        rest = [*context._protected_args, *context.args] if isinstance(command, click.Group) else []


@pytest.mark.parametrize("words", sorted(commands()))
def test_help_teaches_by_example(run, words, tmp_path, monkeypatch):
    """Each command says what it does and shows how; each example is one that the command takes."""
    (tmp_path / "photo.jpg").touch()
    monkeypatch.chdir(tmp_path)
    command = commands()[words]
    ran = run(*words.split(), "--help")
    assert ran.status == 0
    assert ran.out.startswith("Usage: ")
    assert command.help
    shown = list(examples(command))
    assert shown, f"insights {words} shows no example"
    assert " ".join(shown[0][: len(words.split())]) == words
    for arguments in shown:
        parse(arguments)


def test_every_option_is_explained():
    """In its own words."""
    for words, command in commands().items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and "--help" not in parameter.opts:
                assert parameter.help, f"insights {words} {parameter.opts[-1]}"


def test_a_wrong_command_is_told(run):
    """Status 2, on standard error."""
    for arguments in (["aks"], ["ask", "--colour", "x"], ["catalog", "chek"]):
        ran = run(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "No such" in ran.err


def test_the_version_is_said(run):
    """That of the distribution."""
    assert re.search(r"version \d+\.\d+", run("--version").out)


def test_chat_is_a_conversation_when_piped_too(run, company):
    """Follow-ups refer to what was said; "bye" ends it; nothing prompts and nothing is coloured."""
    said = "revenue last month\nand by market?\nbook a room for four tomorrow at three for an hour\nyes\nwhat have I booked?\nbye\norders in May\n"
    ran = run("chat", "--catalog", company.folder, "--as", "ada", stdin=said)
    assert ran.status == 0
    replies = ran.out.strip().split("\n\n")
    starts = ["Revenue in April 2026: $", "Revenue by market in April 2026:", "Shall I book ", "Booked: ", "Your bookings:"]
    assert [reply[: len(start)] for reply, start in zip(replies, starts, strict=True)] == starts
    assert "\x1b" not in ran.out
    assert "\n> " not in f"\n{ran.out}"


def test_chat_ends_with_its_input(run, company):
    """At the end of the pipe, or on an empty line."""
    assert run("chat", "--catalog", company.folder, stdin="help").status == 0
    assert run("chat", "--catalog", company.folder, stdin="\nrevenue\n").out == ""


def test_a_terminal_is_a_front_end(company, home):
    """On a real one there is a prompt, a table with bars, and colour; "bye" ends it with status 0."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from insights.cli import main; main()", "chat", "--catalog", str(company.folder)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.STDOUT, env=environment, cwd=home)
    os.close(theirs)
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    os.write(ours, b"revenue by market last month\nbye\n")
    seen = b""
    while process.poll() is None or b"Source" not in seen:
        try:
            seen += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
    assert process.wait(20) == 0
    watchdog.cancel()
    os.close(ours)
    shown = seen.decode(errors="replace")
    assert "> " in shown
    assert re.search(r"EMEA.*\$160,413\.95.*█████", shown)
    assert "\x1b[1m" in shown
    assert re.search(r"Definition.*Revenue = SUM", shown)


def test_a_scaffold_is_written_once_and_answers(run, tmp_path):
    """The files it names; not over what stands there; it checks clean, and it can be asked."""
    (tmp_path / "sales.csv").write_text("day,region,amount\n" + "".join(f"2026-01-{n:02},{'North' if n % 2 else 'South'},{n}\n" for n in range(1, 29)))
    folder = tmp_path / "catalog"
    ran = run("catalog", "scaffold", tmp_path / "sales.csv", "-o", folder)
    assert ran.status == 0
    assert ran.lines == [f"wrote {folder / 'model.yaml'}", f"wrote {folder / 'assistant.yaml'}"]
    assert yaml.safe_load((folder / "assistant.yaml").read_text())["version"] == 1
    again = run("catalog", "scaffold", tmp_path / "sales.csv", "-o", folder)
    assert again.status == 2
    assert "--force" in again.err
    assert run("catalog", "scaffold", tmp_path / "sales.csv", "-o", folder, "--force").status == 0
    assert run("catalog", "check", folder).lines == ["DuckDB can answer all 1 metrics", f"0 problems in {folder}"]
    assert "North" in run("ask", "--catalog", folder, "total amount by region").out


def test_check_names_every_mistake_with_its_line(run, company, tmp_path):
    """Not only the first, each with a file, a line and a suggestion; the status says there are some."""
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "model.yaml").write_text((company.folder / "model.yaml").read_text())
    overlay = (company.folder / "assistant.yaml").read_text()
    (folder / "assistant.yaml").write_text(overlay.replace("    certified: true\n", "    certifed: true\n", 1).replace("good: down", "good: downwards", 1))
    (folder / "data").symlink_to(company.folder / "data")
    (folder / "rates.csv").symlink_to(company.folder / "rates.csv")
    ran = run("catalog", "check", folder)
    assert ran.status == 1
    assert re.search(r"assistant\.yaml:\d+: .*certifed.*certified", ran.out)
    assert re.search(r"assistant\.yaml:\d+: .*downwards", ran.out)
    assert run("ask", "--catalog", folder, "revenue").status == 2


def test_the_demo_talks_and_stands_the_second_time(run, home):
    """A short conversation without a terminal, status 0; the company is made once."""
    first = run("demo", "--rows", "20000")
    assert first.status == 0
    assert "Making Halcyon Media" in first.err
    said = [line for line in first.lines if line.startswith("> ")]
    assert len(said) >= 8
    assert "Booked: " in first.out
    second = run("demo", "--rows", "20000")
    assert second.err == ""
    assert run("demo", "--rows", "20000", "--quiet").out == ""


def test_the_demo_leaves_other_folders_alone(run, tmp_path):
    """It does not make a company where something else stands."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    ran = run("demo", "--folder", tmp_path / "mine")
    assert ran.status == 2
    assert "--folder" in ran.err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_doctor_finds_nothing_wrong_with_the_demo(run, company, home, monkeypatch):
    """Catalog, data, ledger and server are looked at; doors that are not configured are off, which is fine."""
    monkeypatch.setenv("INSIGHTS_CATALOG", str(company.folder))
    ran = run("doctor")
    assert ran.status == 0, ran.out
    for subject in ("catalog: ", "organization: ", "data orders: ", "ledger: writable", "server: "):
        assert re.search(rf"^ok +{subject}", ran.out, re.MULTILINE), subject
    assert re.search(r"^off +slack", ran.out, re.MULTILINE)


def test_doctor_names_what_is_wrong_and_what_to_do(run, company, monkeypatch, tmp_path):
    """No catalog, a broken one, a door without its secret: each with its remedy, and status 1."""
    nothing = run("doctor")
    assert nothing.status == 1
    assert "WRONG  catalog: none is configured" in nothing.out
    monkeypatch.setenv("INSIGHTS_CATALOG", str(tmp_path / "nowhere"))
    monkeypatch.setenv("INSIGHTS_SLACK__BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("INSIGHTS_ALEXA__ENABLED", "true")
    broken = run("doctor")
    assert broken.status == 1
    assert "nowhere" in broken.out
    assert re.search(r"WRONG +slack: .*signing_secret.*\n +.*INSIGHTS_SLACK__SIGNING_SECRET", broken.out)
    assert re.search(r"WRONG +alexa: .*alexa\.skill_id.*\n +.*INSIGHTS_ALEXA__SKILL_ID", broken.out)


def test_generated_files_are_not_stale(run):
    """Interaction models, manifest and JSON Schema are what the catalog, the intents and the types make of them."""
    ran = run("generate", "--check", "--root", ROOT)
    assert ran.status == 0, ran.err


def test_generate_says_what_is_stale_and_how_to_renew_it(run, tmp_path):
    """Anywhere but at the top of a project it refuses."""
    assert "--root" in run("generate", "--root", tmp_path).err
    (tmp_path / "pyproject.toml").write_text("")
    ran = run("generate", "--check", "--root", tmp_path)
    assert ran.status == 1
    assert "renew with `make models`" in ran.err
    assert not (tmp_path / "docs").exists()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"INSIGHTS_SLACK__BOT_TOKEN": "xoxb-1"}, "slack.signing_secret"),
        ({"INSIGHTS_SLACK__SIGNING_SECRET": "x"}, "slack.bot_token"),
        ({"INSIGHTS_ALEXA__ENABLED": "true"}, "alexa.skill_id"),
        ({"INSIGHTS_SERVER__PORT": "eighty"}, "server.port"),
    ],
)
def test_serve_refuses_to_start_half_configured(run, company, monkeypatch, settings, named):
    """Naming the setting that is missing."""
    monkeypatch.setenv("INSIGHTS_CATALOG", str(company.folder))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: pytest.fail("it started"))
    ran = run("serve")
    assert ran.status == 2
    assert named in ran.err


def test_serve_and_work_want_a_catalog(run):
    """Like every other command."""
    for command in (["serve"], ["work", "--once"]):
        ran = run(*command)
        assert ran.status == 2
        assert "No catalog is configured" in ran.err
