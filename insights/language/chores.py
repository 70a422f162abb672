"""How chores are recognised: phrases that only they are said with."""

from __future__ import annotations

import re
from typing import Literal

Chore = Literal["book", "find", "calendar", "raise", "status", "help", "other", "scope"]

_POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|alexa|please|so|well|um|then|and|oh|yes|also|now|just|quickly|kindly|can you|could you|can i|could i"
    r"|can we|could we|may i|would you|will you"
    r"|i want to|i would like to|i 'd like to|i 'd like you to|i want you to|i need to|i need you to|we need to|we want to|let 's|let us"
    r"|help me|i wanna|i have to|go ahead and|try to) )+"
)
_ROOM = r"(?:rooms?|meeting rooms?|conference rooms?|space|office|here|somewhere)"
_PATTERNS: tuple[tuple[Chore, str], ...] = (
    ("help", r"(?:help|help me|i need help|what can you do|what can i say|what can i do here|what do you do|how does this work|commands"
     r"|options|what are my options"
             r"|what are you able to do|how can you help(?: me)?|what else can you do|how do i use this|how do i use you|show me help"
             r"|help please|instructions)"),
    ("scope", r"(?:play|sing|read me|tell me a|tell us a|tell me some|turn (?:on|off|up|down)|switch (?:on|off)|set (?:a|an|the) (?:timer"
     r"|alarm|thermostat)|order (?:a|an|some|me)|buy|call me"
              r"|translate|flip a coin|roll a|good (?:morning|night|evening|afternoon)|what time is it|how old are you|who are you|are you"
              r"|do you like|what is your|what 's your)\b.*"),
    ("scope", r"(?:what is|what 's|whats|how is|how 's|tell me|will it|is it going to|what will|is it) ?(?:the )?(?:weather"
     r"|temperature outside|forecast for the weather|rain|snow|time now|news|traffic|date today)\b.*"),
    ("other", r"(?:extend|prolong|lengthen)\b.*\b(?:booking|meeting|room|it|by|stay|reservation)\b.*"),
    ("other", r"(?:cancel|delete|drop)\b.*\b(?:booking|meeting|room|reservation|appointment)\b.*"),
    ("other", r"(?:move|reschedule|postpone|shift)\b.*\b(?:booking|meeting|room|reservation|appointment|it)\b.*"),
    ("other", r"(?:end|finish|release|free up|give up|check in|check into|check me in)\b.*\b(?:meeting|room|booking|call|in|here|early)\b.*"),
    ("other", r"who (?:has |have )?(?:booked|reserved|is in|holds|has)\b.*"),
    ("other", r"(?:start|join|dial|begin|hang up|make|set up)\b.*\b(?:call|video call|conference|meeting link|zoom|teams meeting|phone call)\b.*"),
    ("other", r"(?:schedule|set up|arrange|organize|organise|plan)\b.*\b(?:meeting|call|appointment|one on one|catch up)\b.*"),
    ("other", r"(?:invite|accept|decline)\b.*"),
    ("other", r"(?:close|update|escalate|reopen|comment on|cancel)\b.*\bticket\b.*"),
    ("other", r"(?:send|share|email|mail|post|forward|subscribe|alert me|notify me|remind me|let me know when|tell me when)\b.*"),
    ("status", r".*\bstatus of (?:my |the |our )?(?:\w+ )?(?:tickets?|issues?|reports?|requests?|problems?|incidents?)\b.*"),
    ("status", r"(?:ticket status|my tickets?|my open tickets?|open tickets|show (?:me )?my (?:open )?tickets?|list my (?:open )?tickets?"
     r"|what tickets do i have(?: open)?"
               r"|which tickets do i have(?: open)?|do i have (?:any )?(?:open )?tickets)"),
    ("status", r"(?:what is|what 's|whats|how is|how 's|where is|where 's|what about|check|check on|any news (?:on|about)|any update (?:on"
     r"|about)|any updates (?:on|about)|is|are|was|has|have"
               r"|show me|show|get|what happened (?:to|with)|how are) (?:the status of )?(?:my |the |our )?(?:open |last |latest )?tickets?\b.*"),
    ("status", r"(?:.*\bstatus of|check|check on|what about|how about|what is|what 's|how is|any news on|is) (?:ticket )?#?(?:[a-z]{1,8} ?-? ?)?\d+(?: .*)?"),
    ("calendar", r"(?:what|which rooms?|what rooms?|which|what all) (?:have|did|do) i (?:have )?(?:booked|book|reserved|reserve|got booked)\b.*"),
    ("calendar", r"(?:what is|what 's|whats|show me|show|what do i have|check|read|read me|tell me)(?: me)? ?(?:what is|what 's)? ?(?:on"
     r"|in)? ?(?:my|the) (?:calendar|schedule|agenda|diary)\b.*"),
    ("calendar", r"(?:show me |show |list |what are |read me |get )?my (?:room )?(?:bookings?|reservations?|calendar|schedule|agenda"
     r"|meetings?|booked rooms?)\b.*"),
    ("calendar", r"(?:do|have) i (?:have|got) (?:any |a |any other )?(?:bookings?|reservations?|meetings?|anything booked|rooms? booked"
     r"|anything on|anything scheduled|appointments?)\b.*"),
    ("calendar", r"(?:when|where|what) is my next (?:meeting|booking|reservation)\b.*"),
    ("calendar", r"(?:am i|are we) (?:booked|busy|free)\b.*"),
    ("calendar", r"what (?:do i have|have i got)(?: on| booked| scheduled| planned)?(?: (?:today|tomorrow|this|next|on|for)\b.*)?"),
    ("find", rf"(?:find|look for|search for|show me|show|list|get me|give me|are there|is there|do you have|do we have|have we got|any"
     r"|which|what|where is|i am looking for|i 'm looking for)\b"
             rf".*\b{_ROOM}\b.*"),
    ("raise", r"(?:report|raise|open|file|create|log|submit|make|register|put in|start|new)\b.*\b(?:ticket|problem|issue|incident|fault"
     r"|request|bug|complaint|defect)\b.*"),
    ("raise", r"(?:report|complain)\b.*"),
    ("raise", r"(?:there is|there 's|there are|i have|we have|i 've got|i am having|i 'm having|having|we are having) (?:a |an |some "
     r"|another )?(?:big |serious |small )?"
              r"(?:problems?|issues?|troubles?|faults?|leak|fire|smell|noise)\b.*"),
    ("raise", r"something (?:is|'s) (?:wrong|broken|off|not right)\b.*"),
    ("book", rf"(?:i need|we need|i want|i would like|i 'd like|get me|get|give me|we want) (?:a|an|the|some)? ?(?:\w+ ){{0,4}}?{_ROOM}\b.*"),
    ("book", rf"(?:book|reserve|hold|grab|take|secure|block)\b.*\b{_ROOM}\b.*"),
    ("other", r"(?:is|when is|will|how long is) (?!my\b|there\b|it\b|the data\b).*\b(?:free|available|occupied|taken|in use|vacant)\b.*"),
    ("book", r"(?:book|reserve|hold|grab|block)\b.*"),
)  # fmt: skip
_COMPILED = tuple((chore, re.compile(pattern)) for chore, pattern in _PATTERNS)
_STATE = re.compile(
    r"(?:.*\b| *)(?:(?:is|are|was|[^ ]* ?'s|[^ ]* ?'re|seems|looks|keeps|got|has been|went) (?:completely |totally |still |again |also |always |really |not )?"
    r"(?:broken|down|dead|stuck|jammed|leaking|flickering|cracked|out of order|out of paper|out of toner|out of ink|working|faulty|frozen"
    r"|offline|too (?:hot|cold|warm|loud|dark)|freezing|missing"
    r"|blocked|overflowing|smoking|beeping|empty|dirty|damaged|defective|unplugged|responding|charging|connecting|turning on|buzzing|crashing|freezing)"
    r"|(?:does|do|did|can|could|wo|will|would|has|have) not (?:work|turn on|turn off|start|connect|respond|charge|print|open|close|log in"
    r"|login|function|switch on|boot|display|show)"
    r"|(?:doesnt|dont|isnt|wont|cant|arent) (?:working|work|turn on|start|connect|respond|print|open|close|log in|function)"
    r"|wo not|stopped (?:working|responding|printing)|broke|broke down|needs (?:repair|fixing|to be fixed|replacing|cleaning)|no (?:wifi"
    r"|internet|network|power|water|sound|light|connection)|crashed)\b.*"
)  # fmt: skip
_ASKING = re.compile(r"(?:what|which|how|why|who|when|where|show|compare|top|bottom|list|is|are|does|do|did|average|total|was|were)\b.*")


def chore(text: str) -> tuple[Chore | None, str]:
    """The chore that normalised words ask for, and the words without politeness.

    >>> chore("can you book a room for four")
    ('book', 'book a room for four')
    """
    plain = _POLITE.sub("", text)
    for kind, pattern in _COMPILED:
        if pattern.fullmatch(plain) or (kind == "help" and pattern.fullmatch(text)):
            return kind, plain
    return None, plain


def is_fault(text: str) -> bool:
    """Whether normalised words say that something does not work."""
    return _STATE.fullmatch(text) is not None and _ASKING.fullmatch(text) is None
