"""From what was said to a typed request: words, numbers, periods, lexicon, grammar, actions."""
