"""The scripts of a form, on a page made for the purpose: picking an organisation, adding and removing rows."""

import sys

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import RequestContext, Template
from django.urls import include, path
from playwright.sync_api import expect

from crm.forms.widgets import DateParts, OrganisationPicker
from tests.journeys.conftest import LOOKS

PAGE = """{% extends "layouts/form.html" %}{% load guildhall %}
{% block fields %}{{ form }}{% formset rows "School or college" "Add another school or college" %}
{% if form.is_valid and rows.is_valid %}<p id="got">{{ form.cleaned_data }} {{ rows.cleaned_data }}</p>{% endif %}
{% endblock %}"""
FOUND = [
    {"id": "0190", "name": "Bay <b>Hotel</b>", "detail": "Company 01234567, Bayford"},
    {"id": "0191", "name": "Bayside Academy", "detail": "URN 123456"},
]


class Main(forms.Form):
    employer = forms.Field(widget=OrganisationPicker("employer"), help_text="Name or company number")
    on = forms.DateField(label="Date", widget=DateParts)
    kind = forms.ChoiceField(choices=[("a", "Fair"), ("b", "Visit")], widget=forms.RadioSelect)
    notes = forms.CharField(widget=forms.Textarea, required=False)


class Row(forms.Form):
    provider = forms.Field(label="School", widget=OrganisationPicker("provider"))
    learners = forms.IntegerField(required=False)


Rows = forms.formset_factory(Row, extra=0, can_delete=True, min_num=1)


def form_page(request: HttpRequest) -> HttpResponse:
    data = request.POST or None
    context = {"form": Main(data), "rows": Rows(data, prefix="schools"), "heading": "Try a form"}
    context["forms"] = [context["rows"]]
    return HttpResponse(Template(PAGE).render(RequestContext(request, context)))


def pick(request: HttpRequest) -> HttpResponse:
    return JsonResponse([found for found in FOUND if request.GET["q"].lower() in found["name"].lower()], safe=False)


urlpatterns = [path("form/", form_page), path("organisations/pick/", pick), path("", include("crm.urls"))]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(page, settings):
    settings.ROOT_URLCONF = sys.modules[__name__]
    page.goto("/form/")
    return page


def test_picker_suggests_and_keeps_the_id(form, axe):
    form.get_by_label("Employer").press_sequentially("bay")
    form.get_by_role("option", name="Bay <b>Hotel</b>").wait_for()
    axe(form)
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")

    expect(form.get_by_label("Employer")).to_have_value("Bay <b>Hotel</b>")
    expect(form.locator("input[name=employer]")).to_have_value("0190")


def test_until_the_answer_is_there_nothing_is_said_not_to_be_found_and_enter_does_not_send_the_form(form):
    waiting = []
    form.route("**/organisations/pick/**", lambda route: waiting.append(route))
    form.get_by_label("Employer").press_sequentially("bay")
    expect(form.get_by_role("option", name="Looking")).to_be_visible()
    form.get_by_label("Employer").press("Enter")
    expect(form.get_by_role("option", name="Nothing found")).to_have_count(0)
    expect(form.get_by_text("There is a problem")).to_have_count(0)

    form.wait_for_function("document.activeElement.value === 'bay'")
    while not waiting:
        form.wait_for_timeout(50)
    waiting.pop().continue_()
    form.get_by_role("option", name="Bay <b>Hotel</b>").wait_for()
    form.unroute("**/organisations/pick/**")
    form.get_by_label("Employer").fill("zzz")
    expect(form.get_by_role("option", name="Nothing found")).to_be_visible()


def test_typing_over_a_choice_forgets_its_id(form):
    form.get_by_label("Employer").press_sequentially("bays")
    form.get_by_role("option", name="Bayside Academy").click()
    expect(form.locator("input[name=employer]")).to_have_value("0191")
    form.get_by_label("Employer").press_sequentially(" Trust")

    expect(form.locator("input[name=employer]")).to_have_value("")


def test_rows_are_added_and_removed_without_losing_any(form, axe):
    form.locator("[name=schools-0-provider_text]").fill("Firth School")
    form.get_by_role("button", name="Add another school or college").click()
    assert form.evaluate("document.activeElement.name") == "schools-1-provider_text"
    form.locator("[name=schools-1-provider_text]").fill("Glen School")
    axe(form)
    form.get_by_role("button", name="Remove School or college 1").click()

    expect(form.locator("[name=schools-TOTAL_FORMS]")).to_have_value("2")
    expect(form.locator("[name=schools-0-DELETE]")).to_be_checked()
    expect(form.locator("[name=schools-0-provider_text]")).to_be_hidden()
    expect(form.locator("[name=schools-1-provider_text]")).to_have_value("Glen School")


def test_what_was_typed_and_picked_arrives(form):
    form.get_by_label("Employer").press_sequentially("bays")
    form.get_by_role("option", name="Bayside Academy").click()
    for name, value in (("on_day", "14"), ("on_month", "3"), ("on_year", "2017")):
        form.locator(f"[name={name}]").fill(value)
    form.get_by_label("Visit").check()
    form.locator("[name=schools-0-provider_text]").fill("123456")
    form.get_by_role("button", name="Save").click()

    got = form.locator("#got").text_content()
    assert "Picked(id='0191', text='Bayside Academy')" in got
    assert "Picked(id='', text='123456')" in got
    assert "datetime.date(2017, 3, 14)" in got


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_form_with_errors_is_accessible_at_every_width(form, axe, scheme, width):
    form.set_viewport_size({"width": width, "height": 900})
    form.emulate_media(color_scheme=scheme)
    form.get_by_role("button", name="Save").click()
    form.get_by_role("heading", name="There is a problem").wait_for()
    axe(form)


def test_links_of_the_summary_lead_into_the_enhanced_boxes(form):
    form.get_by_role("button", name="Save").click()
    form.get_by_role("link", name="Enter employer").click()

    assert form.evaluate("document.activeElement.name") == "employer_text"
    assert "id_employer_error" in form.get_by_label("Employer").get_attribute("aria-describedby")
