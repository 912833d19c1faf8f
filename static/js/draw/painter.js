/** Paints a sheet on its canvas, one canvas pixel to one pixel of the screen. */

const PEN = 0.032; // of the side
const CROSS = 0.025;

/** A smooth line through the points: quadratic curves from middle to middle. */
function pathOf(stroke) {
  const path = new Path2D();
  path.moveTo(stroke[0][0], stroke[0][1]);
  for (let i = 1; i < stroke.length - 1; i += 1) {
    const [x, y] = stroke[i];
    const [nextX, nextY] = stroke[i + 1];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.lineTo(stroke.at(-1)[0], stroke.at(-1)[1]); // a lone point becomes a dot by its round caps
  return path;
}

export class Painter {
  #canvas;
  #context;
  #sheet;
  #frame = 0;
  #cursor = null;
  #paths = new WeakMap();

  constructor(canvas, sheet) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#sheet = sheet;
    sheet.addEventListener("ink", () => this.repaint());
    sheet.addEventListener("change", () => this.repaint());
    document.addEventListener("themechange", () => this.repaint());
    this.#followSize();
  }

  /** Show where the keyboard's pen is: {x, y, isDown}, or null for nowhere. */
  showCursor(cursor) {
    this.#cursor = cursor;
    this.repaint();
  }

  /** Paint with the next frame. */
  repaint() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** Canvas pixels follow the size on the page, the zoom and the density of the screen. */
  #followSize() {
    const observer = new ResizeObserver(([entry]) => {
      const wanted = Math.round(entry.contentRect.width * devicePixelRatio);
      const exact = entry.devicePixelContentBoxSize?.[0].inlineSize;
      this.#resize(Math.abs(exact - wanted) <= 1 ? exact : wanted); // an emulated density is not in the exact size
    });
    try {
      observer.observe(this.#canvas, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(this.#canvas); // Safari has no device pixel box
    }
    this.#followDensity();
  }

  /** Moving the window to another screen changes the density and not always the size. */
  #followDensity() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        this.#resize(Math.round(this.#canvas.clientWidth * devicePixelRatio));
        this.#followDensity();
      },
      { once: true },
    );
  }

  #resize(pixels) {
    if (pixels > 0 && this.#canvas.width !== pixels) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
      this.#paint(); // at once: a canvas that was resized is blank
    }
  }

  #paint() {
    const context = this.#context;
    const side = this.#canvas.width;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    context.scale(side, side);
    if (this.#sheet.picture) {
      this.#paintPicture(this.#sheet.picture.bitmap);
    }
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    const strokes = this.#sheet.strokes;
    strokes.forEach((stroke, index) => {
      const inWork = this.#sheet.isDrawing && index === strokes.length - 1;
      context.stroke(inWork ? pathOf(stroke) : this.#finishedPath(stroke));
    });
    this.#paintCursor();
  }

  #finishedPath(stroke) {
    if (!this.#paths.has(stroke)) {
      this.#paths.set(stroke, pathOf(stroke));
    }
    return this.#paths.get(stroke);
  }

  /** The whole picture, in the middle. */
  #paintPicture(bitmap) {
    if (!bitmap) {
      return;
    }
    const scale = 1 / Math.max(bitmap.width, bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    this.#context.drawImage(bitmap, (1 - width) / 2, (1 - height) / 2, width, height);
  }

  #paintCursor() {
    if (!this.#cursor) {
      return;
    }
    const { x, y, isDown } = this.#cursor;
    const context = this.#context;
    context.lineWidth = 1.5 / this.#canvas.clientWidth;
    context.beginPath();
    context.moveTo(x - CROSS, y);
    context.lineTo(x + CROSS, y);
    context.moveTo(x, y - CROSS);
    context.lineTo(x, y + CROSS);
    if (!isDown) {
      context.moveTo(x + PEN / 2, y);
      context.arc(x, y, PEN / 2, 0, 7);
    }
    context.stroke();
  }
}
