/** The figures of a chart as a table and as a file. */

/** Fill a table; the first cell of each row names it. */
export function fillTable(table, head, rows) {
  const [top, body] = ["thead", "tbody"].map((name) => document.createElement(name));
  top.append(rowOf(head.map((text) => cell("th", text, { scope: "col" }))));
  body.append(...rows.map(([name, ...values]) => rowOf([cell("th", name, { scope: "row" }), ...values.map((text) => cell("td", text))])));
  table.replaceChildren(top, body);
}

function rowOf(cells) {
  const row = document.createElement("tr");
  row.append(...cells);
  return row;
}

function cell(name, textContent, properties = {}) {
  return Object.assign(document.createElement(name), { textContent, className: "number", ...properties });
}

/** A link that was pressed leads to a file of these rows. */
export function offerFile(link, rows) {
  const text = rows.map((values) => `${values.join(",")}\n`).join("");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  setTimeout((address) => URL.revokeObjectURL(address), 60_000, link.href);
}
