"""What somebody at a desk agrees to, word for word. Every wording that was ever shown stays here under its version."""

WORDINGS: dict[str, str] = {
    "1": (
        "I agree that the people who run this event keep my name and e-mail address and write to me about this pledge. "
        "I can ask them to remove both at any time."
    ),
}
VERSION = "1"
