"""How chores are recognised: phrases that only they are said with."""

from __future__ import annotations

from typing import Literal

from insights.language.patterns import Pattern

Chore = Literal[
    "book", "find", "calendar", "raise", "status", "help", "other", "scope", "extend", "end", "check_in", "release", "room_status", "who", "schedule",
    "move", "cancel", "respond", "join", "call", "ticket", "share", "follow", "following", "remind", "reminders", "known", "outage",
    "late", "before",
]  # fmt: skip

_POLITE = Pattern(
    r"^(?:(?:hey|hi|hello|good (?:morning|afternoon|evening)|ok|okay|alexa"
    r"|please|so|well|um|then|and|oh|yes|also|now|just|quickly|kindly|can you|could you|can i|could i"
    r"|can we|could we|may i|would you|will you"
    r"|i want to|i would like to|i 'd like to|i 'd like you to|i want you to|i need to|i need you to|we need to|we want to|let 's|let us"
    r"|help me|i wanna|i have to|go ahead and|try to) )+"
)
_ROOM = r"(?:rooms?|meeting rooms?|conference rooms?|space|office|here|somewhere)"
_THINGS = (
    r"(?:wi ?-?fi|wireless|internet|network|vpn|intranet|e-?mail|mail|outlook|slack|zoom|teams|printers?|copier|scanner|phones?|telephones?|servers?"
    r"|website|site|system|systems|lift|lifts|elevators?|heating|air conditioning|aircon|power|electricity|water|coffee machine|badge readers?"
    r"|projectors?|screens?|cameras?|door|doors|alarm|login|single sign on|sso)"
)
_EQUIPMENT = (
    r"(?:laptop|notebook|computer|monitor|keyboard|mouse|headset|headphones|mobile phone|work phone|docking station|office chair|chair|standing desk"
    r"|badge|key ?card|licen[cs]es?|adapter|charger|webcam|tablet)"
)
_SO_LATE = (
    r"(?:(?:running|going|to|be|a|an|the|bit|little|few|about|around|roughly|maybe|at|least|probably|likely|by|so|very|still|just|now|half|couple|of|quarter"
    r"|minutes?|mins?|hours?|and|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|forty-five"
    r"|twenty-five) )*late"
)
"""How late somebody is, in words that say nothing else: "looking for late deliveries" is another matter."""
_I_AM = r"(?:i am|i 'm|im|i will be|i 'll be|i will|i might be|i may be)"
PATTERNS: tuple[tuple[Chore, str, str], ...] = (
    ("late", "i im running let tell inform warn",
     rf"(?:{_I_AM} |running ){_SO_LATE}(?: (?:for|to|by|today|at|with|please|again|unfortunately)\b.*)?"
     rf"|(?:tell|let|inform|warn) .{{1,60}}?\b{_I_AM} {_SO_LATE}(?: (?:for|to|by|today|at|with|please|again|unfortunately)\b.*)?"),
    ("before", "remind tell message notify stop do don't no never",
     r"(?:remind|tell|message|notify) me (?:again )?before (?:(?:my|each|every|all|the|of) )*meetings?(?: again| of mine)?"
     r"|(?:(?:stop|do not|don't|dont|never|no more|no) )+(?:(?:reminding|telling|messaging|notifying|remind|tell|message|notify|messages|reminders|sending"
     r"|send|me|any|more) )*before (?:(?:my|each|every|all|the|of) )*meetings?(?: any ?more| again)?"),
    ("reminders", "all any cancel clear delete do drop forget list my reminders remove show what which",
     r"(?:what|which|any|show|list|do i have)\b.*\breminders?\b.*|(?:my |all my )?reminders"
     r"|(?:cancel|delete|remove|drop|forget|clear)\b.*\breminders?\b.*"),
    ("remind", "remind set make",
     r"remind\b.*|(?:set|make)(?: me| up)? (?:a )?reminder\b.*"),
    ("remind", "at daily each every from hourly in monthly on starting today tomorrow weekly",
     r"(?:at|daily|each|every|from|hourly|in|monthly|on|starting|today|tomorrow|weekly)\b(?:.+)? remind (?:me|us)\b.*"),
    ("following", "what which who show list tell read my subscriptions digests alerts pause resume unpause mute unmute snooze unsnooze silence suspend "
     "end stop cancel delete remove drop unfollow unsubscribe restart continue hold",
     r"(?:what|which(?: \w+)?|who|what all) (?:do i|am i|have i|i am|i 'm)(?: currently)? "
     r"(?:follow|following|followed|watch|watching|subscribed|subscribe|tracking|track)\b.*"
     r"|(?:show|list|tell|what are|read)(?: me)? (?:all )?(?:of )?(?:my )?(?:subscriptions|digests|alerts)\b.*"
     r"|(?:my )?(?:subscriptions|digests|alerts)|(?:show|list)(?: me)?(?: \w+)? (?:i follow|i am following|i 'm following)"
     r"|(?:pause|resume|unpause|mute|unmute|snooze|unsnooze|silence|suspend)\b.*"
     r"|(?:end|stop|cancel|delete|remove|drop|unfollow|unsubscribe|restart|continue|hold)\b.*\b(?:s ?-? ?\d{3,}|alerts?|digests?|subscriptions?"
     r"|everything(?: i follow)?)\b.*"),
    ("outage", "announce declare end outage tell that the",
     r"(?:announce|declare)\b.*\boutage\b.*|announce\b.*|tell every(?:body|one) (?:that )?.*\b(?:down|broken|out of order|offline|not working)\b.*"
     r"|(?:the |that )?outage\b.*\b(?:is|'s|has) (?:over|ended|fixed)\b.*|(?:the|that) .*\boutage\b.*\b(?:is|'s|has) (?:over|ended|fixed)\b.*"
     r"|end the outage\b.*"),
    ("outage", "the",
     rf"the (?:\w+ )?{_THINGS} (?:is|are) (?:back(?: up)?(?: again)?|up again|fixed|repaired|working again|online again|ok again|fine again)(?: now)?"),
    ("outage", "", r".*\boutage\b.*\b(?:is|'s|has) (?:over|ended|fixed)\b.*|.*\b(?:fixed|working again|back(?: up)?) for every(?:body|one)\b.*"),
    ("known", "any are do have is known outages",
     r"(?:is there|are there|any|do we have|have we got)(?: any| an| a| some)?(?: known| current| ongoing| other)*"
     r" (?:outages?|disruptions?|(?:known|current|ongoing) (?:problems?|issues?))\b.*|(?:known )?outages"
     rf"|(?:is|are) (?:the |our |my )?(?:\w+ )?{_THINGS} (?:\w+ )?(?:down|broken|out of order|out of service|offline|working)\b.*"),
    ("ticket", "add approve attach authorise authorize bump change deny i increase lower make mark me my picked put raise rate reduce refuse reject set start "
     "take the ticket tickets we working",
     r"(?:approve|authori[sz]e) (?:it|that|this)(?: please| request)?"
     r"|(?:approve|authori[sz]e|reject|deny|refuse)\b(?:.*\b(?:tickets?|requests?)\b.*| [a-z]{1,8} ?-? ?\d+\b.*)"
     r"|(?:make|mark|set) (?:it|that|this)(?: as| to)?(?: an?)? (?:very |more |less |not )?(?:urgent|(?:urgent|top|high|higher|low|lower|normal) priority)"
     r"(?: please| now| instead| too)*"
     r"|(?:set|change|mark|bump)\b.*\btickets?\b.*|make (?:my |the |that )?tickets?\b.*"
     r"|(?:raise|increase|lower|reduce|set|change) the (?:priority|urgency)\b.*"
     r"|(?:my |the )?tickets?\b.*\b(?:is|'s) (?:fixed|solved|resolved|working again|done)\b.*|me too\b.*\bticket\b.*"
     r"|(?:add|put) me (?:to|on) (?:the )?ticket\b.*"
     r"|rate (?:my |the )?ticket\b.*|(?:i am|i 'm|we are|we 're) (?:very |not )?(?:happy|satisfied|unhappy|dissatisfied) with (?:my |the )?ticket\b.*"
     r"|(?:i am |i 'm |we are )?(?:working on|start on|picked up|take) (?:the )?ticket\b.*|attach\b.*\bticket\b.*"),
    ("status", "any anything are do have is list my show what which",
     r"(?:what|which|any|anything|show me|show|list)(?: requests| tickets)?(?: is| are)? ?"
     r"(?:waiting for my approval|waiting for me|waits? for me|waits? for my (?:approval|decision)|to approve|my approvals|do i have to approve"
     r"|open approvals)\b.*|my approvals"
     r"|(?:what|which|anything|is there anything)(?: \w+)? (?:do i have|have i got|do i need|am i)(?: still)? to (?:approve|decide(?: on)?)\b.*"
     r"|what needs my (?:approval|decision)\b.*|(?:do i have|have i got|are there)(?: any| some)? approvals\b.*"),
    ("raise", "get give grant have i order request we",
     rf"(?:i need|we need|i want|i would like|i 'd like|have|request|order|get me|give me|i require) "
     rf"(?:a |an |some |another |my |the )?(?:\w+ ){{0,2}}?{_EQUIPMENT}\b.*"
     r"|(?:i need|we need|request|i want|i would like|i 'd like|get|give me|grant me|have) (?:\w+ )?(?:access|permission|permissions)\b (?:to|for|on)\b.*"),
    ("help", "commands help how i instructions options show what",
     r"(?:help|help me|i need help|what can you do(?: for (?:me|us))?|what can i say|what can i do here|what do you do|how does this work|commands"
     r"|options|what are my options"
             r"|what are you able to do|how can you help(?: me)?|what else can you do|how do i use this|how do i use you|show me help"
             r"|help please|instructions)"),
    ("scope", "are buy call do flip good how order play read roll set sing switch tell translate turn what who",
     r"(?:play|sing|read me|tell me a|tell us a|tell me some|turn (?:on|off|up|down)|switch (?:on|off)|set (?:a|an|the) (?:timer"
     r"|alarm|thermostat)|order (?:a|an|some|me)|buy|call me"
              r"|translate|flip a coin|roll a|good (?:morning|night|evening|afternoon)|what time is it|how old are you|are you"
              r"|do you like|what is your|what 's your)\b.*"),
    ("scope", "how is tell what whats will",
     r"(?:what is|what 's|whats|how is|how 's|tell me|will it|is it going to|what will|is it) ?(?:the )?(?:weather"
     r"|temperature outside|forecast for the weather|rain|snow|time now|news|traffic|date today)\b.*"),
    ("check_in", "check i we",
     r"(?:(?:we are|i am|we 're|i 'm) here )?check (?:me |us )?in(?:to)?\b.*|(?:i am|i 'm|we are|we 're) here for (?:my|our"
     r"|the) (?:meeting|booking|\w+ o'clock)\b.*"),
    ("extend", "add cut extend get have i keep lengthen make need prolong shorten stay take want we",
     r"(?:extend|prolong|lengthen|shorten|cut)\b.*\b(?:booking|meeting|room|it|by|stay|reservation|here|short|until|till|for)\b.*"
     r"|make (?:the|my|this|our) (?:\w+ )?(?:meeting|booking|stay|reservation)\b.*\b(?:longer|shorter|minutes?|mins?|hours?)"
     r"|keep (?:the|this|my|our) (?:room|booking)\b.*|keep .+ (?:until|till"
     r"|for another|longer)\b.*"
     r"|make it (?:a |an )?(?:\w+ ){1,3}(?:longer|shorter)\b.*"
     r"|(?:have|get|add|need|want|take) (?:another |\w+ )?(?:\w+ )?(?:more |extra )?(?:minutes?|mins?|hours?|time)(?: more| longer)?"
     r"(?: here| in here| please)*"
     r"|(?:stay|have the room)\b.*\b(?:longer|another|until|till)\b.*|(?:i need|we need) (?:another|more) (?:\w+ ){0,3}(?:minutes?|hours?"
     r"|time)(?: here| in here)?"),
    ("end", "end finish hang i my our the this we wrap",
     r"(?:end|finish|wrap up)\b.*\b(?:meeting|booking|session)\b.*|(?:the|our|my|this) meeting (?:is|'s) over\b.*|(?:we are|we 're"
     r"|i am|i 'm) (?:done|finished)(?: here)?"
     r"|hang up\b.*|end the call\b.*"),
    ("release", "free give hand i let release take we",
     r"(?:release|free up|give up|give back|hand back|let go of)\b.*|(?:give|hand|take) .+ back(?: please| now)?"
     r"|(?:we|i) (?:do not|don't|dont) need (?:the|this|our|my) (?:room|booking)\b.*"
     r"|(?:we|i) (?:do not|don't|dont) need .+ (?:any ?more|any longer|after all)"),
    ("ticket", "add attach cancel close comment escalate leave put re reopen resolve update withdraw",
     r"(?:close|update|escalate|reopen|re open|comment on|cancel|resolve|withdraw|(?:add|put|leave|attach) (?:a )?(?:note|comment"
     r"|message) (?:to|on))\b.*\btickets?\b.*"),
    ("follow", "alert email every follow inform keep let mail message notify ping post report send share stop subscribe tell unfollow unsubscribe warn",
     r"(?:follow|unfollow|subscribe|unsubscribe|alert me|notify me|warn me|ping me|inform me|let me know (?:when|if|as soon as|once)"
     r"|keep me (?:posted|updated|informed)"
     r"|keep an eye on|stop (?:following|sending|alerting|watching|telling me about|the alerts?)|tell me (?:when|if|as soon as|once)"
     r"|message me (?:when|if))\b.*"
     r"|(?:send|email|mail|post|share|report|tell me|message me)\b.*\b(?:every|each|daily|weekly|monthly)\b.*"
     r"|every \w+\b.*\b(?:(?:send|email|mail|tell|message) me|post|share)\b.*"),
    ("share", "dm email forward mail post send share slack text",
     r"(?:send|share|email|mail|post|forward|text|slack|dm) (?:(?:it|this|that|these|those|them)\b|(?:me|us) (?:it|this|that)\b|(?:the|this|that) "
     r"(?:answer|chart|table|results?|report|figures?|numbers?)\b).*|(?:send|share|post|email) to (?:my |the )?(?:slack|e-?mail|inbox|channel)\b.*"),
    ("cancel", "call cancel delete drop end remove scrap stop",
     r"(?:cancel|call off|scrap)\b.+"
     r"|(?:stop|end|delete|drop|remove) (?:the|my|our|this|that) (?:\w+ ){0,3}series\b.*"
     r"|(?:delete|drop|remove)\b.*\b(?:booking|meeting|room|reservation|appointment|invitation)\b.*"),
    ("move", "bring delay move postpone push put reschedule shift",
     r"(?:move|reschedule|postpone|shift|push|bring|delay|put off)\b.+"),
    ("who", "who whose",
     r"(?:who (?:has |have |is |'s )?(?:booked|reserved|in|holds|has|using|got|holding)\b.*|whose (?:meeting|booking|room|reservation) (?:is"
     r"|'s)\b.*)"),
    ("join", "give how send what where",
     r"(?:how (?:do|can|would) (?:i|we) (?:join|dial in(?:to)?|get into)|where do i (?:join|dial in)|what is the (?:link|dial ?-? ?in)(?: \w+)? (?:for|to|of)"
     r"|(?:give|send) me the (?:link|dial ?-? ?in)(?: \w+)? (?:for|to|of)) .*\b(?:meetings?|calls?|conference|o'clock|stand ?up|sync|review|session)\b.*"),
    ("join", "connect dial get join put take",
     r"(?:join|dial in(?:to)?|dial into|connect (?:me |us )?to|get me into|put me (?:in|into|through to)|take me to)\b.*\b(?:meetings?|call"
     r"|conference|o'clock|stand ?up|stand-up"
     r"|zoom|teams|sync|review|session|\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)\b.*|join"),
    ("schedule", "arrange create when find fix get give invite look offer propose suggest make meet organise organize plan put schedule set sit speak talk",
     r"(?:schedule|arrange|organize|organise|set up|plan|fix|create|make|put)\b.*\b(?:meetings?|appointments?|one on one|catch up"
     r"|stand ?up|stand-up|sync)\b.*"
     r"|(?:schedule|arrange|organize|organise|set up)\b.*\bwith\b.*|(?:schedule|invite)\b.*|(?:find|get|look for) (?:a |some |me a |us a )?(?:time"
     r"|slot)\b.*\b(?:with|for)\b.*"
     r"|(?:find|get|look for|give|propose|suggest|offer)(?: me| us)? (?:a |some )?(?:few |couple of |two |three |several |possible |free )*"
     r"(?:times?|slots?)\b.*\b(?:with|to meet)\b.*"
     r"|when (?:can|could|shall) (?:i|we) (?:meet|talk|speak|sit down)(?: up)?(?: with| to)? (?!my\b|the\b|this\b|that\b|it\b).*"
     r"|(?:meet|talk|speak|sit down) (?:with|to)\b.*"
     r"|when (?:can|could|are|is|do|does|will|would|shall) (?!my\b|the\b|this\b|that\b|it\b).*"
     r"\b(?:(?:all |both )?free|meet|available|have time|talk)(?: (?:together|for|this|next|on|today|tomorrow|in|at|between)\b.*)?"),
    ("call", "begin call dial get join make open phone place ring set start video",
     r"(?:start|join|dial|begin|make|set up|place|open|get)\b.*\b(?:call|video call|conference|meeting link|zoom|teams meeting"
     r"|phone call)\b.*|(?:start|begin) (?:a|the|my|our) meeting\b.*"
     r"|(?:call|dial|ring|phone|video call) (?!me\b|us\b|off\b|it\b).*"),
    ("respond", "accept decline reject say tentatively turn",
     r"(?:accept|decline|reject|turn down|tentatively accept|say (?:yes|no|maybe) to)\b.*"),
    ("other", "email forward mail post send",
     r"(?:send|email|mail|post|forward)\b.*"),
    ("status", "",
     r".*\bstatus of (?:my |the |our )?(?:\w+ )?(?:tickets?|issues?|reports?|requests?|problems?|incidents?)\b.*"),
    ("status", "do list my open show ticket what when which",
     r"(?:(?:what|which) (?:are|is) my (?:open |own )?(?:tickets?|requests?)(?: (?:now|still open))?|(?:what|which) of my tickets are (?:still )?open"
     r"|when (?:will|is) (?:my (?:ticket|problem|issue|request)|it|that) (?:going to )?(?:be )?(?:solved|fixed|done|due|repaired|resolved)"
     r"|ticket status|my tickets?|my open tickets?|open tickets|show (?:me )?my (?:open )?tickets?|list my (?:open )?tickets?"
     r"|what tickets do i have(?: open)?"
               r"|which tickets do i have(?: open)?|do i have (?:any )?(?:open )?tickets)"),
    ("status", "any are check get has have how is show was what whats where",
     r"(?:what is|what 's|whats|how is|how 's|where is|where 's|what about|check|check on|any news (?:on|about)|any update (?:on"
     r"|about)|any updates (?:on|about)|is|are|was|has|have"
               r"|show me|show|get|what happened (?:to|with)|how are) (?:the status of )?(?:my |the |our )?(?:open |last |latest )?tickets?\b"
     r"(?! (?:satisfaction|backlog|volume|figures|statistics|rates?|count|resolution|response)\b).*"),
    ("status", "",
     r"(?:.*\bstatus of|check|check on|what about|how about|what is|what 's|how is|any news on|is) (?:ticket )?#?(?:[a-z]{1,8} ?-? ?)?\d+(?: .*)?"),
    ("calendar", "what which",
     r"(?:what|which rooms?|what rooms?|which|what all) (?:have|did|do) i (?:have )?(?:booked|book|reserved|reserve|got booked)\b.*"),
    ("calendar", "check read show tell what whats",
     r"(?:what is|what 's|whats|show me|show|what do i have|check|read|read me|tell me)(?: me)? ?(?:what is|what 's)? ?(?:on"
     r"|in)? ?(?:my|the) (?:calendar|schedule|agenda|diary)\b.*"),
    ("calendar", "get list my read show what",
     r"(?:show me |show |list |what are |read me |get )?my (?:room )?(?:bookings?|reservations?|calendar|schedule|agenda"
     r"|meetings?|booked rooms?)\b.*"),
    ("calendar", "do have",
     r"(?:do|have) i (?:have|got) (?:any |a |any other )?(?:bookings?|reservations?|meetings?|anything booked|rooms? booked"
     r"|anything on|anything scheduled|appointments?)\b.*"),
    ("calendar", "at what when",
     r"(?:when|(?:at )?what time) (?:is|are|'s) (?:my|our) (?:\w+ )?(?:meetings?|bookings?|reservations?|appointments?)\b.*"),
    ("calendar", "what what's when where",
     r"(?:when|where|what) (?:is|'s) my next (?:meeting|booking|reservation|appointment)\b.*|what(?: is|'s) next(?: today)?"),
    ("calendar", "read show tell what whats",
     r"(?:what is|what 's|whats|show me|show|read me|tell me)(?: me)?(?: what is| what 's)? (?:on|in) \w+(?: \w+)? ?'s "
     r"(?:calendar|schedule|agenda|diary)\b.*"),
    ("calendar", "am any are do have has list show what when which",
     r"(?:what|which) (?:meetings?|appointments?|calls?|events?) (?:do|have|are|did) (?:i|we) (?:have|got|in|going to)?\b.*"
     r"|(?:what|when) (?:does|has) \w+(?: \w+)? (?:have|got)(?: on| booked| scheduled| planned| free)?(?: (?:today|tomorrow|this|next|on)\b.*)?"
     r"|(?:do i have|have i got|are there|show me|show|list|any|what|which)(?: any| my| the| open)* invit(?:ations?|es?)\b.*"
     r"|(?:(?:what|which meetings?) )?(?:am i|are we) (?:invited|meeting)\b.*"),
    ("calendar", "am are",
     r"(?:am i|are we) (?:booked|busy|free)\b.*"),
    ("calendar", "what",
     r"what (?:do i have|have i got)(?: on| booked| scheduled| planned)?(?: (?:today|tomorrow|this|next|on|for)\b.*)?"),
    ("find", "any anything anywhere are do have is something somewhere",
     r"(?:(?:is|are) there |do (?:we|you) have |have (?:we|you) got |any chance of )?(?:anything|something|somewhere|anywhere|any place) (?:else )?"
     r"(?:free|available|to (?:meet|sit|talk)|(?:near|close) ?by|near here|close to (?:here|us|me))\b.*"),
    ("find", "any are do find get give have i is list look search show what where which",
     rf"(?:find|look for|search for|show me|show|list|get me|give me|are there|is there|do you have|do we have|have we got|any"
     r"|which|what|where is|i am looking for|i 'm looking for)\b"
             rf".*\b{_ROOM}\b.*"),
    ("raise", "create file log make new open put raise register report start submit",
     r"(?:report|raise|open|file|create|log|submit|make|register|put in|start|new)\b.*\b(?:ticket|problem|issue|incident|fault"
     r"|request|bug|complaint|defect)\b.*"),
    ("raise", "complain report",
     r"(?:report|complain)\b.*"),
    ("raise", "having i there we",
     r"(?:there is|there 's|there are|i have|we have|i 've got|i am having|i 'm having|having|we are having) (?:a |an |some "
     r"|another )?(?:big |serious |small )?"
              r"(?:problems?|issues?|troubles?|faults?|leak|fire|smell|noise)\b.*"),
    ("raise", "something",
     r"something (?:is|'s) (?:wrong|broken|off|not right)\b.*"),
    ("book", "get give i we",
     rf"(?:i need|we need|i want|i would like|i 'd like|get me|get|give me|we want) (?:a|an|the|some)? ?(?:\w+ ){{0,4}}?{_ROOM}\b.*"),
    ("book", "put take",
     r"(?:take|put) .+ out of (?:service|use|order)\b.*"),
    ("book", "block book grab hold reserve secure take",
     rf"(?:book|reserve|hold|grab|take|secure|block)\b.*\b{_ROOM}\b.*"),
    ("room_status", "are booked free how is room status the until what when will",
     r"(?:is|are|when is|when 's|will|how long is|how long will|until when is|what is the status of) (?!my\b|there\b|it\b|the data\b).*"
     r"\b(?:free|available|occupied|taken|in use|vacant|booked|empty)\b.*|(?:when|what) (?:is|'s) the next (?:meeting|booking)\b.*|(?:what is"
     r"|what 's) (?:on|happening) in (?:here|this room)\b.*"
     r"|booked (?:at|until|from|now|today|tomorrow|this|for)\b.*|free (?:at|until|for|now)\b.*"
     r"|is it (?:free|available|booked|taken|occupied|in use)\b.*|(?:the )?(?:room )?status of (?:this "
     r"|the )?(?:meeting )?room\b.*|room status"),
    ("book", "block book grab hold reserve",
     r"(?:book|reserve|hold|grab|block)\b.*"),
)  # fmt: skip
"""Chore, the words it can begin with (none: any), and what is said; the first that fits counts. Few are looked at, and compiled, for one utterance."""
_ALL: tuple[tuple[Chore, frozenset[str], Pattern], ...] = tuple((chore, frozenset(starts.split()), Pattern(pattern)) for chore, starts, pattern in PATTERNS)
_STATE = Pattern(
    r"(?:.*\b| *)(?:(?:is|its|are|was|[^ ]* ?'s|[^ ]* ?'re|seems|looks|keeps|got|has been|went) (?:completely |totally |still |again |also |always "
     r"|really |not )?"
    r"(?:broken|down|dead|stuck|jammed|leaking|flickering|cracked|out of order|out of paper|out of toner|out of ink|working|faulty|frozen"
    r"|offline|too (?:hot|cold|warm|loud|dark)|freezing|missing"
    r"|blocked|overflowing|smoking|beeping|empty|dirty|damaged|defective|unplugged|responding|charging|connecting|turning on|buzzing|crashing|freezing)"
    r"|(?:does|do|did|can|could|wo|will|would|has|have) not (?:work|turn on|turn off|start|connect|respond|charge|print|open|close|log in"
    r"|login|function|switch on|boot|display|show)"
    r"|(?:doesnt|dont|isnt|wont|cant|arent) (?:working|work|turn on|start|connect|respond|print|open|close|log in|function)"
    r"|wo not|stopped (?:working|responding|printing)|broke|broke down|needs (?:repair|fixing|to be fixed|replacing|cleaning)|no (?:wifi"
    r"|internet|network|power|water|sound|light|connection|picture|image|signal|heating|toner|soap)|crashed)\b.*"
)  # fmt: skip
_ASKING = Pattern(r"(?:what|which|how|why|who|when|where|show|compare|top|bottom|list|is|are|does|do|did|average|total|was|were)\b.*")


def chore(text: str) -> tuple[Chore | None, str]:
    """The chore that normalised words ask for, and the words without politeness.

    >>> chore("can you book a room for four")
    ('book', 'book a room for four')
    """
    plain = _POLITE.sub("", text)
    first, said = plain.partition(" ")[0], text.partition(" ")[0]
    for kind, starts, pattern in _ALL:
        if (not starts or first in starts) and pattern.fullmatch(plain):
            return kind, plain
        if kind == "help" and said in starts and pattern.fullmatch(text):
            return kind, plain
    return None, plain


def is_fault(text: str) -> bool:
    """Whether normalised words say that something does not work."""
    return _STATE.fullmatch(text) is not None and _ASKING.fullmatch(text) is None
