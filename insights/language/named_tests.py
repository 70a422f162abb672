"""Analyses of what the catalog declares by name or of whole datasets: segments, cohorts, funnels and experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.catalog.lifetimes import lifetime_of
from insights.catalog.model import Catalog
from insights.language.chunks import Against, Asked, Bucketed, Chunk, Grouped, Leftover, Measured, Mention, Ranked, Sorted, Valued, of
from insights.language.forms import singular
from insights.language.pieces import Piece
from insights.language.scene import Scene
from insights.language.stuck import Ambiguous, Meaning, Stuck
from insights.language.vocabulary import Marker
from insights.requests import Unsupported

_WENT = frozenset({"go", "goes", "going", "went", "gone"})
"""How something goes is how it came out."""
_WORKED = frozenset({"work", "works", "worked", "working", "help", "helps", "helped", "helping", "succeed", "succeeded", "pay off", "paid off"})
"""Whether something that was tried was worth it."""


def implied(scene: Scene) -> str | None:
    """ "How did the checkout test go": an experiment that is called by its name is meant itself, if nothing else is measured."""
    if _worked(scene):
        return "experiment"
    for chunk in of(scene.chunks, Mention):
        named = _spelt(chunk.piece.words)
        if chunk.piece.datasets and not chunk.piece.metrics and any(_spelt(name) == named for name in scene.catalog.experiments):
            others = [said for said in scene.measures_said() if said is not chunk]
            plain = not any(isinstance(other, Grouped | Ranked | Bucketed | Measured) for other in scene.chunks)
            return "experiment" if not others and plain else None
    return None


def _worked(scene: Scene) -> bool:
    """ "Did the new checkout work": whether it was tried in the one experiment that has it in its name; then the verb is used, and which one is said."""
    verbs = [chunk for chunk in of(scene.chunks, Leftover) if chunk.words in _WORKED]
    new = [chunk for chunk in of(scene.chunks, Leftover) if chunk.words == "new"]
    spelt = {_spelt(name): name for name in scene.catalog.experiments}
    tried = [chunk for chunk in of(scene.chunks, Mention) if _spelt(chunk.piece.words) in spelt or _by_part(chunk.piece.words, spelt) is not None]
    if len(verbs) != 1 or len(tried) != 1 or len(verbs) + len(new) + len(tried) != len(scene.chunks):
        return False
    words = tried[0].piece.words
    if _spelt(words) not in spelt:
        scene.draft.assume(f"I took the {_spelt(_by_part(words, spelt) or '')} for '{words}'")
    scene.take(*verbs, *new)
    return True


def declared_names(catalog: Catalog) -> Mapping[tuple[str, ...], Marker]:
    """The phrases that funnels and experiments are called by, as words; what is the name of a dataset too is told from it by what is said of it."""
    taken = {tuple(name.replace("_", " ").casefold().split()) for d in catalog.datasets.values() for name in (d.name, d.label, *d.synonyms)}
    found: dict[tuple[str, ...], Marker] = {}
    for analysis, names, kinds in (("funnel", catalog.funnels, ("funnel",)), ("experiment", catalog.experiments, ("experiment", "test"))):
        for name in names:
            words = tuple(name.replace("_", " ").replace("-", " ").casefold().split())
            phrases = [(*words, kind) for kind in kinds if words[-1] not in kinds] + [words]
            found |= {phrase: Marker("analysis", analysis) for phrase in phrases if len(phrase) > 1 and phrase not in taken}
    return found


def _spelt(name: str) -> str:
    return " ".join(singular(word) for word in name.replace("_", " ").replace("-", " ").casefold().split())


def _members(scene: Scene) -> str | None:
    """The dataset whose records were named to be looked at, taken out of the phrases."""
    for chunk in scene.chunks:
        if isinstance(chunk, Mention | Grouped | Measured) and chunk.piece.datasets:
            names = [name for name in chunk.piece.datasets if scene.is_member(name)]
            if names:
                scene.take(chunk)
                return names[0]
    return None


def _of(scene: Scene) -> None:
    """Whose behaviour is looked at: who was named, else those about whom the catalog says that they are people. Raises Ambiguous."""
    named = _members(scene)
    if named is None:
        decided = scene.decisions.get(("of", ""))
        people = [name for name, dataset in scene.catalog.datasets.items() if dataset.personal and scene.is_member(name)]
        reached = people or [name for name in scene.catalog.datasets if _is_counted(scene, name)]
        if isinstance(decided, str):
            named = decided
        elif len(reached) == 1:
            named = reached[0]
            scene.draft.assume(f"I took {scene.phrasing.dataset(named)}")
        elif reached:
            raise Ambiguous(scene.words, [Meaning(scene.phrasing.dataset(name), name) for name in reached[:3]], ("of", ""))
        else:
            raise Stuck(Unsupported(reason="I don't know whom to look at; nothing here has records that come back."))
    scene.draft.options["of"] = named
    scene.facts = scene.facts or frozenset({named})


def _is_counted(scene: Scene, dataset: str) -> bool:
    """Whether a metric counts the members of a dataset one by one."""
    keys = {(step.many, column) for step in scene.catalog.relationships if step.one == dataset for column in step.many_columns}
    return any(
        part.function == "count_distinct" and any((id_.dataset, id_.name) in keys for id_ in part.fields)
        for metric in scene.catalog.metrics.values()
        for part in metric.aggregations
    )


def segment(scene: Scene) -> None:
    """Groups of records that behave alike, by the figures that were said."""
    scene.draft.analysis = "segments"
    scene.measureless = True
    _of(scene)
    scene.take(*of(scene.chunks, Sorted))


def segmented(scene: Scene) -> None:
    """What counts records is a figure to form groups by, not a key to tell them apart by: "by orders and revenue"."""
    counted = {key: _count_of(key.id.dataset, scene) for key in scene.draft.group_by if scene.catalog.fields[key.id].role == "key"}
    named = [name for name in counted.values() if name is not None]
    if named:
        scene.draft.group_by = [key for key in scene.draft.group_by if counted.get(key) is None]
        scene.draft.measures = list(dict.fromkeys((*named, *scene.draft.measures)))


def _count_of(dataset: str, scene: Scene) -> str | None:
    """The metric that counts the records of a dataset and is called as they are."""
    metric = scene.catalog.metrics.get(dataset)
    parts = metric.aggregations if metric is not None and len(metric.formula) == 1 else ()
    return dataset if [(part.function, part.dataset) for part in parts] in ([("count", dataset)], [("count_distinct", dataset)]) else None


def follow(scene: Scene) -> None:
    """Those who began together, and how many come back."""
    scene.draft.analysis = "cohorts"
    scene.measureless = True
    lasting = None if scene.measures_said() else _named_lasting(scene)
    if lasting is None:
        _of(scene)
        return
    scene.draft.options["of"] = lasting
    scene.facts = scene.facts or frozenset({lasting})


def followed(scene: Scene) -> None:
    """By the month they began where nothing else was said."""
    scene.draft.grain = scene.draft.grain or "month"
    _lasting(scene)
    if scene.draft.measures:  # when they began is another time than that of what is measured
        scene.draft.time_field = scene.moments.time_field()


def _named_lasting(scene: Scene) -> str | None:
    """What begins and ends by itself and is called by its name, also where a value is called so too ("retention of subscriptions")."""
    lives = {life.dataset for metric in scene.catalog.metrics.values() if (life := lifetime_of(metric, scene.catalog)) is not None}
    names = {_spelt(name): dataset for dataset in lives for name in (dataset, scene.catalog.datasets[dataset].label)}
    for chunk in of(scene.chunks, Valued):
        dataset = names.get(_spelt(chunk.piece.words))
        if dataset is not None and not chunk.negated and chunk.field is None:
            scene.take(chunk)
            return dataset
    return None


def _lasting(scene: Scene) -> None:
    """What begins and ends by itself, such as subscriptions, is followed itself, unless it was said whom to follow."""
    told = f"I took {scene.phrasing.dataset(str(scene.draft.options['of']))}"
    metric = scene.catalog.metrics.get(scene.draft.measures[0]) if len(scene.draft.measures) == 1 else None
    lifetime = lifetime_of(metric, scene.catalog) if metric is not None else None
    if lifetime is not None and told in scene.draft.assumed:
        scene.draft.assumed.remove(told)
        scene.draft.options["of"] = lifetime.dataset


def pass_through(scene: Scene) -> None:
    """The steps of a funnel."""
    scene.draft.analysis = "funnel"
    scene.measureless = True
    scene.draft.options["funnel"] = _named(scene, scene.catalog.funnels, "funnel", "funnels: in assistant.yaml")


def test(scene: Scene) -> None:
    """How an experiment came out."""
    scene.draft.analysis = "experiment"
    scene.measureless = True
    scene.take(*(chunk for chunk in of(scene.chunks, Against) if chunk.relative == "moved"))  # "did the test change revenue"
    scene.take(*(chunk for chunk in of(scene.chunks, Leftover) if chunk.weak and chunk.words in _WENT))
    scene.draft.options["experiment"] = _named(scene, scene.catalog.experiments, "experiment", "experiments: in assistant.yaml")


def _named(scene: Scene, declared: Mapping[str, object], what: str, where: str) -> str:
    """The one that is called by its name, taken out of the phrases; the only one where none is. Raises Ambiguous or Stuck."""
    if not declared:
        raise Stuck(Unsupported(reason=f"No {what} is declared here; they are declared under {where}."))
    spelt = {_spelt(name): name for name in declared}
    said = [name for told, name in spelt.items() if f" {told} " in f" {_spelt(scene.words)} "]
    if len(said) == 1:
        return said[0]
    for chunk in scene.chunks:
        words = chunk.words if isinstance(chunk, Leftover) else chunk.piece.words if isinstance(chunk, Mention | Grouped) else ""
        name = spelt.get(_spelt(words)) or _by_part(words, spelt)
        if words and name is not None:
            scene.take(chunk)
            return name
    decided = scene.decisions.get(("named", what))
    if isinstance(decided, str):
        return decided
    if len(declared) == 1:
        name = next(iter(declared))
        scene.draft.assume(f"I took {_spelt(name)}, the only {what}")
        return name
    raise Ambiguous(what, [Meaning(_spelt(name), name) for name in list(declared)[:3]], ("named", what))


def _by_part(words: str, spelt: Mapping[str, str]) -> str | None:
    """The one whose name holds the words: "price" of "price test"."""
    said = set(_spelt(words).split())
    fits = [name for told, name in spelt.items() if said and said <= set(told.split())]
    return fits[0] if len(fits) == 1 else None


__all__ = ["Asked", "Chunk", "Piece", "Sequence", "follow", "followed", "implied", "pass_through", "segment", "segmented", "test"]
