"""The tests; a package of its own, so that one of the same name that a dependency brings is not taken for it."""
