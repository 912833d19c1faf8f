"""The product's settings, with the addresses of `site_urls`."""

from hwrsite.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.api.site_urls"
