"""What Alexa is told to listen for next: any words as the answer, and the names of the choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ask_sdk_model.dialog.dynamic_entities_directive import DynamicEntitiesDirective
from ask_sdk_model.dialog.elicit_slot_directive import ElicitSlotDirective
from ask_sdk_model.er.dynamic.entity import Entity
from ask_sdk_model.er.dynamic.entity_list_item import EntityListItem
from ask_sdk_model.er.dynamic.entity_value_and_synonyms import EntityValueAndSynonyms
from ask_sdk_model.er.dynamic.update_behavior import UpdateBehavior
from ask_sdk_model.intent import Intent
from ask_sdk_model.intent_confirmation_status import IntentConfirmationStatus
from ask_sdk_model.slot import Slot
from ask_sdk_model.slot_confirmation_status import SlotConfirmationStatus

from insights.requests import Choice
from skill.model import ELICITED, ELICITED_SLOT
from skill.spoken import CHOICE, speakable

# Alexa takes a hundred values and synonyms in all.
_MOST = 20
_LONGEST = 140


def any_answer() -> Any:
    """Listen for any words as the answer; another intent may be said instead, and then it is that."""
    slot = Slot(name=ELICITED_SLOT, confirmation_status=SlotConfirmationStatus.NONE)
    intent = Intent(name=ELICITED, confirmation_status=IntentConfirmationStatus.NONE, slots={ELICITED_SLOT: slot})
    return ElicitSlotDirective(updated_intent=intent, slot_to_elicit=ELICITED_SLOT)


def choices(found: Sequence[Choice]) -> Any | None:
    """Listen for the names of the choices; they come back as their numbers. None where they have none that can be said, or share one."""
    names = [speakable(choice.label)[:_LONGEST].strip() for choice in found[:_MOST]]
    if not all(names) or len(set(names)) < len(names):
        return None
    words = [{word for word in name.split() if len(word) > 2} for name in names]
    entities = []
    for place, name in enumerate(names):
        own = words[place] - set().union(*(other for n, other in enumerate(words) if n != place))
        short: list[Any] = [word for word in name.split() if word in own and word != name][:3]
        entities.append(Entity(id=str(place + 1), name=EntityValueAndSynonyms(value=name, synonyms=short)))
    return DynamicEntitiesDirective(update_behavior=UpdateBehavior.REPLACE, types=[EntityListItem(name=CHOICE, values=entities)])


def no_choices() -> Any:
    """Do not listen for them any more."""
    return DynamicEntitiesDirective(update_behavior=UpdateBehavior.CLEAR)
