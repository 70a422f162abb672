"""How long each stage takes on its own: understanding, permission, planning, looking at the files, the engine and wording."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.figures import Took, timed
from benchmarks.questions import Question
from insights import charts
from insights.answers import MetricAnswer
from insights.assistant import Assistant
from insights.lake.source import Source
from insights.query.emit import emit
from insights.query.plan import MOST_ROWS, plan
from insights.requests import MetricQuestion
from insights.turns import Turn
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Span

ASKER = "ada"
STAGES = ("understand", "permit", "plan", "files", "query", "word")
"""`plan` is from a request to SQL, `files` is looking at the files as they are now and choosing those that can hold the period."""

Times = Mapping[str, Sequence[Took]]


def understanding(assistant: Assistant, utterances: Sequence[str], repetitions: int) -> Mapping[str, list[Took]]:
    """What it takes to understand each utterance, in turn, `repetitions` times; the first round, which fills caches, is left out."""
    times: dict[str, list[Took]] = defaultdict(list)
    for repetition in range(repetitions + 1):
        for text in utterances:
            with timed() as took:
                assistant.understand(Turn(text, ASKER))
            if repetition:
                times[text].append(took)
    return times


def answering(assistant: Assistant, folder: Path, questions: Sequence[Question], repetitions: int) -> Times:
    """What the other stages take over all questions, `repetitions` times each after one that fills caches."""
    times: dict[str, list[Took]] = defaultdict(list)
    engine = DuckDB(allowed=[f"{folder}/"])
    try:
        for repetition in range(repetitions + 1):
            for question in questions:
                took = _stages(assistant, engine, question)
                if repetition:
                    for stage, seconds in took.items():
                        times[stage].append(seconds)
    finally:
        engine.close()
    return times


def _stages(assistant: Assistant, engine: DuckDB, question: Question) -> Mapping[str, Took]:
    """One question, stage by stage, each through the public function of its room."""
    reply = assistant.reply(Turn(question.ask, ASKER))
    request, answer = reply.request, reply.answer
    assert isinstance(request, MetricQuestion), question.ask
    assert isinstance(answer, MetricAnswer), question.ask
    with timed() as permit:
        asker = assistant.permit.asker(person=ASKER, device=None, audience="private")
        grant = assistant.permit.decide(request, asker)
    looking = Took()
    with timed() as planning:
        planned = plan(request, grant, assistant.catalog, assistant.contents)
        query = emit(planned, _looked_at(engine, looking), limit=min(planned.limit or MOST_ROWS, MOST_ROWS) + 1)
    planning.wall, planning.cpu = planning.wall - looking.wall, planning.cpu - looking.cpu
    with timed(time.process_time) as running:
        engine.run(query)
    with timed() as wording:
        said = assistant.wording.answer(answer, assumed=reply.assumed, ignored=reply.ignored)
        charts.describe(answer, name=assistant.wording.name, alt=said.speech)
    return {"permit": permit, "plan": planning, "files": looking, "query": running, "word": wording}


def _looked_at(engine: DuckDB, looking: Took) -> Callable[[Source, Span | None], str]:
    """The engine's relations; what they take is added to `looking`."""

    def relation(source: Source, span: Span | None) -> str:
        with timed() as took:
            found = engine.relation(source, span=span)
        looking.wall, looking.cpu = looking.wall + took.wall, looking.cpu + took.cpu
        return found

    return relation
