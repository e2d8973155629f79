"""An employer's statement: one count on page, in the PDF and in the county's figures; shared by a link that can be ended."""

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from crm.documents import pdf as documents
from crm.documents.links import address_for
from crm.views import statements
from guilds.impact import cells, share_actions
from guilds.impact.organisation import impact_of
from guilds.impact.periods import parse
from guilds.impact.shares import StatementShare
from tests import factories as make
from tests.crm.api.caller import Caller
from tests.crm.documents.reading import faults
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
YEAR = "2016-17"
STATEMENT_QUERIES = 10


@pytest.fixture
def hotel():
    """An employer that did something of everything in 2016-17, and people who must not be named."""
    hotel, school = make.make_employer("Bay Hotel"), make.make_school("Hill School")
    make.make_contact(hotel, name="Kim Porter")
    make.make_engagement(
        title="Porter's evening", status="delivered", attendances=[{"provider": school, "learners": 1234}],
        participations=[{"employer": hotel, "hours": 21, "job_offers": 2}],
    )  # fmt: skip
    make.make_open_pledge(employer=hotel, quantity=17)
    make.make_placement(employer=hotel, provider=school, learners=13, status="completed")
    return hotel


@pytest.fixture
def anybody():
    return Client()


def text_of(response) -> str:
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_page_pdf_and_api_tell_the_same_figures_with_their_rules(client, hotel):
    client.force_login(make.make_employer_member(hotel))
    page = client.get(reverse("statement", args=[hotel.pk]) + f"?period={YEAR}")
    file = client.get(page.context["pdf_address"])
    cells.refresh()
    api = Caller(make.make_coordinator()).get(f"impact/summary/?period={YEAR}&by=total").json()["total"]["measures"]

    lines = {line.slug: line for line in page.context["lines"]}
    own = impact_of(hotel, parse(YEAR)).figures
    assert {slug: api[slug]["value"] for slug in lines} == {slug: own[slug].value for slug in lines}
    assert len(lines) >= 8 and lines["encounters"].words == ("1,234",) and lines["placements_started"].words == ("13",)
    shown, printed = words(page), text_of(file)
    for line in lines.values():
        assert f"{line.label} {line.words[0]}" in shown and line.definition in shown, line.slug
        assert f"{line.label} {line.words[0]} {line.definition}" in printed, line.slug
    assert file["Content-Type"] == "application/pdf" and "bay-hotel-2016-17.pdf" in file["Content-Disposition"]
    assert PdfReader(io.BytesIO(file.content)).trailer["/Root"]["/Lang"] == "en-GB"
    assert not faults(file.content)


def test_a_statement_costs_the_same_however_much_there_is(client, hotel, django_assert_num_queries):
    client.force_login(make.make_employer_member(hotel))
    address = reverse("statement", args=[hotel.pk]) + f"?period={YEAR}"
    share_actions.share(by=None, organisation=hotel, period=parse(YEAR))
    for _ in range(2):
        with django_assert_num_queries(STATEMENT_QUERIES):
            client.get(address)
        for _ in range(3):
            share_actions.share(by=None, organisation=hotel, period=parse(YEAR))
            make.make_engagement(
                status="delivered", attendances=[{"provider": make.make_school()}], participations=[{"employer": hotel}]
            )


def test_a_year_without_anything_says_so_and_what_is_no_year_is_not_there(client, hotel):
    client.force_login(make.make_coordinator())
    address = reverse("statement", args=[hotel.pk])
    assert "Nothing counts in 2014-15" in words(client.get(address + "?period=2014-15"))
    for wrong in ("FY2016-17", "2016-17-Q1", "2099-00", "lunch"):
        assert client.get(f"{address}?period={wrong}").status_code == 404
    assert client.get(reverse("statement", args=[make.make_school().pk])).status_code == 404


def test_a_link_shows_figures_without_names_until_it_is_ended(client, hotel, anybody):
    client.force_login(make.make_employer_member(hotel))
    share_page = reverse("statement_share", args=[hotel.pk])
    for _ in range(2):
        client.post(share_page, {"period": YEAR, "form_token": "a" * 32})
    share = StatementShare.objects.get()
    listed = client.get(reverse("statement", args=[hotel.pk]))
    address = address_for(share)
    assert f"http://testserver{address}" in listed.content.decode()

    page, file = anybody.get(address), anybody.get(address + "statement.pdf")
    for response, told in ((page, words(page)), (file, text_of(file))):
        assert "1,234" in told and "Bay Hotel" in told
        assert not any(name in told for name in ("Kim", "Porter", "Hill School"))
        assert response["X-Robots-Tag"] == "noindex, nofollow" and response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    for guess in (
        share.pk.hex,
        address.split("/")[2][:-1] + ("A" if address[-2] != "A" else "B"),
        "x:y",
        str(share.pk),
    ):
        assert anybody.get(f"/shared/{guess}/").status_code == 404

    end = reverse("statement_share_end", args=[hotel.pk, share.pk])
    client.post(end)
    client.post(end)
    assert [anybody.get(address + part).status_code for part in ("", "statement.pdf")] == [404, 404]
    assert "Ended" in words(client.get(reverse("statement", args=[hotel.pk])))


def test_the_file_of_a_link_is_made_once_until_anything_changes(hotel, anybody, monkeypatch):
    made = []
    monkeypatch.setattr(statements, "pdf", lambda *args: made.append(args) or b"%PDF-")
    cells.refresh()
    share = share_actions.share(by=None, organisation=hotel, period=parse(YEAR))
    file = address_for(share) + "statement.pdf"

    assert [anybody.get(file).content for _ in range(3)] == [b"%PDF-"] * 3 and len(made) == 1
    make.make_contact(hotel)
    assert anybody.get(file).status_code == 200 and len(made) == 2
    share_actions.revoke(by=None, share=share)
    assert anybody.get(file).status_code == 404, "what is kept is shown to nobody who may not see it"


def test_who_may_share_and_end(client, hotel, anybody):
    today = timezone.localdate()
    share = share_actions.share(by=None, organisation=hotel, period=parse(YEAR), ends_on=today)
    assert anybody.get(address_for(share)).status_code == 200
    for user, expected in (
        (make.make_employer_member(), 404), (make.make_school_member(), 404), (make.make_commission_member(), 403),
    ):  # fmt: skip
        client.force_login(user)
        for name, args in (("statement", [hotel.pk]), ("statement_pdf", [hotel.pk]), ("statement_share", [hotel.pk])):
            assert client.get(reverse(name, args=args)).status_code == expected, (user.role, name)
        assert client.post(reverse("statement_share_end", args=[hotel.pk, share.pk])).status_code == expected
    with pytest.raises(Exception, match="Choose an academic year that has begun") as refused:
        share_actions.share(by=None, organisation=hotel, period=parse("2099-00"), ends_on=today - timedelta(days=1))
    assert sorted(refused.value.message_dict) == ["ends_on", "period"]
    with pytest.raises(Exception, match="Only employers"):
        share_actions.share(by=None, organisation=make.make_school(), period=parse(YEAR))


def test_a_link_is_over_after_its_last_day(hotel, anybody, time_machine):
    share = share_actions.share(by=None, organisation=hotel, period=parse(YEAR), ends_on=date(2090, 5, 1))
    time_machine.move_to("2090-05-02 09:00:00+00:00")
    assert anybody.get(address_for(share)).status_code == 404


def test_without_pango_the_page_says_what_is_missing(client, hotel, monkeypatch):
    def lacking(*args):
        raise documents.NoPango

    monkeypatch.setattr("crm.views.statements.pdf", lacking)
    client.force_login(make.make_coordinator())
    answer = client.get(reverse("statement_pdf", args=[hotel.pk]))
    assert (answer.status_code, "Pango" in words(answer)) == (503, True)
