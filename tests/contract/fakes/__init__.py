"""Systems of others, as they behave: stateful, on loopback, and failing in the ways the real ones do."""
