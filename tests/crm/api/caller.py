"""Somebody who calls the API with a key, as programs do."""

import json
from typing import Any

from django.test import Client

from guilds.access.actions import create_api_client
from guilds.access.models import Scope, User

ROOT = "/api/v1/"
ALL_SCOPES = tuple(Scope.values)


class Caller:
    """Sends JSON with the key of a user; without a user, with no key at all."""

    def __init__(self, user: User | None = None, scopes: tuple[str, ...] = ALL_SCOPES) -> None:
        self.http = Client(raise_request_exception=True)
        self.user = user
        self.headers = {}
        if user:
            self.client, self.key = create_api_client(by=None, name="A program", user=user, scopes=scopes)
            self.headers = {"Authorization": f"Api-Key {self.key}"}

    def get(self, path: str, query: dict | None = None, **headers: str):
        return self.http.get(address(path), query, headers=self.headers | named(headers))

    def post(self, path: str, body: Any = None, **headers: str):
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str):
        return self.send("PATCH", path, body, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.http.generic(
            method, address(path), data, content_type="application/json", headers=self.headers | named(headers)
        )

    def change(self, path: str, body: Any):
        """PATCH what is there now."""
        return self.patch(path, body, if_match=self.get(path)["ETag"])


def address(path: str) -> str:
    return path if path.startswith(("/", "http")) else ROOT + path


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def faults(response) -> dict[str | None, str]:
    """Code by field of a problem."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    assert body.keys() == {"type", "title", "status", "detail", "errors"}
    return {error["field"]: error["code"] for error in body["errors"]}
