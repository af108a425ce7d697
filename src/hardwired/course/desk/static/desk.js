// What a page of the desk does beyond its forms. Marking has a script of its own.
"use strict";

const zone = document.querySelector("[data-zone]");
if (zone && !zone.value) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
const goBack = document.querySelector("[data-back]");
if (goBack && history.length > 1) {
  goBack.textContent = "Back";
  goBack.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
}

// A file may be dropped anywhere on its form.
for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}

// A job that runs: its state, its bar and its log are kept in step; at its end the page is read anew.
const job = document.querySelector("[data-job][data-running=yes]");
async function follow() {
  let facts;
  try {
    facts = await (await fetch(job.dataset.job, { headers: { accept: "application/json" } })).json();
  } catch {
    job.querySelector("[data-state]").textContent = "the desk does not answer; is it still running?";
    setTimeout(follow, 2000);
    return;
  }
  if (!facts.running) {
    location.replace(location.pathname);
    return;
  }
  job.querySelector("[data-state]").textContent = facts.state;
  const bar = job.querySelector("[data-bar]");
  if (facts.total) {
    bar.max = facts.total;
    bar.value = facts.done;
  }
  job.querySelector("[data-log]").textContent = facts.lines.join("\n");
  setTimeout(follow, 500);
}
if (job) {
  setTimeout(follow, 300);
}

// Another column for the marks: show what it holds.
const column = document.querySelector("[data-column]");
if (column) {
  column.addEventListener("change", () => {
    location.assign(`${column.dataset.column}?column=${encodeURIComponent(column.value)}`);
  });
}
