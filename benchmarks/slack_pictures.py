"""Draws the main Slack messages as Slack lays their blocks out, in headless Chromium: `python -m benchmarks.slack_pictures FOLDER [NAME]...`."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.slack_scenes import scenes
from insights import wiring
from insights.demo.company import ROWS, SEED, make, standing
from insights.turns import Turn
from slackbot.reply import dress

SHOWN = {
    "breakdown": ("revenue by region last month",),
    "comparison": ("compare revenue last month with the month before",),
    "forecast": ("forecast revenue for the next 6 weeks",),
    "why": ("why did revenue fall in May?",),
    "question-back": ("session minutes by device in April",),
    "confirm": ("book a room for four tomorrow at three for an hour",),
    "refused": ("gross margin last month",),
    "movers": ("top 3 regions by revenue growth this year",),
}
_COLORS = ("#36C5F0", "#2EB67D", "#ECB22E", "#E01E5A", "#4A154B", "#1264A3")
_STYLE = """
body { margin: 0; padding: 16px; width: 640px; font: 15px/1.47 Lato, Arial, "Noto Color Emoji", sans-serif; color: #1d1c1d; }
.who { font-weight: 900; } .small { color: #616061; font-size: 12px; white-space: pre-line; margin-top: 6px; }
.section { white-space: pre-line; margin: 4px 0; } table { border-collapse: collapse; margin: 8px 0; font-size: 13px; }
td, th { border: 1px solid #ddd; padding: 4px 10px; text-align: left; } td.number { text-align: right; }
.buttons span { margin: 4px 8px 4px 0; display: inline-block; font-weight: 700; font-size: 13px; border: 1px solid #bbb; border-radius: 4px;
  padding: 4px 12px; }
.label { font-weight: 700; margin-top: 8px; } .field { border: 1px solid #bbb; border-radius: 4px; padding: 6px 12px; margin: 4px 0; }
.buttons .danger { color: #e01e5a; border-color: #e01e5a; }
.buttons .primary { background: #007a5a; color: #fff; border-color: #007a5a; }
"""


def drawn(message: Mapping[str, Any]) -> str:
    """A message's blocks as a page. Raises ValueError for a block that is not drawn here."""
    body = "".join(_block(block) for block in message["blocks"])
    if "submit" in message:
        ways = f"<span>{html.escape(message['close']['text'])}</span><span class=primary>{html.escape(message['submit']['text'])}</span>"
        body = f"<h3>{html.escape(message['title']['text'])}</h3>{body}<div class=buttons>{ways}</div>"
    measured = "<script>document.title = document.body.scrollHeight;</script>"
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><body><div class=who>Insights</div>{body}{measured}"


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "section":
            beside = f"<div class=buttons>{_element(block['accessory'])}</div>" if "accessory" in block else ""
            return f"<div class=section>{_mrkdwn(block['text']['text'])}</div>{beside}"
        case "header":
            return f"<h3>{html.escape(block['text']['text'])}</h3>"
        case "context":
            return "".join(f"<div class=small>{_mrkdwn(element['text'])}</div>" for element in block["elements"])
        case "actions":
            return f"<div class=buttons>{''.join(map(_element, block['elements']))}</div>"
        case "data_table":
            return _table(block["rows"])
        case "data_visualization":
            return _chart(block)
        case "input":
            return f"<div class=label>{html.escape(block['label']['text'])}</div><div class=field>{html.escape(_filled(block['element']))}</div>"
        case "divider":
            return "<hr>"
        case other:
            raise ValueError(f"{other} is not drawn here")


def _mrkdwn(text: str) -> str:
    """The escapes of mrkdwn are those of HTML; of its markup our messages use bold and channels alone, whose names Slack knows and we do not."""
    return re.sub(r"<#C0([A-Z]+)\d*>", lambda found: f"<b>#{found[1].lower()}</b>", re.sub(r"(?m)^\*(.+)\*$", r"<b>\1</b>", text))


def _filled(element: Mapping[str, Any]) -> str:
    """What stands in a field before anybody writes there."""
    chosen = element.get("initial_option")
    if chosen is not None:
        return f"{chosen['text']['text']} ▾"
    return str(element.get("initial_time") or element.get("initial_date") or element.get("initial_value") or "…")


def _element(element: Mapping[str, Any]) -> str:
    label = element.get("text", element.get("placeholder", {"text": "..."}))["text"]
    return f"<span class='{element.get('style', '')}'>{html.escape(label)}</span>"


def _table(rows: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    head = "".join(f"<th>{html.escape(cell['text'])}</th>" for cell in rows[0])
    lines = ("".join(f"<td class={'number' if 'value' in cell else 'text'}>{html.escape(cell['text'])}</td>" for cell in row) for row in rows[1:])
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _chart(block: Mapping[str, Any]) -> str:
    """Bars or lines over the categories, from zero or the least value."""
    series, labels = block["chart"]["series"], block["chart"]["axis_config"]["categories"]
    values = [point["value"] for one in series for point in one["data"]]
    low, high = min(0.0, *values), max(0.0, *values)
    step, tall = 600 / len(labels), 160.0

    def y(value: float) -> float:
        return 10 + tall * (high - value) / ((high - low) or 1)

    shapes = []
    for number, one in enumerate(series):
        color, points = _COLORS[number % len(_COLORS)], one["data"]
        if block["chart"]["type"] == "bar":
            wide = step * 0.8 / len(series)
            for place, point in enumerate(points):
                top, bottom = sorted((y(point["value"]), y(0)))
                left = step * place + step * 0.1 + wide * number
                shapes.append(f"<rect x='{left:.1f}' y='{top:.1f}' width='{wide:.1f}' height='{bottom - top:.1f}' fill='{color}'/>")
        else:
            line = " ".join(f"{step * (place + 0.5):.1f},{y(point['value']):.1f}" for place, point in enumerate(points))
            shapes.append(f"<polyline points='{line}' fill='none' stroke='{color}' stroke-width='2'/>")
    middles = [step * (place + 0.5) for place in range(len(labels))]
    words = "".join(
        f"<text x='{x:.1f}' y='186' font-size='10' text-anchor='end' transform='rotate(-30 {x:.1f} 186)'>{html.escape(label)}</text>"
        for x, label in zip(middles, labels, strict=True)
    )
    legend = " ".join(f"<span style='color:{_COLORS[number % len(_COLORS)]}'>■</span> {html.escape(one['name'])}" for number, one in enumerate(series))
    return f"<div><b>{html.escape(block['title'])}</b> <span class=small>{legend}</span><svg width=610 height=240>{''.join(shapes)}{words}</svg></div>"


def _photograph(browser: str, page: Path, picture: Path, profile: Path) -> None:
    """The page as a picture, as tall as it is."""
    chromium = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
    seen = subprocess.run([*chromium, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=240, check=True).stdout
    height = re.search(r"<title>(\d+)</title>", seen)
    assert height, seen[:200]
    # The window's frame takes part of its height, even without a head.
    subprocess.run(
        [*chromium, f"--window-size=680,{int(height[1]) + 90}", f"--screenshot={picture}", page.as_uri()], capture_output=True, timeout=240, check=True
    )


def main(folder: Path) -> int:
    """Ask the demo company and draw what Slack would get, one picture each."""
    browser = shutil.which("chromium")
    if browser is None:
        print("chromium is missing: apt-get install chromium")
        return 1
    demo = Path(".insights/demo").absolute()
    company = standing(demo, rows=ROWS, seed=SEED) or make(demo, rows=ROWS, seed=SEED)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, closing(wiring.open_catalog(company.folder, home=Path(scratch))) as assistant:
        for name, said in SHOWN.items():
            for number, text in enumerate(said):
                turn = Turn(text, person="sam" if name == "refused" else "ada", conversation=name, id=f"{name}-{number}")
                message = dress(assistant.reply(turn), turn=f"slack:T1:{name}", conversation=f"slack:T1:{name}")
            _draw(name, message, folder, browser, Path(scratch))
        for name, message in scenes(company.folder, Path(scratch)):
            _draw(name, message, folder, browser, Path(scratch))
    return 0


def _draw(name: str, message: Mapping[str, Any], folder: Path, browser: str, scratch: Path) -> None:
    if name not in (sys.argv[2:] or [name]):
        return
    page = scratch / f"{name}.html"
    page.write_text(drawn(message), "utf-8")
    picture = folder / f"{name}.png"
    _photograph(browser, page, picture, scratch / "profile")
    print(picture)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/slack")))
