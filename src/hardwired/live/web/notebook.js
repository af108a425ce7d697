// An exercise as a notebook in the page: edit, run, keep in this browser, open, save, erase.
import { different, editor, make, output, words, write } from "./cell.js";
import { MOST, Kept, beside, carried, changed, equal } from "./kept.js";
import { Python, Stopped, lacks } from "./python.js";

const main = document.querySelector("main[data-slug]");
const { slug } = main.dataset, version = Number(main.dataset.version);
const list = main.querySelector(".hw-cells"), bar = main.querySelector(".hw-bar");
const said = main.querySelector(".hw-status"), note = main.querySelector(".hw-note");
const text = (source) => (Array.isArray(source) ? source.join("") : String(source ?? ""));
const plural = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
const refusal = () =>
  tell("This browser refuses to keep your work: save it as a file before you leave the page.");

let original, written = new Map(), kept, work, earlier = [], away = false, parts = [], running = false, halted = false;
const tell = (sentence) => (note.textContent = sentence);
const python = new Python((what) => {
  said.textContent = words(what);
  main.dataset.state = what.state;
  const shown = Object.entries(python.versions).map((pair) => pair.join(" "));
  if (shown.length) main.querySelector(".hw-versions").textContent = `Runs with ${shown.join(", ")}.`;
});

// What was erased can be had back while the page is open, and is kept nowhere. What another tab has
// kept is not written over: the reader chooses.
let waiting;
const keep = () => {
  clearTimeout(waiting);
  waiting = undefined;
  if (away || kept.elsewhere()) return elsewhere();
  kept.write(work, earlier.filter((one) => !one.erased));
};
const keepSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 300);
};

// A notebook as a work: without outputs, with its sources as they are now.
const fresh = (source, files = {}) => {
  const notebook = structuredClone(source);
  for (const cell of notebook.cells) {
    cell.source = text(cell.source);
    if (cell.cell_type === "code") [cell.outputs, cell.execution_count] = [[], null];
  }
  return { notebook, files, given: notebook.cells.map((cell) => cell.source) };
};
const button = (name, label, press) => {
  const made = make("button", { type: "button" }, name);
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
};

const codeCell = (cell, number, given) => {
  const name = String(number), locked = cell.metadata?.editable === false;
  const part = { cell, name, given };
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
      write(area, given);
      cell.source = given;
      part.section.classList.remove("hw-changed");
      keep();
    }));
  }
  part.box = box;
  part.output = output(box);
  part.section = make("section", { className: "hw-cell hw-code" }, buttons, area, box);
  part.section.setAttribute("aria-label", `Cell ${name}`);
  parts.push(part);
  return part.section;
};

const proseCell = (cell) => {
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
  const ready = written.get(cell.source);
  return ready ? ready.cloneNode(true) : make("section", { className: "hw-cell hw-plain-text" }, cell.source);
};

// An answer was given as the exercise has it, whichever file it lies in; the rest as it was opened.
const draw = () => {
  const answers = new Map(original.cells.map((cell) => [cell.metadata?.hardwired?.question, text(cell.source)]));
  let number = 0;
  parts = [];
  list.replaceChildren(...work.notebook.cells.map((cell, k) => {
    const { question } = cell.metadata?.hardwired ?? {};
    const given = (question && answers.get(question)) ?? work.given?.[k] ?? cell.source;
    return cell.cell_type === "code" ? codeCell(cell, ++number, given) : proseCell(cell);
  }));
  for (const part of parts) if (part.cell.source !== part.given) part.section.classList.add("hw-changed");
  earlier = earlier.filter((one) => !equal(one, work));
  back.hidden = !earlier.length;
};

const runThese = async (chosen) => {
  if (running) return tell("A cell is running: wait for it, or stop it.");
  [running, halted] = [true, false];
  for (const [name, content] of Object.entries(work.files)) python.put(name, new TextEncoder().encode(content));
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
  if (chosen.length < 2 || !ran || halted) return;
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  tell(`${plural(ran, "cell")} run in ${seconds} s.${failed ? ` Cell ${failed.name} failed and says why.` : ""}`);
};

const stop = () => {
  halted = true;
  python.stop();
};

const replace = (next) => {
  stop();
  python.files.clear();
  work = next;
  draw();
};

// A file as it was given out, or as it was saved here; or an instructor's data beside it.
const isNotebook = (blob) =>
  Array.isArray(blob.cells) && blob.cells.every((cell) => cell?.cell_type) && blob.metadata?.hardwired?.slug;
const reads = ({ cells }) => cells.map((cell) => text(cell.source).match(/load\("([^"]+)", STUDENT\)/)?.[1]).find(Boolean);
const open = async (chosen) => {
  const sentences = [];
  for (const file of chosen) {
    let blob;
    try {
      blob = Object(JSON.parse(await file.text()));
    } catch {
      sentences.push(`${file.name} is no notebook and no data file; choose the .ipynb (and the .json beside it) that you were given.`);
      continue;
    }
    const whose = blob.metadata?.hardwired, { version } = original.metadata.hardwired;
    if ("student" in blob && "data" in blob) {
      work.files[file.name] = JSON.stringify(blob);
      sentences.push(`${file.name} lies beside the notebook now.`);
    } else if (!isNotebook(blob)) {
      sentences.push(`${file.name} is no notebook of this book; your work is as it was.`);
    } else if (whose.slug !== slug) {
      sentences.push(`${file.name} belongs to the exercise ${whose.slug}: open it on that page; your work here is as it was.`);
    } else {
      const had = changed(work);
      if (had && earlier.length === MOST) sentences.push(`Of your earlier works the page keeps ${MOST}: the oldest is gone.`);
      earlier = beside(earlier, work);
      const wanted = reads(blob);
      replace(fresh(blob, wanted in work.files ? { [wanted]: work.files[wanted] } : {}));
      sentences.push(`${file.name} is open${had ? "; what was here before is kept" : ""}.`);
      if (whose.version > version) sentences.push(`It is of version ${whose.version}, and this page of version ${version}: take the newer page if there is one.`);
    }
  }
  const asked = reads(work.notebook);
  if (asked && !work.files[asked]) sentences.push(`It reads ${asked}: open that file too.`);
  tell(sentences.join(" "));
  keep();
};

const save = () => {
  const whole = `${JSON.stringify(work.notebook, null, 1)}\n`;
  const link = make("a", { download: `${slug}.ipynb` });
  link.href = URL.createObjectURL(new Blob([whole], { type: "application/x-ipynb+json" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  const { cells } = work.notebook;
  const open = cells.filter(({ source, metadata }) => metadata?.hardwired?.question && /raise NotImplementedError|^\s*$|^\*Write your answer here,/.test(source)).length;
  const nameless = cells.some((cell) => /^STUDENT = (""|'')/m.test(cell.source));
  tell([
    `${slug}.ipynb is saved${open || nameless ? "." : ": hand in that file."}`,
    open ? `${plural(open, "answer")} still to be written.` : "",
    nameless ? "STUDENT is empty: write your identifier into the first cell before you hand in." : "",
  ].join(" ").trim());
};

const chooser = make("input", { type: "file", accept: ".ipynb,.json", multiple: true, hidden: true });
chooser.addEventListener("change", async () => {
  await open(chooser.files);
  chooser.value = "";
});
const back = button("Back to my earlier work", "", () => {
  const next = earlier.pop();
  earlier = [...beside([], work), ...earlier]; // pressed again and again, each comes once
  replace(structuredClone({ notebook: next.notebook, files: next.files, given: next.given }));
  tell("This is what was here before.");
  keep();
});
const erase = button("Erase my work", "", () => {
  earlier = beside(earlier, work).map((one) => ({ ...one, erased: true }));
  replace(fresh(original));
  tell("Your work is erased from this browser; until you leave the page you can go back to it.");
  clearTimeout(waiting);
  waiting = undefined;
  kept.erase();
  together();
});

const aside = make("div", { className: "hw-buttons", role: "status" });
const together = () => {
  away = false;
  aside.replaceChildren();
};
const choose = (theirs) => {
  const found = kept.load(), there = found && { notebook: found.notebook, files: found.files, given: found.given };
  together();
  earlier = [...earlier, theirs || !there ? work : there].reduce(beside, found?.earlier ?? []);
  if (theirs) replace(there ?? fresh(original));
  else draw();
  tell(theirs ? "This is the work of the other tab; what was here before is kept." : "What you type here is kept again.");
  keep();
  list.querySelector("textarea:not([readonly])")?.focus();
};
const elsewhere = () => {
  if (away) return;
  away = true;
  aside.replaceChildren(
    make("p", {}, "This exercise is open in another tab, and the work there is newer: what you type here is not kept until you choose."),
    button("Load the work of the other tab", "", () => choose(true)),
    button("Go on with the work here", "", () => choose(false)));
};

const given = async (cache) => {
  const answer = await fetch(`${slug}.ipynb`, { cache });
  if (!answer.ok) throw new Error(answer.status);
  original = await answer.json();
  return original.metadata.hardwired.version;
};
const begin = async () => {
  let there = await given("no-cache");
  if (there !== version) there = await given("reload");
  if (there === version) {
    const shown = new Map([...list.children].map((part) => [part.dataset.id, part]));
    written = new Map(original.cells.map((cell) => [text(cell.source), shown.get(cell.id)]));
  } else tell(`This page is of version ${version} of the exercise, and its notebook of version ${there}: load the page again.`);
  kept = new Kept(slug, there, refusal);
  const found = kept.load(), first = fresh(original);
  work = found ? { notebook: found.notebook, files: found.files ?? {}, given: found.given } : first;
  earlier = found ? found.earlier : kept.ofOthers().map((one) => carried(one, first)).reduce(beside, []);
  main.querySelector(".hw-desk").prepend(aside);
  main.querySelector(".hw-versions").before(`${different} `);
  bar.append(
    button("Run all", "", () => runThese(parts)),
    button("Stop", "", stop),
    button("Start again", "Start again: end Python and forget its names", () => {
      stop();
      for (const part of parts) part.output.clear();
      python.start(work.notebook.cells.map((cell) => cell.source).join("\n")).then(
        () => (said.textContent = "Ready"), () => {});
    }),
    button("Open a notebook", "", () => chooser.click()), chooser,
    button("Save for handing in", "", save), erase, back);
  draw();
  const start = found ? "Your work of last time is here. " : "";
  const past = !found && earlier.length ? "The exercise has changed since you worked on it: “Back to my earlier work” brings your answers. " : "";
  said.textContent = `${start}${past}Python is loaded when you run a cell.`;
  addEventListener("storage", ({ key }) => (key === null || key === kept.key()) && kept.elsewhere() && elsewhere());
  addEventListener("pagehide", () => waiting && keep());
  addEventListener("beforeunload", (event) => away && changed(work) && event.preventDefault());
};

const lacking = lacks();
if (lacking) said.textContent = lacking;
else begin().catch(() => (said.textContent = `The notebook did not load: try again, or download it (the link is above).`));
