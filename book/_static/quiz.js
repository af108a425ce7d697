// Makes a form of each question of a quiz. Without this script the answers unfold.
document.querySelectorAll(".hw-quiz").forEach((quiz, q) => {
  const make = (tag, settings, ...inside) => {
    const node = Object.assign(document.createElement(tag), settings);
    node.append(...inside);
    return node;
  };
  const inline = (block) =>
    [...block.childNodes].flatMap((node) =>
      node.nodeName === "P" ? make("span", {}, ...node.childNodes) : node
    );
  // A number as people write it: a decimal point, comma or raised dot, a fraction, a unit behind it.
  const numberIn = (written, unit) => {
    const text = written.replace(unit, "").replace(/[,·]/, ".").replace("−", "-").trim();
    const [over, under = 1] = text.split("/");
    return text ? over / under : NaN;
  };
  // "If you answered 2.4, you took ...; if 12.8, you left out ...": the thought behind a wrong number.
  const slip = (told, given, within) => {
    const named = /\bif (?:you answered )?([\d.]+(?: or [\d.]+)*), (you .*?)(?=; if |\.(?:\s|$))/gi;
    for (const [, numbers, thought] of told.replace(/\s+/g, " ").matchAll(named)) {
      const near = (n) => Math.abs(given - n) <= Math.max(within, 0.01 * n);
      if (numbers.split(" or ").some(near)) return ` ${thought[0].toUpperCase()}${thought.slice(1)}.`;
    }
    return "";
  };
  const items = [...quiz.querySelectorAll(".hw-quiz-item")];
  const firsts = new Map();
  const score = make("p", { className: "hw-quiz-score" });
  const count = () => {
    const right = [...firsts.values()].filter(Boolean).length;
    score.textContent = firsts.size
      ? `${right} of ${items.length} right at the first try, ${firsts.size} answered. ` +
        "The score is kept in this page only."
      : "";
    return `At the first try: ${right} of ${firsts.size}.`;
  };

  const forms = items.map((item, n) => {
    const fold = item.querySelector("details");
    const list = item.querySelector(".hw-quiz-options");
    const { kind, answer, within, unit } = fold.dataset;
    const right = (fold.dataset.right || "").split(" ").map(Number);
    const reasons = fold.querySelector(".hw-quiz-answer");
    const choices = list ? [...list.children] : [];
    const legend = make("legend");
    while (item.firstChild !== list && item.firstChild !== fold) {
      const part = item.firstChild;
      legend.append(...(part.nodeName === "P" ? [make("span", {}, ...part.childNodes)] : [part]));
      part.remove();
    }
    const fields = make("fieldset", {}, legend);
    const controls = choices.map((choice, k) => {
      const control =
        kind === "ordering"
          ? make("select", {}, new Option("–", ""), ...choices.map((_, i) => new Option(i + 1)))
          : make("input", { type: kind === "single" ? "radio" : "checkbox", name: `hw-${q}-${n}` });
      choice.replaceChildren(make("label", {}, control, ...inline(choice)));
      return control;
    });
    if (list) fields.append(list);
    else {
      const number = make("input", { type: "text", inputMode: "decimal", size: 8 });
      number.autocomplete = "off";
      controls.push(number);
      fields.append(make("p", {}, make("label", {}, "Your answer: ", number, ` ${unit}`)));
    }
    const said = make("div", { className: "hw-quiz-said" });
    said.setAttribute("role", "status");
    const form = make("form", { noValidate: true }, fields);
    const check = make("button", {}, "Check");
    check.setAttribute("aria-label", `Check question ${n + 1}`);
    fold.querySelector("summary").setAttribute("aria-label", `Answer to question ${n + 1}`);
    said.id = `hw-said-${q}-${n}`;
    form.append(check, said);
    fold.before(form);

    // Each kind gives [whether it is right, what to say], or a request in words.
    const reason = (k) => reasons.querySelector("ul").children[k].cloneNode(true);
    const mark = {
      single() {
        const chosen = controls.findIndex((control) => control.checked);
        if (chosen < 0) return "Choose an answer first.";
        return [chosen === right[0], make("ul", {}, reason(chosen))];
      },
      multiple() {
        const chosen = controls.flatMap((control, k) => (control.checked ? k : []));
        if (!chosen.length) return "Choose at least one answer first.";
        const hits = chosen.filter((k) => right.includes(k)).length;
        const words = `${hits} of ${right.length} right ones chosen, ${chosen.length - hits} wrong.`;
        const all = hits === right.length && hits === chosen.length;
        return [all, make("p", {}, words), make("ul", {}, ...chosen.map(reason))];
      },
      numeric() {
        const given = numberIn(controls[0].value, unit);
        if (Number.isNaN(given)) return "Write a number in figures, or a fraction of two numbers.";
        const off = given - answer;
        if (Math.abs(off) <= within * (1 + 1e-9)) return [true, reasons.cloneNode(true)];
        const thought = slip(reasons.textContent, given, +within);
        return [false, make("p", {}, `Your number is too ${off < 0 ? "low" : "high"}.${thought}`)];
      },
      ordering() {
        const places = controls.map((control) => control.value);
        if (new Set(places).size < places.length || places.includes("")) {
          return "Give every step a place, and each place once.";
        }
        const hits = places.filter((place, k) => place - 1 === right[k]).length;
        if (hits === places.length) return [true, reasons.cloneNode(true)];
        return [false, make("p", {}, `${hits} of ${places.length} steps are in their place.`)];
      },
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const found = mark[kind]();
      if (typeof found === "string") {
        said.className = "hw-quiz-said";
        said.replaceChildren(make("p", {}, found));
        for (const control of controls) {
          control.setAttribute("aria-invalid", "true");
          control.setAttribute("aria-describedby", said.id);
        }
        return;
      }
      for (const control of controls) control.removeAttribute("aria-invalid");
      const [good, ...words] = found;
      if (!firsts.has(n)) firsts.set(n, good && !fold.open);
      said.className = `hw-quiz-said hw-quiz-${good ? "right" : "wrong"}`;
      const way = good ? "Right. " : "Not yet: try again, or unfold the answer. ";
      said.replaceChildren(make("p", {}, make("strong", {}, way), count()), ...words);
      const sections = fold.querySelector(".hw-quiz-again");
      if (!good && sections) said.append(sections.cloneNode(true));
      const next = forms[n + 1];
      if (!next) return;
      const on = make("button", { type: "button" }, "Next question");
      on.setAttribute("aria-label", `Next question, ${n + 2}`);
      on.addEventListener("click", () => next.querySelector("input, select").focus());
      said.append(on);
    });
    return form;
  });

  const again = make("button", { type: "button" }, "Start again");
  again.addEventListener("click", () => {
    firsts.clear();
    count();
    for (const form of forms) {
      form.reset();
      form.querySelector(".hw-quiz-said").replaceChildren();
      form.nextElementSibling.open = false;
    }
    forms[0].querySelector("input, select").focus();
  });
  quiz.append(score, again);
});
