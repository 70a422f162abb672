"""Every analysis that is promised has its module, and every module keeps the promise."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import get_args, get_type_hints

import insights.analysis
from insights.analysis import _NAMED_FOR, Data
from insights.answers import MetricAnswer
from insights.requests import Analysis, MetricQuestion

BY_WHAT_ELSE_WAS_ASKED = {"averages", "comparison", "growth", "movers", "predicting", "smoothing"}


def test_every_module_that_answers_takes_a_question_and_its_data() -> None:
    """They are imported by name, so nobody else checks their signature; and none that answers a question is left without one that reaches it."""
    promised = {"question": MetricQuestion, "data": Data, "return": MetricAnswer}
    modules = {found.name: import_module(f"insights.analysis.{found.name}") for found in pkgutil.iter_modules(insights.analysis.__path__)}
    answering = {name for name, module in modules.items() if hasattr(module, "answer") and get_type_hints(module.answer) == promised}
    assert answering == _NAMED_FOR | BY_WHAT_ELSE_WAS_ASKED
    assert set(get_args(Analysis)) >= _NAMED_FOR
