"""The models of statsforecast are heard where it is installed and there is the time, and never where somebody waits by voice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from insights.analysis.forecasting import wider
from insights.analysis.forecasting.forecast import foretell
from insights.analysis.forecasting.pool import candidates

LENGTHS = np.array([48, 42, 36])
VALUES = 100 + np.arange(48.0) + 10 * np.sin(np.arange(48) * 2 * np.pi / 12) + np.random.default_rng(8).normal(0, 2, 48)


def test_who_has_no_time_is_answered_by_our_own(monkeypatch) -> None:
    """Whether it is installed or not."""
    monkeypatch.setattr(wider, "is_installed", lambda: True)
    assert wider.models(3.5) is candidates
    assert wider.models(wider.LEAST_SECONDS) is wider.with_theirs


def test_what_is_not_installed_is_not_asked(monkeypatch) -> None:
    """However much time there is."""
    monkeypatch.setattr(wider, "is_installed", lambda: False)
    assert wider.models(60.0) is candidates


def test_a_model_with_a_share_of_its_own_keeps_it() -> None:
    """The others have what is left of it, as they have it among themselves."""

    def doubled(values, lengths, period, horizon, budget="full"):
        (theta,) = [one for one in candidates(values, lengths, period, horizon, budget) if one.name == "Theta"]
        return [theta, replace(theta, name="another"), replace(theta, name="theirs", share=0.6)]

    shares = foretell(VALUES, 12, 6, models=doubled).shares
    assert shares == pytest.approx({"Theta": 0.2, "another": 0.2, "theirs": 0.6})


def test_a_model_that_is_far_off_in_the_back_tests_is_not_heard() -> None:
    """Further than twice what repeating the season before would have been off."""
    (theta,) = [one for one in candidates(VALUES, LENGTHS, 12, 6) if one.name == "Theta"]
    assert not wider._is_far_off(theta, VALUES, LENGTHS, 12, 6)
    assert wider._is_far_off(replace(theta, ahead=theta.ahead * 2), VALUES, LENGTHS, 12, 6)


def test_their_models_are_heard_beside_ours() -> None:
    """With paths of their own, weights from the same back-tests, and a forecast in the neighbourhood of ours."""
    pytest.importorskip("statsforecast", reason="statsforecast is not installed: pip install insights-assistant[forecasts]")
    theirs, ours = foretell(VALUES, 12, 6, models=wider.with_theirs), foretell(VALUES, 12, 6)
    assert {"AutoTheta", "AutoETS", "AutoCES"} <= theirs.shares.keys()
    assert sum(theirs.shares.values()) == pytest.approx(1)
    assert theirs.path == pytest.approx(ours.path, rel=0.1)
    assert not np.array_equal(theirs.path, ours.path)


def test_a_series_that_never_moves_is_still_foretold() -> None:
    """Models of theirs that fail on it are left out."""
    pytest.importorskip("statsforecast", reason="statsforecast is not installed: pip install insights-assistant[forecasts]")
    assert foretell(np.full(36, 5.0), 12, 3, models=wider.with_theirs).path == pytest.approx([5, 5, 5])
