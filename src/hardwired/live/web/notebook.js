// An exercise as a notebook in the page: edit, run, keep in this browser, open, save, erase.
import { editor, make, output, words } from "./cell.js";
import { Python, Stopped, lacks } from "./python.js";

const main = document.querySelector("main[data-slug]");
const { slug } = main.dataset, version = Number(main.dataset.version);
const list = main.querySelector(".hw-cells"), bar = main.querySelector(".hw-bar");
const said = main.querySelector(".hw-status"), note = main.querySelector(".hw-note");
const KEY = `hardwired-exercise-${slug}-${version}`;
const written = new Map([...list.children].map((part) => [part.dataset.id, part]));
const text = (source) => (Array.isArray(source) ? source.join("") : source ?? "");
const plural = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
const refusal = () =>
  tell("This browser refuses to keep your work: save it as a file before you leave the page.");

let original, notebook, files = {}, before = null, parts = [], running = false, halted = false;
const tell = (sentence) => (note.textContent = sentence);
const python = new Python((what) => {
  said.textContent = words(what);
  main.dataset.state = what.state;
  const shown = Object.entries(python.versions).map((pair) => pair.join(" "));
  if (shown.length) main.querySelector(".hw-versions").textContent = `Runs with ${shown.join(", ")}.`;
});

// What the reader has typed lies in this browser alone, under the exercise and its version.
// What was erased can be had back while the page is open, and is kept nowhere.
let waiting;
const keep = () => {
  clearTimeout(waiting);
  waiting = undefined;
  try {
    localStorage.setItem(KEY, JSON.stringify({ notebook, files, before: before?.erased ? null : before }));
  } catch {
    refusal();
  }
};
const keepSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 300);
};
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    refusal();
    return null;
  }
};

const blank = (source) => {
  const copy = structuredClone(source);
  for (const cell of copy.cells) {
    cell.source = text(cell.source);
    if (cell.cell_type === "code") [cell.outputs, cell.execution_count] = [[], null];
  }
  return copy;
};
const button = (name, label, press) => {
  const made = make("button", { type: "button" }, name);
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
};

const codeCell = (cell, number, given) => {
  const name = String(number), locked = cell.metadata?.editable === false;
  const part = { cell, name, given: text(given?.source ?? cell.source) };
  const area = editor(cell.source, `Code of cell ${name}${locked ? ", which belongs to the exercise" : ""}`, {
    locked,
    run: () => runThese([part]),
    changed: (value) => {
      cell.source = value;
      part.section.classList.add("hw-changed");
      keepSoon();
    },
  });
  const box = make("div", { className: "hw-output" });
  const buttons = make("div", { className: "hw-buttons" },
    make("span", { className: "hw-name" }, `Cell ${name}`),
    button("Run", `Run cell ${name}`, () => runThese([part])),
    button("Run to here", `Run all cells to cell ${name}`, () => runThese(parts.slice(0, parts.indexOf(part) + 1))));
  if (!locked) {
    buttons.append(button("Put back", `Put cell ${name} back as it was given`, () => {
      area.value = cell.source = part.given;
      area.fit();
      part.section.classList.remove("hw-changed");
      keep();
      area.focus();
    }));
  }
  part.box = box;
  part.output = output(box);
  part.section = make("section", { className: "hw-cell hw-code" }, buttons, area, box);
  part.section.setAttribute("aria-label", `Cell ${name}`);
  parts.push(part);
  return part.section;
};

const proseCell = (cell, given) => {
  const question = cell.metadata?.hardwired?.question;
  if (question) {
    const area = editor(cell.source, `Your answer to ${question}`, {
      prose: true,
      changed: (value) => {
        cell.source = value;
        keepSoon();
      },
    });
    return make("section", { className: "hw-cell" }, make("p", { className: "hw-name" }, `Your answer to ${question}`), area);
  }
  const ready = given && text(given.source) === cell.source && written.get(cell.id);
  return ready ? ready.cloneNode(true) : make("section", { className: "hw-cell hw-plain-text" }, cell.source);
};

const draw = () => {
  const givens = new Map(original.cells.map((cell) => [cell.id, cell]));
  let number = 0;
  parts = [];
  list.replaceChildren(...notebook.cells.map((cell) => {
    const given = givens.get(cell.id);
    return cell.cell_type === "code" ? codeCell(cell, ++number, given) : proseCell(cell, given);
  }));
  for (const part of parts) if (part.cell.source !== part.given) part.section.classList.add("hw-changed");
  back.hidden = !before;
};

const runThese = async (chosen) => {
  if (running) return tell("A cell is running: wait for it, or stop it.");
  [running, halted] = [true, false];
  for (const [name, content] of Object.entries(files)) python.put(name, new TextEncoder().encode(content));
  main.setAttribute("aria-busy", "true");
  tell("");
  let failed = null, ran = 0;
  const from = performance.now();
  try {
    await python.start(chosen.map((part) => part.cell.source).join("\n"));
    for (const part of chosen) {
      if (halted) break;
      part.output.clear();
      part.section.classList.add("hw-running");
      try {
        const { well, megabytes } = await python.run(part.cell.source, part.name, part.output.show);
        main.dataset.megabytes = megabytes;
        ran++;
        if (!well) failed ??= part;
        if (!well && part.cell.metadata?.hardwired?.role) break; // nothing below can run without it
      } finally {
        part.section.classList.remove("hw-running");
      }
    }
  } catch (problem) {
    if (!(problem instanceof Stopped)) {
      tell("Python could not go on. Your work is kept; run a cell to start it again.");
    }
  } finally {
    running = false;
    main.removeAttribute("aria-busy");
    main.dataset.runs = 1 + Number(main.dataset.runs ?? 0);
  }
  if (chosen.length < 2 || !ran) return;
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  tell(`${plural(ran, "cell")} run in ${seconds} s.${failed ? ` Cell ${failed.name} failed and says why.` : ""}`);
};

const stop = () => {
  halted = true;
  python.stop();
};

// A file as it was given out, or as it was saved here; or an instructor's data beside it.
const open = async (chosen) => {
  const sentences = [];
  for (const file of chosen) {
    let blob;
    try {
      blob = JSON.parse(await file.text());
    } catch {
      sentences.push(`${file.name} is no notebook and no data file; choose the .ipynb (and the .json beside it) that you were given.`);
      continue;
    }
    if (blob && "student" in blob && "data" in blob) {
      files[file.name] = JSON.stringify(blob);
      sentences.push(`${file.name} lies beside the notebook now.`);
      continue;
    }
    const whose = blob?.metadata?.hardwired;
    if (!Array.isArray(blob?.cells) || !whose?.slug) {
      sentences.push(`${file.name} is no notebook of this book; your work is as it was.`);
    } else if (whose.slug !== slug) {
      sentences.push(`${file.name} belongs to the exercise ${whose.slug}: open it on that page; your work here is as it was.`);
    } else {
      before = { notebook, files: { ...files } };
      notebook = blank(blob);
      sentences.push(`${file.name} is open; what was here before is kept.`);
      if (whose.version > version) sentences.push(`It is of version ${whose.version}, and this page of version ${version}: take the newer page if there is one.`);
      draw();
    }
  }
  const asked = notebook.cells.map((cell) => cell.source.match(/load\("([^"]+)", STUDENT\)/)?.[1]).find(Boolean);
  if (asked && !files[asked]) sentences.push(`It reads ${asked}: open that file too.`);
  tell(sentences.join(" "));
  keep();
};

const save = () => {
  const whole = `${JSON.stringify(notebook, null, 1)}\n`;
  const link = make("a", { download: `${slug}.ipynb` });
  link.href = URL.createObjectURL(new Blob([whole], { type: "application/x-ipynb+json" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  const open = parts.filter((part) => part.cell.source.includes("raise NotImplementedError")).length;
  tell(`${slug}.ipynb is saved: hand in that file.${open ? ` ${plural(open, "answer")} still to be written.` : ""}`);
};

const replace = (next, sentence) => {
  before = { notebook, files };
  ({ notebook, files } = structuredClone(next));
  stop();
  draw();
  tell(sentence);
};

const chooser = make("input", { type: "file", accept: ".ipynb,.json", multiple: true, hidden: true });
chooser.addEventListener("change", async () => {
  await open(chooser.files);
  chooser.value = "";
});
const back = button("Back to my earlier work", "", () => {
  replace(before, "This is what was here before.");
  keep();
});
const erase = button("Erase my work", "", () => {
  replace({ notebook: blank(original), files: {} }, "Your work is erased from this browser; until you leave the page you can go back to it.");
  before.erased = true;
  clearTimeout(waiting);
  waiting = undefined;
  try {
    localStorage.removeItem(KEY);
  } catch {
    refusal();
  }
});

const begin = async () => {
  const answer = await fetch(`${slug}.ipynb`);
  if (!answer.ok) throw new Error(answer.status);
  original = await answer.json();
  const found = kept();
  notebook = blank(found?.notebook ?? original);
  files = found?.files ?? {};
  before = found?.before ?? null;
  bar.append(
    button("Run all", "", () => runThese(parts)),
    button("Stop", "", stop),
    button("Start again", "Start again: end Python and forget its names", () => {
      stop();
      for (const part of parts) part.output.clear();
      python.start(notebook.cells.map((cell) => cell.source).join("\n")).then(
        () => (said.textContent = "Ready"), () => {});
    }),
    button("Open a notebook", "", () => chooser.click()), chooser,
    button("Save for handing in", "", save), erase, back);
  draw();
  said.textContent = found ? "Your work of last time is here. Python is loaded when you run a cell." : "Python is loaded when you run a cell.";
  addEventListener("pagehide", () => waiting && keep());
};

const lacking = lacks();
if (lacking) said.textContent = lacking;
else begin().catch(() => (said.textContent = `The notebook did not load: try again, or download it (the link is above).`));
