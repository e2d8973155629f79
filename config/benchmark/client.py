"""Requests one after the other over kept connections, and what their times say."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from urllib.parse import urlsplit

Request = tuple[str, str, dict | None]


@dataclass
class Result:
    """One line of the table. Times in milliseconds, `per_second` in rows, `peak_mb` in megabytes; None: does not apply."""

    name: str
    rows: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    rps: float | None = None
    queries: int | None = None
    per_second: float | None = None
    peak_mb: float | None = None

    as_dict = asdict


def timed(name: str, rows: int, times: list[float], **more) -> Result:
    """A result from single times in seconds."""
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Result(
        name, rows, round(median(times) * 1000, 2), round(p95 * 1000, 2), round(len(times) / sum(times), 1), **more
    )


class Client:
    """One person's connection to the server. `headers` go with every request."""

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.headers = {"Accept": "application/json", "Connection": "keep-alive"} | (headers or {})

    def send(
        self, method: str, path: str, body: dict | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send one request. Raises RuntimeError for an answer that is no success."""
        content = json.dumps(body) if body is not None else None
        sent = self.headers | headers | ({"Content-Type": "application/json"} if content else {})
        self._connection.request(method, path, content, sent)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {read[:500].decode(errors='replace')}")
        return answer, read

    def begin_anew(self) -> None:
        """Let go of the connection: the server has, if it was idle for long."""
        self._connection.close()

    def get(self, path: str) -> dict:
        """The JSON behind an address."""
        return json.loads(self.send("GET", path)[1])

    def measure(self, name: str, rows: int, times: int, make: Callable[[int], Request], warm_up: int = 20) -> Result:
        """Send `times` requests after some that warm up both workers; count the queries of one more."""
        for number in range(warm_up):
            self.send(*make(number))
        taken = []
        for number in range(warm_up, warm_up + times):
            method, path, body = make(number)
            start = time.perf_counter()
            self.send(method, path, body)
            taken.append(time.perf_counter() - start)
        method, path, body = make(warm_up + times)
        answer, _ = self.send(method, path, body, **{"X-Count-Queries": "1"})
        queries = answer.headers.get("X-Queries")
        return timed(name, rows, taken, queries=int(queries) if queries else None)
