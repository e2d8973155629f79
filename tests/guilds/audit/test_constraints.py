"""Constraints asked in Python say what the database says; what only the database saw is refused in words."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from guilds.audit.constraints import CannotTell, broken, fields_of, truth
from guilds.engagement import actions as engagements
from guilds.engagement.models import Engagement
from guilds.organisations import actions as registry
from guilds.organisations.models import Membership
from tests.factories import DAY, make_employer, make_engagement, make_guild, make_placement, make_school, moment
from tests.threads import at_once

CHECKS = [
    (model, constraint)
    for model in apps.get_app_config("guilds").get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
]
#: A few values of each kind of column, close enough together to meet.
VALUES = {
    models.BooleanField: [True, False],
    models.DateTimeField: [datetime(2017, 3, day, 9, tzinfo=UTC) for day in (1, 2, 3)],
    models.DateField: [date(2017, 3, day) for day in (1, 2, 3)],
    models.DecimalField: [Decimal("-1"), Decimal("0"), Decimal("1.5")],
    models.IntegerField: [0, 1, 2, 3, 8, 9],
    models.UUIDField: [f"0197a4b2-0000-7000-8000-00000000000{n}" for n in (1, 2)],
}


def some_value(field: models.Field, chance: random.Random):
    target = field.target_field if field.is_relation else field
    if field.null and chance.random() < 0.4:
        return None
    if target.choices:
        return chance.choice([value for value, _ in target.choices])
    several = next((values for kind, values in VALUES.items() if isinstance(target, kind)), ["", "a", "b"])
    return target.to_python(chance.choice(several))


def some_record(model: type[models.Model], constraint, chance: random.Random) -> models.Model:
    record = model()
    for name in fields_of(constraint):
        field = model._meta.get_field(name)
        setattr(record, field.attname, some_value(field, chance))
    return record


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "constraint"), CHECKS, ids=[constraint.name for _, constraint in CHECKS])
def test_a_check_in_python_says_what_the_database_says(model, constraint):
    chance = random.Random(constraint.name)
    for _ in range(25):
        record = some_record(model, constraint, chance)
        truth(constraint.condition, record)  # none of ours is beyond it
        try:
            constraint.validate(model, record)
            refused = False
        except ValidationError:
            refused = True
        assert broken(record, constraint) == refused, {n: getattr(record, n) for n in fields_of(constraint)}


@pytest.mark.django_db
def test_what_python_cannot_tell_the_database_is_asked():
    constraint = models.CheckConstraint(name="name_is_short", condition=Q(title__iexact="careers fair"))
    with pytest.raises(CannotTell):
        truth(constraint.condition, Engagement(title="x"))
    assert broken(Engagement(title="x"), constraint)
    assert not broken(Engagement(title="Careers Fair"), constraint)
    computed = models.CheckConstraint(name="longer", condition=Q(title=Length("notes")))
    with pytest.raises(CannotTell):
        truth(computed.condition, Engagement(title="x"))


@pytest.mark.django_db
def test_uniqueness_is_only_asked_where_there_is_something_to_ask(django_assert_num_queries):
    constraint = next(c for c in Engagement._meta.constraints if c.name == "engagement_reference_once")
    make_engagement(reference="E-1")
    with django_assert_num_queries(0):
        assert not broken(Engagement(reference=""), constraint)
    with django_assert_num_queries(1):
        assert broken(Engagement(reference="E-1"), constraint)
    assert not broken(Engagement(reference="E-2"), constraint)


@pytest.mark.django_db
def test_a_uniqueness_of_what_has_a_gap_is_not_broken():
    constraint = next(c for c in Membership._meta.constraints if c.name == "membership_open_once")
    assert not broken(Membership(guild_id=None, left_on=None), constraint)


def test_constraints_have_a_name_and_a_message_that_a_person_can_read():
    """But for tables that only jobs write, which nobody lists."""
    wordless = {
        constraint.name
        for model in apps.get_app_config("guilds").get_models()
        for constraint in model._meta.constraints
        if not hasattr(model, "visible_to_reason")
        and constraint.violation_error_message == constraint.default_violation_error_message
    }
    assert wordless == set()


@pytest.mark.django_db(transaction=True)
def test_the_same_reference_at_the_same_moment_is_refused_in_words():
    guild = make_guild()

    def log():
        return engagements.log(
            by=None, kind="assembly", title="Assembly", guild=guild, starts_at=moment(), reference="E-1"
        )

    answers = at_once([log] * 4)
    refusals = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(refusals) == 3
    assert [list(refusal.message_dict.items()) for refusal in refusals] == [
        [("reference", ["Another engagement has this reference"])]
    ] * 3
    assert Engagement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_company_number_at_the_same_moment_is_one_employers():
    def register():
        return registry.register(
            by=None, name="Harbour Works", is_employer=True, identifiers=[("companies_house", "00000001")]
        )

    answers = at_once([register] * 4)
    refusals = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(refusals) == 3
    assert {field for refusal in refusals for field in refusal.message_dict} == {"identifiers"}


@pytest.mark.django_db(transaction=True)
def test_a_membership_at_the_same_moment_is_one():
    employer, guild = make_employer(), make_guild()

    def join():
        return registry.join_guild(by=None, organisation=employer, guild=guild, role="member", joined_on=DAY)

    answers = at_once([join] * 4)
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 3
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_a_broken_check_is_told_under_the_field_that_it_is_about():
    with pytest.raises(ValidationError) as refusal:
        make_placement(employer=make_employer(), provider=make_school(), learners=0)
    assert refusal.value.message_dict == {"learners": ["A placement is for 1 learner or more"]}
