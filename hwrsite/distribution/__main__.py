"""`python -m hwrsite.distribution`: builds the wheel and the source archive in dist/, or writes the licences alone."""

import argparse
import sys
from pathlib import Path

from hwrsite.distribution import licences
from hwrsite.distribution.build import DistributionError, build


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m hwrsite.distribution", description="Builds what is published.")
    parser.add_argument("--output", type=Path, default=Path("dist"), help="folder (default: dist)")
    parser.add_argument("--licences", action="store_true", help="write LICENCES.txt alone")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    text = licences.notices()
    notices = options.output / "LICENCES.txt"
    notices.write_text(text, encoding="utf-8")
    try:
        made = [notices] if options.licences else build(options.output, text)
    except DistributionError as error:
        print(f"distribution: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
