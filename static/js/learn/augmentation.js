/** Drawings changed as the same hand would change them: a few letters of one's own become enough to learn from. */

const [TURN, SHEAR, STRETCH, BEND, MOVE, GROW, WAVES] = [0.09, 0.12, 0.1, 0.07, 0.035, 0.06, 0.02];

/**
 * A drawing written once more: turned, slanted, stretched, bent, each stroke a little elsewhere and of another size.
 * All amounts are standard deviations: radians, shares, and parts of the drawing's longest side.
 * @param {number[][][]} strokes of points [x, y, …]
 * @param {import("../training/random.js").Random} random
 */
export function varied(strokes, random) {
  const { middle, side } = boxOf(strokes);
  const whole = affine(TURN * random.normal(), SHEAR * random.normal(), STRETCH * random.normal());
  const bends = Array.from({ length: 4 }, () => BEND * random.normal());
  return strokes.map((stroke) => {
    const unit = stroke.map(([x, y]) => [(x - middle[0]) / side, (y - middle[1]) / side]);
    const moved = movedStroke(unit, random);
    return moved.map((point) => bent(whole(point), bends)).map(([x, y]) => [255 * x, 255 * y]);
  });
}

function boxOf(strokes) {
  const points = strokes.flat();
  const [low, high] = [Math.min, Math.max].map((edge) => [0, 1].map((axis) => points.reduce((found, point) => edge(found, point[axis]), points[0][axis])));
  const side = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  return { middle: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2], side };
}

/** Turn, shear and stretch about the middle. */
function affine(turn, shear, stretch) {
  const [cosine, sine, wide] = [Math.cos(turn), Math.sin(turn), Math.exp(stretch)];
  return ([x, y]) => {
    const [across, down] = [wide * (x - shear * y), y / wide];
    return [cosine * across - sine * down, sine * across + cosine * down];
  };
}

/** Smooth curvature of the whole: as training/datasets/synthesis/hand.py bends its letters. */
function bent([x, y], [a, b, c, d]) {
  return [x + a * 4 * y * y + b * 4 * x * y, y + c * 4 * x * x + d * 4 * x * y];
}

/** One stroke shifted, sized about its own middle, and waved along its way. */
function movedStroke(stroke, random) {
  const place = [0, 1].map((axis) => stroke.reduce((sum, point) => sum + point[axis], 0) / stroke.length);
  const shift = [MOVE * random.normal(), MOVE * random.normal()];
  const size = [Math.exp(GROW * random.normal()), Math.exp(GROW * random.normal())];
  const waves = [1, 2, 3].map((count) => ({ count, x: WAVES * random.normal(), y: WAVES * random.normal(), phase: random.uniform() }));
  const last = Math.max(stroke.length - 1, 1);
  return stroke.map((point, number) => {
    const wave = (axis) => waves.reduce((sum, each) => sum + each[axis] * Math.sin(Math.PI * (each.count * (number / last) + each.phase)), 0);
    return [
      place[0] + size[0] * (point[0] - place[0]) + shift[0] + wave("x"),
      place[1] + size[1] * (point[1] - place[1]) + shift[1] + wave("y"),
    ];
  });
}
