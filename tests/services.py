"""The servers that tests need, started before Django reads its settings. Loaded by pytest as a plug-in.

`TEST_DATABASE=postgresql` runs the tests on PostgreSQL, otherwise on SQLite. One broker serves all workers of
pytest-xdist, each with a database of its own in it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.local_servers import Broker, Postgres

#: Set by the process that started the servers, for the workers that it starts.
_STARTED = "GUILDHALL_TEST_SERVICES"


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="guildhall-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["VAR_DIR"] = str(folder)
    for name in ("DEMO", "ALLOWED_HOSTS", "SECRET_KEY", "BASE_URL", "EMAIL_URL", "DATABASE_URL", "REPLICA_URL"):
        os.environ.pop(name, None)
    broker = Broker(folder / "broker.sock").start()
    atexit.register(broker.stop)
    os.environ[_STARTED] = broker.url
    if os.environ.get("TEST_DATABASE") == "postgresql":
        server = Postgres().start()
        atexit.register(server.stop)
        os.environ["DATABASE_URL"] = server.url


if _STARTED not in os.environ:
    _start()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ["REDIS_URL"] = f"{os.environ[_STARTED]}?db={int(_worker) % 16}"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
