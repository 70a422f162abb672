"""A process of its own that opens a catalog and understands one utterance, then many: prints JSON with seconds (wall and CPU) and peak memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    """`arguments` are the catalog, the home, and how many utterances."""
    folder, home, count = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    import insights
    from insights.turns import Turn

    with closing(insights.open(folder, home=home)) as assistant:
        assistant.understand(Turn("order amount last month"))
        started = time.process_time()
        print("ready", flush=True)
        from benchmarks.big import utterances
        from benchmarks.figures import timed

        taken = []
        for text in utterances(count):
            with timed() as took:
                assistant.understand(Turn(text))
            taken.append((took.wall, took.cpu))
    print(json.dumps({"wall": [wall for wall, _ in taken], "cpu": [cpu for _, cpu in taken], "started": started, "peak": peak()}))


def peak() -> int:
    """The most bytes that this process ever had; what its starter had does not count where the kernel tells the two apart."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
