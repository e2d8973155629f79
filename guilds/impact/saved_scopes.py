"""Parts of the county's schools that are looked at again and again, under a name: coastal schools, a district, a kind."""

from django.db import models
from django.db.models import Q

from guilds.audit.models import Record
from guilds.engagement.models import EngagementKind
from guilds.organisations.models import LocalKind, ProviderKind
from guilds.reference.models import Guild


class SavedScopeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SavedScopeQuerySet":
        """Whoever reads coverage: staff and the Commission."""
        may = user.is_authenticated and (user.is_staff_member or user.is_commission_member)
        return self if may else self.none()


class SavedScope(Record):
    """Which schools are meant, and through whose work: every part that is said narrows it, one of several values is enough.

    `slug` is its name in addresses: made of the first name, and kept when it is renamed, so that links go on working.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(
        max_length=60, unique=True, error_messages={"unique": "There is a scope of this name: choose another name"}
    )
    description = models.CharField(max_length=250, blank=True)
    #: None: whether or not.
    coastal = models.BooleanField(null=True, blank=True)
    provider_kinds = models.JSONField(default=list, blank=True)
    local_kinds = models.JSONField(default=list, blank=True)
    #: GSS codes.
    districts = models.JSONField(default=list, blank=True)
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=EngagementKind, blank=True)

    objects = SavedScopeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def schools(self) -> Q:
        """The schools that are meant, whether reached or not."""
        found = Q() if self.coastal is None else Q(coastal=True) if self.coastal else ~Q(coastal=True)
        for field, values in (
            ("provider_kind", self.provider_kinds),
            ("local_kind", self.local_kinds),
            ("district__code", self.districts),
        ):
            found &= Q(**{f"{field}__in": values}) if values else Q()
        return found


def in_words(scope: SavedScope, districts: dict[str, str], guilds: dict[str, Guild]) -> list[str]:
    """What it selects, part by part. `districts`: names by code; `guilds`: by slug."""
    kinds = [str(ProviderKind(kind).label) for kind in scope.provider_kinds]
    local = [str(LocalKind(kind).label) for kind in scope.local_kinds]
    places = sorted(districts.get(code, code) for code in scope.districts)
    parts = {
        "": {True: "coastal schools", False: "schools that are not coastal", None: ""}[scope.coastal],
        "kind of school: ": _listed(kinds),
        "kind in Kent: ": _listed(local),
        "district: ": _listed(places),
        "reached by ": guilds[scope.guild_id].name if scope.guild_id in guilds else "",
        "reached through ": str(scope.get_kind_display()).lower() if scope.kind else "",
    }  # fmt: skip
    return [before + words for before, words in parts.items() if words]


def _listed(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
