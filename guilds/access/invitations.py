"""Who is asked in, and who asks to be let in: neither may sign in before somebody here has said so."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guilds.access.models import Role, User
from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record

#: How long the link in an invitation may be followed.
VALID_FOR = timedelta(days=14)
MEMBER_ROLES = (Role.EMPLOYER, Role.SCHOOL)


class InvitationStatus(models.TextChoices):
    """What became of an invitation. `expired` is never stored: it follows from the day."""

    OPEN = "open", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    REVOKED = "revoked", "Taken back"
    EXPIRED = "expired", "Expired"


INVITATION_LIFECYCLE = Lifecycle(
    "invitation",
    {
        "accept": step(["open"], "accepted"),
        "revoke": step(["open"], "revoked"),
    },
)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "InvitationQuerySet":
        """Administrators all, an organisation's administrators its own, coordinators what they or their organisations have."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        if user.is_coordinator:
            return self.filter(Q(invited_by=user) | Q(Exists(_worked_with(user))))
        if user.is_organisation_administrator:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def open_at(self, moment: datetime) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(status=InvitationStatus.OPEN, expires_at__gt=moment)

    def standing(self, standing: str, moment: datetime) -> "InvitationQuerySet":
        """Those whose status people see as this."""
        if standing == InvitationStatus.EXPIRED:
            return self.filter(status=InvitationStatus.OPEN, expires_at__lte=moment)
        return self.open_at(moment) if standing == InvitationStatus.OPEN else self.filter(status=standing)


def _worked_with(user):
    """Whether a coordinator may know the people of an invitation's organisation: asked of its own model, which lies above."""
    organisations: Any = Invitation._meta.get_field("organisation").related_model
    return organisations.objects.worked_with_by(user).filter(pk=OuterRef("organisation"))


class Invitation(Record):
    """Somebody is asked to sign in for an organisation, or to coordinate guilds. Only a digest of the link's token is kept."""

    email = models.EmailField("E-mail")
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    #: Slugs.
    guilds = models.JSONField(default=list, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=20, choices=InvitationStatus, default=InvitationStatus.OPEN)
    #: Who it became.
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    unaudited_fields = Record.unaudited_fields | {"token_digest"}
    personal_fields = ("email", "name")
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_members_have_an_organisation",
                condition=Q(role__in=("employer", "school"), organisation__isnull=False)
                | ~Q(role__in=("employer", "school")) & Q(organisation__isnull=True),
                violation_error_message="Employer and school members belong to an organisation, and only they do",
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(status="accepted", person__isnull=False) | ~Q(status="accepted") & Q(person__isnull=True),
                violation_error_message="An invitation that is accepted has somebody who accepted it",
            ),
            models.CheckConstraint(
                name="invitation_expired_is_not_stored",
                condition=~Q(status="expired"),
                violation_error_message="Expired follows from the day",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="invitation_by_creation"),
            models.Index(fields=["organisation", "status"], name="invitation_by_organisation"),
        ]

    def __str__(self) -> str:
        return self.invited_to

    @property
    def invited_to(self) -> str:
        """For whom, or as what, one would sign in."""
        return self.organisation.name if self.organisation else self.get_role_display()

    @property
    def standing(self) -> str:
        """The status that people see."""
        late = self.status == InvitationStatus.OPEN and self.expires_at <= timezone.now()
        return InvitationStatus.EXPIRED if late else self.status

    @property
    def standing_label(self) -> str:
        """The standing in words."""
        return InvitationStatus(self.standing).label


class JoinStatus(models.TextChoices):
    """What was decided about somebody who asked to join."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Invited"
    DECLINED = "declined", "Declined"


JOIN_LIFECYCLE = Lifecycle(
    "request to join",
    {
        "accept": step(["waiting"], "accepted"),
        "decline": step(["waiting"], "declined", needs_reason=True),
    },
)


class JoinRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JoinRequestQuerySet":
        """The team: which guild works with them is not known before they are."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def waiting(self) -> "JoinRequestQuerySet":
        """Those that nobody has decided yet."""
        return self.filter(status=JoinStatus.WAITING)


class JoinRequest(Record):
    """Somebody unknown asks to sign in for an organisation, as they write its name or number."""

    name = models.CharField(max_length=200)
    email = models.EmailField("E-mail")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in MEMBER_ROLES])
    organisation_text = models.CharField("organisation, as they write it", max_length=200)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=JoinStatus, default=JoinStatus.WAITING)
    status_reason = models.CharField(max_length=500, blank=True)
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.PROTECT, related_name="join_request"
    )

    personal_fields = ("name", "email", "organisation_text", "note", "status_reason")
    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="joinrequest_decline_has_a_reason",
                condition=~Q(status="declined") | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
            models.CheckConstraint(
                name="joinrequest_accepted_by_invitation",
                condition=Q(status="accepted", invitation__isnull=False)
                | ~Q(status="accepted") & Q(invitation__isnull=True),
                violation_error_message="Whoever is accepted is invited",
            ),
        ]
        indexes = [models.Index(fields=["status", "-created_at"], name="joinrequest_by_status")]

    def __str__(self) -> str:
        return self.name
