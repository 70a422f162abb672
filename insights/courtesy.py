"""Words that ask for nothing: a greeting, thanks, a goodbye, and who is speaking."""

from __future__ import annotations

import re
from typing import Literal

Courtesy = Literal["hello", "thanks", "goodbye", "who"]
_NAMED = r"(?: (?:insights|assistant|there|all|team|everyone|everybody|again|so much|very much|a lot|then|for now|for that|for your help))*"
_SAID: tuple[tuple[Courtesy, re.Pattern[str]], ...] = (
    ("hello", re.compile(rf"(?:hello|hi|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))(?: (?:hello|hi))?{_NAMED}")),
    ("thanks", re.compile(rf"(?:(?:ok|okay|great|perfect|super|lovely|nice|good|cool) )*(?:thanks?|thank you|thx|cheers|ta|much appreciated){_NAMED}")),
    ("goodbye", re.compile(rf"(?:(?:ok|okay) )*(?:bye|bye bye|goodbye|good bye|good night|see you|see you later|see you tomorrow|cu){_NAMED}")),
    (
        "who",
        re.compile(r"(?:and )?(?:who|what) are you(?: exactly)?|what is your name|what s your name|are you (?:an? )?(?:robot|bot|human|real|person|ai)"),
    ),
)
_LONGEST = 60


def courtesy(text: str) -> Courtesy | None:
    """Which of them a whole utterance is, None for everything else.

    >>> courtesy("Thanks a lot!"), courtesy("hello"), courtesy("hello, revenue last month")
    ('thanks', 'hello', None)
    """
    if len(text) > _LONGEST:
        return None
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return next((kind for kind, pattern in _SAID if pattern.fullmatch(plain)), None)
