"""The kinds of mail there are, in words for those who get them. A kind that is not here can't be sent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailKind:
    """`why` goes on after "You got this because". `at_most`: mails of this kind to one person about one record, ever.

    `required`: asked for by the person at that moment, or about the safety of the account, so that it can't be switched
    off.
    """

    slug: str
    label: str
    why: str
    at_most: int | None = None
    required: bool = False
    staff_only: bool = False


@dataclass(frozen=True)
class DigestPart:
    """One heading of the daily reminder; each can be switched off by itself."""

    slug: str
    label: str
    heading: str


KINDS: dict[str, MailKind] = {
    kind.slug: kind
    for kind in (
        MailKind(
            "sign_in_code",
            "Sign-in code",
            "somebody, most likely you, typed your address on the sign-in page.",
            required=True,
        ),
        MailKind(
            "account_notice",
            "Changes to your account",
            "something about how you sign in has changed.",
            required=True,
        ),
        MailKind(
            "invitation",
            "Invitations",
            "somebody who works with your organisation invited you to use this service.",
            at_most=3,
        ),
        MailKind("join_decision", "Answer to a request to join", "you asked to join this service.", required=True),
        MailKind(
            "claim_reminder",
            "Numbers to confirm",
            "a number of learners was noted for your school or college, and has not been confirmed yet.",
            at_most=3,
        ),
        MailKind(
            "news",
            "News of your pledges and requests",
            "something happened to a pledge or a request of your organisation.",
        ),
        MailKind(
            "digest",
            "Daily reminder",
            "you coordinate a guild, and something needs you. It comes once a day at most, and never when there is "
            "nothing to do.",
            staff_only=True,
        ),
    )
}

DIGEST_PARTS: dict[str, DigestPart] = {
    part.slug: part
    for part in (
        DigestPart("follow_ups", "Follow-ups that are due", "Follow-ups due"),
        DigestPart("to_close", "Past engagements to close", "Past engagements to close"),
        DigestPart("numbers", "Numbers that are missing", "Engagements with numbers missing"),
        DigestPart("disputed", "Numbers that a school or college disputes", "Engagements with a disputed number"),
        DigestPart("to_verify", "Pledges to verify", "Pledges to verify"),
        DigestPart("lapsing", "Pledges about to lapse", "Pledges about to lapse"),
    )
}


def may_be_switched_off(slug: str) -> bool:
    """Whether there is such a kind of mail, or part of the digest, and a person may do without it."""
    return slug in DIGEST_PARTS or (slug in KINDS and not KINDS[slug].required)
