"""What the wheel's command `propis` runs: the site's own command line, with its sources beside this file.

    propis start        sets up and starts everything, as `make run` does
    propis doctor       and every other command of `manage.py`

This file becomes `propis/__main__.py` in the wheel. All state is in `PROPIS_VAR`, or else in `propis-var` where it is
called.
"""

import os
import runpy
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parent / "site"


def main() -> None:
    """Run one command."""
    os.environ.setdefault("PROPIS_VAR", str(Path.cwd() / "propis-var"))
    sys.path.insert(0, str(SITE))
    sys.argv[0] = "propis"
    if len(sys.argv) == 1:
        sys.argv.append("help")
    runpy.run_path(str(SITE / "manage.py"), run_name="__main__")


if __name__ == "__main__":
    main()
