/** A picture that was opened, as it lies on the sheet. */

const SAMPLE = 32; // pixels; to see whether a picture is dark or light, as many in a row are enough
const papers = new WeakMap();

/** The paper under a picture with transparency, which its ink must stand out from; null where it has none. */
function paperUnder(bitmap) {
  const context = Object.assign(document.createElement("canvas"), { width: SAMPLE, height: SAMPLE }).getContext("2d");
  context.drawImage(bitmap, 0, 0, SAMPLE, SAMPLE);
  const { data } = context.getImageData(0, 0, SAMPLE, SAMPLE);
  let [light, opaque] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    light += data[i + 3] * (data[i] + data[i + 1] + data[i + 2]);
    opaque += data[i + 3];
  }
  const all = 255 * SAMPLE * SAMPLE;
  return opaque === all ? null : light > (opaque * 3 * 255) / 2 ? "black" : "white";
}

function paperOf(bitmap) {
  if (!papers.has(bitmap)) {
    papers.set(bitmap, paperUnder(bitmap));
  }
  return papers.get(bitmap);
}

/** Paint the whole picture in the middle of a context that measures in sides; null: the browser cannot show it. */
export function paintPicture(context, bitmap) {
  if (!bitmap) {
    return;
  }
  const scale = 1 / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const place = [(1 - width) / 2, (1 - height) / 2, width, height];
  const paper = paperOf(bitmap);
  if (paper) {
    context.fillStyle = paper;
    context.fillRect(...place);
  }
  context.drawImage(bitmap, ...place);
}
