"""Who gets each payload that Slack was sent, and whether a figure that they may not have is in it."""

import json

import duckdb

MAY = {"U03", "U04", "U05"}
"""The board and finance of the demo company, by their Slack ids: nobody else may have what is confidential."""
APRIL = "status <> 'test' AND ordered_on BETWEEN DATE '2026-04-01' AND DATE '2026-04-30'"


def confidential(company):
    """Gross profit, and the gross margin of April 2026, as they can be written; by SQL over the files.

    Profit of each month and quarter since 2025, of all and by what orders have: numbers of six digits and more, which nothing else is by chance.
    """
    orders = f"(SELECT *, amount_usd - cost_usd AS profit FROM read_parquet('{company.folder}/data/orders/*/*/*.parquet', union_by_name = true))"
    found = set()
    with duckdb.connect() as connection:
        columns = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {orders}").fetchall()}
        for grain in ("month", "quarter", "year"):
            for by in ("", *({"category", "channel", "plan", "country"} & columns)):
                groups = ", ".join([f"date_trunc('{grain}', ordered_on)", *([by] if by else [])])
                sql = f"SELECT sum(profit) FROM {orders} WHERE status <> 'test' AND ordered_on >= DATE '2025-01-01' GROUP BY {groups}"
                found |= {float(row[0]) for row in connection.execute(sql).fetchall() if row[0] is not None}
        profit, revenue = connection.execute(f"SELECT sum(profit), sum(amount_usd) FROM {orders} WHERE {APRIL}").fetchone()
    margin = 100 * float(profit) / float(revenue)
    ways = {way for value in {*found, float(profit)} if value >= 100_000 for way in (f"{value:,.2f}", f"{value:.2f}", f"{value:,.0f}")}
    return ways | {f"{margin:.1f}%", f"{margin:.2f}%", f"{margin:.1f} percent"}


def leaks(sent, owners, figures, may=MAY):
    """The payloads that hold one of the figures and do not go to one person alone who `may` have it. `owners` says whose a response URL is."""
    found = []
    for number, (path, payload) in enumerate(sent):
        if any(figure in json.dumps(payload, ensure_ascii=False) for figure in figures) and _receiver(path, payload, sent[number:], owners) not in may:
            found.append((path, payload))
    return found


def _receiver(path, payload, later, owners):
    """One person's id, or None for what others see or nobody can tell."""
    if path.startswith("/response/"):
        return owners.get(path) if payload.get("response_type") != "in_channel" else None
    if path == "/api/chat.postEphemeral":
        return payload.get("user")
    if path == "/api/views.publish":
        return payload.get("user_id")
    if path == "/upload":
        payload = next((said for where, said in later if where == "/api/files.completeUploadExternal"), {})
    channel = str(payload.get("channel") or payload.get("channel_id") or "")
    return channel.removeprefix("D") if channel.startswith(("U", "DU")) else None
