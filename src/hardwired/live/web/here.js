// A button under each folded code of a chapter. The rest, and Python, are loaded when it is pressed.
(() => {
  const base = document.currentScript.src;
  const disk = "Code cannot run in a page that is opened from a disk: type “make serve” in the book’s folder.";
  const failed = "This browser could not load Python for the page: load this page again (it may be of an older edition), or update the browser.";
  for (const fold of document.querySelectorAll("details.above-input")) {
    if (!fold.querySelector(".highlight pre") || !fold.closest(".cell")) continue;
    const button = document.createElement("button"), place = document.createElement("p");
    Object.assign(button, { type: "button", textContent: "Run it here", className: "hw-run-here" });
    button.setAttribute("aria-label", `Run it here: ${fold.querySelector("summary").textContent.trim()}`);
    place.append(button);
    fold.append(place);
    button.addEventListener("click", () => {
      const say = (sentence) => {
        place.setAttribute("role", "status");
        place.tabIndex = -1;
        place.replaceChildren(sentence);
        place.focus();
      };
      if (location.protocol === "file:") return say(disk);
      import(new URL("chapter.js", base)).then(({ unfold }) => unfold(fold, place), () => say(failed));
    });
  }
})();
