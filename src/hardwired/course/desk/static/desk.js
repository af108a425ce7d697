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
