"""The columns of a cohort of promises, step by step."""

from crm.exports.columns import Column, of
from crm.exports.lists import PLEDGES

PROMISES = (
    PLEDGES[0],
    Column("employer", "Employer", of("employer.name")),
    Column("made", "Made", of("made_on"), order="made_on"),
    Column("promised", "Promised", of("quantity"), numeric=True, order="quantity"),
    Column("verified", "Verified", of("verified_on"), empty="Not yet"),
    Column("agreed", "Agreed", of("agreed"), numeric=True),
    Column("delivered", "Delivered", of("delivered"), numeric=True),
    Column("confirmed", "Confirmed", of("confirmed"), numeric=True),
    Column("guild", "Lead guild", of("guild.name", "No guild yet"), usual=False),
    Column("district", "District of the employer", of("employer.district.name", "Not known"), usual=False),
)
