// Marking by keys. Every entry goes to the server at once, one after the other, and is called saved
// only when the server has answered that it is on the disk.
"use strict";

const paper = document.getElementById("paper");
const here = paper.dataset.here;
const forms = [...document.querySelectorAll("form[data-criterion]")];
const status = document.getElementById("saved");
const comment = document.getElementById("comment");
const look = document.getElementById("look");
const keysBox = document.getElementById("keys");
let current = Math.max(0, forms.findIndex((form) => pressed(form) === null));
let chain = Promise.resolve();
let waiting = 0;
let failed = false;
let said = comment.value;
let pause = 0;

function pressed(form) {
  const button = form.querySelector('button[aria-pressed="true"]');
  const typed = form.querySelector(".number").value.trim();
  return button ? button.value : typed || null;
}

function tell() {
  const given = forms.map(pressed).filter((value) => value !== null);
  const total = given.reduce((sum, value) => sum + Number(value.replace(",", ".")), 0);
  const sum = `${given.length} of ${forms.length} criteria given, ${+total.toFixed(2)} points`;
  status.className = "saved" + (failed ? " failed" : waiting ? " waits" : "");
  if (!failed) {
    status.textContent = waiting ? `Saving: ${sum}` : `Saved: ${sum}`;
  }
}

function send(address, fields, undone) {
  waiting += 1;
  tell();
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    body.append(name, value);
  }
  const step = chain.then(async () => {
    let answer = {};
    try {
      const got = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      answer = await got.json().catch(() => ({}));
      if (!got.ok || answer.error) {
        throw new Error(answer.error || "The desk did not take it.");
      }
      failed = false;
    } catch (error) {
      failed = true;
      status.textContent = `Not saved. ${error.message === "Failed to fetch" ? "The desk does not answer; is it still running?" : error.message}`;
      if (undone) {
        undone();
      }
    }
    waiting -= 1;
    tell();
    return failed ? null : answer;
  });
  chain = step.catch(() => null);
  return step;
}

function show(form, value) {
  let hit = false;
  for (const button of form.querySelectorAll("button[data-key]")) {
    const on = value !== null && Number(button.value) === value;
    button.setAttribute("aria-pressed", String(on));
    hit = hit || on;
  }
  form.querySelector(".number").value = hit || value === null ? "" : String(value);
}

function give(form, value) {
  const before = pressed(form);
  show(form, value);
  return send(form.action, { criterion: form.dataset.criterion, points: value === null ? "" : value }, () =>
    show(form, before === null ? null : Number(before.replace(",", "."))));
}

function frame(number, focus = true) {
  current = Math.min(forms.length - 1, Math.max(0, number));
  if (focus) {
    forms[current].querySelector("fieldset").focus();
  }
}

async function saveComment() {
  clearTimeout(pause);
  const text = comment.value;
  if (text.trim() === said.trim()) {
    return;
  }
  const before = said;
  said = text;
  await send(document.getElementById("comment-form").action, { comment: text }, () => { said = before; });
}

async function go(link) {
  if (!link) {
    return;
  }
  await saveComment();
  await chain;
  if (!failed) {
    location.href = link.href || link;
  }
}

function setLook() {
  const on = look.getAttribute("aria-pressed") !== "true";
  look.setAttribute("aria-pressed", String(on));
  send(document.getElementById("look-form").action, { look: on ? "yes" : "no" }, () =>
    look.setAttribute("aria-pressed", String(!on)));
}

async function undo() {
  await saveComment();
  const answer = await send(document.getElementById("undo-form").action, {});
  if (answer) {
    location.href = answer.address;
  }
}

// --- the bank of comments

function button(text, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function fillBank(texts) {
  const list = document.getElementById("bank-list");
  list.replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.append(
      button(text, "use", () => use(text)),
      button("Edit", "", () => edit(item, text)),
      button("Take out", "", () => bank({ do: "remove", old: text })),
    );
    for (const part of item.querySelectorAll("button:not(.use)")) {
      part.setAttribute("aria-label", `${part.textContent}: ${text}`);
    }
    return item;
  }));
  document.getElementById("bank-empty").hidden = texts.length > 0;
}

function edit(item, text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.rows = 2;
  field.setAttribute("aria-label", "The comment's new wording");
  item.replaceChildren(field, button("Keep", "", () => bank({ do: "change", old: text, text: field.value })));
  field.focus();
}

async function bank(fields) {
  const answer = await send(paper.dataset.bank, fields);
  if (answer && answer.comments) {
    fillBank(answer.comments);
  }
}

function use(text) {
  comment.value = comment.value.trim() ? `${comment.value.trim()}\n${text}` : text;
  saveComment();
  comment.focus();
}

// --- what is pressed

for (const form of forms) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("focusin", () => { current = forms.indexOf(form); });
  for (const level of form.querySelectorAll("button[data-key]")) {
    level.addEventListener("click", () => give(form, Number(level.value)));
  }
  const typed = form.querySelector(".number");
  typed.addEventListener("change", () => {
    const text = typed.value.trim().replace(",", ".");
    if (text !== "" && Number.isNaN(Number(text))) {
      failed = true;
      status.textContent = `Not saved. ${typed.value} is no number of points; correct it.`;
      tell();
      return;
    }
    give(form, text === "" ? null : Number(text));
  });
}
comment.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(saveComment, 1500);
});
comment.addEventListener("change", saveComment);
document.getElementById("comment-form").addEventListener("submit", (event) => {
  event.preventDefault();
  saveComment();
});
document.getElementById("look-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setLook();
});
document.getElementById("undo-form").addEventListener("submit", (event) => {
  event.preventDefault();
  undo();
});
const keep = document.getElementById("keep");
keep.hidden = false;
keep.addEventListener("click", () => {
  if (comment.value.trim()) {
    bank({ do: "add", text: comment.value });
  }
});
for (const id of ["before", "after", "next"]) {
  const link = document.getElementById(id);
  if (link) {
    link.addEventListener("click", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        go(link);
      }
    });
  }
}
fillBank([...document.querySelectorAll("#bank-list li")].map((item) => item.dataset.text));

keysBox.checked = localStorage.getItem("keys") !== "off";
keysBox.addEventListener("change", () => localStorage.setItem("keys", keysBox.checked ? "on" : "off"));
window.addEventListener("beforeunload", (event) => {
  if (waiting || comment.value.trim() !== said.trim()) {
    event.preventDefault();
  }
});

const open = (id) => {
  const part = document.getElementById(id);
  part.open = !part.open;
  part.querySelector("summary").focus();
};
const keys = {
  n: () => go(document.getElementById("next")),
  p: () => go(document.getElementById("before")),
  ArrowLeft: () => go(document.getElementById("before")),
  ArrowRight: () => go(document.getElementById("after")),
  ArrowUp: () => frame(current - 1),
  ArrowDown: () => frame(current + 1),
  ".": () => forms[current].querySelector(".number").select(),
  Delete: () => give(forms[current], null),
  c: () => comment.focus(),
  b: () => (document.querySelector("#bank-list .use") || keep).focus(),
  g: setLook,
  u: undo,
  q: () => open("prompt"),
  x: () => open("example"),
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("textarea, input:not([type=checkbox]), select");
  if (field) {
    if (event.key === "Escape" || (event.key === "Enter" && (field.matches(".number") || event.ctrlKey))) {
      event.preventDefault();
      field.blur();
      frame(field.matches(".number") && event.key === "Enter" ? current + 1 : current);
    }
    return;
  }
  if (!keysBox.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
    return;
  }
  if (/^[0-9]$/.test(event.key)) {
    const level = forms[current].querySelector(`button[data-key="${event.key}"]`);
    if (level) {
      event.preventDefault();
      give(forms[current], Number(level.value));
      frame(current + 1);
    }
    return;
  }
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
frame(current, false);
forms[current].querySelector("fieldset").focus({ preventScroll: true });
