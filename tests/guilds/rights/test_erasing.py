"""Erasing somebody leaves nothing of them anywhere, and every figure as it was."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Count

from guilds.audit.models import Event
from guilds.engagement.models import Attachment, Attendance
from guilds.organisations.models import Contact
from guilds.pledges.models import Pledge
from guilds.rights.erasing import erase, marks_of
from guilds.rights.finding import mentions, others
from guilds.rights.marks import Marks
from guilds.rights.models import ErasureRecord
from guilds.rights.people import own_rows
from tests.factories import make_contact, make_employer
from tests.guilds.rights.people_world import EMAIL, NAME, Somebody, dump

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


def test_nothing_of_a_person_is_left_in_any_table(django_capture_on_commit_callbacks):
    somebody = Somebody()
    before = dump()
    traces = ("quillfeather", "zebedee", "zébedee", EMAIL, "555917", "555 917", "head chef")
    assert all(any(trace in text for text in before.values()) for trace in traces)
    rows = {label: model.objects.count() for label, model in {"pledge": Pledge, "attendance": Attendance}.items()}
    found = mentions(marks_of(somebody.people, ["Zebedee Quillfeather"]), but=somebody.people)
    assert {one.key.partition(":")[0] for one in found} >= {
        "engagement", "attendance", "attachment", "pledge", "interaction", "followup", "draft", "savedview",
        "answeredrequest", "import", "importrow", "rightsrequest",
    }  # fmt: skip
    assert all(not one.excerpts for one in found if one.key.startswith(("draft:", "savedview:"))), (
        "nobody else's business"
    )

    with django_capture_on_commit_callbacks(execute=True):
        record = erase(
            by=somebody.administrator, people=somebody.people, mentions=[one.key for one in found],
            also=["Zebedee Quillfeather"], why="asked", on=TODAY,
        )  # fmt: skip

    left = {(table, trace) for table, text in dump().items() for trace in traces if trace in text}
    assert not left
    assert rows == {"pledge": Pledge.objects.count(), "attendance": Attendance.objects.count()}
    assert not Attachment.objects.exists() and not default_storage.exists(somebody.stored)
    assert record.counts["Person at an organisation"] == 1 and record.counts["File"] == 1
    assert Event.objects.filter(subject_type="contact", verb="erased").exists(), "history says that it was done"
    somebody.user.refresh_from_db()
    assert not any(rows.exists() for rows in own_rows(somebody.user)), "nothing of their own is left"
    assert not somebody.user.is_active and not somebody.user.has_usable_password()
    somebody.interaction.refresh_from_db()
    assert somebody.interaction.summary == "Rang [erased] on [erased], or write to [erased]"
    assert not Contact.objects.visible_to(somebody.administrator).exists()


def test_whoever_only_has_the_same_name_stays():
    namesake = make_contact(make_employer(), name=NAME, email=EMAIL, phone="")
    person = make_contact(make_employer(), name=NAME, email="other@harbour.example")
    marks = marks_of([person])

    assert others(marks, but=[person]) == [namesake], "somebody looks whether it is the same person"
    erase(by=None, people=[person], mentions=[one.key for one in mentions(marks, but=[person])], why="asked", on=TODAY)

    namesake.refresh_from_db()
    assert (namesake.name, namesake.email) == (NAME, EMAIL)
    history = Event.objects.about(namesake).get()
    assert history.after["name"] == NAME


def test_what_is_refused_and_what_is_left_to_choose():
    somebody = Somebody()
    with pytest.raises(ValidationError) as nobody:
        erase(by=None, people=[], why="asked", on=TODAY)
    with pytest.raises(ValidationError) as without_reason:
        erase(by=None, people=[somebody.contact], why="because", on=TODAY)
    assert {*nobody.value.message_dict, *without_reason.value.message_dict} == {"people", "why"}
    assert not ErasureRecord.objects.exists()

    erase(by=None, people=[somebody.contact], why="mistake", on=TODAY)
    somebody.interaction.refresh_from_db()
    assert NAME in somebody.interaction.summary, "nobody chose it"
    assert Pledge.objects.aggregate(n=Count("contact"))["n"] == 1, "what was promised by them stays theirs"


@pytest.mark.parametrize(
    ("word", "text", "clean"),
    [
        ("Ann Li", "Ann  Li and Hannah Lister", "[erased] and Hannah Lister"),
        ("01843 555 917", "on 0044 (0)1843-555917.", "on [erased]."),
        ("a@b.example", "A@B.EXAMPLE, aa@b.example", "[erased], aa@b.example"),
        ("Li", "Li", "Li"),
        ("", "nothing", "nothing"),
    ],
)
def test_marks_mean_whole_words_however_they_are_written(word, text, clean):
    marks = Marks.of([word])

    assert marks.clean(text) == clean
    assert marks.are_in(text) == (clean != text)
