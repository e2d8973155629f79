"""What somebody agrees to whose details are kept by consent, word for word. Every wording that was ever used stays here."""

WORDINGS: dict[str, str] = {
    "1": (
        "I agree that you keep my name, job title and the ways to reach me, and contact me about events, pledges and "
        "placements. I can take this back at any time, and then you remove them."
    ),
}
VERSION = "1"
