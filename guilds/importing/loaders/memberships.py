"""Guild memberships: an organisation, a guild, and the day it joined."""

from guilds.importing.loaders.base import Run, attempt
from guilds.importing.references import Organisations, any_pairs, in_chunks
from guilds.importing.rows import Row
from guilds.organisations import actions
from guilds.organisations.models import Membership, Organisation
from guilds.reference.models import Guild


class MembershipLoader:
    """Loads times in guilds."""

    grouped_by = None
    chunk = 2_000
    permission = "membership.change"

    def take(self, rows: list[Row], run: Run) -> None:
        """Look up all organisations and what they are members of, then join or correct each."""
        organisations = Organisations((row.text("organisation") for row in rows), any_pairs, "organisation")
        found = [(row, organisations.find(row, "organisation"), run.places.guild(row)) for row in rows]
        ids = {organisation.pk for _, organisation, _ in found if organisation}
        known = {_key(m): m for chunk in in_chunks(ids) for m in Membership.objects.filter(organisation__in=chunk)}
        for row, organisation, guild in found:
            if organisation and guild and not row.refusals:
                _take_one(row, run, organisation, guild, known)


def _take_one(row: Row, run: Run, organisation: Organisation, guild: Guild, known: dict) -> None:
    membership = known.get((organisation.pk, guild.slug, row.values["joined_on"]))

    def change() -> str:
        return _correct(row, run, membership) if membership else _join(row, run, organisation, guild, known)

    attempt([row], {}, change)


def _key(membership: Membership) -> tuple:
    return membership.organisation_id, membership.guild_id, membership.joined_on


def _join(row: Row, run: Run, organisation, guild, known: dict) -> str:
    membership = actions.join_guild(
        by=run.by,
        organisation=organisation,
        guild=guild,
        role=row.values["role"],
        joined_on=row.values["joined_on"],
        left_on=row.values["left_on"],
    )
    known[_key(membership)] = membership
    return "created"


def _correct(row: Row, run: Run, membership: Membership) -> str:
    """A blank role or leaving day leaves what is known."""
    said = {"role": row.values["role"] if row.text("role") else None, "left_on": row.values["left_on"]}
    version = membership.version
    actions.correct_membership(
        by=run.by, membership=membership, **{name: value for name, value in said.items() if value}
    )
    return "unchanged" if membership.version == version else "updated"
