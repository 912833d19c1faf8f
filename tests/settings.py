"""The product's settings with state in a folder of the test process's own."""

import atexit
import os
import shutil
import tempfile

os.environ["PROPIS_VAR"] = tempfile.mkdtemp(prefix="propis-test-")
atexit.register(shutil.rmtree, os.environ["PROPIS_VAR"], ignore_errors=True)
for _name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
    os.environ.pop(_name, None)

from hwrsite.settings import *  # noqa: E402, F403  (the environment comes first)
from hwrsite.settings import DATABASES, PROPIS_VAR, STORAGES  # noqa: E402

# What a power cut would leave is no concern here.
DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
(PROPIS_VAR / "static").mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
JOB_LOOK_SECONDS = 600.0  # only what is committed can be seen: tests that commit look often (tests.conftest.looks)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
