"""The settings as they are, with the floors' addresses beside the product's and a header that counts queries."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

ROOT_URLCONF = "config.benchmark.urls"
MIDDLEWARE = ["config.benchmark.floors.CountQueries", *MIDDLEWARE]
