"""A ledger by one word that can be handed to another process: the path of a file, or `postgres SCHEMA ADDRESS`."""

from pathlib import Path

from insights.ledger import postgres, sqlite


def open_at(where):
    """Open it, made when it is missing."""
    if str(where).startswith("postgres "):
        _, schema, address = str(where).split(" ", 2)
        return postgres.open_ledger(address, schema=schema)
    return sqlite.open_ledger(Path(where))
