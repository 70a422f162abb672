"""How two figures go together."""
