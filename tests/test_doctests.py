"""Examples in docstrings run, in every module."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import insights
import skill
import slackbot

PACKAGES = (insights, skill, slackbot)
MODULES = [found.name for package in PACKAGES for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]


@pytest.mark.parametrize("name", [*(package.__name__ for package in PACKAGES), *MODULES])
def test_the_examples_of_a_module_give_what_they_show(name):
    """Run as they stand, in a module that can be imported by itself."""
    module = import_module(name)
    result = doctest.testmod(module)
    assert result.failed == 0


def test_there_are_examples_to_run():
    """The finder found them: pure functions show one."""
    finder = doctest.DocTestFinder()
    shown = sum(len(found.examples) for name in MODULES for found in finder.find(import_module(name)))
    assert shown > 50
