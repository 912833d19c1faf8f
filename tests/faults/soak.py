"""`make soak`: two hundred kills during a sweep of forty runs, on each stack; ends non-zero on a miss.

The report goes to docs/figures/ with --save; each kill is a line on standard error, with the seed that chose it.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks import output
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from tests.faults import recipes
from tests.faults.kills import Kill
from tests.faults.stacks import EMBEDDED, SERVERS, stack
from tests.faults.sweep_under_kills import (
    STUCK_SECONDS,
    Outcome,
    Plan,
    disturbed,
    figures,
    summary,
    undisturbed,
)
from tests.product import Product, embedded


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description="Kills, and looks what is left.")
    parser.add_argument("--runs", type=int, default=40, help="of the sweep, an even number (default 40)")
    parser.add_argument("--epochs", type=int, default=40, help="of each run (default 40)")
    parser.add_argument("--kills", type=int, default=200, help="on each stack (default 200)")
    parser.add_argument("--seed", type=int, default=1917, help="chooses victims and instants (default 1917)")
    parser.add_argument("--stack", choices=[EMBEDDED, SERVERS], help="only this one (default: both)")
    parser.add_argument("--save", action="store_true", help="write the report to docs/figures/")
    options = parser.parse_args(arguments)
    plan = Plan(runs=options.runs, epochs=options.epochs, kills=options.kills, seed=options.seed)
    report = soak(plan, [options.stack] if options.stack else [EMBEDDED, SERVERS])
    print(output.markdown(report), end="")
    if options.save:
        output.save(report)
    return 0 if report.is_reached else 1


def soak(plan: Plan, stacks: Sequence[str]) -> BenchmarkReport:
    """Train undisturbed once, then under kills on each stack, and compare."""
    with tempfile.TemporaryDirectory(prefix="propis-soak-") as folder:
        calm = Path(folder, "undisturbed")
        shutil.copytree(recipes.with_letters(), calm)
        _say(f"training {plan.runs} runs of {plan.epochs} epochs undisturbed")
        expected = undisturbed(Product(calm, embedded(calm)), plan)
        folders = [Path(folder, str(place)) for place in range(len(stacks))]
        with ThreadPoolExecutor(len(stacks)) as pool:
            killed = pool.map(partial(_killed, plan), stacks, folders)
            outcomes = dict(zip(stacks, killed, strict=True))
    return report(plan, outcomes, expected)


def _killed(plan: Plan, name: str, folder: Path) -> Outcome:
    with stack(name, folder) as made:
        made.product.start(wait=STUCK_SECONDS)
        _say(f"{name}, seed {plan.seed}")
        return disturbed(made.product, plan, redis=made.redis, on_kill=partial(_tell, name))


def _tell(name: str, kill: Kill) -> None:
    _say(f"{name}: {kill}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def report(plan: Plan, outcomes: Mapping[str, Outcome], expected: Mapping[str, str]) -> BenchmarkReport:
    """All figures of all stacks, and who was killed how often."""
    held: list[Figure] = []
    for name, outcome in outcomes.items():
        held += figures(outcome, plan, expected, name)
        held.append(Figure(f"{name}: time of the sweep", outcome.seconds, "s"))
    rows = [row for name, outcome in outcomes.items() for row in summary(outcome, name)]
    title = f"Kills half during a sweep of {plan.runs} runs of {plan.epochs} epochs, half while idle, seed {plan.seed}"
    return BenchmarkReport(
        "soak", title, machine(), held, ("product on", "victim", "kills", "in a running epoch"), rows
    )


if __name__ == "__main__":
    sys.exit(main())
