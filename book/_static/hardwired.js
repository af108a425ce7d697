// Copy buttons, cards behind citations and terms, large figures. Pages work without this script.
(() => {
  const article = document.querySelector("article");
  const make = (tag, settings, ...inside) => {
    const node = Object.assign(document.createElement(tag), settings);
    node.append(...inside);
    return node;
  };

  // A citation that is taken along says where and when the page was read.
  const seen = (block) => {
    const address = location.protocol === "file:" || block.innerText.includes("://") ? "" : ` ${location.href.split("#")[0]}`;
    const day = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    return `${address} Read on ${day}.`;
  };

  // A copy button on every code block and on the citation of a chapter.
  const copyButton = (block, what) => {
    const button = make("button", { type: "button", className: "hw-copy" }, "Copy");
    button.setAttribute("aria-label", `Copy this ${what}`);
    const said = make("span", { className: "visually-hidden" });
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const text = block.innerText.replace(/\n$/, "") + (what === "code" ? "\n" : seen(block));
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        getSelection().selectAllChildren(block);
        document.execCommand("copy");
        getSelection().removeAllRanges();
      }
      button.textContent = "Copied";
      said.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
        said.textContent = "";
      }, 2000);
    });
    block.parentElement.append(button, said);
  };
  article.querySelectorAll(".highlight pre").forEach((block) => copyButton(block, "code"));
  document.querySelectorAll(".hw-cite-line").forEach((line) => copyButton(line, "citation"));

  // What scrolls inside itself must be reached by the keyboard, and only while it does scroll.
  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      if (scrolls === target.hasAttribute("tabindex")) continue;
      if (scrolls) {
        const number = (target.closest("figure") || target).querySelector(".caption-number");
        const name = number ? number.textContent.trim() : target.dataset.name;
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", `${name}, scrolls sideways`);
      } else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  });
  const wide = { ".math": "Formula", ".table-wrapper": "Table", ".cell_output": "Output", ".hw-svg": "Figure", ".highlight pre": "Code" };
  for (const [parts, name] of Object.entries(wide)) {
    article.querySelectorAll(parts).forEach((part) => {
      part.dataset.name = name;
      reachable.observe(part);
    });
  }

  // A card says what a citation or a term stands for, on hover and on focus. It stands in the margin
  // beside its line or, where there is none, at the end of the window that is farther from the line.
  const card = make("div", { className: "hw-card", id: "hw-card", hidden: true });
  card.setAttribute("role", "tooltip");
  document.body.append(card);
  let owner, timer;
  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
    if (owner) owner.removeAttribute("aria-describedby");
    owner = undefined;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 600);
  };
  const terms = () =>
    (window.hardwiredTerms ??= new Promise((resolve) => {
      const root = document.documentElement.dataset.content_root;
      window.hardwiredSay = resolve;
      document.head.append(make("script", { src: `${root}_static/glossary.js` }));
    }));
  const meaning = async (link) => {
    const own = link.nextElementSibling;
    if (own && own.matches(".hw-work")) return [...own.cloneNode(true).childNodes];
    const target = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (link.matches(".bibtex-citation a")) {
      const line = target?.querySelector("p").cloneNode(true);
      line?.querySelector(".hw-cited")?.remove(); // it leads back to where the reader is
      return line ? [...line.childNodes] : [];
    }
    const said = (await terms())[link.hash.slice(1)];
    return said ? [make("b", {}, said[0]), `: ${said[1]}`] : [];
  };
  const show = async (link, touched = false) => {
    const parts = await meaning(link);
    if (!parts.length || !(touched || link.matches(":hover, :focus"))) return parts.length;
    hide();
    card.replaceChildren(...parts);
    for (const inner of card.querySelectorAll("a")) inner.tabIndex = -1;
    card.hidden = false;
    card.style = "";
    card.classList.remove("hw-card-above");
    owner = link;
    link.setAttribute("aria-describedby", card.id);
    if (touched) {
      const where = link.matches(".bibtex-citation a") ? "Go to the reference" : "Go to the glossary";
      const go = make("button", { type: "button" }, where);
      go.addEventListener("click", () => link.click());
      card.append(make("p", {}, go));
      return true;
    }
    const line = link.getClientRects()[0], column = link.closest(".content").getBoundingClientRect();
    const block = link.closest("p, li, dd, table, figcaption").getBoundingClientRect();
    const left = block.right + 16, width = Math.min(288, column.right - left - 8);
    if (width > 160) {
      card.style = `position:absolute;inset:auto;left:${left + scrollX}px;width:${width}px`;
      const top = Math.max(8, Math.min(line.top, innerHeight - card.offsetHeight - 8));
      card.style.top = `${top + scrollY}px`;
    } else card.classList.toggle("hw-card-above", line.top > innerHeight / 2);
    return true;
  };
  const linkOf = ({ target }) => target.closest(".bibtex-citation a, a:has(> .std-term)");
  article.addEventListener("pointerover", (event) => {
    const link = event.pointerType !== "touch" && linkOf(event);
    if (!link) return;
    clearTimeout(timer);
    if (link !== owner) timer = setTimeout(show, 150, link);
  });
  article.addEventListener("pointerout", (event) => linkOf(event) && hideSoon());
  // A finger does not hover: its first tap shows the card, and the card leads on.
  article.addEventListener("click", (event) => {
    const link = event.pointerType === "touch" && linkOf(event);
    if (!link || link === owner) return hide();
    event.preventDefault();
    show(link, true).then((shown) => shown || link.click());
  });
  article.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link && link.matches(":focus-visible")) show(link);
  });
  article.addEventListener("focusout", ({ relatedTarget }) => card.contains(relatedTarget) || hide());
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", hideSoon);
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());

  // Beside a paragraph of a wide window stands what it cites for the first time: as much as fits
  // before the next thing that needs the margin. It says again what links lead to, so it is for eyes
  // alone. Terms keep their cards: all their meanings would make a page too heavy.
  const besides = matchMedia("(min-width: 75em)");
  const noted = new Set();
  const note = async (link) => {
    const parts = await meaning(link);
    if (!parts.length) return parts;
    const title = parts[0].textContent.match(/\(\d{4}\w?\)\. (.*)/s);
    const journal = parts.find(({ localName }) => localName === "em");
    return title ? [make("b", {}, link.textContent), `. ${title[1]}`, ...(journal ? [journal] : [])] : parts;
  };
  const fillMargin = async () => {
    if (!besides.matches || noted.size) return;
    const reach = (node) => node.getBoundingClientRect();
    const taken = [...article.querySelectorAll("figure, .table-wrapper, .hw-studies, .hw-margin, section > section, .cell, .hw-model")].map((node) => reach(node).top);
    const places = [...article.querySelectorAll("section > p")].map((p) => [p, reach(p)]);
    let free = 0;
    for (const [p, box] of places) {
      let fresh = 0;
      for (const link of p.querySelectorAll(".bibtex-citation a")) {
        if (fresh === 2 || noted.has(link.hash)) continue;
        const parts = await note(link);
        const words = parts.map((part) => part.textContent ?? part).join("");
        const top = Math.max(free, box.top), end = top + 18 * Math.ceil(words.length / 36) + 18;
        if (!words || top > box.bottom - 20 || taken.some((start) => start > box.top && start < end)) continue;
        const small = make("div", { className: "hw-side-note" }, ...parts);
        small.setAttribute("aria-hidden", "true");
        small.querySelectorAll("a").forEach((inner) => inner.replaceWith(...inner.childNodes));
        p.before(small);
        noted.add(link.hash);
        free = end;
        fresh += 1;
      }
    }
  };
  if (document.querySelector(".hw-reading")) {
    besides.addEventListener("change", fillMargin);
    addEventListener("load", fillMargin);
  }

  // The list of pages is opened at the page that is read.
  const current = document.querySelector(".sidebar-tree .current-page");
  const list = current && current.closest(".sidebar-scroll");
  const openThere = () => {
    const away = current.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const top = list.scrollTop + away - list.clientHeight / 2;
    if (away > list.clientHeight - 48) list.scrollTo({ top, behavior: "instant" });
  };
  if (list) {
    openThere();
    addEventListener("load", openThere); // styles may come late
  }

  // Where a reader was is kept in this browser alone, and the first page leads back there.
  const kept = (place) => {
    try {
      if (place) localStorage.setItem("hardwired-place", JSON.stringify(place));
      return JSON.parse(localStorage.getItem("hardwired-place"));
    } catch {
      return null; // storage is refused, or holds something else
    }
  };
  const doors = document.querySelector(".hw-doors");
  if (document.querySelector(".hw-reading")) {
    addEventListener("pagehide", () => {
      const read = [...article.querySelectorAll("section[id]")].filter((part) => part.getBoundingClientRect().top < innerHeight / 3);
      const part = read.at(-1);
      if (!part) return;
      const heading = part.querySelector("h1, h2, h3, h4").cloneNode(true);
      heading.querySelectorAll(".headerlink").forEach((link) => link.remove());
      const root = new URL(document.documentElement.dataset.content_root, location.href).href;
      kept({ page: location.href.split("#")[0].slice(root.length), anchor: part.id, title: heading.textContent.trim() });
    });
  } else if (doors) {
    const { page, anchor, title } = kept() || {};
    if (/^chapters\/[\w-]+\.html$/.test(page) && typeof title === "string") {
      const link = make("a", { href: `${page}#${encodeURIComponent(anchor)}` }, title);
      doors.prepend(make("p", {}, make("strong", {}, "To go on"), ": ", link, "."));
    }
  }

  // A work in a page's list leads back to the sections that cite it.
  const cited = new Map();
  for (const link of article.querySelectorAll('.bibtex-citation a[href^="#"]')) {
    const number = link.closest("section:has(> :is(h2, h3) .section-number)")?.querySelector(".section-number");
    if (!number) continue;
    const sections = cited.get(link.hash.slice(1)) ?? new Map();
    const name = number.textContent.trim().replace(/\.$/, "");
    if (!sections.has(name)) sections.set(name, link.closest(".bibtex-citation").id);
    cited.set(link.hash.slice(1), sections);
  }
  for (const [id, sections] of cited) {
    const line = document.getElementById(id)?.querySelector("p");
    const links = [...sections].flatMap(([name, place]) => [", ", make("a", { href: `#${place}` }, name)]);
    line?.append(make("span", { className: "hw-cited" }, " Cited in ", ...links.slice(1), "."));
  }

  // How far the reader is.
  if (document.querySelector(".hw-reading")) {
    const bar = make("div", { className: "hw-progress" });
    document.body.append(bar);
    const mark = () => {
      const { scrollHeight } = document.documentElement;
      bar.style.transform = `scaleX(${Math.min(1, scrollY / (scrollHeight - innerHeight || 1))})`;
    };
    addEventListener("scroll", mark, { passive: true });
    addEventListener("resize", mark);
    mark();
  }

  // The links of the map's parts lie on the parts.
  const parts = article.querySelector(".hw-map-parts");
  const map = parts && article.querySelector(".hw-svg > svg");
  if (map) {
    const holder = map.parentElement;
    const frame = make("div", { className: "hw-map-frame" }, map, parts);
    frame.style.maxWidth = `${map.getAttribute("width")}px`;
    holder.append(frame);
    holder.closest("figure").querySelector("figcaption p").append(" Touch a part, and the place where it is told opens.");
    for (const part of parts.querySelectorAll("li")) {
      const link = part.querySelector("a"), said = part.textContent.trim();
      const [left, top, wide] = ["left", "top", "width"].map((side) => parseFloat(part.dataset[side]));
      const chapter = link.getAttribute("href").match(/chapters\/0?(\d+)/);
      part.classList.toggle("hw-map-first", left < 15);
      part.classList.toggle("hw-map-last", left >= 15 && left + wide > 80);
      part.classList.toggle("hw-map-low", top > 75);
      link.replaceChildren(make("span", {}, chapter ? `${said} (chapter ${chapter[1]})` : said));
      link.setAttribute("aria-label", link.textContent);
      part.replaceChildren(link);
    }
  }

  // Furo's drawers open by labels, which no key reaches: they become buttons.
  const drawers = { __navigation: matchMedia("(max-width: 63em)"), __toc: matchMedia("(max-width: 90em)") };
  document.querySelectorAll("label.nav-overlay-icon, label.toc-overlay-icon").forEach((label) => {
    const drawer = label.control;
    const tell = () => {
      label.setAttribute("aria-expanded", drawer.checked);
      // While a drawer lies over the page, the page is out of reach; a wide window has no drawers.
      document.querySelector(".content").inert = Object.entries(drawers)
        .some(([id, narrow]) => narrow.matches && document.getElementById(id).checked);
    };
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    label.setAttribute("aria-label", label.matches(".nav-overlay-icon") ? "Chapters" : "On this page");
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      drawer.click();
    });
    drawer.addEventListener("change", tell);
    drawers[drawer.id].addEventListener("change", tell);
    addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !drawer.checked) return;
      drawer.click();
      if (label.offsetParent) label.focus();
    });
    tell();
  });

  // The button of the colours says which are on.
  const tellTheme = () => {
    for (const button of document.querySelectorAll(".theme-toggle"))
      button.setAttribute("aria-label", `Colours: ${document.body.dataset.theme}. Change them`);
  };
  new MutationObserver(tellTheme).observe(document.body, { attributeFilter: ["data-theme"] });
  tellTheme();

  // Play moves the first slider of an explorer once from end to end; a second press stops it.
  for (const explorer of article.querySelectorAll(".hw-explorer")) {
    const slider = explorer.querySelector("input[type=range]");
    if (!slider) continue;
    const steps = matchMedia("(prefers-reduced-motion: reduce)").matches ? 4 : 40;
    const button = make("button", { type: "button" }, "Play");
    let moving;
    const stop = () => {
      clearInterval(moving);
      moving = undefined;
      button.textContent = "Play";
    };
    button.addEventListener("click", () => {
      if (moving) return stop();
      const [low, high] = [+slider.min, +slider.max];
      let step = 0;
      button.textContent = "Stop";
      moving = setInterval(() => {
        slider.value = low + ((high - low) * step) / steps;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        if (step++ === steps || !button.isConnected) stop();
      }, 3200 / steps);
    });
    slider.addEventListener("pointerdown", stop);
    [...explorer.querySelectorAll("fieldset button")].at(-1)?.after(button);
  }

  // A figure opens large, with its caption and, where it is an explorer, with its sliders: the parts
  // themselves move into a dialog and back, so that no id stands twice.
  const stage = make("div", { className: "hw-stage", tabIndex: 0 });
  stage.setAttribute("role", "group");
  const close = make("button", { type: "button" }, "Close");
  const dialog = make("dialog", { className: "hw-large" }, close, stage);
  article.append(dialog);
  close.addEventListener("click", () => dialog.close());
  article.querySelectorAll("figure").forEach((figure) => {
    const picture = figure.querySelector(".hw-svg, img");
    const caption = figure.querySelector("figcaption");
    if (!picture || !caption) return;
    const number = caption.querySelector(".caption-number");
    const name = number ? number.textContent.trim() : "this figure";
    const button = make("button", { type: "button", className: "hw-enlarge" }, "Enlarge");
    button.setAttribute("aria-label", `Enlarge ${name}`);
    button.addEventListener("click", () => {
      const plot = figure.querySelector(".hw-explorer-plot");
      const controls = plot && figure.parentElement.querySelector(".hw-explorer");
      const moved = [plot || picture, ...(controls ? [controls] : []), caption];
      const places = moved.map((part) => {
        const place = document.createComment("");
        part.replaceWith(place);
        return place;
      });
      stage.replaceChildren(...moved);
      stage.setAttribute("aria-label", name);
      dialog.setAttribute("aria-label", name);
      const back = () => {
        places.forEach((place, k) => place.replaceWith(moved[k]));
        button.focus(); // it was in the dialog, where the browser could not give the focus back
      };
      dialog.addEventListener("close", back, { once: true });
      dialog.showModal();
    });
    caption.append(button);
    // The code of a figure has its button there too; the fold itself stays where it is.
    const fold = figure.closest(".cell")?.querySelector("details.hide");
    if (!fold) return;
    const open = make("button", { type: "button", className: "hw-code" }, "Code");
    const tell = () => open.setAttribute("aria-expanded", fold.open);
    open.setAttribute("aria-label", fold.querySelector("summary").textContent.trim());
    open.addEventListener("click", () => {
      fold.open = !fold.open;
      if (fold.open) fold.scrollIntoView({ block: "nearest", behavior: "instant" });
    });
    fold.addEventListener("toggle", tell);
    fold.classList.add("hw-coded");
    caption.append(open);
    tell();
  });
})();
