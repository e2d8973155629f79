"""Making, publishing and revising: figures are frozen once, by one person or, where it is asked for, by two."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.impact import cells, periods
from guilds.impact.measures import METHODOLOGY_VERSION
from guilds.publishing.differences import has_changed
from guilds.publishing.figures import digest_of, figures_now, freeze
from guilds.publishing.models import LIFECYCLE, Publication, PublicationStatus

PUBLISHED = (PublicationStatus.PROVISIONAL, PublicationStatus.FINAL)


def make(*, by, period: str, guild=None, district=None) -> Publication:
    """A draft of the figures of a period; they follow the records until it is published.

    Raises ValidationError keyed by field, Conflict where there is a version already.
    """
    refusals = Refusals()
    refusals.add_when(guild is not None and district is not None, "district",
                      "A publication is about a guild, a district or the whole county: choose one", "both")  # fmt: skip
    refusals.raise_if_any()
    written = periods.parse(period).slug
    refusals.add_when(written != period, "period", f"Write it as {written}", "invalid_period")
    refusals.raise_if_any()
    draft = Publication(period=period, guild=guild, district=district, author=by)
    latest = Publication.objects.versions_of(draft).last()
    if latest:
        raise _there_is(latest)
    return recording.create(draft, by=by, verb="made")


def publish(*, by, publication: Publication, status: str) -> Publication:
    """Freeze the figures of a draft, as provisional or as final; or say that provisional ones are final as they are.

    Raises ValidationError keyed "status", Conflict where it is too late, a record has changed since, or somebody else
    has to sign it off first.
    """
    if status not in PUBLISHED:
        raise refuse("status", "Choose provisional or final", "invalid_choice")
    with transaction.atomic():
        cells.refresh()
        with recording.changing(publication, by=by, verb="published") as now:
            LIFECYCLE.move(now, status)
            if publication_was_draft := now.published_at is None:
                _freeze(now)
            elif has_changed(now):
                raise _conflict("A record has changed since it was published. Revise it: a final version would not say "
                                "what was published")  # fmt: skip
            _check_sign_off(now, draft=publication_was_draft)
        if publication_was_draft:
            _supersede(publication, by=by)
    return publication


def revise(*, by, publication: Publication, reason: str) -> Publication:
    """Draft a new version, with a reason that everybody can read. Gives the new version; the old one stays as it is."""
    refusals = Refusals()
    refusals.add_when(not reason.strip(), "reason", "Say why there is a new version: everybody can read it", "required")
    refusals.raise_if_any()
    with transaction.atomic():
        current = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
        if current.status not in PUBLISHED:
            raise _conflict("Only what is published, and not replaced by a newer version, can be revised")
        latest = Publication.objects.versions_of(current).last()
        if latest and latest.pk != current.pk:
            raise _there_is(latest)
        new = Publication(period=current.period, guild=current.guild, district=current.district, author=by,
                          edition=current.edition + 1, reason=reason.strip(), is_public=current.is_public)  # fmt: skip
        return recording.create(new, by=by, verb="revised", reason=reason.strip())


def discard(*, by, publication: Publication) -> None:
    """Throw a draft away. What is published can't be: it can only be revised."""
    if not publication.is_draft:
        raise _conflict("What is published stays: revise it instead")
    recording.remove(publication, by=by, verb="discarded")


def schedule(*, by, publication: Publication, status: str, at: datetime) -> Publication:
    """Have a draft published at a time to come."""
    refusals = Refusals()
    refusals.add_when(status not in PUBLISHED, "status", "Choose provisional or final", "invalid_choice")
    refusals.add_when(at <= timezone.now(), "at", "Choose a time to come", "past")
    refusals.raise_if_any()
    with recording.changing(publication, by=by, verb="scheduled") as now:
        _require_draft(now)
        now.scheduled_for, now.scheduled_as = at, status
    return publication


def unschedule(*, by, publication: Publication) -> Publication:
    """Leave it to somebody to publish it."""
    with recording.changing(publication, by=by, verb="unscheduled") as now:
        _require_draft(now)
        now.scheduled_for, now.scheduled_as = None, ""
    return publication


def publish_due(*, now: datetime) -> list[Publication]:
    """Publish the drafts whose time has come. One that still waits for its sign-off waits on; run twice, it does it once."""
    done = []
    for draft in Publication.objects.filter(status=PublicationStatus.DRAFT, scheduled_for__lte=now):
        try:
            done.append(publish(by=None, publication=draft, status=draft.scheduled_as))
        except Conflict:
            continue
    return done


def ask_for_sign_off(*, by, publication: Publication) -> Publication:
    """Ask somebody else of the team to look at the figures before they are final."""
    with recording.changing(publication, by=by, verb="sign-off asked") as now:
        _require_not_final(now)
        now.sign_off_asked_at = timezone.now()
    return publication


def sign_off(*, by, publication: Publication) -> Publication:
    """Say that the figures are right. Not its author: two people stand for them."""
    cells.refresh()
    with recording.changing(publication, by=by, verb="signed off") as now:
        _require_not_final(now)
        if by is None or by.pk == now.author_id:
            raise _conflict("Somebody else than its author signs it off")
        now.signed_off_by, now.signed_off_at = by, timezone.now()
        now.signed_digest = digest_of(figures_now(now)) if now.is_draft else ""
    return publication


def show_in_public(*, by, publication: Publication, on: bool) -> Publication:
    """Let anybody who has the address read it, or no longer."""
    with recording.changing(publication, by=by, verb="made public" if on else "no longer public") as now:
        if on and now.is_draft:
            raise _conflict("A draft is for the team: publish it first")
        now.is_public = on
    return publication


def _freeze(draft: Publication) -> None:
    """Its figures first: the database lets none into what is published."""
    draft.methodology_version = METHODOLOGY_VERSION
    draft.published_at = draft.as_of = timezone.now()
    draft.scheduled_for, draft.scheduled_as = None, ""
    freeze(draft)


def _supersede(publication: Publication, *, by) -> None:
    for earlier in Publication.objects.versions_of(publication).filter(status__in=PUBLISHED):
        if earlier.edition < publication.edition:
            with recording.changing(earlier, by=by, verb="superseded", reason=publication.reason) as now:
                LIFECYCLE.move(now, "supersede")


def _check_sign_off(publication: Publication, *, draft: bool) -> None:
    """Final figures have two people behind them, where this installation wants it so."""
    if not settings.PUBLICATION_SIGN_OFF or publication.status != PublicationStatus.FINAL:
        return
    if publication.signed_off_by_id is None:
        raise _conflict("Somebody else has to sign it off before it is final: ask for a sign-off")
    if draft and publication.signed_digest != digest_of(figures_now(publication)):
        raise _conflict("The figures have changed since they were signed off: ask for a sign-off again")


def _require_draft(publication: Publication) -> None:
    if not publication.is_draft:
        raise _conflict("Only a draft can be scheduled: this is published")


def _require_not_final(publication: Publication) -> None:
    if publication.status not in (PublicationStatus.DRAFT, PublicationStatus.PROVISIONAL):
        raise _conflict("Only a draft or a provisional publication can be signed off")


def _there_is(latest: Publication) -> Conflict:
    if latest.is_draft:
        return _conflict(f"There is a draft of version {latest.edition} already: publish or discard that")
    return _conflict(f"Version {latest.edition} is published already: revise it to publish other figures")


def _conflict(words: str) -> Conflict:
    return Conflict({"status": Conflict(words, code="lifecycle")})
