"""The pages of runs in a real Chromium: live curves and their tools, misread pictures, runs compared."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.faults.rows import rows
from tests.product import Product, wait_until
from tests.walk import GROWING, POLLING

EPOCHS, OTHER_EPOCHS = 120, 10
"""Of the run that is watched, and of the one that it is compared with."""
QUEUE = f"""
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.models import Dataset
from training.runs.services import create_run
dataset = Dataset.objects.get(name="synthetic")
for rate, epochs in ((0.002, {OTHER_EPOCHS}), (0.02, {EPOCHS})):
    changes = {{"learning_rate": rate, "epochs": epochs, "batch_size": 64, "hidden_layers": (32,)}}
    recipe = Hyperparameters.from_mapping(changes, base=PRESETS["small"])
    print(create_run([dataset], recipe, preset="small", name=f"rate {{rate}}").pk)
"""
PATIENCE = 900_000  # milliseconds for what a worker does
CHART = "figure => window.Chart.getChart(figure.querySelector('canvas'))"


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(900)
def test_curves_misread_pictures_and_runs_compared(page: Page, shared_product: Product) -> None:
    product = shared_product
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    wait_until(
        lambda: rows(product, "SELECT * FROM datasets_dataset WHERE name = 'synthetic'"), seconds=900
    )  # the one that is made at first start
    first, second = (int(key) for key in product.manage("shell", "--no-imports", "-c", QUEUE).stdout.split())
    page.goto(f"{product.url}/runs/{second}/")
    watch_curves(page)
    curves = page.locator("figure[data-chart=accuracy]")
    use_log_axis(curves)
    use_smoothing(curves, accuracies(product, second))
    hover(page, curves, accuracies(product, second))
    open_misread_pictures(page)
    page.goto(f"{product.url}/runs/")
    compare(page, first, second)
    assert problems == []


def watch_curves(page: Page) -> None:
    """See points come while it trains, on the same page, and the results at its end."""
    page.evaluate("window.isTheSamePage = true")
    growing = page.wait_for_function(GROWING, polling=POLLING, timeout=PATIENCE).json_value()
    assert growing["running"], "the run had ended before three points were seen"
    grown = GROWING.replace(">= 3", f"> {growing['points']}")
    more = page.wait_for_function(grown, polling=POLLING, timeout=PATIENCE).json_value()
    assert growing["points"] < more["points"] <= EPOCHS
    expect(page.locator("#live .badge")).to_have_class("badge badge-succeeded", timeout=PATIENCE)
    expect(page.locator("figure[data-chart=cost]")).to_have_attribute("data-points", str(EPOCHS))
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    assert page.evaluate("window.isTheSamePage")


def accuracies(product: Product, run: int) -> list[float]:
    """Validation accuracy of each epoch, as the database has it."""
    found = rows(product, f"SELECT validation_accuracy AS known FROM runs_epoch WHERE run_id = {run} ORDER BY epoch")
    assert len(found) == EPOCHS
    return [float(row["known"]) for row in found]


def lines(figure: Locator) -> list[dict[str, Any]]:
    """The lines that are drawn: name, whether faint, heights, colour, width."""
    drawn: list[dict[str, Any]] = figure.evaluate(
        f"""figure => ({CHART})(figure).data.datasets.map(line => ({{name: line.name, isFaint: Boolean(line.faint),
          key: line.key, heights: line.data.map(({{y}}) => y), colour: line.borderColor, width: line.borderWidth}}))"""
    )
    return drawn


def use_log_axis(figure: Locator) -> None:
    """Tick the logarithmic axis, and untick it."""
    kind = f"figure => ({CHART})(figure).scales.y.type"
    assert figure.evaluate(kind) == "linear"
    figure.get_by_label("log axis").check()
    assert figure.evaluate(kind) == "logarithmic"
    figure.get_by_label("log axis").uncheck()
    assert figure.evaluate(kind) == "linear"


def use_smoothing(figure: Locator, known: list[float]) -> None:
    """Smooth the curves: each is a running mean, with its true one faint behind it; then take it back."""
    assert [line["isFaint"] for line in lines(figure)] == [False, False]
    figure.get_by_label("smoothing").fill("0.9")
    smooth, true = (line for line in lines(figure) if line["name"] == "validation")
    assert (smooth["isFaint"], true["isFaint"]) == (False, True)
    assert true["heights"] == pytest.approx(known)
    weights = [0.9**age for age in range(EPOCHS)]
    mean = sum(w * y for w, y in zip(weights, reversed(known), strict=True)) / sum(weights)
    assert smooth["heights"][-1] == pytest.approx(mean)
    assert smooth["heights"][0] == pytest.approx(known[0])
    figure.get_by_label("smoothing").fill("0")
    assert len(lines(figure)) == 2


def hover(page: Page, figure: Locator, known: list[float]) -> None:
    """Point into the middle of the plot: the values of that epoch are told."""
    figure.locator("canvas").hover()
    said = figure.evaluate(
        f"""figure => {{ const {{tooltip}} = ({CHART})(figure);
          const lines = tooltip.body.flatMap(part => part.lines);
          return {{isShown: tooltip.opacity > 0, title: tooltip.title, lines}}; }}"""
    )
    assert said["isShown"]
    [epoch] = re.findall(r"\d+", said["title"][0])
    assert EPOCHS / 4 < int(epoch) < EPOCHS * 3 / 4
    [validation] = [line for line in said["lines"] if line.startswith("validation: ")]
    assert float(validation.split(": ")[1].rstrip("%")) == pytest.approx(100 * known[int(epoch) - 1], abs=0.006)


def open_misread_pictures(page: Page) -> None:
    """A red number of the confusion matrix leads to exactly that many pictures of the mistake."""
    cell = page.locator(".matrix td:not(.hit) a").first
    count = int(cell.inner_text())
    written, read = re.findall(r"(?:written|read)=(.)", cell.evaluate("cell => decodeURIComponent(cell.search)"))
    with page.expect_response(re.compile(r"/misread\.png")) as sheet:
        cell.click()
    assert sheet.value.ok
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{written} read as {read}")
    expect(page.locator(".misread li")).to_have_count(count)
    expect(page.get_by_role("img", name=f"{written}, read as {read}")).to_have_count(count)


def compare(page: Page, first: int, second: int) -> None:
    """Compare both runs: what differs is in the table, and a row and its curve light up together."""
    for key in (first, second):
        page.locator(f"input[name=run][value='{key}']").check()
    page.get_by_role("button", name="Compare the ticked ones").click()
    heads = page.locator("#compared thead").inner_text()
    assert "Learning rate" in heads
    assert "Mini-batch" not in heads, "it is the same in both"
    figure = page.locator("figure[data-chart=compare]")
    expect(figure).to_have_attribute("data-points", re.compile("[1-9]"))
    row = page.locator(f"#compared tr[data-key='{first}']")
    row.locator("th").hover()
    lit = {str(line["key"]): line for line in lines(figure)}
    assert (lit[str(first)]["width"], lit[str(second)]["width"]) == (4, 2)
    assert lit[str(second)]["colour"].endswith("0.12)")
    assert not lit[str(first)]["colour"].startswith("rgba")
    hover_curve(page, figure, second)
    expect(page.locator("#compared tr.lit")).to_have_attribute("data-key", str(second))
    assert [line["width"] for line in lines(figure)] == [2, 2], "the pointer has left the table"


def hover_curve(page: Page, figure: Locator, key: int) -> None:
    """Put the pointer on the first point of a run's curve, where curves lie apart."""
    place = figure.evaluate(
        f"""(figure, key) => {{
          const chart = ({CHART})(figure), box = chart.canvas.getBoundingClientRect();
          const line = chart.data.datasets.findIndex(each => each.key === key);
          const {{x, y}} = chart.getDatasetMeta(line).data[0];
          return [box.left + x, box.top + y];
        }}""",
        key,
    )
    page.mouse.move(place[0] + 1, place[1])
    page.mouse.move(*place)
