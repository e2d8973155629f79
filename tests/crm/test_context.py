"""Who gets which menu."""

from types import SimpleNamespace

from crm import context


def menu(monkeypatch, role: str, path: str = "/") -> list[dict[str, str]]:
    monkeypatch.setattr(context, "_exists", lambda address: True)
    return context.navigation(SimpleNamespace(is_authenticated=True, role=role), path)


def words(items: list[dict[str, str]]) -> list[str]:
    return [item["words"] for item in items]


def test_nobody_signed_in_has_no_menu():
    assert context.navigation(SimpleNamespace(is_authenticated=False), "/") == []


def test_schools_see_neither_pledges_nor_imports(monkeypatch):
    assert {"Pledges", "Imports"}.isdisjoint(words(menu(monkeypatch, "school")))


def test_administrators_see_everything(monkeypatch):
    assert words(menu(monkeypatch, "administrator")) == [page.words for page in context.PAGES]


def test_page_below_another_marks_it(monkeypatch):
    current = {item["words"]: item["current"] for item in menu(monkeypatch, "coordinator", "/pledges/new/")}

    assert current["Pledges"] == "true"
    assert current["Home"] == ""


def test_page_that_does_not_exist_yet_is_not_offered():
    context._exists.cache_clear()

    assert not context._exists("/no-such-page/")
