// The one border to the interpreter: start, run a cell, put and get files, stop. Whatever Python is
// behind it, pages know nothing else of it.

const HERE = new URL("./", import.meta.url);
// A function with the new kind of exception handling, which the interpreter is compiled with.
const NEEDED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 31, 64, 0, 11, 11];

// Say in a sentence why Python cannot run in this page; "" if it can.
export const lacks = () => {
  if (location.protocol === "file:") {
    return "Python cannot run in a page that is opened from a disk: type “make serve” in the book’s folder, or download the notebook.";
  }
  const able = self.Worker && self.DecompressionStream && self.WebAssembly?.validate(new Uint8Array(NEEDED));
  return able
    ? ""
    : "This browser is too old for Python in the page (Chrome and Edge from 137, Firefox from 131 and Safari from 18.4 can): update it, or download the notebook.";
};

export class Stopped extends Error {}

export class Python {
  // `status` is told { state, got, wanted }; `state` is loading, running, done, failed or stopped.
  constructor(status = () => {}) {
    this.status = status;
    this.files = new Map();
    this.versions = {};
    this.starts = 0;
  }

  // Start it, if it does not run; `source` is all that will be run, so that parts come at once.
  start(source = "") {
    if (this.started) return this.started;
    this.worker = new Worker(new URL("worker.js", HERE), { type: "module", name: "Python" });
    this.started = new Promise((resolve, reject) => {
      this.ready = { resolve, reject };
    });
    this.started.catch(() => {});
    this.worker.onmessage = ({ data }) => this.heard(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.ended(new Error(event.message || "Python’s script did not load: load this page again, it may be of an older edition; your work is kept."));
    };
    this.tell({ state: "loading", got: 0, wanted: 0 });
    for (const [name, bytes] of this.files) this.worker.postMessage({ do: "put", name, bytes });
    this.worker.postMessage({ do: "start", base: HERE.href, manifest: "manifest.json", module: this.module, source, starts: ++this.starts });
    return this.started;
  }

  // Run a cell; `shown` is told each thing that it shows. Gives { well, seconds, megabytes }.
  async run(source, name, shown) {
    await this.start(source);
    return new Promise((resolve, reject) => {
      this.job = { resolve, reject, shown };
      this.worker.postMessage({ do: "run", source, name });
    });
  }

  put(name, bytes) {
    this.files.set(name, bytes);
    if (this.worker) this.worker.postMessage({ do: "put", name, bytes });
  }

  async get(name) {
    await this.start();
    return new Promise((resolve) => {
      this.reading = resolve;
      this.worker.postMessage({ do: "get", name });
    });
  }

  // End the interpreter with all its names; the next `run` starts a fresh one.
  stop() {
    if (this.worker) this.ended(new Stopped("stopped"));
  }

  ended(problem) {
    this.worker.terminate();
    const { ready, job } = this;
    this.worker = this.started = this.job = undefined;
    this.tell({ state: problem instanceof Stopped ? "stopped" : "failed", why: problem.message });
    ready.reject(problem);
    if (job) job.reject(problem);
  }

  tell(what) {
    this.status(what);
  }

  heard(data) {
    if (data.say === "loading") this.tell({ state: "loading", got: data.got, wanted: data.wanted });
    else if (data.say === "running") this.tell({ state: "running" });
    else if (data.say === "shown") this.job?.shown(data);
    else if (data.say === "trouble") this.job?.shown({ show: "note", text: `The page could not do what Python asked for. ${data.why}` });
    else if (data.say === "file") this.reading?.(data.bytes);
    else if (data.say === "ready") {
      [this.module, this.versions] = [data.module, data.versions];
      this.ready.resolve();
    } else if (data.say === "done") {
      const { job } = this;
      this.job = undefined;
      this.tell({ state: data.well ? "done" : "failed", seconds: data.seconds });
      job.resolve(data);
    } else if (data.say === "died") this.ended(new Error(data.why));
  }
}
