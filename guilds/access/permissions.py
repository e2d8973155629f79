"""Who may do what: one table. Pages, API and templates ask it; domain.md says it in words.

A rule takes the user and, where the permission is about one record, that record. What somebody may *see* is
not here: it is `visible_to` on each QuerySet.
"""

from collections.abc import Callable
from typing import Any

Rule = Callable[[Any, Any], bool]


def anyone_signed_in(user, _=None) -> bool:
    """Whoever has signed in."""
    return True


def administrator(user, _=None) -> bool:
    """Administrators only."""
    return user.is_administrator


def staff(user, _=None) -> bool:
    """Administrators and coordinators."""
    return user.is_staff_member


def staff_or_commission(user, _=None) -> bool:
    """Those who read figures across organisations."""
    return user.is_staff_member or user.is_commission_member


def leads(user, record=None) -> bool:
    """Coordinators change what their guilds lead, and what no guild leads: county-wide, or with no guild yet."""
    if user.is_administrator or record is None:
        return user.is_staff_member
    return user.is_coordinator and (record.guild_id is None or record.guild_id in user.guild_slugs)


def own_pledge(user, pledge) -> bool:
    """A pledge that this employer member's organisation made."""
    return user.is_employer_member and pledge.employer_id == user.organisation_id


def may_record_pledge(user, employer_id=None) -> bool:
    """Staff for anybody; employer members for their own organisation."""
    return user.is_staff_member or (user.is_employer_member and employer_id in (None, user.organisation_id))


def reads_statement(user, employer) -> bool:
    """The team that of any employer; an employer member that of its own."""
    return user.is_staff_member or (user.is_employer_member and employer.pk == user.organisation_id)


def leads_or_own(user, pledge) -> bool:
    """Staff who lead the pledge, or the employer that made it."""
    return own_pledge(user, pledge) or leads(user, pledge)


def corrects_pledge(user, pledge) -> bool:
    """Staff who lead it; the employer until it is verified, and by amendment after that."""
    return leads(user, pledge) or (own_pledge(user, pledge) and pledge.verified_on is None)


def own_attendance(user, attendance=None) -> bool:
    """The school or college that a number was claimed for."""
    return user.is_school_member and (attendance is None or attendance.provider_id == user.organisation_id)


def may_ask_for_pledge(user, pledge=None) -> bool:
    """Coordinators offer; schools and colleges ask."""
    return user.is_school_member or leads(user, pledge)


def staff_or_school(user, _=None) -> bool:
    """Those between whom requests pass."""
    return user.is_staff_member or user.is_school_member


def may_change_request(user, request=None) -> bool:
    """The school or college that asks; coordinators what their guild is asked for, and what no guild is."""
    if request is not None and user.is_school_member:
        return request.provider_id == user.organisation_id
    return user.is_school_member or leads(user, request)


def leads_or_holds_allocation(user, allocation=None) -> bool:
    """Staff who lead the pledge; the school or college that asked for, or was given, a part of it."""
    if allocation is None:
        return user.is_staff_member or user.is_school_member
    holds = user.is_school_member and allocation.provider_id == user.organisation_id
    return holds or leads(user, allocation.pledge)


def confirms_placement(user, placement=None) -> bool:
    """Staff who lead it; the school or college whose learners it is for: it knows who came."""
    own = user.is_school_member and (placement is None or placement.provider_id == user.organisation_id)
    return own or leads(user, placement)


def may_add_contact(user, organisation=None) -> bool:
    """Whoever may change some organisation; which one is asked again once it is known."""
    return user.is_staff_member or user.is_employer_member if organisation is None else cares_for(user, organisation)


def cares_for(user, organisation=None) -> bool:
    """Employers their own details and people; coordinators those whom their guilds work with, or no guild yet."""
    if user.is_administrator or organisation is None:
        return user.is_staff_member
    if user.is_employer_member:
        return organisation.pk == user.organisation_id
    return user.is_coordinator and organisation.is_worked_with_by(user)


def changes_membership(user, record=None) -> bool:
    """Coordinators who is a member of their own guilds. Asked of an organisation first, then of the membership."""
    return leads(user, record) if hasattr(record, "guild_id") else user.is_staff_member


def merges(user, organisations=None) -> bool:
    """Coordinators make one of organisations that they care for all; administrators of any."""
    if user.is_administrator or organisations is None:
        return user.is_staff_member
    return user.is_coordinator and all(cares_for(user, organisation) for organisation in organisations)


def changes_something(user, _=None) -> bool:
    """Everybody but the Commission; which change may be taken back is asked of the record's own permission."""
    return not user.is_commission_member


def looks_after_people(user, _=None) -> bool:
    """The team; of an organisation those who look after their colleagues."""
    return user.is_staff_member or user.is_organisation_administrator


def may_invite(user, organisation=None) -> bool:
    """Coordinators people of organisations that they care for; an organisation's own administrators its people."""
    if user.is_administrator or organisation is None:
        return looks_after_people(user)
    if user.is_organisation_administrator:
        return organisation.pk == user.organisation_id
    return user.is_coordinator and organisation.is_worked_with_by(user)


def closes_account(user, member=None) -> bool:
    """Administrators anybody's but their own; an organisation's administrators that of a colleague."""
    if member is None or member.pk == user.pk:
        return member is None and looks_after_people(user)
    if user.is_administrator:
        return True
    if user.is_organisation_administrator:
        return member.role == user.role and member.organisation_id == user.organisation_id
    return user.is_coordinator and member.organisation is not None and member.organisation.is_worked_with_by(user)


PERMISSIONS: dict[str, Rule] = {
    "home.view": anyone_signed_in,
    "account.view": anyone_signed_in,
    "account.password": staff,
    "mail.choose": anyone_signed_in,
    "mydata.view": anyone_signed_in,
    "rights.view": administrator,
    "rights.change": administrator,
    "mail.preview": administrator,
    "calendar.view": anyone_signed_in,
    "search.view": anyone_signed_in,
    "search.people": staff,
    "history.view": anyone_signed_in,
    "history.undo": changes_something,
    "reference.view": anyone_signed_in,
    "reference.change": administrator,
    "user.view": looks_after_people,
    "user.close": closes_account,
    "user.change": administrator,
    "invitation.send": may_invite,
    "join.decide": staff,
    "apiclient.change": administrator,
    "organisation.view": anyone_signed_in,
    "organisation.pick": anyone_signed_in,
    "organisation.add": staff,
    "organisation.change": cares_for,
    "organisation.merge": merges,
    "guild.view": staff_or_commission,
    "contact.view": anyone_signed_in,
    "contact.add": may_add_contact,
    "contact.change": cares_for,
    "membership.change": changes_membership,
    "engagement.view": anyone_signed_in,
    "engagement.add": leads,
    "engagement.change": leads,
    "engagement.answer": own_attendance,
    "attachment.view": staff,
    "attachment.change": leads,
    "interaction.view": staff,
    "interaction.change": staff,
    "followup.view": staff,
    "followup.change": staff,
    "pledge.view": anyone_signed_in,
    "pledge.add": may_record_pledge,
    "pledge.correct": corrects_pledge,
    "pledge.amend": leads_or_own,
    "pledge.withdraw": leads_or_own,
    "pledge.claim": own_pledge,
    "pledge.verify": leads,
    "pledge.match": leads,
    "pledge.ask": may_ask_for_pledge,
    "pledge.release": leads_or_holds_allocation,
    "pledge.board": staff,
    "desk.open": leads,
    "desk.clear": leads,
    "pledge.bulk": staff,
    "request.view": staff_or_school,
    "request.add": staff_or_school,
    "request.change": may_change_request,
    "request.match": leads,
    "placement.view": anyone_signed_in,
    "placement.change": leads,
    "placement.confirm": confirms_placement,
    "apprenticeship.view": anyone_signed_in,
    "apprenticeship.change": leads,
    "publicsector.view": staff_or_commission,
    "statement.view": reads_statement,
    "statement.share": cares_for,
    "impact.view": staff_or_commission,
    "impact.evidence": staff_or_commission,
    "scope.view": staff_or_commission,
    "scope.change": staff,
    "target.view": staff_or_commission,
    "target.change": administrator,
    "adviser.view": staff_or_commission,
    "adviser.change": staff,
    "indicator.view": staff_or_commission,
    "indicator.change": administrator,
    "publication.view": anyone_signed_in,
    "publication.compare": staff_or_commission,
    "publication.make": staff,
    "publication.sign_off": staff,
    "publication.publish": administrator,
    "pack.view": staff_or_commission,
    "pack.make": staff,
    "export.view": administrator,
    "import.view": staff,
    "import.run": staff,
}


def allowed(user, permission: str, record: Any = None) -> bool:
    """Whether `user` may do `permission` (to `record`). Nobody unknown or inactive may do anything.

    Raises KeyError for a permission that is not in the table: a typing mistake must not read as "no".
    """
    rule = PERMISSIONS[permission]
    return bool(user.is_authenticated and user.is_active and rule(user, record))
