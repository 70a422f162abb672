"""Reads what assistant.yaml says about who may see what, what is kept ready, and which questions have a known reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from insights.catalog.documents import Node
from insights.catalog.model import Experiment, Funnel, RowPolicy, Sensitivity, Verified
from insights.catalog.names import Names
from insights.catalog.rollups import Rollup
from insights.catalog.sections import Section, plain_of, scalars_of
from insights.errors import nearest
from insights.requests import ANALYSES, GRAINS, AdHoc, Formula, Measure, MetricName, Scalar, parse_measure

SENSITIVITIES: tuple[Sensitivity, ...] = ("public", "internal", "confidential")
_ATTRIBUTE = re.compile(r"\{person\.\w+\}")
_REQUEST = ("kind", "analysis", "metrics", "group_by", "time_field", "grain", "filters", "period", "compare", "limit", "order", "columns", "options")


def read_access(top: Section) -> Mapping[str, tuple[str, ...]]:
    """Roles by the sensitivity they may see."""
    section = top.section("access", "'access'")
    found: dict[str, tuple[str, ...]] = {}
    for level in section.entries():
        if level not in SENSITIVITIES:
            section.report(level, f"'access' has no sensitivity '{level[:40]}'.", nearest(level, SENSITIVITIES) or f"There is {', '.join(SENSITIVITIES)}.")
        else:
            found[level] = section.texts(level)
    return found


def read_policies(top: Section, names: Names) -> tuple[RowPolicy, ...]:
    """Who sees which rows."""
    found = []
    for section in _list(top, "policies", "a policy"):
        name = section.required("dataset")
        dataset = names.dataset(name, section.line_of("dataset"), "policies") if name else None
        roles = section.texts("roles")
        if not roles:
            section.report("roles" if "roles" in section else None, "a policy needs 'roles'.", "Add roles: [role].")
        where = _where(section, names, dataset)
        section.done()
        if dataset is not None and roles:
            found.append(RowPolicy(dataset=dataset, roles=roles, where=where))
    return tuple(found)


def _where(section: Section, names: Names, dataset: str | None) -> Mapping[str, Scalar | tuple[Scalar, ...]]:
    outer = section.section("where", "the 'where' of a policy")
    found: dict[str, Scalar | tuple[Scalar, ...]] = {}
    for name, node in outer.entries().items():
        if node.entries is not None:
            outer.report(name, f"the value of '{name[:40]}' in a policy is a mapping.", 'An attribute of the person is quoted: "{person.region}".')
            continue
        values = scalars_of(node, section.notebook, f"the value of '{name[:40]}' in a policy")
        for value in values:
            if isinstance(value, str) and ("{" in value or "}" in value) and not _ATTRIBUTE.fullmatch(value):
                outer.report(name, f"'{value[:60]}' is not an attribute of a person.", 'Write "{person.attribute}".')
        field = names.field(name.removeprefix(f"{dataset}."), node.line, "a policy", prefer=dataset) if dataset else None
        if field is not None:
            found[field.name] = values if node.items is not None else values[0]
    return found


def read_verified(top: Section, names: Names) -> tuple[Verified, ...]:
    """Questions with a known right reading."""
    found = []
    for section in _list(top, "verified", "a verified question"):
        ask = section.required("ask")
        request = section.node("request")
        if request is None:
            section.report(None, "a verified question needs 'request'.", "Add request: {analysis: value, metrics: [...]}.")
        else:
            _check_request(section.section("request", f"the request of '{(ask or '')[:60]}'"), names)
        expect = section.node("expect")
        section.done()
        plain = plain_of(request) if request is not None else None
        if ask is not None and isinstance(plain, dict):
            found.append(Verified(ask=ask, request=plain, expect=expect.scalar if expect and expect.is_scalar else None, line=section.line))
    return tuple(found)


def _check_request(section: Section, names: Names) -> None:
    for key in _REQUEST:
        section.node(key)
    section.choice("analysis", ANALYSES)
    section.choice("grain", GRAINS)
    for text in section.texts("metrics"):
        try:
            _check_measure(parse_measure(text), section.line_of("metrics"), section.what, names)
        except ValueError as error:
            section.report("metrics", f"{section.what}: {str(error)[:200]}.")
    for text in section.texts("group_by"):
        _check_dimension(text, section.line_of("group_by"), section.what, names)
    for node in section.items("filters"):
        inner = Section(node, section.notebook, f"a filter of {section.what}")
        dimension = inner.text("dimension")
        if dimension is not None:
            _check_dimension(dimension, inner.line_of("dimension"), inner.what, names)
    section.done()


def _check_measure(measure: Measure, line: int, what: str, names: Names) -> None:
    match measure:
        case MetricName(name):
            names.metric(name, line, what)
        case AdHoc(_, dataset, field):
            if names.dataset(dataset, line, what) and field is not None:
                names.field(f"{dataset}.{field}", line, what)
        case Formula(left, _, right):
            _check_measure(left, line, what, names)
            _check_measure(right, line, what, names)


def _check_dimension(text: str, line: int, what: str, names: Names) -> None:
    """A bare name may stand in several datasets: which is meant is decided with the metric, when it is asked."""
    if "." in text or not any(text in fields for fields in names.fields.values()):
        names.field(text, line, what)


def read_funnels(top: Section, names: Names) -> dict[str, Funnel]:
    """Every funnel by its name."""
    found: dict[str, Funnel] = {}
    for name, section in top.each("funnels", "funnel"):
        by = section.required("by")
        if by is not None:
            names.field(by, section.line_of("by"), section.what)
        steps, means = _steps(section, names)
        found[name] = Funnel(by=by or "", steps=steps, means=means)
        if len(steps) < 2:
            section.report("steps" if "steps" in section else None, f"{section.what} needs two steps at least.", "Add steps: [first, second].")
        section.done()
    return found


def _steps(section: Section, names: Names) -> tuple[tuple[str, ...], dict[str, str]]:
    """The steps in order, and what those are that say it: `{name: metric}` or `{name: dataset.time_field}`."""
    steps: list[str] = []
    means: dict[str, str] = {}
    for node in section.items("steps"):
        if node.is_scalar and not node.is_null:
            steps.append(node.text)
        elif node.entries is not None and len(node.entries) == 1 and all(one.is_scalar and not one.is_null for one in node.entries.values()):
            ((name, meaning),) = node.entries.items()
            steps.append(name)
            means[name] = meaning.text
            if meaning.text not in names.metrics:
                names.field(meaning.text, node.line, section.what)
        else:
            section.notebook.report(
                node.line, f"{section.what}: a step is a name, or {{name: what it goes by}}.", "Write {paid: orders.paid_on} or {paid: orders}."
            )
    if len(set(steps)) < len(steps):
        section.report("steps", f"{section.what} has a step twice.", "Give each a name of its own.")
    return tuple(steps), means


def read_experiments(top: Section, names: Names) -> dict[str, Experiment]:
    """Every experiment by its name."""
    found: dict[str, Experiment] = {}
    for name, section in top.each("experiments", "experiment"):
        source = section.required("dataset")
        dataset = names.dataset(source, section.line_of("dataset"), section.what) if source else None
        fields: dict[str, str] = {}
        for key in ("unit", "arm", "at"):
            field = section.required(key)
            fields[key] = (field or "").removeprefix(f"{dataset}.")
            if field is not None and dataset is not None:
                names.field(fields[key], section.line_of(key), section.what, prefer=dataset)
        control = section.required("control")
        found[name] = Experiment(dataset=dataset or "", unit=fields["unit"], arm=fields["arm"], at=fields["at"], control=control or "")
        section.done()
    return found


def read_rollups(top: Section, names: Names) -> tuple[Rollup, ...]:
    """What is to be kept ready; a rollup without a name is called by its number."""
    found: dict[str, Rollup] = {}
    for number, section in enumerate(_list(top, "rollups", "a rollup"), start=1):
        name = section.text("name") or f"rollup_{number}"
        metrics = section.texts("metrics")
        if not metrics:
            section.report("metrics" if "metrics" in section else None, "a rollup needs 'metrics'.", "Add metrics: [name].")
        for metric in metrics:
            names.metric(metric, section.line_of("metrics"), "a rollup")
        for field in section.texts("by"):
            _check_dimension(field, section.line_of("by"), "a rollup", names)
        if name in found or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,60}", name):
            section.report("name", f"a rollup cannot be called '{name[:40]}'.", "Give each a name of its own, of letters, digits, _ and -.")
        found[name] = Rollup(
            name=name, metrics=section.texts("metrics"), by=section.texts("by"), grain=section.choice("grain", GRAINS) or "day", line=section.line
        )  # fmt: skip
        section.done()
    return tuple(found.values())


def _list(top: Section, key: str, what: str) -> Iterator[Section]:
    for node in top.items(key):
        yield Section(node if not node.is_null else Node(node.line, entries={}), top.notebook, what)
