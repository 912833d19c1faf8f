"""`make browsers`: the draw page in Chromium, Firefox ESR and WebKitGTK; ends non-zero where a step fails."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.engines.drive import STEPS
from benchmarks.engines.drivers import ENGINES
from benchmarks.environments import FOLDER, peers_python
from benchmarks.harness import ROOT, BenchmarkRunError
from benchmarks.output import table
from benchmarks.server import running

PACKAGES = Path(__file__).with_name("packages.txt")
ENVIRONMENT = FOLDER / ".environments" / "engines"
SECONDS = 1200


def tried(engine: str, python: str, url: str, picture: Path) -> dict[str, str]:
    """What each step came to: seconds or why it failed; empty where an earlier one had failed."""
    command = [python, "-m", "benchmarks.engines.drive", engine, url, str(picture)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {"opens": f"FAILED: {(done.stderr.strip().splitlines() or ['nothing was said'])[-1]}"}
    found = {each["step"]: f"FAILED: {each['error']}" for each in lines if "error" in each}
    return found | {each["step"]: f"{each['seconds']:.1f} s" for each in lines if "seconds" in each}


def draw_picture(path: Path) -> None:
    """A letter Т as somebody would write it with a broad pen."""
    image = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(image)
    pen.line([(60, 60), (220, 60)], fill=0, width=16)
    pen.line([(140, 60), (140, 220)], fill=0, width=16)
    image.save(path)


def main() -> int:
    """Try the engines that were named, or all; the exit status is 1 where one fails."""
    parser = argparse.ArgumentParser(prog="make browsers", description=__doc__)
    parser.add_argument("engines", nargs="*", choices=[*ENGINES, []], help="which ones (default: all)")
    engines = parser.parse_args().engines or list(ENGINES)
    try:
        python = peers_python(PACKAGES, ENVIRONMENT)
        with tempfile.TemporaryDirectory(prefix="propis-engines-") as folder, running() as server:
            picture = Path(folder, "t.png")
            draw_picture(picture)
            url = f"http://127.0.0.1:{server.port}/"
            found = {engine: tried(engine, python, url, picture) for engine in engines}
    except BenchmarkRunError as error:
        print(error, file=sys.stderr)
        return 1
    rows = [[step, *(found[engine].get(step, "") for engine in engines)] for step in STEPS]
    print(table(["step", *engines], rows))
    return int(any(not row[place].endswith(" s") for row in rows for place in range(1, len(row))))


if __name__ == "__main__":
    sys.exit(main())
