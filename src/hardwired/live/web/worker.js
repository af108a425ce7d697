// One interpreter in a worker of its own: it fetches the parts that a cell wants, runs the cell, and
// hands out what it shows. A cell that never ends is ended with the worker.
import { Exit, Folder, wasi } from "./wasi.js";

const MOST_TEXT = 100_000; // signs of one cell
const START = `
import sys
for module in list(sys.modules.values()):
    if getattr(module, "__path__", None):
        module.__path__ = [path.replace(sys.path[0], "/lib") for path in module.__path__]
sys.path[:] = ["/lib"]
sys.path_importer_cache.clear()
import json, _host
from hardwired.live import kernel
kernel.start(_host.call, **json.loads(_host.call(b'{"starting": true}')))
`;
const SERVE = "import _host; from hardwired.live import kernel; kernel.serve(_host.call)";
const encode = new TextEncoder(), decode = new TextDecoder();
const root = new Folder(), had = new Map();
let base, starts, shelf, manifest, python, cell, ended, seen, cut, starting;
let got = 0, wanted = 0, told = 0;

const say = (what) => postMessage(what);
const show = (what) => say({ say: "shown", ...what });
for (const name of ["home", "tmp"]) root.inside.set(name, new Folder());

const progress = (size) => {
  got += size;
  if (performance.now() - told < 100 && got < wanted) return;
  told = performance.now();
  say({ say: "loading", got, wanted });
};

// What was fetched once is kept by its name, which changes with its bytes; other names are cleared.
const opened = async () => {
  try {
    return await caches.open("hardwired-live");
  } catch {
    return null; // storage is refused, or the page is served without a secure connection
  }
};
const clear = async (files) => {
  const folder = new URL("../", base).href, kept = new Set(files.map((file) => new URL(file, base).href));
  for (const { url } of await shelf.keys()) if (url.startsWith(folder) && !kept.has(url)) await shelf.delete(url);
};
const put = (url, answer) => {
  if (shelf) shelf.put(url, answer).catch(() => {});
};
const lacks = (file, status) =>
  new Error(status === 404
    ? "This page is of an older edition: load it again; your work is kept."
    : `${file}: ${status}`);

// Fetch a file and give what `use` makes of it. It is kept when it was of use; if it was not, what is
// kept of it goes, and it is fetched once more, past every cache.
const fetched = async (file, use, again) => {
  const url = new URL(file, base), kept = again ? undefined : await shelf?.match(url);
  const answer = kept ?? (await fetch(url, { cache: again ? "reload" : "force-cache" }));
  if (!answer.ok) throw lacks(file, answer.status);
  const copy = kept || !shelf ? undefined : answer.clone();
  try {
    const made = await use(answer);
    if (copy) put(url, copy);
    return made;
  } catch (problem) {
    copy?.body.cancel().catch(() => {});
    if (again) throw problem;
    await shelf?.delete(url);
    return fetched(file, use, true);
  }
};

const unpacked = ({ file, size }, use) => {
  wanted += size;
  let had = 0;
  return fetched(file, (answer) => {
    got -= had;
    had = 0;
    const count = new TransformStream({
      transform(chunk, sink) {
        had += chunk.length;
        progress(chunk.length);
        sink.enqueue(chunk);
      },
    });
    return use(answer.body.pipeThrough(count).pipeThrough(new DecompressionStream("gzip")));
  });
};

const store = (data) => {
  const size = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const list = JSON.parse(decode.decode(data.subarray(4, 4 + size)));
  let at = 4 + size;
  for (let k = 0; k < list.length; k += 2) {
    root.put(`lib/${list[k]}`, data.subarray(at, (at += list[k + 1])));
  }
};

const fetchPart = (name) => {
  if (!had.has(name)) {
    const coming = unpacked(manifest.parts[name], async (stream) => store(new Uint8Array(await new Response(stream).arrayBuffer())));
    had.set(name, coming);
    coming.catch(() => had.delete(name));
  }
  return had.get(name);
};

// What nobody saw coming is fetched while Python waits; it comes packed, Python unpacks it, and then
// it is kept.
let waiting;
const fetchNow = (name, again) => {
  if (had.has(name)) return new Uint8Array();
  const { file, size } = manifest.parts[name];
  wanted += size;
  progress(0);
  const request = new XMLHttpRequest();
  request.open("GET", new URL(file, base), false);
  if (again) request.setRequestHeader("Cache-Control", "no-cache");
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw lacks(file, request.status);
  progress(size);
  waiting = { name, url: request.responseURL, answer: new Response(request.response.slice(0)) };
  return new Uint8Array(request.response);
};
const came = (request) => {
  store(request.slice(request.indexOf(0, 1) + 1));
  had.set(waiting.name, Promise.resolve());
  put(waiting.url, waiting.answer);
};

const hinted = (source) => {
  const words = new Set(source.match(/[A-Za-z_]\w*/g));
  return [...new Set(Object.entries(manifest.hints).flatMap(([word, parts]) => (words.has(word) ? parts : [])))];
};

const answer = (request) => {
  if (request[0] === 0) {
    came(request);
    return "";
  }
  const asked = JSON.parse(decode.decode(request.slice()));
  if (asked.starting) return JSON.stringify({ tops: manifest.tops, left_out: manifest.left_out, starts });
  if (asked.cell) return JSON.stringify(cell);
  if (asked.fetch) return fetchNow(asked.fetch, asked.again);
  if ("ended" in asked) ended = asked.ended;
  else show(asked);
  return "";
};

const streams = { 1: new TextDecoder(), 2: new TextDecoder() };
const write = (fd, bytes) => {
  let text = streams[fd].decode(bytes, { stream: true });
  seen += text.length;
  if (seen > MOST_TEXT) {
    const room = Math.max(0, text.length - (seen - MOST_TEXT));
    cut += text.length - room;
    text = text.slice(0, room);
  }
  if (text) show({ show: "stream", name: fd === 1 ? "said" : "warned", text });
};

const call = (at, size, to, toSize) => {
  const memory = () => python.memory.buffer;
  let said;
  try {
    said = answer(new Uint8Array(memory(), at >>> 0, size >>> 0));
  } catch (problem) {
    say({ say: "trouble", why: String(problem.message ?? problem) });
    return -2;
  }
  const bytes = typeof said === "string" ? encode.encode(said) : said;
  const place = python.host_alloc(bytes.length) >>> 0;
  if (!place) return -2;
  new Uint8Array(memory(), place, bytes.length).set(bytes);
  new DataView(memory()).setUint32(to >>> 0, place, true);
  new DataView(memory()).setUint32(toSize >>> 0, bytes.length, true);
  return 0;
};

const turn = (source) => {
  const bytes = encode.encode(source);
  const place = python.host_alloc(bytes.length) >>> 0;
  new Uint8Array(python.memory.buffer, place, bytes.length).set(bytes);
  return python.turn(place, bytes.length);
};

const headers = { "Content-Type": "application/wasm" };
const compiled = () =>
  unpacked(manifest.interpreter, (stream) => WebAssembly.compileStreaming(new Response(stream, { headers })));

const start = async (asked) => {
  ({ base, starts } = asked);
  shelf = await opened();
  manifest = await fetched(asked.manifest, (answer) => answer.json());
  const files = [manifest.interpreter, ...Object.values(manifest.parts)].map((part) => part.file);
  if (shelf) clear([asked.manifest, ...files]).catch(() => {});
  const parts = ["standard", ...hinted(asked.source ?? "")];
  const [module] = await Promise.all([asked.module ?? compiled(), ...parts.map(fetchPart)]);
  const system = wasi({
    root,
    args: ["/usr/local/bin/python.wasm"],
    env: { HOME: "/home", TMPDIR: "/tmp", PYTHONTZPATH: "" },
    memory: () => python.memory,
    write,
  });
  const imports = { wasi_snapshot_preview1: system, host: { call } };
  python = (await WebAssembly.instantiate(module, imports)).exports;
  [seen, cut] = [0, 0];
  if (turn(START)) throw new Error("Python did not start");
  say({ say: "ready", module, versions: manifest.versions, megabytes: python.memory.buffer.byteLength >> 20 });
};

const run = async (asked) => {
  await starting;
  await Promise.all(hinted(asked.source).map(fetchPart));
  [cell, ended, seen, cut] = [{ source: asked.source, name: asked.name }, undefined, 0, 0];
  say({ say: "running" });
  const from = performance.now();
  turn(SERVE);
  if (cut) show({ show: "note", text: `${cut.toLocaleString("en")} more signs of text are cut.` });
  const seconds = (performance.now() - from) / 1000;
  say({ say: "done", well: ended === true, seconds, megabytes: python.memory.buffer.byteLength >> 20 });
};

const died = (problem) => {
  const why = problem instanceof Exit ? problem.message : String(problem?.message ?? problem);
  say({ say: "died", why, loading: !python });
};

onmessage = ({ data }) => {
  if (data.do === "start") (starting = start(data)).catch(died);
  else if (data.do === "run") starting.then(() => run(data)).catch((problem) => python && died(problem));
  else if (data.do === "put") root.put(`home/${data.name}`, data.bytes);
  else if (data.do === "get") {
    const file = root.find(`home/${data.name}`);
    say({ say: "file", name: data.name, bytes: file?.data ? file.data.slice(0, file.size) : null });
  }
};
