"""The folder of all state is for its owner alone, whatever it was before."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from hwrsite import owner_only
from tests.product import ROOT, embedded


def others_may(folder: Path) -> list[Path]:
    """What others may read, change or enter."""
    return [path for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & owner_only.OTHERS]


def test_what_was_open_is_mended_and_what_it_leads_to_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch(0o644)
    var = tmp_path / "var"
    (var / "models").mkdir(parents=True)
    (var / "models" / "a.npz").write_text("")
    (var / "link").symlink_to(elsewhere)
    for path in (var, var / "models", var / "models" / "a.npz"):
        path.chmod(0o777 if path.is_dir() else 0o664)
    elsewhere.chmod(0o644)
    assert owner_only.mend(var) == []
    assert [path for path in others_may(var) if not path.is_symlink()] == []
    assert stat.S_IMODE((var / "models" / "a.npz").stat().st_mode) == 0o600
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_what_the_product_writes_is_for_its_owner(tmp_path: Path) -> None:
    var = tmp_path / "var"
    words = [
        sys.executable,
        "-c",
        "import os; os.umask(0o022); import hwrsite.settings as s; open(s.PROPIS_VAR / 'x', 'w')",
    ]
    subprocess.run(words, cwd=ROOT, env=embedded(var), check=True, timeout=900)
    assert (var / "x").exists()
    assert (var / "secret_key").exists()
    assert others_may(var) == []
    assert os.access(var, os.W_OK)
