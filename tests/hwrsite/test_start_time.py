"""A process of the product starts without what takes long to import and is seldom used."""

import json
import os
import subprocess
import sys

from tests.product import ROOT

SLOW = ("scipy.interpolate", "scipy.ndimage", "scipy.stats", "scipy.optimize", "matplotlib", "optuna")
LOOK = """
import json, sys
import django
django.setup()
import hwrsite.urls
print(json.dumps(sorted(sys.modules)))
"""


def test_pages_are_loaded_without_slow_modules() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "hwrsite.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    loaded = json.loads(done.stdout)

    assert "training.datasets.web.forms" in loaded
    assert [name for name in SLOW if name in loaded] == []
