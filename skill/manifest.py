"""The skill manifest: what Amazon is told about the skill, in every locale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skill.locales import LOCALES
from skill.model import DEFAULT_INVOCATION

SUMMARY = "Ask your company's data a question, book rooms and report problems."
DESCRIPTION = (
    "Answers questions about your company's figures, says who may hear them and from where they come, books and frees meeting rooms, keeps calendars, files "
    "and follows help-desk tickets, and knows the handbook. It is for people of the company that runs it: an administrator links voices and devices."
)
TESTING = "A private skill: it answers from the data of the company that runs it. Say: open company insights, then: what was revenue last month."
# An Echo Show in its sizes, round and wide: https://developer.amazon.com/docs/alexa-presentation-language/apl-viewport-characteristics.html
_VIEWPORTS = (
    {"mode": "HUB", "shape": "ROUND", "minWidth": 100, "maxWidth": 599, "minHeight": 100, "maxHeight": 599},
    {"mode": "HUB", "shape": "RECTANGLE", "minWidth": 960, "maxWidth": 1279, "minHeight": 100, "maxHeight": 599},
    {"mode": "HUB", "shape": "RECTANGLE", "minWidth": 1280, "maxWidth": 1920, "minHeight": 600, "maxHeight": 1279},
    {"mode": "TV", "shape": "RECTANGLE", "minWidth": 960, "maxWidth": 960, "minHeight": 540, "maxHeight": 540},
)


def manifest(*, name: str, endpoint: str) -> Mapping[str, Any]:
    """`endpoint` is the https address of `POST /alexa`, or the ARN of the Lambda function."""
    served = {"uri": endpoint, **({"sslCertificateType": "Trusted"} if endpoint.startswith("https://") else {})}
    phrases = [
        f"Alexa, open {DEFAULT_INVOCATION}",
        f"Alexa, ask {DEFAULT_INVOCATION} what was revenue last month",
        f"Alexa, ask {DEFAULT_INVOCATION} to book a room",
    ]
    published = {"name": name, "summary": SUMMARY, "description": DESCRIPTION, "examplePhrases": phrases, "keywords": ["data", "analytics", "meeting room"]}
    private = {"privacyPolicyUrl": "", "termsOfUseUrl": ""}
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "apis": {"custom": {"endpoint": served, "interfaces": [{"type": "ALEXA_PRESENTATION_APL", "supportedViewports": list(_VIEWPORTS)}]}},
            "permissions": [{"name": "alexa::person_id:read"}],
            "publishingInformation": {
                "locales": dict.fromkeys(LOCALES, published),
                "isAvailableWorldwide": False,
                "distributionCountries": sorted(locale[3:] for locale in LOCALES),
                "distributionMode": "PRIVATE",
                "category": "BUSINESS_AND_FINANCE",
                "testingInstructions": TESTING,
            },
            "privacyAndCompliance": {
                "allowsPurchases": False,
                "usesPersonalInfo": True,
                "isChildDirected": False,
                "isExportCompliant": True,
                "containsAds": False,
                "locales": {locale: {name: uri for name, uri in private.items() if uri} for locale in LOCALES},
            },
        }
    }
