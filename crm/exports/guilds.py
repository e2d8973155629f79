"""The columns of a guild's members."""

from crm.exports.columns import Column, choice, of

GUILD_MEMBERS = (
    Column("name", "Member", of("organisation.name"), "guilds/cells/member.html", heads=True, order="name"),
    Column("role", "Role", choice("role")),
    Column("joined", "Joined", of("joined_on"), order="joined_on"),
    Column("left", "Left", of("left_on"), "guilds/cells/left.html"),
    Column("took_part", "Engagements this year", of("took_part"), numeric=True),
    Column("pledged", "Pledges this year", of("pledged"), numeric=True),
    Column("hosted", "Placements and apprenticeships this year", of("hosted"), numeric=True),
    Column("district", "District", of("organisation.district.name", "Not known"), usual=False),
    Column("postcode", "Postcode", of("organisation.postcode"), usual=False),
)
