"""The agent as one file: a zip archive that Python runs, of exactly the modules that it imports."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from recognizer.core.zipped import archive_of
from training.devices.benchmarks import environment

PARTS = (
    "recognizer/__init__.py",
    "recognizer/core/**/*.py",
    "recognizer/exports/__init__.py",
    "recognizer/exports/errors.py",
    "recognizer/exports/onnx_file/*.py",
    "training/__init__.py",
    "training/devices/__init__.py",
    "training/devices/agent.py",
    "training/devices/benchmarks/__init__.py",
    "training/devices/benchmarks/environment.py",
    "training/devices/measurement/**/*.py",
    "training/devices/remote/**/*.py",
    "training/devices/sheet/**/*.py",
)
SHEBANG = b"#!/usr/bin/env python3\n"
MAIN = b"from training.devices.agent import main\n\nraise SystemExit(main())\n"


@lru_cache(maxsize=1)
def agent_file() -> bytes:
    """The archive, the same bytes for the same code."""
    root = Path(settings.BASE_DIR)
    files = sorted({path for part in PARTS for path in root.glob(part)})
    members = {str(path.relative_to(root)): path.read_bytes() for path in files}
    build = json.dumps(environment.code()).encode()
    return SHEBANG + archive_of({"__main__.py": MAIN, f"training/devices/{environment.BUILD}": build, **members})


@lru_cache(maxsize=1)
def agent_sha256() -> str:
    """The SHA-256 of the archive."""
    return hashlib.sha256(agent_file()).hexdigest()
