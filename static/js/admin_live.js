/** The admin's list of runs follows what runs: its cells are filled again every few seconds, choices stay. */

const POLL_MILLISECONDS = 4000;
const CELLS = "td:not(.action-checkbox), th:not(.action-checkbox)";

/** The rows of a list by the number of their run. */
function rowsOf(page) {
  const boxes = page.querySelectorAll('#result_list tr input[name="_selected_action"]');
  return new Map([...boxes].map((box) => [box.value, box.closest("tr")]));
}

/** Put the cells of a newer list where they belong; what is no longer there stays as it was. */
function refresh(newer) {
  const rows = rowsOf(document);
  for (const [key, fresh] of rowsOf(newer)) {
    const cells = [...(rows.get(key)?.querySelectorAll(CELLS) ?? [])];
    [...fresh.querySelectorAll(CELLS)].forEach((cell, index) => {
      if (cells[index] && cells[index].innerHTML !== cell.innerHTML) {
        cells[index].innerHTML = cell.innerHTML;
      }
    });
  }
}

/** Ask again and again while somebody looks. */
async function follow() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    if (document.hidden) {
      continue;
    }
    try {
      const answer = await fetch(window.location.href);
      if (answer.ok) {
        refresh(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      // The server is away for a moment: the next time may pass.
    }
  }
}

if (document.querySelector("#result_list")) {
  follow();
}
