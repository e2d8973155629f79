"""How soon a change is in the figures while others go on changing records."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

from django.utils import timezone

from config.benchmark.client import Client, Result, timed

if TYPE_CHECKING:
    from config.benchmark.cases import Bench

#: Changes a second that are tried meanwhile, over as many connections; how often the lag is measured.
RATE, WRITERS, PROBES = 50, 4, 20
#: What is measured is led by a guild that the others do not write to.
_OURS, _THEIRS = "land-based", "sciences"


def refresh_under_load(bench: "Bench") -> Result:
    """From a change to the moment at which the summary shows it, with RATE changes a second; `per_second`: what was written."""
    over, written = Event(), [0] * WRITERS
    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(_write, bench, place, over, written) for place in range(WRITERS)]
        try:
            lags = [_lag(bench, number) for number in range(PROBES)]
        finally:
            over.set()
        for writer in writers:
            writer.result()
    rate = sum(written) / (time.perf_counter() - began)
    return timed("refresh_under_load", bench.rows, lags, per_second=round(rate))


def _write(bench: "Bench", place: int, over: Event, written: list[int]) -> None:
    """Change records at this writer's part of the rate, until it is over."""
    client, due = Client(bench.site.address, bench.api.headers), time.perf_counter()
    while not over.is_set():
        client.send("POST", "/api/v1/engagements/", bench.new_engagement(written[place] * WRITERS + place, _THEIRS))
        written[place] += 1
        due += WRITERS / RATE
        time.sleep(max(due - time.perf_counter(), 0))


def _lag(bench: "Bench", number: int) -> float:
    month = f"{timezone.localdate() - timedelta(days=1):%Y-%m}"
    address = f"/api/v1/impact/summary/?period={month}&by=total&guild={_OURS}&measures=engagements"
    before = total(bench, address)
    start = time.perf_counter()
    bench.api.send("POST", "/api/v1/engagements/", bench.new_engagement(number * 300, _OURS))
    while total(bench, address) == before:
        if time.perf_counter() - start > 60:
            raise RuntimeError("A change has not reached the figures within a minute")
        time.sleep(0.02)
    return time.perf_counter() - start


def total(bench: "Bench", address: str) -> int:
    """The engagements that a summary shows."""
    return json.loads(bench.api.send("GET", address)[1])["total"]["measures"]["engagements"]["value"]
