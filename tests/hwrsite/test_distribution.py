"""What is published: a wheel that starts the product from its own sources; licences of all that ships."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hwrsite.distribution import licences
from hwrsite.distribution.build import DistributionError, build
from tests.product import ROOT, embedded


def test_the_wheel_starts_the_site_from_its_own_sources(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    try:
        archive, wheel = build(tmp_path / "dist", "the licences")
    except DistributionError as error:
        if "git" in str(error):
            pytest.skip(str(error))
        raise
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(tmp_path / "site-packages")
    left_out = ("tests/", "benchmarks/", "notebooks/", ".")
    assert not [name for name in names if name.removeprefix("propis/site/").startswith(left_out)]
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"propis"}
    assert "propis/site/templates/base.html" in names
    assert any(name.endswith("entry_points.txt") for name in names)
    with tarfile.open(archive) as sources:
        assert any(name.endswith("/tests/test_names.py") for name in sources.getnames())
    environment = embedded(tmp_path / "var") | {"PYTHONPATH": str(tmp_path / "site-packages")}
    code = "import sys; sys.argv = ['propis', 'check']; from propis.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_every_package_that_ships_has_a_licence() -> None:
    text = licences.notices()
    assert len(licences.locked()) > 50
    assert all(f"\n{name} ".lower() in text.lower().replace("_", "-") for name in licences.locked())
    assert "no licence named" not in text
    assert "MIT License" in text
