"""A hospital that nobody of ours wrote the words for: wards known by codes, days of birth, and beds that are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from insights.catalog.model import Aggregation, Catalog, Dataset, FieldId, Metric, Relationship
from insights.catalog.values import Contents, Coverage
from insights.lake.source import Source
from insights.language.understand import Understander
from insights.requests import Clarify, Filter, Understood, Unsupported
from tests.language.company import _field

NOW = datetime(2026, 6, 30, 9)
FIELDS = (
    _field("admissions.admission_id", "key", "number"),
    _field("admissions.patient_id", "key", "number"),
    _field("admissions.ward", "dimension", label="ward code"),
    _field("admissions.doctor", "dimension", label="Doctor"),
    _field("admissions.admitted_on", "time", "date", "Admitted on"),
    _field("admissions.cost", "fact", "number", "Cost of stay", aggregates=("sum", "avg"), unit="CHF"),
    _field("wards.ward_code", "key"),
    _field("wards.ward_name", "dimension", label="ward name"),
    _field("wards.beds", "fact", "number", "beds", aggregates=("sum", "avg")),
    _field("patients.patient_id", "key", "number"),
    _field("patients.city", "dimension", label="City"),
    _field("patients.date_of_birth", "time", "date", "date of birth"),
)
DATASETS = {
    name: Dataset(name=name, source=Source(), label=name, fields={f.id.name: f for f in FIELDS if f.id.dataset == name}, primary_key=(key,))
    for name, key in (("admissions", "admission_id"), ("wards", "ward_code"), ("patients", "patient_id"))
}
JOINS = tuple(
    Relationship(name=f"admissions_{many}", many="admissions", one=one, many_columns=(many,), one_columns=(key,))
    for many, one, key in (("ward", "wards", "ward_code"), ("patient_id", "patients", "patient_id"))
)
ADMITTED = FieldId("admissions", "admitted_on")
COUNTED, SPENT = (
    Aggregation(function="count", dataset="admissions"),
    Aggregation(function="sum", dataset="admissions", operand=(FieldId("admissions", "cost"),)),
)
METRICS = {
    "admissions": Metric(name="admissions", label="Admissions", formula=(COUNTED,), unit="admissions", time=ADMITTED),
    "spending": Metric(name="spending", label="Spending", formula=(SPENT,), unit="CHF", time=ADMITTED),
}
CATALOG = Catalog(name="hospital", version="1", datasets=DATASETS, metrics=METRICS, relationships=JOINS)
COVERED = Coverage(first=date(2025, 1, 1), last=date(2026, 6, 29))
CONTENTS = Contents(fingerprint="1", values={FieldId("wards", "ward_name"): ("Maternity", "Oncology")}, coverage={ADMITTED: COVERED})


@pytest.fixture(scope="module")
def hospital():
    """Understands what is asked of it."""
    return Understander(CATALOG, CONTENTS)


def with_field(field):
    """The hospital with another field in one of its tables."""
    table = DATASETS[field.id.dataset]
    return Understander(replace(CATALOG, datasets={**DATASETS, table.name: replace(table, fields={**table.fields, field.id.name: field})}), CONTENTS)


def request(hospital, text):
    """What a question was understood as."""
    reading = hospital.understand(text, now=NOW)
    assert isinstance(reading, Understood), reading
    return reading.request


def test_what_has_a_name_is_told_by_its_name(hospital):
    """A column called `ward` that is labelled as a code is asked for as the code, and "by ward" is the name of the ward."""
    assert request(hospital, "admissions by ward").group_by == ("ward_name",)
    assert request(hospital, "admissions by ward code").group_by == ("ward",)
    assert request(with_field(_field("admissions.ward", "dimension", label="Ward")), "admissions by ward").group_by == ("ward",)


def test_one_of_what_is_counted_divides(hospital):
    """The spending per bed is no spending by how many beds a ward has."""
    assert request(hospital, "spending per bed").metrics == ("spending / sum(wards.beds)",)
    assert request(hospital, "admissions per bed by ward").group_by == ("ward_name",)


@pytest.mark.parametrize("text", ["patients over 65", "admissions of patients over 65", "admissions of patients under 18 by ward"])
def test_an_age_that_is_not_recorded_is_no_other_figure(hospital, text):
    """Nobody means patients with more than 65 admissions."""
    reading = hospital.understand(text, now=NOW)
    assert isinstance(reading, Unsupported | Clarify)
    assert not any(choice.request.filters for choice in getattr(reading, "choices", ()))


def test_an_age_that_is_recorded_is_meant():
    """Over 65 is said of people."""
    aged = with_field(_field("patients.age", "fact", "number", "Age"))
    assert request(aged, "admissions of patients over 65").filters == (Filter(dimension="patients.age", op=">", values=(65,)),)


def test_a_day_of_birth_is_not_when_somebody_was_a_patient(hospital):
    """Who was born in 1990 is not counted for "patients in 1990"."""
    assert DATASETS["patients"].dated == ()
    assert isinstance(hospital.understand("how many patients in 1990", now=NOW), Unsupported)


@pytest.mark.parametrize(
    "text", ["admissions by doctor excluding unknown", "admissions by doctor without the unknown", "admissions by doctor excluding missing"]
)
def test_unknown_is_left_out_of_what_is_grouped_by(hospital, text):
    """Said with the question as it is said behind it."""
    assert request(hospital, text).filters == (Filter(dimension="doctor", op="not_null", values=()),)


def test_unknown_of_nothing_is_not_dropped(hospital):
    """Where nothing is grouped by, the words are asked about."""
    assert not isinstance(hospital.understand("admissions excluding unknown", now=NOW), Understood)
    assert not isinstance(hospital.understand("admissions excluding missing", now=NOW), Understood)


def test_a_value_before_a_period_that_begins_alike_is_not_said_twice():
    """The ward that is called Last keeps its name before "last year"; the same word said twice is a slip of the tongue."""
    contents = replace(CONTENTS, values={FieldId("wards", "ward_name"): ("Last", "Maternity")})
    wards = Understander(CATALOG, contents)
    of_last = request(wards, "admissions for ward Last last year")
    assert of_last.filters == (Filter(dimension="ward_name", op="=", values=("Last",)),)
    assert (of_last.period.first, of_last.period.last) == (date(2025, 1, 1), date(2025, 12, 31))
    assert request(wards, "admissions for ward Maternity maternity last year").filters == (Filter(dimension="ward_name", op="=", values=("Maternity",)),)
