"""What was used on a day, by whom."""

from __future__ import annotations

from datetime import date

from insights.ledger.database import Topic


class StoredSpending(Topic):
    """Amounts by day and person."""

    def spend(self, day: date, person: str, amount: int, *, person_most: int | None = None, day_most: int | None = None) -> tuple[int, int] | None:
        """See the port."""
        with self._database.writing() as session:
            rows = {row["person"]: int(row["amount"]) for row in session.every("SELECT person, amount FROM spending WHERE day = ?", day.isoformat())}
            mine, everybody = rows.get(person, 0), sum(rows.values())
            if (person_most is not None and mine + amount > person_most) or (day_most is not None and everybody + amount > day_most):
                return mine, everybody
            session.run(
                "INSERT INTO spending (day, person, amount) VALUES (?, ?, ?)"
                " ON CONFLICT (day, person) DO UPDATE SET amount = spending.amount + excluded.amount",
                day.isoformat(), person, amount,
            )  # fmt: skip
        return None
