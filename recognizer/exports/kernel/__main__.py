"""`python -m recognizer.exports.kernel`: build the kernel and write it; with `--check` only compare."""

import argparse
import sys

from recognizer.exports.kernel.building import FILE, KernelError, build


def main() -> int:
    """Run the command line; returns 1 where what is there is not what was built, 2 where nothing was built."""
    parser = argparse.ArgumentParser(prog="python -m recognizer.exports.kernel", description="Builds the kernel.")
    parser.add_argument("--check", action="store_true", help="compare with the file that is there, and write nothing")
    options = parser.parse_args()
    try:
        content = build()
    except KernelError as error:
        sys.stderr.write(f"kernel: {error}\n")
        return 2
    if not options.check:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_bytes(content)
    is_same = FILE.is_file() and FILE.read_bytes() == content
    sys.stdout.write(f"{FILE.name}: {len(content):,} bytes{'' if is_same else ', not what is there'}\n")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
