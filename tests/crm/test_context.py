"""Who gets which menu."""

from types import SimpleNamespace

import pytest

from crm import context
from guilds.access.models import Role, User
from guilds.access.permissions import allowed


def menu(monkeypatch, role: str, path: str = "/") -> list[dict[str, str]]:
    monkeypatch.setattr(context, "_exists", lambda address: True)
    return context.navigation(SimpleNamespace(is_authenticated=True, role=role), path)


def words(items: list[dict[str, str]]) -> list[str]:
    return [item["words"] for item in items]


def test_nobody_signed_in_has_no_menu():
    assert context.navigation(SimpleNamespace(is_authenticated=False), "/") == []


def test_schools_see_what_is_pledged_but_neither_imports_nor_figures(monkeypatch):
    seen = words(menu(monkeypatch, "school"))

    assert "Pledges" in seen
    assert {"Imports", "Impact"}.isdisjoint(seen)


@pytest.mark.parametrize("role", Role.values)
def test_menu_and_permission_agree_on_figures(monkeypatch, role):
    someone = User(role=role)

    assert ("Impact" in words(menu(monkeypatch, role))) == allowed(someone, "impact.view")


def test_administrators_see_everything(monkeypatch):
    assert words(menu(monkeypatch, "administrator")) == [page.words for page in context.PAGES]


def test_page_below_another_marks_it(monkeypatch):
    current = {item["words"]: item["current"] for item in menu(monkeypatch, "coordinator", "/pledges/new/")}

    assert current["Pledges"] == "true"
    assert current["Home"] == ""
    for address in ("/targets/", "/indicators/", "/advisers/new/", "/impact/coverage/"):
        assert {item["words"]: item["current"] for item in menu(monkeypatch, "coordinator", address)}[
            "Impact"
        ] == "true"


def test_page_that_does_not_exist_yet_is_not_offered():
    context._exists.cache_clear()

    assert not context._exists("/no-such-page/")
