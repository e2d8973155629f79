"""Users, their roles, and the clients that act for them."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property

from guilds.audit.models import Record, new_id


class Role(models.TextChoices):
    """What somebody is to the system; domain.md, "Who may do what"."""

    ADMINISTRATOR = "administrator", "Administrator"
    COORDINATOR = "coordinator", "Guild coordinator"
    EMPLOYER = "employer", "Employer member"
    SCHOOL = "school", "School or college member"
    COMMISSION = "commission", "Skills Commission member"


class Scope(models.TextChoices):
    """What an API key may be used for."""

    RECORDS_READ = "records:read", "Read records"
    RECORDS_WRITE = "records:write", "Write records"
    IMPACT_READ = "impact:read", "Read figures"


class UserQuerySet(models.QuerySet):
    def visible_to(self, user) -> "UserQuerySet":
        """Administrators everybody, coordinators their colleagues, members of an organisation theirs, others themselves."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        if user.is_coordinator:
            return self.filter(role__in=(Role.ADMINISTRATOR, Role.COORDINATOR))
        if user.organisation_id:
            return self.filter(role=user.role, organisation=user.organisation_id)
        return self.filter(pk=user.pk)

    def looked_after_by(self, user) -> "UserQuerySet":
        """Those whose sign-in this person cares for: coordinators also have the members of organisations they work with."""
        if not user.is_authenticated or not user.is_coordinator:
            return self.visible_to(user)
        organisations: Any = User._meta.get_field("organisation").related_model
        # Asked of each person's organisation: few have members.
        worked_with = organisations.objects.worked_with_by(user).filter(pk=OuterRef("organisation"))
        return self.filter(Q(pk=user.pk) | Q(Exists(worked_with)))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """allauth and Django look users up by e-mail through it."""

    def get_by_natural_key(self, email: str) -> "User":
        """E-mail addresses are one person's whatever their case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Record):
    """Somebody who signs in. One role; a coordinator has guilds, a member has an organisation."""

    email = models.EmailField("E-mail", unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role)
    guilds = models.ManyToManyField("guilds.Guild", blank=True, related_name="coordinators")
    organisation = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    is_active = models.BooleanField(default=True)
    email_bounced_at = models.DateTimeField("Mail came back", null=True, blank=True, editable=False)
    #: May invite colleagues and let them in no longer. Whoever comes first for an organisation is.
    is_organisation_administrator = models.BooleanField("Looks after colleagues", default=False)
    #: Goes up when everybody who is signed in as this person has to sign in again.
    sign_in_generation = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    unaudited_fields = Record.unaudited_fields | {"password", "last_login", "sign_in_generation"}
    personal_fields = ("email", "name")

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_members_have_an_organisation",
                condition=Q(role__in=("employer", "school"), organisation__isnull=False)
                | ~Q(role__in=("employer", "school")) & Q(organisation__isnull=True),
                violation_error_message="Employer and school members belong to an organisation, and only they do",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a browser's sign-in is checked by: with another password or generation it is worth nothing."""
        base = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{base}.{self.sign_in_generation}" if self.sign_in_generation else base

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def is_employer_member(self) -> bool:
        return self.role == Role.EMPLOYER

    @property
    def is_school_member(self) -> bool:
        return self.role == Role.SCHOOL

    @property
    def is_commission_member(self) -> bool:
        return self.role == Role.COMMISSION

    @property
    def is_staff_member(self) -> bool:
        """One of the team: works with everybody's records."""
        return self.role in (Role.ADMINISTRATOR, Role.COORDINATOR)

    def audit_state(self) -> dict:
        """With the guilds."""
        slugs = [] if self._state.adding else sorted(self.guilds.order_by().values_list("slug", flat=True))
        return super().audit_state() | {"guilds": slugs}

    @cached_property
    def guild_names(self) -> dict[str, str]:
        """The guilds that this coordinator works for, by their slugs, in the order of their names."""
        return dict(self.guilds.values_list("slug", "name"))

    @property
    def guild_slugs(self) -> frozenset[str]:
        """The guilds that this coordinator works for."""
        return frozenset(self.guild_names)


class ApiClientQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ApiClientQuerySet":
        """Administrators see all keys, others their own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(user=user)

    def active(self) -> "ApiClientQuerySet":
        """Keys that still open something."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class ApiClient(Record):
    """A program that acts for a user, narrowed by scopes. Only a digest of its key is kept."""

    name = models.CharField(max_length=100)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_clients")
    scopes = models.JSONField(default=list)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    unaudited_fields = Record.unaudited_fields | {"key_digest"}
    objects = ApiClientQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class AnsweredRequest(models.Model):
    """The first answer to a request that may be sent again (`Idempotency-Key`), so that it is done once."""

    visible_to_reason = "Never listed: found by its own sender and key only"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answeredrequest_once_per_key")]


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody their own, administrators included: it is nobody else's business."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """Filters, order and columns of a list that somebody comes back to. Of no interest to history: one's own bookmark."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1500, blank=True)
    is_usual = models.BooleanField(default=False)

    personal_fields = ("query",)
    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="savedview_name_once",
                violation_error_message="You have a view of this name already: choose another name",
            ),
            models.UniqueConstraint(
                fields=["user", "page"],
                condition=Q(is_usual=True),
                name="savedview_one_usual",
                violation_error_message="Only one view is the usual one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody has typed into a form and not sent yet. Of no interest to history, and nobody else's business."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)
    #: The boxes by name, each with the list of its values, as the browser sent them.
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_index=True)

    personal_fields = ("fields",)
    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form"],
                name="draft_one_per_form",
                violation_error_message="There is one draft of each form",
            )
        ]

    def __str__(self) -> str:
        return self.form


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    ODS = "ods", "OpenDocument"


#: Lists are written row after row, which OpenDocument can't be.
LISTED_AS = (ExportFormat.CSV, ExportFormat.XLSX)


class ExportLogQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ExportLogQuerySet":
        """Administrators: who took what out of the system."""
        return self if user.is_authenticated and user.is_administrator else self.none()


class ExportLog(models.Model):
    """One download of a list: who, when, of what and how much. Search words are left out: they may name somebody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    list_name = models.CharField(max_length=60)
    filters = models.CharField(max_length=1500, blank=True)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    format = models.CharField(max_length=10, choices=ExportFormat)

    objects = ExportLogQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="exportlog_by_time")]

    def __str__(self) -> str:
        return self.list_name
