"""Employers, schools and colleges: who is who is decided by identifiers, never by a name."""

import pytest

from guilds.audit.models import Event, StatusChange
from guilds.importing.models import ImportRow
from guilds.organisations.actions import correct, register
from guilds.organisations.models import Organisation
from guilds.reference.bulk import load_postcodes

pytestmark = pytest.mark.usefixtures("places")

EMPLOYERS = "name,company_number,charity_number,sic_codes,size_band,address,postcode,website,phone\n"
PROVIDERS = "urn,ukprn,laestab,name,kind,local_kind,phase,address,postcode,status,pupils,coastal,trust\n"


def counts(summary) -> dict[str, int]:
    return {name: getattr(summary, name) for name in ("created", "updated", "unchanged", "refused")}


def refusals(summary) -> dict[int, str]:
    return {row: f"{field}: {message}" for row, outcome, field, message in summary.problems if outcome == "refused"}


def test_employer_with_all_columns(load):
    load("employers", EMPLOYERS + 'Tidewick Hotel,zz1,9900001,"55100; 56101",medium,"1 Example Street, Ashford",tn23 9zx,'
         "tidewick.example,01632 960001\n")  # fmt: skip
    employer = Organisation.objects.get()
    assert (employer.name, employer.is_employer, employer.is_provider) == ("Tidewick Hotel", True, False)
    assert list(employer.identifiers.values_list("scheme", "value")) == [
        ("charity", "9900001"), ("companies_house", "ZZ000001"),
    ]  # fmt: skip
    assert (employer.sic_codes, employer.size_band, employer.postcode) == (["55100", "56101"], "medium", "TN23 9ZX")
    assert (employer.website, employer.phone) == ("http://tidewick.example", "01632 960001")
    assert (employer.district.name, employer.district_approximate) == ("Ashford", True)


def test_provider_with_all_columns(load):
    load("providers", PROVIDERS + "990001,99000001,8869001,Larkmere School,secondary,wide_ability,Secondary,"
         '"2 Example Street, Margate",CT9 9ZX,active,"1,024",yes,Fable Trust\n')  # fmt: skip
    school = Organisation.objects.get()
    assert [value for _, value in school.identifiers.values_list("scheme", "value")] == [
        "8869001",
        "99000001",
        "990001",
    ]
    assert (school.provider_kind, school.local_kind, school.phase) == ("secondary", "wide_ability", "Secondary")
    assert (school.pupils, school.coastal, school.trust, school.status) == (1_024, True, "Fable Trust", "active")
    assert school.district.name == "Thanet"


def test_labels_do_as_well_as_values(load):
    load("providers", "name,urn,kind,local_kind,status\nLarkmere,990001,Further education college,Grammar,Closed\n")
    school = Organisation.objects.get()
    assert (school.provider_kind, school.local_kind, school.status) == ("fe_college", "grammar", "closed")


def test_a_school_that_closes_is_brought_up_to_date_and_history_says_so(load):
    load("providers", PROVIDERS + "990001,,,Larkmere School,,,,,,active,,\n")
    summary = load("providers", PROVIDERS + "990001,,,Larkmere Academy,,,,,,closed,,\n")
    school = Organisation.objects.get()
    assert (summary.updated, school.name, school.status) == (1, "Larkmere Academy", "closed")
    assert list(StatusChange.objects.of(school).values_list("to_status", flat=True)) == ["active", "closed"]


def test_an_empty_cell_leaves_what_is_known(load):
    load("providers", PROVIDERS + "990001,,,Larkmere School,secondary,,,Ashford,TN23 9ZX,active,900,yes\n")
    assert load("providers", PROVIDERS + "990001,,,Larkmere School,,,,,,,,\n").unchanged == 1
    assert Organisation.objects.get().pupils == 900


def test_same_name_and_other_number_is_another_school(load):
    load("providers", "name,urn\nSt Someone's,990001\nSt Someone's,990002\n")
    assert Organisation.objects.filter(name="St Someone's").count() == 2


def test_a_new_identifier_is_added_to_the_school_that_has_the_first(load):
    load("providers", "name,urn\nLarkmere,990001\n")
    assert load("providers", "name,urn,ukprn\nLarkmere,990001,99000001\n").updated == 1
    assert Organisation.objects.get().identifiers.count() == 2


def test_an_identifier_of_somebody_else_is_refused(load):
    load("providers", "name,urn,ukprn\nLarkmere,990001,99000001\n")
    summary = load("providers", "name,urn,ukprn\nQuillhaven,990002,99000001\n")
    assert refusals(summary) == {2: "ukprn: 99000001 belongs to Larkmere already"}


def test_the_same_school_twice_in_one_file_is_one(load):
    summary = load("providers", "name,urn,pupils\nLarkmere,990001,900\nLarkmere,990001,901\n")
    assert counts(summary) == {"created": 1, "updated": 1, "unchanged": 0, "refused": 0}
    assert Organisation.objects.get().pupils == 901


def test_a_school_without_any_number_is_refused(load):
    assert "names don't tell schools apart" in refusals(load("providers", "name,urn\nLarkmere,\n"))[2]


def test_an_employer_without_number_is_known_by_name_and_postcode(load):
    first = load("employers", "name,postcode\nTidewick Hotel,TN23 9ZX\n")
    again = load("employers", "name,postcode,phone\ntidewick  hotel,TN23 9ZX,01632 960001\n")
    other = load("employers", "name,postcode\nTidewick Hotel,CT9 9ZX\n")
    assert (first.created, again.updated, other.created) == (1, 1, 1)
    assert Organisation.objects.count() == 2


def test_a_name_without_number_that_fits_two_is_refused_with_both(load):
    load("employers", "name,company_number\nTidewick Hotel,ZZ000001\nTidewick Hotel,ZZ000002\n")
    said = refusals(load("employers", "name,phone\nTidewick Hotel,01632 960001\n"))[2]
    assert "ZZ000001" in said
    assert "ZZ000002" in said


def test_a_school_that_employs_becomes_both(load):
    register(by=None, name="Larkmere School", is_provider=True, identifiers=[("urn", "990001")])
    load("employers", "name,size_band\nLarkmere School,medium\n")
    school = Organisation.objects.get()
    assert (school.is_employer, school.is_provider, school.size_band) == (True, True, "medium")


def test_all_faults_of_a_row_are_told_at_once(load):
    summary = load("employers", EMPLOYERS + ",12345678901,,abc,huge,,XX,not a site,\n")
    said = {field for _, _, field, _ in summary.problems}
    assert said == {"name", "company_number", "sic_codes", "size_band", "postcode", "website"}
    assert not Organisation.objects.exists()


def test_a_faulty_row_keeps_no_other_from_coming_in(load):
    summary = load("employers", "name,company_number\nGood,ZZ000001\nBad,x\nGood too,ZZ000002\n")
    assert (counts(summary)["created"], list(refusals(summary))) == (2, [3])


def test_lost_zeros_of_a_company_number_come_back(load):
    load("employers", "name,company_number\nOld Company,00123456\n")
    assert load("employers", "name,company_number\nOld Company,123456\n").unchanged == 1


def test_suggestions_of_guilds_are_shown_and_never_applied(load):
    summary = load(
        "employers", "name,company_number,sic_codes\nTidewick,ZZ000001,55100;72110\nLawyers,ZZ000002,69102\n"
    )
    suggested = [(row, said) for row, outcome, _, said in summary.problems if outcome == "suggested"]
    assert suggested == [(2, "hospitality-tourism (SIC 55100)"), (2, "sciences (SIC 72110)")]
    assert (summary.warned, Organisation.objects.filter(memberships__isnull=False).count()) == (0, 0)
    assert ImportRow.objects.filter(outcome="suggested").count() == 2


def test_names_of_every_sort_come_in_as_they_are(load):
    names = ["50’S DINER", "MARIËN & SONS", "@HOME “CARE”", "<B>OLD</B> LTD", "=1+1", "O'NEILL, SMITH"]
    load("employers", "name,company_number\n" + "".join(f'"{n}",ZZ00000{i}\n' for i, n in enumerate(names, 1)))
    assert set(Organisation.objects.values_list("name", flat=True)) == set(names)


def test_a_closed_company_is_closed_since_its_day(load):
    header = "company_name,company_number,company_status,registered_office_address,nature_of_business,dissolution_date"
    load("employers", f'{header}\nGone Ltd,ZZ000001,dissolved,"1 Example Street, Ashford, TN23 9ZX",55100,2019-05-14\n')
    company = Organisation.objects.get()
    assert (company.status, company.postcode) == ("closed", "TN23 9ZX")
    assert str(StatusChange.objects.of(company).get().happened_on) == "2019-05-14"


def test_registers_only_fill_a_name_that_was_given_here(load):
    header = "company_name,company_number,company_status,registered_office_address,nature_of_business"
    load("employers", "name,company_number\nTidewick Hotel,ZZ000001\n")
    summary = load("employers", f'{header}\nTIDEWICK (HOLDINGS) LIMITED,ZZ000001,active,"Ashford, TN23 9ZX",55100\n')
    assert (Organisation.objects.get().name, summary.updated, summary.warned) == ("Tidewick Hotel", 1, 1)


def test_districts_that_were_guessed_are_put_right_once_a_postcode_file_came(load):
    load("employers", "name,company_number,postcode\nTidewick,ZZ000001,TN23 9ZX\n")
    load_postcodes({"TN239ZX": "E07000106"})
    assert load("employers", "name,company_number,postcode\nTidewick,ZZ000001,TN23 9ZX\n").updated == 1
    employer = Organisation.objects.get()
    assert (employer.district.name, employer.district_approximate) == ("Canterbury", False)


def test_an_archived_organisation_is_not_revived_by_a_register(load):
    load("providers", "name,urn,status\nLarkmere,990001,active\n")
    correct(by=None, organisation=Organisation.objects.get(), status="archived")
    assert load("providers", "name,urn,status\nLarkmere,990001,active\n").unchanged == 1
    assert Organisation.objects.get().status == "archived"


def test_a_new_organisation_has_the_same_history_as_one_registered_by_hand(load):
    load("providers", "name,urn\nLarkmere,990001\n")
    [event] = Event.objects.about(Organisation.objects.get())
    assert (event.verb, event.before, event.after["name"]) == ("registered", None, "Larkmere")
    assert event.after["identifiers"] == [["urn", "990001"]]
