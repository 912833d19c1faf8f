/** A sheet to be printed: the letter with its numbers, then rows to trace and rows to write alone. */

import { drawModel, drawRuling, svg } from "./model.js";

const ROWS = 6;
const TRACED = 3; // rows that begin with faint letters
const IN_A_ROW = 5;

/** Fill the printed sheet. */
export function printSheet(root, elements, placement, slant) {
  root.replaceChildren(...Array.from({ length: ROWS }, (_nothing, row) => {
    const line = document.createElement("div");
    line.className = "print-row";
    line.append(...Array.from({ length: IN_A_ROW }, (_none, column) => {
      const cell = svg("svg", { viewBox: "0 0 100 100" });
      const [ruling, model] = [svg("g"), svg("g", { class: row === 0 && column === 0 ? "print-model" : "print-faint" })];
      drawRuling(ruling, placement, slant);
      cell.append(ruling, model);
      if (row < TRACED) {
        drawModel(model, elements, placement);
      }
      return cell;
    }));
    return line;
  }));
}
