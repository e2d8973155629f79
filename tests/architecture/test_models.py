"""What every model owes: sight, history, constraints with names and words."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

from guilds.audit.models import Record

MODELS = list(apps.get_app_config("guilds").get_models())
NAMES = [model.__name__ for model in MODELS]


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_model_says_who_sees_its_rows(model):
    """`visible_to(user)` on its QuerySet, else a sentence that says why there is none; never both."""
    reason, has = getattr(model, "visible_to_reason", ""), hasattr(model._default_manager.all(), "visible_to")

    assert has != bool(reason), f"{model.__name__}: visible_to on its QuerySet, or visible_to_reason"
    assert has or len(reason.split()) >= 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if hasattr(model._default_manager.all(), "visible_to")],
    ids=lambda m: m.__name__,
)
def test_nobody_sees_nothing_but_reference_data(model):
    rows = model._default_manager.all().visible_to(AnonymousUser())

    assert isinstance(rows, models.QuerySet)
    assert not rows.exists() or model.__module__ == "guilds.reference.models"


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_who_and_when_come_in_pairs_held_by_a_constraint(model):
    """`answered_by` and `answered_at`: one without the other would be half a fact."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    pairs = [
        (name, f"{name.removesuffix('_by')}_at")
        for name, field in fields.items()
        if name.endswith("_by") and field.is_relation and f"{name.removesuffix('_by')}_at" in fields
    ]
    for who, when in pairs:
        if fields[who].null and fields[when].null:
            held = [
                c
                for c in model._meta.constraints
                if {who, when} <= set(re.findall(r"\w+_(?:by|at)(?=_|\b|')", repr(c)))
            ]
            assert held, f"{model.__name__}.{who} and .{when} may be set apart: add a check constraint"


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_constraints_have_words_for_people(model):
    """Whoever breaks one reads what it is about, not its name."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            assert constraint.violation_error_message != constraint.default_violation_error_message, constraint.name


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, Record)], ids=lambda m: m.__name__)
def test_record_has_no_rules_in_save(model):
    """Rules live in actions: one place to look."""
    assert model.save in (models.Model.save, Record.save) or model.save.__module__.startswith("django.")
    assert model.delete in (models.Model.delete, Record.delete)
