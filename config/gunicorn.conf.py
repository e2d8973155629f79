"""The web server's own configuration: `gunicorn config.wsgi --config config/gunicorn.conf.py`.

Connections to PostgreSQL are kept by each thread (CONN_MAX_AGE), so workers × threads is what the database sees.
"""

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from gunicorn.glogging import Logger

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
#: Replaced now and then, not all at once, in case something leaks.
max_requests, max_requests_jitter = 20_000, 2_000
#: Where a heartbeat never waits for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
chdir = str(Path(__file__).resolve().parent.parent)


class ServerLog(Logger):
    """The web server's log, without addresses that let in whoever reads it."""

    def setup(self, cfg):
        """Once the settings are read."""
        from config.logs import NoSecrets

        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(NoSecrets())


logger_class = ServerLog
#: Who asked is personal data, and so may be what follows a question mark: neither is logged.
accesslog = "-" if os.environ.get("ACCESS_LOG", "1") != "0" else None
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms %({x-request-id}o)s"

# Figures for /metrics are kept in files, so that whichever process is asked answers for all of them.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="guildhall-metrics-"))

_WARM_UP = "/sign-in/"


def post_worker_init(worker):
    """Answer one request before the first real one, then keep what it loaded out of every garbage collection.

    A full collection would otherwise look at all of Django each time: it made the slowest answers many times slower.
    """
    from django.conf import settings
    from django.db import connections

    environ: dict[str, Any] = {
        "PATH_INFO": _WARM_UP,
        "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip("."),
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    setup_testing_defaults(environ)
    environ["wsgi.errors"] = sys.stderr
    answer = worker.wsgi(environ, lambda status, headers, error=None: None)
    for _ in answer:
        pass
    answer.close()
    connections.close_all()
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    """Forget what a worker that is gone was doing just now; what it did stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the figures' files."""
    import shutil

    if "guildhall-metrics-" in os.environ["PROMETHEUS_MULTIPROC_DIR"]:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
