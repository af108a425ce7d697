// The code of a chapter's figure, edited and run where it stands; loaded when somebody asks for it.
import { different, editor, figure, make, output, words, write } from "./cell.js";
import { Python, Stopped, lacks } from "./python.js";

const style = make("link", { rel: "stylesheet", href: new URL("live.css", import.meta.url).href });
let python, told, busy = false, count = 0;
document.head.append(style);

const interpreter = () => (python ??= new Python((what) => told?.(what)));

// `fold` is the folded code, `place` what is replaced by the editor.
export const unfold = (fold, place) => {
  const lacking = lacks();
  if (lacking) {
    const told = make("p", { tabIndex: -1, role: "status" }, lacking);
    place.replaceWith(told);
    return told.focus();
  }
  const cell = fold.closest(".cell"), name = String(++count);
  const source = fold.querySelector(".highlight pre").textContent.replace(/\n$/, "");
  const called = fold.querySelector("summary").textContent.trim();
  const given = fold.querySelector(".cell_input"), drawn = cell.querySelector("figure .hw-svg");
  const first = drawn?.firstElementChild;
  const clear = () => [...drawn.children].forEach((part) => part !== first && part.remove());
  const away = (hidden) => {
    first.classList.toggle("hw-away", hidden);
    if (hidden) first.setAttribute("aria-hidden", "true");
    else first.removeAttribute("aria-hidden");
  };
  const status = make("p", { className: "hw-status", role: "status" });
  const box = make("div", { className: "hw-output" });
  const shown = output(box, (thing) => {
    // The first figure takes the place of the chapter's own.
    if (!first || drawn.dataset.hwNew) return false;
    drawn.dataset.hwNew = "yes";
    const made = figure(thing);
    clear();
    away(true); // other figures of the page may use its letters, so it stays, unseen
    drawn.append(...made.childNodes);
    drawn.classList.toggle("hw-plain", Boolean(thing.plain));
    return true;
  });
  const run = async () => {
    if (busy) return void (status.textContent = "Another cell of this page is running: wait, or stop it.");
    busy = true;
    told = (what) => (status.textContent = words(what));
    shown.clear();
    if (drawn) delete drawn.dataset.hwNew;
    try {
      await interpreter().run(area.value, name, shown.show);
    } catch (problem) {
      if (!(problem instanceof Stopped)) box.append(make("p", {}, "Python could not go on; run again to start it anew."));
    } finally {
      busy = false;
    }
  };
  const back = () => {
    write(area, source);
    shown.clear();
    status.textContent = "This is the chapter’s own code and figure again";
    if (!first) return;
    clear();
    away(false);
    drawn.classList.remove("hw-plain");
  };
  const area = editor(source, `${called}, to edit`, { run });
  const button = (text, press) => {
    const made = make("button", { type: "button" }, text);
    made.setAttribute("aria-label", `${text}: ${called}`);
    made.addEventListener("click", press);
    return made;
  };
  const buttons = make("div", { className: "hw-buttons" },
    button("Run", run), button("Stop", () => python?.stop()), button("Put it back", back));
  given.hidden = true;
  place.replaceWith(make("div", { className: "hw-here" }, area, buttons, status, box, make("p", { className: "hw-more" }, different)));
  area.focus();
  run();
};
