"""How the histories of people read: contacts, and those who sign in. Only those who see the person read it."""

from crm.histories.presenter import GUILD, ORGANISATION, Wording, words_of
from guilds.access.models import Role
from guilds.organisations.models import ContactSource, LawfulBasis

_CONTACT_FIELDS = {
    "name": "Name",
    "role": "Job title",
    "email": "E-mail",
    "phone": "Telephone",
    "organisation_id": "Organisation",
    "lawful_basis": "Lawful basis",
    "source": "Where the details come from",
    "source_on": "Since",
    "consent_version": "Wording that was agreed to",
    "do_not_contact": "Asked not to be contacted",
    "email_bounced_at": "Mail came back",
}
CONTACT = Wording(
    verbs={"added": "added the person", "corrected": "corrected the details", "bounced": "noted that mail came back"},
    fields=_CONTACT_FIELDS,
    choices={"lawful_basis": words_of(LawfulBasis), "source": words_of(ContactSource)},
    points_to={"organisation_id": ORGANISATION},
    for_all=frozenset(_CONTACT_FIELDS),
)
USER_WORDING = Wording(
    verbs={
        "created": "let them in",
        "corrected": "corrected it",
        "password set": "changed the password",
        "closed": "closed the account",
        "opened": "opened the account again",
        "signed out everywhere": "signed them out everywhere",
        "second step removed": "removed the second step of signing in",
    },
    fields={
        "name": "Name",
        "email": "E-mail",
        "role": "Role",
        "guilds": "Guilds",
        "organisation_id": "Organisation",
        "is_active": "May sign in",
        "is_organisation_administrator": "Looks after colleagues",
        "email_bounced_at": "Mail came back",
    },
    choices={"role": words_of(Role)},
    points_to={"guilds": GUILD, "organisation_id": ORGANISATION},
)
