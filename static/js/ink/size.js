/** Ink that is too little to be read. The twin of `is_dot` in recognizer/core/ink/size.py. */

const MIN_SIZE = 1e-9; // a drawing no larger than this is a dot

/** Whether all points of a drawing are one. */
export function isDot(strokes) {
  const points = strokes.flat();
  return [0, 1].every((axis) => {
    const values = points.map((point) => point[axis]);
    return values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity) <= MIN_SIZE;
  });
}
