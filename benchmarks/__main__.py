"""`python -m benchmarks [NAME …]`: run benchmarks; the exit status is 1 where a figure misses its threshold."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence

from benchmarks import output
from benchmarks.api.benchmark import ApiBenchmark
from benchmarks.backends import BackendsBenchmark
from benchmarks.browser.first_paint import FirstPaintBenchmark
from benchmarks.browser.learning import LearningBenchmark
from benchmarks.browser.live import LiveBenchmark
from benchmarks.browser.words import WordsPageBenchmark
from benchmarks.chip.benchmark import ChipBenchmark
from benchmarks.copybook import CopybookBenchmark
from benchmarks.devices.agents import AgentsBenchmark
from benchmarks.devices.arm import ArmBenchmark
from benchmarks.devices.browsers import BrowsersBenchmark
from benchmarks.devices.first_row import FirstRowBenchmark
from benchmarks.devices.timing import TimingBenchmark
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, NamedBenchmark, pin_to_one_core
from benchmarks.importing import ImportingBenchmark
from benchmarks.inference import InferenceBenchmark
from benchmarks.memory import MemoryBenchmark
from benchmarks.moving import MovingBenchmark
from benchmarks.operations.load import LoadBenchmark
from benchmarks.operations.machines import MachinesBenchmark
from benchmarks.operations.proposals import ProposalsBenchmark
from benchmarks.operations.restoring import RestoringBenchmark
from benchmarks.operations.services import ServicesBenchmark
from benchmarks.overhead import OverheadBenchmark
from benchmarks.pages import GrowthBenchmark, PagesBenchmark
from benchmarks.precisions.speed import PrecisionSpeedBenchmark
from benchmarks.reading import ReadingBenchmark
from benchmarks.recovery import RecoveryBenchmark
from benchmarks.suspects import SuspectsBenchmark
from benchmarks.sweeps import SweepsBenchmark
from benchmarks.training import TrainingBenchmark
from benchmarks.web import WebBenchmark

BENCHMARKS: Mapping[str, NamedBenchmark] = {
    each.name: each
    for each in (
        ReadingBenchmark(),
        LiveBenchmark(),
        WordsPageBenchmark(),
        LearningBenchmark(),
        FirstPaintBenchmark(),
        TrainingBenchmark(),
        InferenceBenchmark(),
        BackendsBenchmark(),
        PrecisionSpeedBenchmark(),
        MemoryBenchmark(),
        OverheadBenchmark(),
        ImportingBenchmark(),
        SuspectsBenchmark(),
        SweepsBenchmark(),
        ProposalsBenchmark(),
        RecoveryBenchmark(),
        ServicesBenchmark(),
        RestoringBenchmark(),
        MovingBenchmark(),
        MachinesBenchmark(),
        WebBenchmark(),
        LoadBenchmark(),
        ApiBenchmark(),
        CopybookBenchmark(),
        ChipBenchmark(),
        PagesBenchmark(),
        GrowthBenchmark(),
        TimingBenchmark(),
        AgentsBenchmark(),
        BrowsersBenchmark(),
        FirstRowBenchmark(),
        ArmBenchmark(),
    )
}
ON_REQUEST = ("arm",)
"""What is run only by its name: it fetches packages."""


def main(arguments: Sequence[str] | None = None, benchmarks: Mapping[str, NamedBenchmark] = BENCHMARKS) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measures speed, and holds it to thresholds."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(benchmarks)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    parser.add_argument("--save", action="store_true", help="write the reports to docs/figures/")
    parser.add_argument("--full", action="store_true", help="at full length, where a shorter sample is the default")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in benchmarks]:
        parser.error(f"no benchmark is named {', '.join(unknown)}; there are: {', '.join(benchmarks)}")
    try:
        reports = [_run(benchmarks[name], full=options.full) for name in options.names or _usual(benchmarks)]
    except BenchmarkRunError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    _show(reports, as_json=options.json)
    if options.save:
        for report in reports:
            output.save(report)
    return 0 if all(report.is_reached for report in reports) else 1


def _usual(benchmarks: Mapping[str, NamedBenchmark]) -> list[str]:
    return [name for name in benchmarks if name not in ON_REQUEST]


def _run(benchmark: NamedBenchmark, *, full: bool) -> BenchmarkReport:
    """Run one, on one core unless it is about several."""
    if not hasattr(os, "sched_setaffinity"):
        return benchmark.run(full=full)
    allowed = os.sched_getaffinity(0)
    if benchmark.cores == 1:
        pin_to_one_core()
    try:
        return benchmark.run(full=full)
    finally:
        os.sched_setaffinity(0, allowed)


def _show(reports: Sequence[BenchmarkReport], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({report.name: report.as_dict() for report in reports}, ensure_ascii=False))
    else:
        print("\n".join(output.markdown(report) for report in reports), end="")


if __name__ == "__main__":
    sys.exit(main())
