"""Under the settings of production Django's own check finds nothing, and cookies travel by HTTPS alone."""

import json
import subprocess
import sys
from pathlib import Path

from tests.product import ROOT, embedded

ASKED = """
import json
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
client = Client(HTTP_HOST="propis.example", HTTP_X_FORWARDED_PROTO="https")
page = client.get("/admin/login/")
client.post("/i18n/setlang/", {"language": "ru"})
plain = Client(HTTP_HOST="propis.example").get("/about/")
print(json.dumps({
    "hsts": page.headers["Strict-Transport-Security"],
    "cookies": [cookie.output(header="") for cookie in client.cookies.values()],
    "plain": [plain.status_code, plain.headers["Location"]],
}))
"""


def run(var: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with the environment of a site on the internet."""
    environment = embedded(var) | {"PROPIS_HTTPS": "on", "PROPIS_HOSTS": "propis.example"} | more
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_check_for_deployment_is_clean(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--deploy", "--fail-level", "WARNING", PROPIS_HSTS_SUBDOMAINS="on")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_cookies_travel_by_https_alone_and_browsers_stay_with_it(tmp_path: Path) -> None:
    done = run(tmp_path, "shell", "--no-imports", "-c", ASKED)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["hsts"] == "max-age=31536000"  # other sites below the same name are not ours to decide on
    assert answer["plain"] == [301, "https://propis.example/about/"]
    assert len(answer["cookies"]) == 2  # against forgery, and the language
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in answer["cookies"])
    assert [cookie for cookie in answer["cookies"] if "csrftoken" in cookie and "HttpOnly" in cookie]
