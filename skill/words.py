"""The few sentences that are the door's own; everything about data, rooms and tickets is worded by the core."""

from __future__ import annotations

WELCOME = "Hello, this is {name}. What would you like to know?"
WELCOME_REPROMPT = "Ask me for a number, or say help to hear what I can do."
GOODBYE = "Goodbye."
ANYTHING_ELSE = "Anything else?"
AFTER_HELP = "What would you like to know?"
STILL_THERE = "I am still listening. You can ask something else, or say stop."
STILL_WAITING = "I am waiting for your answer. You can also say stop."
NOT_CAUGHT = "I did not catch a question in that. Try saying: what was, and then what you want to know. Or say help."
TOO_SLOW = "This is taking longer than I can wait. Please ask me again in a moment."
OUTSIDE_FAILED = "A system that I need did not answer. Please try again in a moment."
WENT_WRONG = "Something went wrong on my side. Please try that again."
NOT_SET_UP = "I have not been set up correctly. Please tell whoever runs this service to look at its log."
DEFAULT_NAME = "Company Insights"
