"""Figures about the running system are for its keepers."""

import pytest

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def with_token(settings):
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.django_db
def test_programs_on_this_machine_may_read(client):
    client.get("/health/live")

    response = client.get("/metrics")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert "django_http_requests_total_by_view_transport_method_total" in response.text
    assert "guildhall_changes_waiting 0.0" in response.text


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=192.0.2.7"}},
    ],
)
def test_others_get_nothing(client, asked):
    assert client.get("/metrics", **asked).status_code == 404


def test_a_public_installation_shows_them_to_nobody_without_a_token(client, settings):
    settings.PUBLIC = True

    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("with_token")
def test_the_token_opens_them_from_anywhere(client, settings):
    settings.PUBLIC = True

    response = client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": f"Bearer {TOKEN}"})

    assert response.status_code == 200


@pytest.mark.usefixtures("with_token")
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer é", f"Bearer {TOKEN}x"])
def test_another_token_does_not(client, given):
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
