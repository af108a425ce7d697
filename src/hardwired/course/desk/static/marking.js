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
const acknowledged = forms.map((form) => (form.dataset.given ? Number(form.dataset.given) : null));
const asked = forms.map(() => 0);
const failed = new Map(); // what was not saved, and why, until it is sent again
let current = Math.max(0, acknowledged.indexOf(null));
let chain = Promise.resolve();
let waiting = 0;
let notice = ""; // what was refused, but is no entry that could get lost
let said = comment.value;
let pause = 0;

function tell() {
  const given = acknowledged.filter((value) => value !== null);
  const total = given.reduce((sum, value) => sum + value, 0);
  const sum = `${given.length} of ${forms.length} criteria given, ${+total.toFixed(2)} points`;
  status.className = "saved" + (failed.size || notice ? " failed" : waiting ? " waits" : "");
  if (failed.size) {
    const reasons = new Map();
    for (const [entry, reason] of failed) {
      reasons.set(reason, [...(reasons.get(reason) || []), entry]);
    }
    const each = [...reasons].map(([reason, entries]) => `${entries.join(", ")}: ${reason}`);
    status.textContent = `Not saved. ${each.join(" ")}`;
  } else {
    status.textContent = notice || (waiting ? `Saving: ${sum}` : `Saved: ${sum}`);
  }
}

// An entry has a name, under which its failure stands until the same is sent and saved; what has
// none (undo, the bank) is told as refused, and holds nobody up.
function send(address, fields, entry = "", settled = () => {}) {
  waiting += 1;
  notice = "";
  tell();
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, who: paper.dataset.who })) {
    body.append(name, value);
  }
  const step = chain.then(async () => {
    let answer = null;
    try {
      const got = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await got.json().catch(() => ({}));
      if (!got.ok || told.error) {
        throw new Error(told.error || "The desk did not take it.");
      }
      answer = told;
      failed.delete(entry);
    } catch (error) {
      const reason = error instanceof TypeError ? "The desk does not answer; is it still running?" : error.message;
      if (entry) {
        failed.set(entry, reason);
      } else {
        notice = `Not done. ${reason}`;
      }
    }
    settled(answer !== null);
    waiting -= 1;
    tell();
    return answer;
  });
  chain = step;
  return step;
}

function show(form, value) {
  let hit = false;
  for (const button of form.querySelectorAll("button[data-key]")) {
    const on = value !== null && Number(button.value) === value;
    button.setAttribute("aria-pressed", String(on));
    hit = hit || on;
  }
  const field = form.querySelector(".number");
  field.value = hit || value === null ? "" : String(value);
  field.dataset.shown = field.value;
  field.removeAttribute("aria-invalid");
}

function named(form) {
  return `Criterion ${forms.indexOf(form) + 1}`;
}

// The form shows what was asked for; once the desk has refused the last that was asked, what it holds.
function give(form, value) {
  const at = forms.indexOf(form);
  const mine = (asked[at] += 1);
  show(form, value);
  return send(form.action, { criterion: form.dataset.criterion, points: value === null ? "" : value }, named(form), (saved) => {
    if (saved) {
      acknowledged[at] = value;
    } else if (asked[at] === mine) {
      show(form, acknowledged[at]);
    }
  });
}

function type(form, field) {
  const text = field.value.trim().replace(",", ".");
  if (text !== "" && !Number.isFinite(Number(text))) {
    field.setAttribute("aria-invalid", "true");
    failed.set(named(form), `${field.value.trim()} is no number of points; correct it.`);
    tell();
  } else if (text === "" && form.querySelector('button[aria-pressed="true"]')) {
    show(form, acknowledged[forms.indexOf(form)]); // a level holds; what stood in the field is gone
    failed.delete(named(form));
    tell();
  } else {
    give(form, text === "" ? null : Number(text));
  }
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
    if (failed.delete("The comment")) {
      tell();
    }
    return;
  }
  const before = said;
  said = text;
  await send(document.getElementById("comment-form").action, { comment: text }, "The comment", (saved) => {
    if (!saved) {
      said = before;
    }
  });
}

async function go(link) {
  if (!link) {
    return;
  }
  await saveComment();
  await chain;
  if (!failed.size) {
    location.href = link.href || link;
  }
}

function setLook() {
  const on = look.getAttribute("aria-pressed") !== "true";
  look.setAttribute("aria-pressed", String(on));
  send(document.getElementById("look-form").action, { look: on ? "yes" : "no" }, "Look again", (saved) => {
    if (!saved) {
      look.setAttribute("aria-pressed", String(!on));
    }
  });
}

// What was not saved is what one entered last: it is put away first, and nothing else is taken back.
async function undo() {
  await saveComment();
  await chain;
  if (failed.size) {
    forms.filter((form) => failed.delete(named(form))).forEach((form) => show(form, acknowledged[forms.indexOf(form)]));
    failed.delete("Look again");
    tell();
    return;
  }
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
  typed.dataset.shown = typed.value;
  typed.addEventListener("change", () => type(form, typed));
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
  const typing = [...document.querySelectorAll(".number")].some((field) => field.value !== field.dataset.shown);
  if (waiting || failed.size || typing || comment.value.trim() !== said.trim()) {
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
