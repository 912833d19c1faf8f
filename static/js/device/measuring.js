/** The way of a device through its jobs: ask, fetch, measure, keep the result until the server has it. */

import { sha256 } from "../network/sha256.js";
import { newId } from "./memory.js";
import { RefusedError } from "./site.js";

const WAIT = 3000; // milliseconds until it is asked again whether what a job needs is made

/** The job was taken away, or is wanted no longer. */
class StoppedError extends Error {}

export class Measuring {
  #site;
  #memory;
  #view;
  #addresses;
  #files = new Map(); // of the last jobs by SHA-256: most have the same images

  /** `addresses`: {worker, kernel}. */
  constructor(site, memory, view, addresses) {
    this.#site = site;
    this.#memory = memory;
    this.#view = view;
    this.#addresses = addresses;
  }

  /** Whether the clock runs. */
  isTiming = false;

  /** Do all jobs that there are; returns how many results the server has taken, and how many jobs came to nothing. */
  async run() {
    const count = { done: Number(await this.deliver()), failed: 0 };
    for (;;) {
      const { job, waiting } = await this.#site.post("next", {});
      if (job) {
        const isTaken = await this.#do(job);
        count[isTaken ? "done" : "failed"] += 1;
      } else if (waiting) {
        this.#view.say("preparing");
        await new Promise((resolve) => setTimeout(resolve, WAIT));
      } else {
        return count;
      }
    }
  }

  /** Hand in what an earlier visit has measured. True: the server has taken it. */
  async deliver() {
    const kept = this.#memory.result;
    if (!kept) {
      return false;
    }
    let isTaken = true;
    try {
      await this.#site.post(`jobs/${kept.job}/result`, kept.delivery);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status === 401) {
        throw error; // another token will do
      }
      isTaken = false; // it is not wanted any more, or makes no sense there
    }
    this.#memory.result = null;
    return isTaken;
  }

  async #do(job) {
    this.#view.show(job, 0);
    try {
      const files = await this.#fetched(job);
      const { clock_seconds, isolated, hidden, ...measured } = await this.#measured(job, files);
      const environment = { clock_seconds, isolated, hidden };
      const result = { model_sha256: job.model.sha256, inputs_sha256: job.inputs.sha256, ...measured, environment };
      this.#memory.result = { job: job.id, delivery: { id: newId(), attempt: job.attempt, result } };
    } catch (error) {
      return this.#giveUp(job, error);
    }
    return this.deliver();
  }

  async #giveUp(job, error) {
    if (error instanceof RefusedError && error.status === 401) {
      throw error;
    }
    console.warn(error);
    const outcome = error instanceof StoppedError ? "stopped" : "failed";
    await this.#site.tell(`jobs/${job.id}/end`, { attempt: job.attempt, outcome, why: "" });
    return false;
  }

  /** The model's file and the images, each believed only if its bytes are the job's. */
  async #fetched({ model, inputs }) {
    const wanted = [model.sha256, inputs.sha256];
    for (const digest of this.#files.keys()) {
      if (!wanted.includes(digest)) {
        this.#files.delete(digest);
      }
    }
    for (const digest of wanted) {
      if (!this.#files.has(digest)) {
        const bytes = await this.#site.file(digest);
        if ((await sha256(bytes)) !== digest) {
          throw new Error(`The file ${digest} did not come as it is on the server.`);
        }
        this.#files.set(digest, bytes);
      }
    }
    return wanted.map((digest) => this.#files.get(digest));
  }

  /** What the worker measures, and whether the page was in the background meanwhile. */
  async #measured(job, [model, images]) {
    const worker = new Worker(this.#addresses.worker, { type: "module" });
    let hidden = document.hidden;
    const note = () => {
      hidden ||= document.hidden;
    };
    document.addEventListener("visibilitychange", note);
    let progress = 0;
    let stop = () => {};
    const beat = async () => {
      const answer = await this.#site.tell(`jobs/${job.id}/beat`, { attempt: job.attempt, progress });
      return answer?.go_on === false && stop(new StoppedError("The job is wanted no longer."));
    };
    const beating = setInterval(beat, 1000 * job.heartbeat_seconds);
    this.isTiming = true;
    try {
      const measured = await new Promise((resolve, reject) => {
        stop = reject;
        worker.addEventListener("error", (event) => reject(new Error(event.message || "The worker did not start.")));
        worker.addEventListener("message", ({ data }) => {
          if (data.repeat) {
            progress = data.repeat / job.workload.repeats;
            this.#view.show(job, data.repeat);
          } else {
            data.result ? resolve(data.result) : reject(new Error(data.error));
          }
        });
        worker.postMessage({ workload: job.workload, model, images, kernelUrl: this.#addresses.kernel });
      });
      return { ...measured, hidden };
    } finally {
      this.isTiming = false;
      clearInterval(beating);
      document.removeEventListener("visibilitychange", note);
      worker.terminate();
    }
  }
}
