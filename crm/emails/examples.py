"""Invented data with which an administrator sees each kind of mail."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "sign_in_code": {"code": "123456"},
    "address_code": {"code": "123456"},
    "account_notice": {"what": "A passkey was added to your account."},
    "invitation": {
        "invited_by": "Alex Example",
        "invited_to": "Example Hotels",
        "address": "/invitations/example/",
        "until": "14 March 2027",
    },
    "rights_answer": {"what": "a copy of what is held", "asked_on": "14 March 2027", "outcome": "answered"},
    "join_decision": {"accepted": True, "invited_to": "Example Hotels"},
    "news": {
        "headline": "Example School asks for 3 of your placements",
        "what": "Example School asks for 3 of the 10 placements that you promised.",
        "address": "/pledges/",
    },
    "digest": {
        "number": 4,
        "parts": [
            {
                "heading": "Follow-ups due",
                "items": [
                    {
                        "words": "Ring about the visit, Example Hotels",
                        "note": "since 2 March 2027",
                        "address": "/follow-ups/",
                    }
                ],
                "more": 0,
            },
            {
                "heading": "Pledges to verify",
                "items": [{"words": "Example Hotels: 10 placements", "note": "", "address": "/pledges/"}],
                "more": 2,
                "address": "/pledges/?status=unverified",
            },
        ],
    },
}
