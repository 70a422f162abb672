"""A small club with people in three regions, and the same questions worked out in plain Python."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

MODEL = """
version: 0.1.1
semantic_model:
  - name: club
    datasets:
      - name: members
        source: members.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
          - {name: joined_on, expression: {dialects: [{dialect: ANSI_SQL, expression: joined_on}]}, dimension: {is_time: true}}
      - name: visits
        source: visits.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: member_id, expression: {dialects: [{dialect: ANSI_SQL, expression: member_id}]}}
          - {name: visited_on, expression: {dialects: [{dialect: ANSI_SQL, expression: visited_on}]}, dimension: {is_time: true}}
          - {name: paid, expression: {dialects: [{dialect: ANSI_SQL, expression: paid}]}}
      - name: courses
        source: courses.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: member_id, expression: {dialects: [{dialect: ANSI_SQL, expression: member_id}]}}
          - {name: taken_on, expression: {dialects: [{dialect: ANSI_SQL, expression: taken_on}]}, dimension: {is_time: true}}
    relationships:
      - {name: visits_members, from: visits, to: members, from_columns: [member_id], to_columns: [id]}
      - {name: courses_members, from: courses, to: members, from_columns: [member_id], to_columns: [id]}
    metrics:
      - {name: takings, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(visits.paid)}]}}
      - {name: visits, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(visits.id)}]}}
      - {name: visitors, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(DISTINCT visits.member_id)}]}}
      - {name: secret_takings, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(visits.paid)}]}}
"""

OVERLAY = """
version: 1
today: 2026-01-04
metrics:
  takings: {unit: USD, good: up, time: visits.visited_on}
  visits: {unit: visits, good: up, time: visits.visited_on}
  visitors: {unit: visitors, good: up, time: visits.visited_on}
  secret_takings: {unit: USD, time: visits.visited_on, sensitivity: confidential}
datasets: {members: {personal: true}}
funnels:
  training: {by: members.id, steps: [{joined: members.joined_on}, {visited: visits}, {trained: courses.taken_on}]}
  hidden: {by: members.id, steps: [{joined: members.joined_on}, {paid: secret_takings}]}
  vague: {by: members.id, steps: [joined, visited]}
access: {confidential: [finance]}
policies:
  - {dataset: members, roles: [manager], where: {region: "{person.region}"}}
  - {dataset: members, roles: [finance, everywhere], where: {region: [North, South, West]}}
"""

ORGANIZATION = """
version: 1
people:
  - {id: all, name: Al, roles: [everywhere]}
  - {id: fin, name: Fin, roles: [finance, everywhere]}
  - {id: nora, name: Nora, roles: [manager], attributes: {region: North}}
  - {id: none, name: Nobody, roles: []}
"""

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


class Club:
    """Its people and what they did, as written to files."""

    def __init__(self, folder: Path, *, seed: int = 7, people: int = 260, least: int | None = None) -> None:
        self.folder = folder
        made = random.Random(seed)
        self.members = {
            n: (made.choices(["North", "South", "West"], [5, 4, 1])[0], FIRST + timedelta(days=made.randrange(-60, 365))) for n in range(1, people + 1)
        }
        self.visits: list[tuple[int, date, int]] = []
        self.courses: list[tuple[int, date]] = []
        for n, (_, joined) in self.members.items():
            eager = made.random()
            day = max(joined, FIRST) + timedelta(days=made.randrange(0, 20))
            while day <= LAST and made.random() < 0.5 + eager / 2:
                self.visits.append((n, day, made.randrange(5, 40)))
                day += timedelta(days=made.randrange(3, 45))
            if made.random() < eager:
                self.courses.append((n, joined + timedelta(days=made.randrange(0, 90))))
        self.visits += [(10_000, LAST, 5), (9_999, FIRST, 5)]  # of people nobody knows
        self._write("members", ("id", "region", "joined_on"), [(n, region, joined) for n, (region, joined) in self.members.items()])
        self._write("visits", ("id", "member_id", "visited_on", "paid"), [(at, *one) for at, one in enumerate(self.visits)])
        self._write("courses", ("id", "member_id", "taken_on"), [(at, *one) for at, one in enumerate(self.courses)])
        (folder / "model.yaml").write_text(MODEL)
        (folder / "assistant.yaml").write_text(OVERLAY + (f"minimum_group: {least}\n" if least is not None else ""))
        (folder / "organization.yaml").write_text(ORGANIZATION)

    def _write(self, name: str, titles: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        with (self.folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([titles, *rows])

    def triangle(self, regions: set[str]) -> dict[date, tuple[int, list[int]]]:
        """Of those who joined in each month of 2025: how many there are, and how many visited in each month from then on."""
        joined: dict[date, set[int]] = defaultdict(set)
        for n, (region, day) in self.members.items():
            if region in regions and day >= FIRST:
                joined[day.replace(day=1)].add(n)
        visited: dict[date, set[int]] = defaultdict(set)
        for n, day, _ in self.visits:
            visited[day.replace(day=1)].add(n)
        months = [date(2025, month, 1) for month in range(1, 13)]
        return {start: (len(who), [len(who & visited[month]) for month in months if month >= start]) for start, who in joined.items()}

    def passed(self, regions: set[str], first: date = date.min, last: date = date.max) -> list[int]:
        """How many joined in the period, then visited, then took a course, each not before the step before."""
        visits: dict[int, list[date]] = defaultdict(list)
        for n, day, _ in self.visits:
            visits[n].append(day)
        courses: dict[int, list[date]] = defaultdict(list)
        for n, day in self.courses:
            courses[n].append(day)
        counts = [0, 0, 0]
        for n, (region, joined) in self.members.items():
            if region not in regions or not first <= joined <= last:
                continue
            counts[0] += 1
            came = [day for day in visits[n] if day >= joined]
            counts[1] += bool(came)
            counts[2] += any(day >= min(came) for day in courses[n] if day <= date(2026, 1, 4)) if came else 0
        return counts
