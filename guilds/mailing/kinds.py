"""The kinds of mail there are, in words for those who get them. A kind that is not here can't be sent."""

from dataclasses import dataclass

STAFF = frozenset({"administrator", "coordinator"})
MEMBERS = frozenset({"employer", "school"})
EVERYBODY = STAFF | MEMBERS | {"commission"}


@dataclass(frozen=True)
class MailKind:
    """`why` goes on after "You got this because". `at_most`: mails of this kind to one person about one record, ever.

    `required`: asked for by the person at that moment, or about the safety of the account, so that it can't be switched
    off. `hint` says what it is for and how often it comes; `roles`: whose page of choices offers it.
    """

    slug: str
    label: str
    why: str
    at_most: int | None = None
    required: bool = False
    hint: str = ""
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True)
class DigestPart:
    """One heading of the daily reminder; each can be switched off by itself. `hint` says what it tells, and how often."""

    slug: str
    label: str
    heading: str
    roles: frozenset[str]
    hint: str


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
            "address_code",
            "Code for a new address",
            "somebody, most likely you, wants to use this address for signing in.",
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
            roles=frozenset(),
        ),
        MailKind(
            "rights_answer",
            "Answer about your data",
            "you asked what is held about you, or to have it corrected or erased.",
            required=True,
        ),
        MailKind("join_decision", "Answer to a request to join", "you asked to join this service.", required=True),
        MailKind(
            "news",
            "News of your pledges and requests",
            "something happened to a pledge or a request of your organisation.",
            hint="A mail each time when something becomes of a pledge or a request of your organisation.",
            roles=MEMBERS,
        ),
        MailKind(
            "digest",
            "Daily reminder",
            "something waits for you. It comes once on a working day at most, and never when there is nothing to do.",
            hint="One mail at 7 in the morning of a working day, with all that waits for you. No mail when nothing does. "
            "Nothing is told more than a few times.",
            roles=STAFF | MEMBERS,
        ),
    )
}

DIGEST_PARTS: dict[str, DigestPart] = {
    part.slug: part
    for part in (
        DigestPart(
            "follow_ups",
            "Follow-ups",
            "Follow-ups",
            STAFF,
            "Overdue and due today; once, what is due within a week, and what somebody else gave you.",
        ),
        DigestPart(
            "to_close",
            "Past engagements to close",
            "Past engagements to close",
            STAFF,
            "Engagements that you care for whose day is over, until somebody says what became of them.",
        ),
        DigestPart(
            "numbers",
            "Numbers that are missing",
            "Engagements with numbers missing",
            STAFF,
            "Delivered engagements where nobody has said how many learners came.",
        ),
        DigestPart(
            "disputed",
            "Numbers that a school or college disputes",
            "Engagements with a disputed number",
            STAFF,
            "Where the school’s or college’s own number is another.",
        ),
        DigestPart(
            "to_verify",
            "Pledges to verify",
            "Pledges to verify",
            STAFF,
            "New pledges that you care for, and those of no guild yet.",
        ),
        DigestPart(
            "asked",
            "What schools and colleges ask for",
            "Places that a school or college asks for",
            STAFF | {"employer"},
            "Parts of a pledge that are asked for and not agreed yet.",
        ),
        DigestPart(
            "did_it",
            "What employers say that they did",
            "“We did it”, say employers: to be credited or declined",
            STAFF,
            "What employers tell of their pledges, until you credit it or say why not.",
        ),
        DigestPart(
            "lapsing",
            "Pledges about to lapse",
            "Pledges about to lapse",
            STAFF | {"employer"},
            "Open pledges that run out within 30 days with something still to be delivered.",
        ),
        DigestPart(
            "claims",
            "Numbers that wait for your answer",
            "Are these numbers of learners right?",
            frozenset({"school"}),
            "Asked 7, 14 and 21 days after an engagement, then no more: the number is marked “no answer”, and you can "
            "still answer.",
        ),
    )
}


def kinds_for(role: str) -> list[MailKind]:
    """The kinds of mail that somebody of a role may get and may do without."""
    return [kind for kind in KINDS.values() if not kind.required and role in kind.roles]


def parts_for(role: str) -> list[DigestPart]:
    """The parts that the daily reminder of a role may have."""
    return [part for part in DIGEST_PARTS.values() if role in part.roles]


def may_be_switched_off(slug: str) -> bool:
    """Whether there is such a kind of mail, or part of the digest, and a person may do without it."""
    return slug in DIGEST_PARTS or (slug in KINDS and not KINDS[slug].required)
