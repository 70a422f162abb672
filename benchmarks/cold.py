"""Fresh processes: how long from their start to the first answer, and how much memory they take at most. Prints JSON; stays small itself.

The memory that the kernel reports for a process begins with that of the process that started it, so these measurements have a starter of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import as_installed

HERE = Path(__file__).parent
QUESTION = "revenue by market last month"
SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
SHELL = "from insights.cli import main; main()"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the company")
    parser.add_argument("--repetitions", type=int, default=10)
    options = parser.parse_args(arguments)
    print(json.dumps(measure(options.folder.absolute(), options.repetitions)))


def measure(folder: Path, repetitions: int) -> Mapping[str, list[dict[str, float]]]:
    """Seconds and bytes of each repetition, by what was started."""
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as other:
        shell = [sys.executable, "-c", SHELL, "ask", "--catalog", str(folder)]
        skill = [sys.executable, "-m", "benchmarks.one_envelope"]
        start([*shell, QUESTION], folder, Path(other))  # compiles the program, as installing it does
        once = [start([*shell, QUESTION], folder, Path(kept))]
        return {
            "shell, nothing kept": once,
            "shell": [start([*shell, QUESTION], folder, Path(kept)) for _ in range(repetitions)],
            "skill": [start(skill, folder, Path(kept)) for _ in range(repetitions)],
            "every question": [start([*shell, "--as", "ada", "--batch"], folder, Path(kept), asked=_all_questions())],
        }


def start(command: Sequence[str], folder: Path, home: Path, *, asked: str = "") -> dict[str, float]:
    """Run one process: its seconds on the clock (`wall`) and of computing (`cpu`), its peak memory in bytes, and what it measured of itself.

    Raises RuntimeError with what it wrote when it fails.
    """
    clean = {name: value for name, value in as_installed(folder).items() if not name.startswith("INSIGHTS_")}
    ours = {"INSIGHTS_HOME": str(home), "INSIGHTS_CATALOG": str(folder), "INSIGHTS_ALEXA__SKILL_ID": SKILL_ID, "PYTHONPATH": str(HERE.parent)}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints, tempfile.TemporaryFile() as asking:
        asking.write(asked.encode())
        asking.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=asking, stdout=said, stderr=complaints, env=clean | ours, cwd=home)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaints.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {complaints.read().decode()}{said.read().decode()}")
        itself: dict[str, Any] = json.loads(said.read()) if "benchmarks.one_envelope" in command else {}
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024, **itself}


def _all_questions() -> str:
    lines = (HERE / "questions.yaml").read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removeprefix("- ask: ") for line in lines if line.startswith("- ask: ")) + "\n"


if __name__ == "__main__":
    main()
