"""One registry of employers and providers: identity, people, guild memberships."""

import re
from datetime import date
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Upper

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.organisations.names import search_name
from guilds.organisations.words import keep_words

#: The day of the last contact with an organisation that nobody has been in touch with: before all others.
NEVER = date(1900, 1, 1)


class Status(models.TextChoices):
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"
    ARCHIVED = "archived", "Archived"


LIFECYCLE = Lifecycle(
    "organisation",
    {
        "close": step(["active"], "closed", needs_reason=True),
        "reopen": step(["closed"], "active", needs_reason=True),
        "archive": step(["active", "closed"], "archived", needs_reason=True),
        "restore": step(["archived"], "active", needs_reason=True),
    },
)


class ProviderKind(models.TextChoices):
    SECONDARY = "secondary", "Secondary school"
    SPECIAL = "special", "Special school"
    PRU_AP = "pru_ap", "Pupil referral unit or alternative provision"
    PRIMARY = "primary", "Primary school"
    ALL_THROUGH = "all_through", "All-through school"
    INDEPENDENT = "independent", "Independent school"
    SIXTH_FORM = "sixth_form", "Sixth-form college"
    FE_COLLEGE = "fe_college", "Further education college"
    UNIVERSITY = "university", "University"
    TRAINING_PROVIDER = "training_provider", "Training provider"


#: counting.md: `colleges` counts these kinds, `schools` all others.
COLLEGE_KINDS = (
    ProviderKind.SIXTH_FORM,
    ProviderKind.FE_COLLEGE,
    ProviderKind.UNIVERSITY,
    ProviderKind.TRAINING_PROVIDER,
)


class LocalKind(models.TextChoices):
    WIDE_ABILITY = "wide_ability", "Wide ability"
    GRAMMAR = "grammar", "Grammar"
    HIGH = "high", "High"


class SizeBand(models.TextChoices):
    MICRO = "micro", "1 to 9 employees"
    SMALL = "small", "10 to 49 employees"
    MEDIUM = "medium", "50 to 249 employees"
    LARGE = "large", "250 or more employees"


class Scheme(models.TextChoices):
    """Who gave an identifier. Identifiers decide identity; names never do."""

    COMPANIES_HOUSE = "companies_house", "Company number"
    CHARITY = "charity", "Charity number"
    URN = "urn", "URN"
    UKPRN = "ukprn", "UKPRN"
    LAESTAB = "laestab", "LAESTAB"

    def tidy(self, value: str) -> str:
        """A number as it is kept: no spaces, capitals, and the zeros that a company number begins with."""
        bare = re.sub(r"[\s/]+", "", value).upper()
        parts = re.fullmatch(r"([A-Z]{0,2})([0-9]+)", bare)
        if self is Scheme.COMPANIES_HOUSE and parts:
            return parts[1] + parts[2].zfill(8 - len(parts[1]))
        return bare


#: How a guild works with organisations that need not be its members: by what they pledged to it or took part in.
WAYS_OF_WORKING = ("pledges__guild", "participations__engagement__guild", "attendances__engagement__guild")


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "OrganisationQuerySet":
        """Staff and the Commission see the registry; members see their own organisation."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member or user.is_commission_member:
            return self
        return self.filter(pk=user.organisation_id)

    def active(self) -> "OrganisationQuerySet":
        return self.filter(status=Status.ACTIVE)

    def employers(self) -> "OrganisationQuerySet":
        return self.filter(is_employer=True)

    def providers(self) -> "OrganisationQuerySet":
        return self.filter(is_provider=True)

    def worked_with_by(self, user) -> "OrganisationQuerySet":
        """Those that a coordinator's guilds work with, and those that no guild has as a member yet; domain.md.

        A guild works with its members, with whoever pledged to it, and with whoever took part in what it leads. All of it is
        asked of each organisation, for mostly it is about few: a database would gather those of all engagements else.
        """
        if user.is_administrator:
            return self
        if not user.is_coordinator:
            return self.none()
        guilds = user.guild_slugs
        members = Membership.objects.filter(organisation=OuterRef("pk"), left_on__isnull=True)
        itself = Organisation.objects.filter(pk=OuterRef("pk"))
        taking_part = [Exists(itself.filter(**{f"{way}__in": guilds})) for way in WAYS_OF_WORKING]
        return self.filter(reduce(or_, taking_part, Exists(members.filter(guild__in=guilds)) | ~Exists(members)))

    def identified(self, scheme: str, value: str) -> "OrganisationQuerySet":
        """The organisation that has this identifier, if any."""
        return self.filter(identifiers__scheme=scheme, identifiers__value=value)

    def for_list(self) -> "OrganisationQuerySet":
        """With what tells them from others: where they are, their numbers and their guilds; in a constant number of queries."""
        members = Membership.objects.select_related("guild").only("organisation", "left_on", "guild__name")
        return self.select_related("district").prefetch_related("identifiers", Prefetch("memberships", members))


class Organisation(Record):
    """An employer, a provider (school, college, university, training provider), or both."""

    name = models.CharField(max_length=250)
    search_name = models.CharField(max_length=250, editable=False, db_index=True)
    trading_names = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    is_employer = models.BooleanField(default=False)
    is_provider = models.BooleanField(default=False)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    district = models.ForeignKey(
        "guilds.District",
        to_field="code",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    district_approximate = models.BooleanField(default=False)
    website = models.URLField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    last_contact_on = models.DateField(default=NEVER, editable=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    sic_codes = models.JSONField(default=list, blank=True)
    size_band = models.CharField(max_length=10, choices=SizeBand, blank=True)
    employees_low = models.PositiveIntegerField(null=True, blank=True)
    employees_high = models.PositiveIntegerField(null=True, blank=True)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    levy_payer = models.BooleanField(null=True, blank=True)

    provider_kind = models.CharField(max_length=20, choices=ProviderKind, blank=True)
    local_kind = models.CharField(max_length=20, choices=LocalKind, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    age_low = models.PositiveSmallIntegerField(null=True, blank=True)
    age_high = models.PositiveSmallIntegerField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    coastal = models.BooleanField(null=True, blank=True)
    trust = models.CharField(max_length=200, blank=True)
    careers_leader = models.ForeignKey(
        "guilds.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    unaudited_fields = Record.unaudited_fields | {"search_name", "last_contact_on"}
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["district", "name"], name="organisation_by_district"),
            models.Index(fields=["postcode"], name="organisation_by_postcode"),
            models.Index(fields=["-updated_at", "-id"], name="organisation_by_update"),
            models.Index(fields=["provider_kind", "name"], name="organisation_by_kind"),
            models.Index(fields=["last_contact_on", "id"], name="organisation_by_contact"),
            models.Index(fields=["trust", "name"], name="organisation_by_trust", condition=~Q(trust="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_has_a_role",
                condition=Q(is_employer=True) | Q(is_provider=True),
                violation_error_message="Say whether it is an employer, a school or college, or both",
            ),
            models.CheckConstraint(
                name="organisation_providers_have_a_kind",
                condition=Q(is_provider=True) | Q(provider_kind=""),
                violation_error_message="Only a school or college has a kind of school or college",
            ),
            models.CheckConstraint(
                name="organisation_employees_in_order",
                condition=Q(employees_low__isnull=True)
                | Q(employees_high__isnull=True)
                | Q(employees_low__lte=F("employees_high")),
                violation_error_message="The lower number of employees comes first",
            ),
            models.CheckConstraint(
                name="organisation_ages_in_order",
                condition=Q(age_low__isnull=True) | Q(age_high__isnull=True) | Q(age_low__lte=F("age_high")),
                violation_error_message="The lower age comes first",
            ),
            models.CheckConstraint(
                name="organisation_merged_is_archived",
                condition=Q(merged_into__isnull=True) | Q(status="archived"),
                violation_error_message="A merged organisation is archived",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the form of the name that look-ups compare."""
        self.search_name = search_name(self.name)

    def keep_index(self, before: dict | None) -> None:
        """Be found by the names that it has now."""
        if before is None or (before["name"], before["trading_names"]) != (self.name, self.trading_names):
            keep_words([self], new=before is None)

    def is_worked_with_by(self, user) -> bool:
        """Whether this coordinator's guilds work with it, or no guild does yet; a page asks that of one record often."""
        known = self.__dict__.setdefault("_worked_with_by", {})
        if user.pk not in known:
            known[user.pk] = self._asked_whether_worked_with_by(user)
        return known[user.pk]

    def _asked_whether_worked_with_by(self, user) -> bool:
        """As `worked_with_by` says. Memberships say so of most; only of members of other guilds alone is the rest looked up,
        one after the other: all at once takes longer than any of them.
        """
        if not user.is_coordinator:
            return user.is_administrator
        members, guilds = {row.guild_id for row in self.memberships.all() if row.left_on is None}, user.guild_slugs
        if not members or members & set(guilds):
            return True
        itself = Organisation.objects.filter(pk=self.pk)
        return any(itself.filter(**{f"{way}__in": guilds}).exists() for way in WAYS_OF_WORKING)

    @property
    def roles(self) -> list[str]:
        """`employer`, `provider` or both, as the API says it."""
        return [role for role, has in (("employer", self.is_employer), ("provider", self.is_provider)) if has]

    def audit_state(self) -> dict:
        """With the identifiers, so that history shows what identity rested on."""
        identifiers = (
            []
            if self._state.adding
            else list(self.identifiers.order_by("scheme", "value").values_list("scheme", "value"))
        )
        return super().audit_state() | {"identifiers": [list(pair) for pair in identifiers]}


class OrganisationPartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the organisation sees this part of it."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member or user.is_commission_member:
            return self
        return self.filter(organisation=user.organisation_id)


class Identifier(models.Model):
    """A scheme's name for an organisation: company number, URN and the like."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=Scheme)
    value = models.CharField(max_length=20)

    objects = OrganisationPartQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_is_one_organisations",
                violation_error_message="Another organisation has this identifier",
            ),
            models.CheckConstraint(
                name="identifier_company_number_of_8",
                condition=~Q(scheme="companies_house") | Q(value__regex=r"^[A-Z0-9]{8}$"),
                violation_error_message="A company number has 8 characters, such as 01234567 or OC123456",
            ),
            models.CheckConstraint(
                name="identifier_urn_of_6_digits",
                condition=~Q(scheme="urn") | Q(value__regex=r"^[0-9]{6}$"),
                violation_error_message="A URN has 6 digits, such as 118788",
            ),
            models.CheckConstraint(
                name="identifier_ukprn_of_8_digits",
                condition=~Q(scheme="ukprn") | Q(value__regex=r"^[0-9]{8}$"),
                violation_error_message="A UKPRN has 8 digits, such as 10000001",
            ),
            models.CheckConstraint(
                name="identifier_laestab_of_7_digits",
                condition=~Q(scheme="laestab") | Q(value__regex=r"^[0-9]{7}$"),
                violation_error_message="A LAESTAB has 7 digits, such as 8861132",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class SuccessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SuccessionQuerySet":
        """Public facts of the register, for everybody who sees the registry."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member or user.is_commission_member:
            return self
        return self.filter(Q(predecessor=user.organisation_id) | Q(successor=user.organisation_id))


class Succession(Record):
    """A school that went on under a new URN: still one school to a distinct count."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="precessions")
    kind = models.CharField(max_length=60, blank=True)
    happened_on = models.DateField(null=True, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="These two are linked already",
            ),
            models.CheckConstraint(
                name="succession_of_two",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="A school can't succeed itself",
            ),
        ]


class MemberRole(models.TextChoices):
    EMPLOYER = "employer", "Employer"
    PROVIDER = "provider", "School, college or training provider"
    MEMBER = "member", "Member"
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice-chair"


class MembershipQuerySet(OrganisationPartQuerySet):
    def open_on(self, day) -> "MembershipQuerySet":
        """Memberships that are in force on a day; the day of leaving is the first without."""
        return self.filter(Q(joined_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))

    def of_employers(self) -> "MembershipQuerySet":
        """Members in their capacity as employers."""
        neutral = ~Q(role__in=(MemberRole.EMPLOYER, MemberRole.PROVIDER))
        return self.filter(Q(role=MemberRole.EMPLOYER) | neutral & Q(organisation__is_provider=False))

    def of_providers(self) -> "MembershipQuerySet":
        """Members in their capacity as schools, colleges, universities or training providers."""
        neutral = ~Q(role__in=(MemberRole.EMPLOYER, MemberRole.PROVIDER))
        return self.filter(Q(role=MemberRole.PROVIDER) | neutral & Q(organisation__is_provider=True))


class Membership(Record):
    """An organisation's time in a guild."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    guild = models.ForeignKey("guilds.Guild", to_field="slug", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=MemberRole, default=MemberRole.MEMBER)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-joined_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "guild"],
                condition=Q(left_on__isnull=True),
                name="membership_open_once",
                violation_error_message="It is a member of this guild already",
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message="It can't leave before it joined",
            ),
        ]
        indexes = [models.Index(fields=["guild", "joined_on", "left_on"], name="membership_by_guild")]


class LawfulBasis(models.TextChoices):
    """UK GDPR, article 6."""

    PUBLIC_TASK = "public_task", "Public task"
    LEGITIMATE_INTERESTS = "legitimate_interests", "Legitimate interests"
    CONSENT = "consent", "Consent"
    CONTRACT = "contract", "Contract"


class ContactSource(models.TextChoices):
    """Where somebody's details come from: they may ask, and whoever did not give them is told (article 14)."""

    PERSON = "person", "The person themselves"
    COLLEAGUE = "colleague", "Somebody at their organisation"
    PUBLIC = "public", "A website or a public register"
    PARTNER = "partner", "Another organisation"


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ContactQuerySet":
        """Coordinators: people of organisations that their guilds work with, or that no guild works with yet.

        Members: people of their own organisation. The Commission: nobody. Whoever was erased is there for nobody.
        """
        if not user.is_authenticated or user.is_commission_member:
            return self.none()
        there = self.there()
        if user.is_administrator:
            return there
        if user.is_coordinator:
            return there.filter(organisation__in=Organisation.objects.worked_with_by(user).values("pk"))
        return there.filter(organisation=user.organisation_id)

    def seen_at(self, organisation, user) -> "ContactQuerySet":
        """Those of `visible_to` at one organisation, of which a page has asked already whether the reader's guilds work with
        it."""
        if not user.is_authenticated or not user.is_coordinator:
            return self.visible_to(user).filter(organisation=organisation)
        return self.there().filter(organisation=organisation) if organisation.is_worked_with_by(user) else self.none()

    def there(self) -> "ContactQuerySet":
        """All but those whose details were erased; their rows stay for what was counted with them."""
        return self.filter(erased_on__isnull=True)

    def contactable(self) -> "ContactQuerySet":
        """Those who have not asked to be left alone: whoever writes to people starts from here."""
        return self.filter(do_not_contact=False)


class Contact(Record):
    """A person at an organisation. Several may share an e-mail, so e-mail is never identity."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=200)
    role = models.CharField("Job title", max_length=100, blank=True)
    email = models.EmailField("E-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    lawful_basis = models.CharField(max_length=30, choices=LawfulBasis, default=LawfulBasis.PUBLIC_TASK)
    #: Where the details come from, and the day on which they came; empty for what was here before anybody asked.
    source = models.CharField(max_length=20, choices=ContactSource, blank=True)
    source_on = models.DateField(null=True, blank=True)
    #: Which wording was agreed to, where the basis is consent.
    consent_version = models.CharField(max_length=20, blank=True)
    do_not_contact = models.BooleanField(default=False)
    email_bounced_at = models.DateTimeField("Mail came back", null=True, blank=True, editable=False)
    erased_on = models.DateField(null=True, blank=True, editable=False)

    personal_fields = ("name", "role", "email", "phone")
    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(Upper("email"), name="contact_by_email")]

    def __str__(self) -> str:
        return self.name
