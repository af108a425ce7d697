// The explorer of a model: sliders, curves, a table of values. No library.
// hardwired.explore(settings) is called once for each {model} directive; settings come from
// hardwired/pages/directives/explorer.py, curves from hardwired.simulate or from precomputed runs.
hardwired.explore = (() => {
  "use strict";
  const POSITIONS = 100;
  // Colours, dashes and the shapes of published points are those of the still figure.
  const { colours: COLOURS, dashes: DASHES, shapes: MARKS } = hardwired.look;
  const { number } = hardwired;
  const SVG = "http://www.w3.org/2000/svg";

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const draw = (tag, attributes = {}, text = "") => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    return node;
  };
  const unit = (text) => (text ? ` ${text}` : "");
  // Pairs of value and text, with as many decimals as the step has.
  const ticks = (low, high, wanted) => {
    const raw = (high - low || 1) / wanted, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw * 0.999);
    const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
      const v = k * step;
      found.push([v, v && (Math.abs(v) >= 1e5 || decimals > 3) ? number(v) : v.toFixed(decimals).replace("-", "−")]);
    }
    return found;
  };
  const logTicks = (low, high) => {
    const found = [];
    for (let k = Math.ceil(Math.log10(low) - 1e-9); 10 ** k <= high * 1.0001; k++) found.push(10 ** k);
    return (found.length > 1 ? found : [low, high]).map((v) => [v, number(v)]);
  };
  const pen = document.createElement("canvas").getContext("2d");
  const wide = (text) => pen.measureText(text).width;
  const wrap = (text, room) => {
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && wide(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  // The hash reads #explore=name;symbol=value;... and carries every explorer that was moved.
  const shared = new Map();
  const readHash = () => {
    let hash;
    try {
      hash = decodeURIComponent(location.hash.slice(1));
    } catch { return; } // no valid UTF-8: it names nothing of ours
    for (const part of hash.split("&")) {
      if (!part.startsWith("explore=")) continue;
      const [name, ...pairs] = part.slice(8).split(";");
      const values = {};
      for (const pair of pairs) {
        const [symbol, value] = pair.split("=");
        if (value !== undefined && !Number.isNaN(+value)) values[symbol] = +value;
      }
      shared.set(name, values);
    }
  };
  const writeHash = () => {
    const parts = [];
    for (const [name, values] of shared) {
      const pairs = Object.entries(values).map(([symbol, value]) => `${symbol}=${+value.toPrecision(6)}`);
      if (pairs.length) parts.push(`explore=${[name, ...pairs].join(";")}`);
    }
    if (!parts.length && !location.hash.startsWith("#explore=")) return;
    history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
  };
  readHash();

  // Precomputed runs: the nearest grid point in each parameter.
  const fromGrid = (grid, sliders, values) => {
    let at = 0;
    grid.levels.forEach((levels, k) => {
      const value = values[sliders[k].symbol];
      let best = 0;
      levels.forEach((level, i) => { if (Math.abs(level - value) < Math.abs(levels[best] - value)) best = i; });
      at = at * levels.length + best;
    });
    const run = { t: grid.t };
    grid.outputs.forEach((name, k) => (run[name] = grid.runs[at][k]));
    return run;
  };

  return (settings) => {
    const { sliders, panels, axis, scenarios, marks, grid } = settings;
    const root = document.getElementById(settings.id);
    if (!root) return;
    const model = settings.model && hardwired.models[settings.model];
    const n = settings.points;
    const times = Array.from({ length: n }, (_, i) => axis.log
      ? axis.first * (axis.last / axis.first) ** (i / (n - 1))
      : axis.first + ((axis.last - axis.first) * i) / (n - 1));
    times[n - 1] = axis.last;
    const defaults = Object.fromEntries(sliders.map((s) => [s.symbol, s.value]));
    let base = {}, values = { ...defaults };
    const run = () => grid
      ? fromGrid(grid, sliders, values)
      : hardwired.simulate(model, times, { ...base, ...values });
    const published = run();
    let current = published;

    // Controls
    const fields = make("fieldset", {}, make("legend", {}, `Explore: ${settings.title}`));
    const widgets = sliders.map((slider, k) => {
      const id = `${settings.id}-${k}`;
      const label = make("label", { for: id });
      label.innerHTML = slider.html;
      const input = make("input", { type: "range", id, min: 0, step: 1, max: grid ? grid.levels[k].length - 1 : POSITIONS });
      // The slider says its value itself; an output that spoke too would say it twice.
      const output = make("output", { for: id, "aria-live": "off" });
      const valueAt = (position) => {
        if (grid) return grid.levels[k][position];
        const share = position / POSITIONS;
        return slider.log ? slider.low * (slider.high / slider.low) ** share : slider.low + (slider.high - slider.low) * share;
      };
      const positionOf = (value) => {
        if (grid) return grid.levels[k].reduce((best, level, i) => Math.abs(level - value) < Math.abs(grid.levels[k][best] - value) ? i : best, 0);
        const share = slider.log ? Math.log(value / slider.low) / Math.log(slider.high / slider.low) : (value - slider.low) / (slider.high - slider.low);
        return Math.round(POSITIONS * Math.min(1, Math.max(0, share)));
      };
      const show = () => {
        input.value = positionOf(values[slider.symbol]);
        const text = number(values[slider.symbol]) + unit(slider.unit);
        output.textContent = text;
        input.setAttribute("aria-valuetext", text);
      };
      input.addEventListener("input", () => {
        values[slider.symbol] = valueAt(+input.value);
        show();
        moved();
      });
      fields.append(make("div", { class: "hw-slider" }, label, output, input));
      return { show };
    });
    const buttons = [];
    const button = (text, action) => {
      const made = make("button", { type: "button" }, text);
      made.addEventListener("click", action);
      fields.append(made);
      return made;
    };
    for (const [name, overrides] of Object.entries(scenarios)) {
      const made = button(name, () => {
        base = { ...overrides };
        values = { ...defaults };
        for (const s of sliders) if (s.symbol in base) values[s.symbol] = base[s.symbol];
        moved();
      });
      buttons.push([made, overrides]);
    }
    button("Reset", () => {
      base = {};
      values = { ...defaults };
      moved();
    });
    // A guess hides what the sliders do until the reader looks; it may be drawn into the first panel.
    let guess = { open: false, points: [] };
    const asker = button("Guess first", () => {
      guess = { open: !guess.open, points: guess.open ? guess.points : [] };
      asker.textContent = guess.open ? "Look" : "Guess first";
      plot.classList.toggle("hw-guessing", (details.hidden = guess.open));
      update();
      said.textContent = guess.open
        ? "Set a slider, and draw into the graph how the curve will run, or say it to yourself. Then look."
        : `${guess.points.length ? "The dotted line is your guess. " : ""}${words()}`;
    });
    const plot = make("div", { class: "hw-explorer-plot" });
    let placed; // gives time and value of a place in the first panel
    const pencil = (event) => {
      if (!guess.open || !event.buttons) return;
      const box = plot.firstChild.getBoundingClientRect();
      if (event.type === "pointerdown") guess.points = [];
      plot.setPointerCapture(event.pointerId);
      guess.points.push(placed(event.clientX - box.left, event.clientY - box.top));
      redraw();
    };
    for (const kind of ["pointerdown", "pointermove"]) plot.addEventListener(kind, pencil);
    // What the model is asked for, in large figures.
    const told = make("p", { class: "hw-explorer-told", "aria-live": "off" });
    const tell = () => told.replaceChildren(...settings.told.flatMap(({ symbol, label, unit: u }) =>
      [`${label}: `, make("b", {}, guess.open ? "?" : shown(symbol, n - 1) + unit(u)), " "]));
    const said = make("p", { class: "hw-explorer-said", "aria-live": "polite" });
    const holder = make("div", { class: "hw-explorer-values", tabindex: 0, role: "region", "aria-label": "Plotted values" });
    const details = make("details", {}, make("summary", {}, "Plotted values as a table"), holder);
    details.addEventListener("toggle", () => table());

    // Words and tables
    const curves = panels.flatMap((panel) => panel.curves.map((curve) => ({ ...curve, unit: panel.unit })));
    const words = () => curves.map((curve) => {
      const y = current[curve.symbol];
      const high = y.indexOf(Math.max(...y));
      return `${curve.label}: highest ${number(y[high])}${unit(curve.unit)} at ${number(times[high])}${unit(axis.unit)}, ` +
        `${shown(curve.symbol, n - 1)}${unit(curve.unit)} at the end`;
    }).join("; ");
    const shown = (symbol, i) => {
      const y = current[symbol];
      return number(Math.abs(y[i]) < 1e-9 * Math.max(...y.map(Math.abs)) ? 0 : y[i]); // rounding, not a value
    };
    const table = () => {
      if (!details.open) return;
      const head = make("tr", {}, make("th", { scope: "col" }, axis.label + (axis.unit ? ` (${axis.unit})` : "")));
      for (const curve of curves) head.append(make("th", { scope: "col" }, curve.label + (curve.unit ? ` (${curve.unit})` : "")));
      const body = make("tbody");
      for (let k = 0; k <= 12; k++) {
        const i = Math.round((k * (n - 1)) / 12);
        const row = make("tr", {}, make("th", { scope: "row" }, number(times[i])));
        for (const curve of curves) row.append(make("td", {}, shown(curve.symbol, i)));
        body.append(row);
      }
      holder.replaceChildren(make("table", {}, make("thead", {}, head), body));
    };

    // Drawing
    const probe = draw("text"); // has the face in which labels are drawn, wherever the plot stands
    plot.append(draw("svg"));
    plot.firstChild.append(probe);
    const redraw = () => {
      const width = Math.max(280, plot.clientWidth || 640);
      // Enlarged, the panels share the height of their dialog; their legends and axes take the rest.
      const room = plot.closest("dialog") ? (plot.clientHeight - 60) / panels.length - 60 : 0;
      const height = Math.max(panels.length > 1 ? 190 : 260, room);
      const left = 56, right = 16, gap = 16, leading = 16;
      const inner = width - left - right;
      pen.font = getComputedStyle(probe).font;
      const along = wrap(axis.label + (axis.unit ? ` (${axis.unit})` : ""), inner + 2 * right);
      const bottom = 28 + leading * along.length;
      const shapes = [...new Set(marks.map((mark) => mark.label))];
      // The legend stands above its panel and takes as many rows as the width makes it.
      const legends = panels.map((panel) => {
        const here = marks.filter((mark) => panel.curves.some((curve) => curve.symbol === mark.symbol));
        const entries = panel.curves.map((curve) => ({ curve, text: curve.label + (panel.unit ? ` (${panel.unit})` : "") }));
        for (const text of new Set(here.map((mark) => mark.label))) entries.push({ text });
        let at = 0, line = 0, next = 0;
        for (const entry of entries) {
          const lines = wrap(entry.text, inner - 32), taken = 46 + Math.max(...lines.map(wide));
          if (at && at + taken - 14 > inner) { at = 0; line = next; }
          Object.assign(entry, { at, line, lines });
          at += taken;
          next = Math.max(next, line + lines.length);
        }
        return { entries, here, top: 18 * next + 12 };
      });
      const x = (t) => left + inner * (axis.log
        ? Math.log(t / axis.first) / Math.log(axis.last / axis.first)
        : (t - axis.first) / (axis.last - axis.first));
      const total = legends.reduce((sum, legend) => sum + height + legend.top, bottom + gap * (panels.length - 1));
      let start = 0;
      const svg = draw("svg", { viewBox: `0 0 ${width} ${total}`, height: total, role: "img", "aria-label": `${settings.title}. ${guess.open ? "The curve is hidden until you look." : words()}` });
      const rule = "var(--hw-rule)";
      panels.forEach((panel, row) => {
        const { entries, here, top } = legends[row];
        const ceiling = start + top, floor = ceiling + height;
        start = floor + gap;
        let low = panel.zero ? 0 : Infinity, high = panel.zero ? 0 : -Infinity;
        for (const { symbol } of panel.curves) {
          if (!guess.open) for (const v of current[symbol]) { if (v < low) low = v; if (v > high) high = v; }
          for (const v of published[symbol]) { if (v < low) low = v; if (v > high) high = v; }
        }
        for (const mark of here) { low = Math.min(low, mark.y_low ?? mark.y); high = Math.max(high, mark.y_high ?? mark.y); }
        if (guess.open) high += (high - low) * 0.3; // room for a guess, which tells nothing
        else if (!row) for (const [, v] of guess.points) { low = Math.min(low, v); high = Math.max(high, v); }
        if (high - low < 1e-12) { high += 1; if (!panel.zero) low -= 1; }
        const air = (high - low) * 0.05;
        high += air;
        if (!panel.zero) low = low >= 0 ? Math.max(0, low - air) : low - air;
        const y = (v) => floor - (height * (v - low)) / (high - low);
        if (!row) {
          const [bottomOfPanel, topOfPanel] = [low, high];
          placed = (px, py) => {
            const share = Math.min(1, Math.max(0, (px - left) / inner)), up = Math.min(1, Math.max(0, (floor - py) / height));
            const t = axis.log ? axis.first * (axis.last / axis.first) ** share : axis.first + (axis.last - axis.first) * share;
            return [t, bottomOfPanel + (topOfPanel - bottomOfPanel) * up];
          };
        }
        for (const [v, text] of ticks(low, high, height / 45)) {
          svg.append(draw("line", { x1: left - 4, x2: left, y1: y(v), y2: y(v), stroke: rule }));
          svg.append(draw("text", { x: left - 7, y: y(v) + 4, "text-anchor": "end" }, text));
        }
        svg.append(draw("path", { d: `M${left} ${ceiling}V${floor}H${width - right}`, fill: "none", stroke: rule }));
        for (const [t, text] of axis.log ? logTicks(axis.first, axis.last) : ticks(axis.first, axis.last, Math.min(8, inner / 60))) {
          svg.append(draw("line", { x1: x(t), x2: x(t), y1: floor, y2: floor + 4, stroke: rule }));
          if (row === panels.length - 1) svg.append(draw("text", { x: x(t), y: floor + 18, "text-anchor": "middle" }, text));
        }
        const point = (label, cx, cy) => draw("path", { class: "hw-mark", d: MARKS[shapes.indexOf(label) % MARKS.length], transform: `translate(${cx} ${cy})`, fill: "var(--hw-ink)" });
        for (const { curve, text, at, line, lines } of entries) {
          const middle = ceiling - top + 18 * line + 10;
          if (curve) svg.append(draw("line", { x1: left + at, x2: left + at + 26, y1: middle, y2: middle, stroke: `var(--hw-${COLOURS[curve.colour]})`, "stroke-width": 2.2, "stroke-dasharray": DASHES[curve.dash] }));
          else svg.append(point(text, left + at + 13, middle));
          lines.forEach((words, k) => svg.append(draw("text", { x: left + at + 32, y: middle + 4 + 18 * k }, words)));
        }
        const path = (ys) => ys.map((v, i) => `${i ? "L" : "M"}${x(times[i]).toFixed(1)} ${y(v).toFixed(1)}`).join("");
        for (const curve of panel.curves) {
          const stroke = `var(--hw-${COLOURS[curve.colour]})`, dash = DASHES[curve.dash];
          if (guess.open || current !== published) {
            svg.append(draw("path", { d: path(published[curve.symbol]), fill: "none", stroke: "var(--hw-grey)", "stroke-width": 1, "stroke-dasharray": dash }));
          }
          if (!guess.open) svg.append(draw("path", { class: "hw-curve", "data-symbol": curve.symbol, d: path(current[curve.symbol]), fill: "none", stroke, "stroke-width": 2.2, "stroke-dasharray": dash, "stroke-linejoin": "round" }));
        }
        if (!row && guess.points.length > 1) {
          const d = guess.points.map(([t, v], i) => `${i ? "L" : "M"}${x(t).toFixed(1)} ${y(v).toFixed(1)}`).join("");
          svg.append(draw("path", { class: "hw-guess", d, fill: "none", stroke: "var(--hw-ink)", "stroke-width": 3, "stroke-dasharray": "1 6", "stroke-linecap": "round" }));
        }
        for (const mark of here) {
          // Bars have ends, so that one that lies on the axis is seen too.
          const bar = { class: "hw-bar", fill: "none", stroke: "var(--hw-ink)", "stroke-width": 1.2 };
          const across = [mark.x_low, mark.x_high].map(x), down = [mark.y_low, mark.y_high].map(y), at = y(mark.y), on = x(mark.x);
          if (mark.x_low !== null) svg.append(draw("path", { ...bar, d: across.map((v) => `M${v} ${at - 4}v8`).join("") + `M${across[0]} ${at}H${across[1]}` }));
          if (mark.y_low !== null) svg.append(draw("path", { ...bar, d: down.map((v) => `M${on - 4} ${v}h8`).join("") + `M${on} ${down[0]}V${down[1]}` }));
          const dot = point(mark.label, x(mark.x), y(mark.y));
          dot.append(draw("title", {}, mark.label));
          svg.append(dot);
        }
      });
      along.forEach((words, k) => svg.append(draw("text", { x: left + inner / 2, y: total - 6 - leading * (along.length - 1 - k), "text-anchor": "middle" }, words)));
      svg.append(probe);
      plot.replaceChildren(svg);
    };

    let later;
    const update = () => {
      try {
        current = run();
        root.removeAttribute("data-failed");
      } catch (error) {
        root.setAttribute("data-failed", error.message);
        said.textContent = "These values cannot be computed; the curve shown is the last one that could.";
      }
      for (const widget of widgets) widget.show();
      for (const [made, overrides] of buttons) {
        const same = JSON.stringify(base) === JSON.stringify(overrides) &&
          sliders.every((s) => values[s.symbol] === (overrides[s.symbol] ?? s.value));
        made.setAttribute("aria-pressed", same);
      }
      redraw();
      tell();
      table();
    };
    const keep = () => {
      const changed = { ...base };
      for (const s of sliders) if (values[s.symbol] !== (base[s.symbol] ?? s.value)) changed[s.symbol] = values[s.symbol];
      shared.set(settings.name, changed);
      writeHash();
    };
    const moved = () => {
      update();
      clearTimeout(later);
      later = setTimeout(() => {
        if (!root.dataset.failed && !guess.open) said.textContent = words();
        keep();
      }, 500);
    };
    button("Copy link", () => {
      clearTimeout(later);
      keep();
      const texts = ["The link to this setting is copied.", "The address of this page now holds this setting."];
      const [copied, kept] = texts.map((words) => () => (said.textContent = words));
      navigator.clipboard.writeText(location.href).then(copied, kept);
    });
    const take = () => {
      const given = shared.get(settings.name);
      if (!given) return false;
      [base, values] = [{}, { ...defaults }];
      for (const [symbol, value] of Object.entries(given)) {
        if (symbol in defaults) values[symbol] = value;
        else if (!grid && settings.free.includes(symbol)) base[symbol] = value;
        else said.textContent = "Part of this link belongs to another edition and was left out.";
      }
      return true;
    };
    addEventListener("hashchange", () => (readHash(), take() && update()));

    root.append(plot, told, fields, said, details);
    const still = settings.still && document.getElementById(settings.still);
    const picture = still && still.querySelector(".hw-svg, svg, img");
    if (picture) {
      picture.before(plot);
      Object.assign(picture, { hidden: true }).style.display = "none";
    }
    const linked = take();
    update();
    // While the page loads, a smooth scroll is cancelled, and later parts still move this one.
    const go = () => (still || root).scrollIntoView({ behavior: "instant" });
    if (linked) document.readyState === "complete" ? go() : addEventListener("load", go, { once: true });
    new ResizeObserver(() => redraw()).observe(plot);
  };
})();
