"""A sweep in a real Chromium: begun in the admin, watched live, paused, resumed, its training killed, ended right."""

import os
import re
import signal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.faults.rows import rows, running
from tests.product import Product, wait_until
from tests.walk import POLLING, sign_in

EPOCHS = 80
LEARNING_RATES = ("0.00001", "0.0003", "0.001", "0.01")
"""From one that learns next to nothing: so each of the first trials is better than the one before."""
FIELDS = {
    "sweep-name": "rates",
    "sweep-changes": f"epochs={EPOCHS}\nbatch_size=64\nhidden_layers=32",
    "sweep-vary_learning_rate": ", ".join(LEARNING_RATES),
    "sweep-parallel": "1",
}
PATIENCE = 900_000  # milliseconds for what a worker does
TRIALS = 'SELECT t.position, t."values" AS varied, r.* FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id'
BEST = ".card-active .figures dd"


@pytest.mark.processor_seconds(900)
def test_a_sweep_is_watched_paused_resumed_and_survives_a_kill(page: Page, product: Product) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    sign_in(page, product)
    start_sweep(page, product)
    watch(page)
    pause_and_resume(page, product)
    killed = kill_training(product)
    expect(page.locator("#sweep .badge").first).to_have_class("badge badge-succeeded", timeout=PATIENCE)
    check_end(page, product, killed)
    assert problems == []


def start_sweep(page: Page, product: Product) -> None:
    """Fill in the admin's form of a new sweep, and open its page."""
    wait_until(
        lambda: rows(product, "SELECT * FROM datasets_dataset"), seconds=900
    )  # the one that is made at first start
    page.goto(f"{product.url}/admin/sweeps/sweep/add/")
    page.select_option("[name=sweep-dataset]", label="synthetic")
    for name, value in FIELDS.items():
        page.fill(f"[name={name}]", value)
    page.click("[name=_save]")
    page.goto(f"{product.url}/sweeps/")
    page.get_by_role("link", name="rates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("rates")


def watch(page: Page) -> None:
    """See epochs count, rows come and the best value rise, all without reloading the page."""
    page.evaluate("window.isTheSamePage = true")
    counted = page.locator(f"#trials td:text-matches('^[1-9][0-9]* / {EPOCHS}$')")
    expect(counted.first).to_be_visible(timeout=PATIENCE)
    seen = page.wait_for_function(BEST_AND_ROWS, polling=POLLING, timeout=PATIENCE).json_value()
    later = page.wait_for_function(BEST_AND_ROWS, arg=seen, polling=POLLING, timeout=PATIENCE).json_value()
    assert later["best"] > seen["best"]
    assert len(LEARNING_RATES) >= later["rows"] > seen["rows"] >= 1
    figure = page.locator("figure[data-chart=history]")
    expect(figure).to_have_attribute("data-points", re.compile("[23]"))
    assert page.evaluate("window.isTheSamePage")


BEST_AND_ROWS = """seen => {
  const best = parseFloat(document.querySelector('.card-active .figures dd')?.innerText);
  const rows = document.querySelectorAll('#trials tbody tr').length;
  return best > (seen?.best ?? -1) && rows > (seen?.rows ?? 0) ? {best, rows} : null;
}"""


def percent(text: str) -> float:
    """The number of a percentage."""
    return float(text.strip().rstrip("%"))


def trials(product: Product) -> list[dict[str, Any]]:
    """Trials with their runs, as the database has them."""
    return sorted(rows(product, TRIALS), key=lambda row: int(row["position"]))


def pause_and_resume(page: Page, product: Product) -> None:
    """Pause the sweep in the middle of a trial; nothing moves until it is resumed."""
    wait_until(lambda: any(0 < run.epoch < EPOCHS // 2 for run in running(product)))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status").first).to_contain_text("The sweep is pausing")
    expect(page.locator("#sweep .badge").first).to_have_class("badge badge-paused", timeout=PATIENCE)
    rested = trials(product)[-1]
    assert (rested["state"], rested["epoch"] < EPOCHS) == ("paused", True)
    page.wait_for_timeout(2500)  # longer than a heartbeat, at which a sweep goes on
    assert trials(product)[-1]["epoch"] == rested["epoch"]
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#sweep .badge").first).to_have_class("badge badge-running")


def kill_training(product: Product) -> int:
    """Kill the process that trains, in the middle of a run; return the run's number."""
    wait_until(lambda: any(run.is_training and 0 < run.epoch < EPOCHS - 5 for run in running(product)))
    [run] = running(product)
    os.kill(run.pid, signal.SIGKILL)
    return run.key


def check_end(page: Page, product: Product, killed: int) -> None:
    """Every trial ended once and whole, and what the page calls the best is what the database says."""
    ended = trials(product)
    assert [row["state"] for row in ended] == ["succeeded"] * len(LEARNING_RATES)
    assert next(row for row in ended if row["id"] == killed)["attempt"] >= 2
    epochs = rows(product, "SELECT run_id, count(*) AS written, max(epoch) AS last FROM runs_epoch GROUP BY run_id")
    assert {(row["written"], row["last"]) for row in epochs} == {(EPOCHS, EPOCHS)}
    best = max(ended, key=lambda row: float(row["validation_accuracy"]))
    shown = page.locator(".card-active")
    expect(shown.get_by_role("heading")).to_have_text("The best")
    expect(shown.get_by_role("link", name="Run")).to_have_attribute("href", f"/runs/{best['id']}/")
    assert percent(page.locator(BEST).first.inner_text()) == pytest.approx(100 * best["validation_accuracy"], abs=0.006)
    expect(page.locator(f"#trials tr[data-run='{best['id']}'] .best")).to_have_count(1)
    expect(page.locator("#trials tbody tr")).to_have_count(len(LEARNING_RATES))
