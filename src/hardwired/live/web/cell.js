// What an exercise and a chapter share: a plain text area that indents, and what a cell shows.

export const make = (tag, settings = {}, ...inside) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...inside);
  return node;
};

const insert = (area, text) => {
  // This command alone keeps the browser's own undo.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
};

// Replace all of a text as if it were typed, so that the browser's undo brings it back.
export const write = (area, text) => {
  area.focus();
  area.select();
  if (area.value !== text) insert(area, text);
  area.fit();
};

const indent = (area, back) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (start === end && !back) return insert(area, " ".repeat(4 - ((start - (value.lastIndexOf("\n", start - 1) + 1)) % 4)));
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const block = value.slice(from, Math.max(end, from));
  const moved = block.replace(back ? /^ {1,4}/gm : /^(?=.)/gm, back ? "" : "    ");
  area.setSelectionRange(from, from + block.length);
  if (moved !== block) insert(area, moved);
  const shift = moved.length - block.length;
  if (start === end) area.setSelectionRange(Math.max(from, start + shift), Math.max(from, start + shift));
  else area.setSelectionRange(from, from + moved.length);
};

// Tab indents, Escape and then Tab leaves; Control or Shift with Enter runs.
export const editor = (source, label, { run, changed, locked, prose } = {}) => {
  const area = make("textarea", {
    className: "hw-editor", value: source, spellcheck: Boolean(prose), readOnly: Boolean(locked),
    autocapitalize: "off", autocomplete: "off", wrap: prose ? "soft" : "off",
  });
  area.setAttribute("aria-label", label);
  const fit = () => (area.rows = Math.min(locked ? 8 : 40, Math.max(prose ? 6 : 1, area.value.split("\n").length)));
  let leaving = false;
  area.addEventListener("input", () => {
    fit();
    changed?.(area.value);
  });
  area.addEventListener("blur", () => (leaving = false));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey) && run) {
      event.preventDefault();
      run();
    } else if (event.key === "Escape") leaving = true;
    else if (event.key === "Tab" && !leaving && !locked && !prose && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      indent(area, event.shiftKey);
    } else if (event.key === "Enter" && !prose && !locked && !event.isComposing) {
      event.preventDefault();
      const line = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
      insert(area, `\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
    } else if (event.key !== "Tab" && event.key !== "Shift") leaving = false;
  });
  area.fit = fit;
  fit();
  return area;
};

const table = ({ head, rows, numbers, more }) => {
  const kind = (k) => (numbers[k - 1] ? "hw-number" : "");
  const first = make("tr", {}, ...head.map((text, k) => (text ? make("th", { scope: "col", className: kind(k) }, text) : make("td"))));
  const body = rows.map((row) =>
    make("tr", {}, ...row.map((text, k) => make(k ? "td" : "th", k ? { className: kind(k) } : { scope: "row" }, text))),
  );
  const made = make("table", {}, make("thead", {}, first), make("tbody", {}, ...body));
  const frame = make("div", { className: "hw-table", tabIndex: 0, role: "group" }, made);
  frame.setAttribute("aria-label", "Table that this cell shows");
  return more ? [frame, make("p", { className: "hw-more" }, `${more}.`)] : [frame];
};

const error = ({ kind, words, lines, more }) => {
  const list = lines.map(({ cell, line, code }) => make("li", {}, `Cell ${cell}, line ${line}: `, make("code", {}, code)));
  const parts = [make("p", {}, make("strong", {}, kind), words ? `: ${words}` : "")];
  if (list.length) parts.push(make("ol", {}, ...list));
  return make("div", { className: "hw-error" }, ...parts, ...more.map((text) => make("p", {}, text)));
};

// A figure as the page's own drawing: colours of the book follow light and dark.
export const figure = ({ markup, plain }) => {
  const frame = make("div", { className: plain ? "hw-svg hw-plain" : "hw-svg" });
  // Made by our own code, which refuses scripts and strange parts; but a cell can speak in its name.
  // The page's policy refuses styles that stand in markup, but not those that a script of the page sets.
  const held = markup.replace(/(<[^<>]*\s)style="/g, '$1data-style="');
  const { body } = new DOMParser().parseFromString(held, "text/html");
  const nodes = [...body.querySelectorAll("*")];
  const good = body.childNodes.length === 1 && nodes[0]?.localName === "svg"
    && nodes.every((node) => !/^(script|foreignObject)$/i.test(node.localName) && ![...node.attributes].some(({ name }) => name.startsWith("on")));
  frame.append(good ? nodes[0] : "This is no figure that can stand in the page.");
  for (const node of frame.querySelectorAll("[data-style]")) {
    node.style.cssText = node.dataset.style;
    node.removeAttribute("data-style");
  }
  return frame;
};

// Text, which a keyboard can scroll.
const said = (text, className = "") => {
  const made = make("pre", { className, tabIndex: 0, role: "group" }, text);
  made.setAttribute("aria-label", "Text that this cell shows");
  return made;
};

// Where the things that a cell shows are put; `clear` empties it.
export const output = (node, drawn) => {
  let stream;
  return {
    clear: () => {
      node.replaceChildren();
      stream = undefined;
    },
    show: (thing) => {
      if (thing.show === "stream") {
        if (stream?.name !== thing.name) {
          stream = { name: thing.name, pre: said("", `hw-${thing.name}`) };
          node.append(stream.pre);
        }
        stream.pre.append(thing.text);
        return;
      }
      stream = undefined;
      if (thing.show === "text") node.append(said(thing.text));
      else if (thing.show === "note") node.append(make("p", { className: "hw-more" }, thing.text));
      else if (thing.show === "table") node.append(...table(thing));
      else if (thing.show === "error") node.append(error(thing));
      else if (thing.show === "figure" && !drawn?.(thing)) node.append(figure(thing));
    },
  };
};

// What no error tells.
export const different = "What is different here from Jupyter: whole numbers of NumPy have 32 bits unless you write dtype=\"int64\", so sums and products beyond 2 147 483 647 go wrong without a word; there is one thread, no network and no input().";

// Words for the live status.
export const words = ({ state, got, wanted, seconds, why }) => {
  const mega = (size) => Math.round(size / 1e6);
  if (state === "loading") return wanted ? `Loading ${mega(got)} of ${mega(wanted)} MB` : "Loading Python";
  if (state === "running") return "Running";
  if (state === "done") return `Done in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (state === "stopped") return "Stopped: Python starts again, without its names, at the next run";
  if (seconds !== undefined) return "Failed: the cell says why";
  if (why.endsWith(".")) return why;
  return `Failed (${why}): nothing that you typed is lost; run a cell to start again`;
};
