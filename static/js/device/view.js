/** What the page says of its own measuring. */

export class DeviceView {
  #page;
  #texts;

  /** `texts`: sentences in the page's language by what happens. */
  constructor(page, texts) {
    this.#page = page;
    this.#texts = texts;
  }

  /** It was tapped. */
  begin() {
    this.#state("measuring");
    this.#part("start").hidden = true;
    this.#part("refusal").hidden = true;
    this.#part("end").hidden = true;
    this.#part("work").hidden = false;
    this.say("entering");
  }

  /** Who this device is. */
  name(name, url) {
    const link = this.#part("name");
    [link.textContent, link.href] = [name, url];
    this.#part("named").hidden = false;
  }

  /** Something that takes a moment. */
  say(what) {
    this.#part("words").textContent = this.#texts[what];
    this.#part("bar").removeAttribute("value");
  }

  /** A job, and how many of its repeats are done. */
  show({ model, workload }, done) {
    const kind = this.#texts[workload.backend];
    this.#part("words").textContent = `${kind}, ${workload.precision}: ${model.name}`;
    this.#part("bar").value = done / workload.repeats;
  }

  /** The server has gone away, or come back. */
  away(isAway) {
    this.#part("away").hidden = !isAway;
  }

  /** There is nothing more to do: {done, failed}. */
  end({ done, failed }) {
    this.#state("done");
    this.#part("work").hidden = true;
    const end = this.#part("end");
    [end.textContent, end.hidden] = [this.#texts[failed ? "failed" : done ? "ready" : "nothing"], false];
    this.#offer("again");
  }

  /** It was refused: why, or "" where something broke. */
  refused(why) {
    this.#state("refused");
    this.#part("work").hidden = true;
    const refusal = this.#part("refusal");
    [refusal.textContent, refusal.hidden] = [why || this.#texts.broken, false];
    this.#offer("start");
  }

  #offer(words) {
    const button = this.#part("start");
    [button.textContent, button.hidden] = [this.#texts[words], false];
  }

  #state(state) {
    this.#page.dataset.state = state;
  }

  #part(name) {
    return this.#page.querySelector(`[data-part=${name}]`);
  }
}
