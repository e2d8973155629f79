"""For a container's health check: `python -m running.health` ends with 0 if the web server is ready.

Asks as the proxy in front does, for Django answers to its own names only. Needs Python's own library only.
"""

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen


def is_ready(bind: str, hosts: str) -> bool:
    """Whether the server at `bind` (WEB_BIND) answers to the first of `hosts` (ALLOWED_HOSTS) that it is ready."""
    port, host = bind.rpartition(":")[2], hosts.split(",")[0].strip().lstrip(".") or "localhost"
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}/health/ready", headers=headers), timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_ready(os.environ.get("WEB_BIND", "127.0.0.1:8000"), os.environ.get("ALLOWED_HOSTS", "")) else 1)
