/** A Chart.js plugin for dots in rows: a line from the least to the most that was measured, and rows of dots apart. */

const APART = 7;
const CAP = 4;

export const intervals = {
  id: "intervals",

  /** Dots of one row would lie on each other: each series has a height of its own in it. */
  afterDatasetUpdate(chart, { index, meta }, { display }) {
    const middle = (chart.data.datasets.length - 1) / 2;
    for (const dot of display ? meta.data : []) {
      dot.y += (index - middle) * APART;
    }
  },

  beforeDatasetsDraw(chart, _arguments, { display }) {
    const { ctx, scales } = chart;
    for (const [index, { ranges = [], borderColor }] of display ? chart.data.datasets.entries() : []) {
      const { data } = chart.getDatasetMeta(index);
      ctx.save();
      ctx.strokeStyle = borderColor;
      ctx.lineWidth = 2;
      ctx.beginPath();
      for (const [row, range] of ranges.entries()) {
        if (range && chart.isDatasetVisible(index)) {
          const [low, high] = range.map((value) => scales.x.getPixelForValue(value));
          const { y } = data[row];
          ctx.moveTo(low, y);
          ctx.lineTo(high, y);
          for (const end of [low, high]) {
            ctx.moveTo(end, y - CAP);
            ctx.lineTo(end, y + CAP);
          }
        }
      }
      ctx.stroke();
      ctx.restore();
    }
  },
};
