"""Letters written on draw pages by pointer events, on several pages at once.

A person takes his time, and so does a page that waits for the next stroke: meanwhile the machine has nothing to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

Strokes = Sequence[Sequence[Sequence[float]]]
"""Points (x, y) as parts of the sheet's side."""
PAGES = 4
WRITE = """async ([letters, pause, pointerType, frame]) => {
  const canvas = document.querySelector("canvas");
  const reading = document.getElementById("reading");
  const box = canvas.getBoundingClientRect();
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const send = (kind, [x, y]) => canvas.dispatchEvent(new PointerEvent(kind, {
    pointerType, pointerId: 7, isPrimary: true, button: 0, buttons: kind === "pointerup" ? 0 : 1, bubbles: true,
    clientX: box.x + x * box.width, clientY: box.y + y * box.height}));
  canvas.setPointerCapture = () => {};
  const until = async (state) => {
    while (![state, "error"].includes(reading.dataset.state)) {
      await wait(20);
    }
  };
  const write = async (strokes) => {
    const seen = [];
    let lifted = Infinity; // a busy machine may wake this later than it asked for
    const look = () => (lifted === Infinity || performance.now() - lifted <= pause)
      && seen.push([reading.dataset.state, reading.dataset.certainty, reading.dataset.letter]);
    const observer = new MutationObserver(look);
    observer.observe(reading, { attributes: true });
    for (const [number, points] of strokes.entries()) {
      lifted = Infinity;
      send("pointerdown", points[0]);
      for (const [index, point] of points.entries()) {
        send("pointermove", point);
        if (index % frame === 0) {
          await new Promise(requestAnimationFrame);
        }
      }
      lifted = performance.now();
      send("pointerup", points.at(-1));
      look();
      if (number < strokes.length - 1) {
        await wait(pause);
        look();
      }
    }
    observer.disconnect();
    return seen;
  };
  const written = [];
  for (const strokes of letters) {
    const growing = await write(strokes);
    await until("read");
    const { state, letter } = reading.dataset;
    written.push({ growing, state, letter, strokes: Number(document.getElementById("draw").dataset.strokes) });
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await until("ready");
  }
  return written;
}"""
BEGIN = f"(given) => {{ window.written = ({WRITE})(given); }}"


@dataclass(frozen=True)
class Written:
    """What a page showed of a letter.

    Attributes:
        growing: state, certainty and letter of what was shown while it might still go on.
        state: of the reading when it had rested.
        letter: that was read then.
        strokes: how many the sheet had.

    """

    growing: list[tuple[str, str, str]]
    state: str
    letter: str
    strokes: int


def several(page: Page) -> list[Page]:
    """This draw page, which is open, and some more of the same address."""
    pages = [page, *(page.context.new_page() for _number in range(PAGES - 1))]
    for other in pages[1:]:
        other.goto(page.url)
    for each in pages:
        each.wait_for_selector("#draw[data-listening]")
    return pages


def written(
    pages: Sequence[Page], letters: Sequence[Strokes], *, pause: float = 0.0, pointer: str = "touch", frame: int = 4
) -> list[Written]:
    """Write letters; what was shown of each, in their order.

    Args:
        pages: that write at once.
        letters: as drawings.
        pause: milliseconds between two strokes.
        pointer: its type.
        frame: points of a stroke that come in one frame of the screen.

    """
    for number, page in enumerate(pages):
        page.evaluate(BEGIN, [letters[number :: len(pages)], pause, pointer, frame])
    shown = [page.evaluate("window.written") for page in pages]
    return [Written(**shown[number % len(pages)][number // len(pages)]) for number in range(len(letters))]
