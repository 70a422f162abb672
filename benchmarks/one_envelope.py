"""A fresh process that answers one Alexa envelope as AWS Lambda would have it, and prints what that took."""

from __future__ import annotations

import json
import time
from importlib import import_module
from pathlib import Path


class Context:
    """What Lambda hands to a handler."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """A function with eight seconds."""
        return 8000


def main() -> None:
    """Import the handler, answer, print. Raises SystemExit with the response when it is no answer."""
    started, computing = time.perf_counter(), time.process_time()
    handler = import_module("skill.handler")
    imported, import_cpu = time.perf_counter(), time.process_time() - computing
    envelope = json.loads((Path(__file__).parent / "envelope.json").read_text(encoding="utf-8"))
    response = handler.lambda_handler(envelope, Context())
    answered = time.perf_counter()
    speech = response.get("response", {}).get("outputSpeech", {}).get("ssml", "")
    if "Revenue" not in speech:
        raise SystemExit(f"no answer: {response}")
    print(json.dumps({"import_wall": imported - started, "import_cpu": import_cpu, "answer_wall": answered - imported}))


if __name__ == "__main__":
    main()
