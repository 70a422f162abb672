"""What a turn points at in its conversation: the question before, a row that was shown, what the same person asked elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from insights.conversation import State
from insights.errors import NotPermitted
from insights.language.forms import singular
from insights.language.leaving import Leaving
from insights.language.moves import Moved, Pick, left_out, move, pick, pointed
from insights.language.shown import Shown, narrowed, without
from insights.parts import Parts
from insights.permit import Asker
from insights.requests import Choice, Clarify, CompareValues, Filter, MetricQuestion, Reading, Request, Understood, Unsupported

_MOST = 3
_TIMES = frozenset("hour day date week weekend weekday month quarter year season time period morning evening".split())
_COMPARE = re.compile(r"(?:please |can you |and |now )*compare(?: (?:them|these|those|with each other|to each other))*[ ?.!]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who points, in which conversation; `hear` reads words as said after a question, `elsewhere` is how the speaker's talk stood last, wherever it was."""

    text: str
    state: State
    asker: Asker
    hear: Callable[[str, Request | None], Reading]
    elsewhere: Callable[[], State | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """What was pointed at, and the conversation as it is then; a `reading` of None starts over."""

    reading: Reading | None
    state: State


class Pointing:
    """Follows what turns point at, as far as their askers may know it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._leaving = Leaving(parts.catalog)

    def read(self, scene: Scene) -> Pointed | None:
        """The reading of a turn that points at something; None when it does not."""
        moved = move(scene.text)
        if moved is not None:
            return self._moved(moved, scene)
        question = scene.state.request
        if not isinstance(question, MetricQuestion):
            return None
        shown = self._shown(scene)
        if (out := left_out(scene.text)) is not None and shown is not None and (not out.name or shown.called(out.name)):
            return self._without(out, shown, scene)
        if (picked := pick(scene.text)) is not None:
            if shown is not None:
                return self._picked(picked, shown, scene)
            several = len(picked.places)
            if question.analysis == "list" and several > 1 and picked.places == tuple(range(1, several + 1)) and not picked.rest:
                return Pointed(reading=Understood(request=replace(question, limit=several)), state=scene.state)  # "only the first ten"
            return None if picked.rest else Pointed(reading=Unsupported(reason="I have shown no list that I could take that from."), state=scene.state)
        if _COMPARE.fullmatch(scene.text) and (both := _beside_each_other(scene.state)) is not None:
            return Pointed(reading=both, state=scene.state)
        return self._named(question, shown, scene)

    def _moved(self, moved: Moved, scene: Scene) -> Pointed | None:
        state = scene.state
        match moved.move:
            case "back":
                return self._back(moved.steps, scene)
            case "restart":
                return Pointed(reading=None, state=State(done=state.done, asked=state.asked))
            case "continue":
                return self._continued(scene)
            case "drop":
                before = state.came_from
                after = state.gone_back(1)
                if before is None or after is None or not self._knows(before, scene.asker):
                    return None  # what there is to leave out of the question itself is read as such
                return Pointed(reading=Understood(request=before, assumed=("without what was said last",)), state=after)

    def _back(self, steps: int, scene: Scene) -> Pointed:
        state = scene.state
        if state.pending is not None and isinstance(state.request, MetricQuestion) and steps == 1:
            after: State | None = replace(state, pending=None)  # the question back is what is left
        else:
            after = state.gone_back(steps)
        if after is None or after.request is None or not self._knows(after.request, scene.asker):
            return Pointed(reading=Unsupported(reason="There is no question before that to go back to."), state=state)
        return Pointed(reading=Understood(request=after.request, assumed=("this is what you asked before",)), state=after)

    def _continued(self, scene: Scene) -> Pointed:
        """Go on with what the same person asked last, here or elsewhere, as far as it may be told here."""
        state = scene.state
        other = scene.elsewhere()
        if other is None or other.request is None:
            if isinstance(state.request, MetricQuestion) and self._knows(state.request, scene.asker):
                return Pointed(reading=Understood(request=state.request, assumed=("this is what you asked last",)), state=state)
            return Pointed(reading=Unsupported(reason="I know of nothing that you asked lately to go on with."), state=state)
        if not self._knows(other.request, scene.asker):
            raise NotPermitted("What you asked last can't be told here.", remedy="Ask me in private to go on with it.")
        before = tuple(request for request in other.before if self._knows(request, scene.asker))
        listed = other.listed if other.listed is not None and self._knows(other.listed, scene.asker) else None
        after = replace(state, request=other.request, before=before, shown=other.shown if listed else None, listed=listed, pending=None)
        return Pointed(reading=Understood(request=other.request, assumed=("this is what you asked last",)), state=after)

    def _shown(self, scene: Scene) -> Shown | None:
        """The rows that were shown, if the speaker may know them: others may have asked."""
        shown, listed = scene.state.shown, scene.state.listed
        if shown is None or listed is None or not self._knows(listed, scene.asker):
            return None
        return shown

    def _picked(self, picked: Pick, shown: Shown, scene: Scene) -> Pointed | None:
        places = shown.places(picked)
        if places is None:
            return Pointed(reading=Unsupported(reason=f"I can't tell which one you mean.{self._count(shown, scene)}"), state=scene.state)
        return self._narrowed(shown, places, picked.rest, scene)

    def _without(self, out: Pick, shown: Shown, scene: Scene) -> Pointed:
        """The list again, without one of its rows. The weakest of what is neither good nor bad nobody can tell."""
        listed = scene.state.listed
        assert listed is not None
        if out.judged:
            metric = self._parts.catalog.metrics.get(listed.metrics[0]) if listed.metrics else None
            high = {"up": "best", "down": "worst"}.get(metric.good) if metric is not None else None
            if high is None:
                return Pointed(reading=Unsupported(reason=f"I can't tell which is the {out.judged} there; say the highest or the lowest."), state=scene.state)
            out = replace(out, sizes=("highest" if out.judged == high else "lowest",))
        places = shown.places(out)
        request = without(listed, shown, places[0]) if places else None
        if places is None or request is None or not self._knows(request, scene.asker):
            return Pointed(reading=Unsupported(reason="I can't tell which one to leave out; say it by its name."), state=scene.state)
        return Pointed(reading=Understood(request=request, assumed=(f"without {self._label(shown, places[0])}",)), state=scene.state)

    def _count(self, shown: Shown, scene: Scene) -> str:
        """How many were shown, to somebody who may know all of them."""
        listed = scene.state.listed
        named = [place for place, row in enumerate(shown.rows) if None not in row]
        whole = narrowed(listed, shown, named, self._parts.catalog) if listed is not None and shown.time is None and named else None
        if whole is None or not self._knows(whole, scene.asker):
            return ""
        return f" I showed {len(shown.rows)}." if not shown.cut else f" I know the first {len(shown.rows)}."

    def _narrowed(self, shown: Shown, places: tuple[int, ...], rest: str, scene: Scene) -> Pointed:
        """The question for these rows, with what else was said about them."""
        listed, question = scene.state.listed, scene.state.request
        assert listed is not None
        goes_on = isinstance(question, MetricQuestion) and {condition.dimension for condition in question.filters} >= set(shown.names)
        base = question if goes_on and isinstance(question, MetricQuestion) else listed
        request = narrowed(base, shown, places, self._parts.catalog)
        if request is None or not self._knows(request, scene.asker):
            return Pointed(reading=Unsupported(reason="I can't tell which one you mean; say it by its name."), state=scene.state)
        label = " and ".join(self._label(shown, place) for place in places)
        taken = f"I took that as {label}"
        if len(places) > 1 and len(shown.names) == 1 and shown.time is None and _COMPARE.fullmatch(rest):
            kept = tuple(condition for condition in request.filters if condition.dimension != shown.names[0])
            values = tuple(shown.rows[place][0] for place in places)
            compare = replace(request, analysis="compare", group_by=(), filters=kept, compare=CompareValues(dimension=shown.names[0], values=values))
            return Pointed(reading=Understood(request=compare, assumed=(taken,)), state=scene.state)
        if not rest:
            return Pointed(reading=Understood(request=request, assumed=(taken,)), state=scene.state)
        reading = scene.hear(rest if rest.casefold().startswith(("and ", "what about ", "only ", "why")) else f"and {rest}", request)
        if isinstance(reading, Understood):
            reading = replace(reading, assumed=(taken, *reading.assumed))
        return Pointed(reading=reading, state=scene.state)

    def _named(self, question: MetricQuestion, shown: Shown | None, scene: Scene) -> Pointed | None:
        """ "That region": the one that is talked of, else the only one that was shown; of several, which is asked."""
        for name, rest in pointed(scene.text):
            held = [condition for condition in question.filters if len(condition.values) == 1 and condition.op == "=" and self._called(condition, name)]
            if held and rest:
                taken = f"I took '{name}' as {held[-1].values[0]}"
                reading = scene.hear(f"and {rest}", question)
                return Pointed(reading=replace(reading, assumed=(taken, *reading.assumed)) if isinstance(reading, Understood) else reading, state=scene.state)
            if shown is None or not shown.called(name) or held:
                if not held and self._is_dimension(name, scene):
                    return Pointed(reading=Unsupported(reason=f"I can't tell which {name} you mean; say it by its name."), state=scene.state)
                continue
            if len(shown.rows) == 1:
                return self._narrowed(shown, (0,), rest, scene)
            found = [(self._label(shown, place), self._narrowed(shown, (place,), rest, scene).reading) for place in range(min(len(shown.rows), _MOST))]
            choices = tuple(Choice(label=label, request=reading.request) for label, reading in found if isinstance(reading, Understood))
            if choices:
                return Pointed(reading=Clarify(about=name, choices=choices), state=scene.state)
        return None

    def _is_dimension(self, name: str, scene: Scene) -> bool:
        """Whether something is called so that values have a name for; "this month" is a time."""
        catalog = self._parts.hearing.view(self._parts.permit.grant(scene.asker)).catalog
        words = [singular(word) for word in name.split()]
        labels = (field.label.casefold().split() for field in catalog.fields.values() if field.role == "dimension")
        return not _TIMES & set(words) and any(words == [singular(word) for word in label] for label in labels)

    def _called(self, condition: Filter, name: str) -> bool:
        """Whether a condition is on what people call so."""
        label = self._leaving.label(condition.dimension) if condition.dimension else ""
        return [singular(word) for word in label.split()] == [singular(word) for word in name.split()]

    def _label(self, shown: Shown, place: int) -> str:
        """What a row is called."""
        named = zip(shown.names, shown.rows[place], strict=True)
        return ", ".join(
            shown.bucket(value, self._parts.catalog) if name == shown.time else "unknown" if value is None else str(value) for name, value in named
        )

    def _knows(self, request: Request, asker: Asker) -> bool:
        """Whether a request may be told to somebody: what others asked before is not told by going back to it."""
        try:
            grant = self._parts.permit.decide(request, asker)
        except NotPermitted:
            return False
        return self._parts.hearing.view(grant).shows(request)


def _beside_each_other(state: State) -> Reading | None:
    """ "Compare them", after one value and then another: both side by side. None where what was asked last is no single figure."""
    last, before = state.request, state.before[-1] if state.before else None
    if not isinstance(last, MetricQuestion) or last.analysis != "value" or last.compare is not None:
        return None
    changed = [condition for condition in last.filters if before is None or condition not in before.filters]
    if before is not None and len(changed) == 1 and changed[0].op == "=" and len(changed[0].values) == 1:
        others = [old for old in before.filters if old.dimension == changed[0].dimension and old.op == "=" and len(old.values) == 1]
        kept = tuple(condition for condition in last.filters if condition is not changed[0])
        if (
            len(others) == 1
            and replace(before, filters=()) == replace(last, filters=())
            and kept == tuple(old for old in before.filters if old is not others[0])
        ):
            values = (others[0].values[0], changed[0].values[0])
            compare = CompareValues(dimension=str(changed[0].dimension), values=values)
            return Understood(request=replace(last, analysis="compare", filters=kept, compare=compare))
    return Unsupported(reason="I told one figure, and there is nothing to compare it with: name what with, such as 'compare it with last year'.", firm=True)
