/** Makes a canvas a sheet of paper: what is on the sheet is painted, and mouse, finger, pen and keyboard write on it. */

import { KeyboardPen } from "./keyboard_pen.js";
import { Painter } from "./painter.js";
import { PointerPen } from "./pointer_pen.js";
import { Tools } from "./tools.js";

/** Begin; returns the tools, of which the eraser can be taken up. */
export function writeOn(canvas, sheet) {
  const painter = new Painter(canvas, sheet);
  const tools = new Tools(sheet);
  new PointerPen(canvas, { sheet, tools, painter });
  new KeyboardPen(canvas, { sheet, tools, painter });
  return tools;
}
