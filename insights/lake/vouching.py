"""Vouching for files, and looking whether they are still what was vouched for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from insights.errors import OutsideFailed
from insights.lake.files import FileState
from insights.lake.lake import Lake, differences
from insights.lake.manifest import Manifest, Vouched, named
from insights.lake.source import Source

_AT_ONCE = 4


def manifest_of(sources: Sequence[Source], lake: Lake, notes: Callable[[Source], Mapping[str, str]], *, now: float) -> Manifest:
    """Read every file of the sources and vouch for it as it is at `now`; `notes` is what an engine wants to remember of them by path.

    `lake` knows no manifest. Raises Replaced, Unreachable.
    """
    found: dict[str, Mapping[str, Vouched]] = {}
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for source in _with_files(sources):
            noted, states = notes(source), lake.states(source)
            read = pool.map(lake.vouch, states)
            found[named(source)] = {state[0]: replace(one, notes=noted.get(state[0])) for state, one in zip(states, read, strict=True)}
    return Manifest(written=now, sources=found)


def changed(sources: Sequence[Source], lake: Lake, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Path and reason of every file that is not what the manifest says, each file read whole. `lake` knows no manifest."""
    for source in _with_files(sources):
        vouched = manifest.of(source)
        states = lake.states(source)
        if vouched is None:
            yield "\n".join(source.paths), "nobody vouched for this source"
            continue
        told = dict(differences(vouched, states))
        for state in states:
            reason = told.pop(state[0], None) or _content(lake, state, vouched[state[0]])
            if reason is not None:
                yield state[0], reason
        yield from told.items()


def _content(lake: Lake, state: FileState, vouched: Vouched) -> str | None:
    """How the content differs, None when it does not."""
    try:
        now = lake.vouch(state)
    except OutsideFailed as failure:
        return str(failure)
    return None if now.sha256 == vouched.sha256 else "its content is another"


def _with_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in dict.fromkeys(sources) if source.paths]
