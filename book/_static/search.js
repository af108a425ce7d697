// Finds words in sections, captions, claims, glossary and references, and shows them in context.
(() => {
  const KINDS = ["", "Caption", "Glossary", "Reference", "Claim"];
  const WEIGHTS = [1, 3, 6, 1, 1];
  const MOST = 60, LONGEST = 200;
  // Letters that are written as signs, and words that are written in more than one way.
  const SIGNS = { alpha: "α", beta: "β", gamma: "γ", delta: "δ", kappa: "κ", mu: "µ", tau: "τ" };
  const SAME = [
    ["tnf-alpha", "tnf", "tumour necrosis factor"],
    ["il", "interleukin"],
    ["ifn", "interferon"],
    ["crp", "c-reactive protein"],
    ["hpa", "hypothalamic-pituitary-adrenal"],
    ["crh", "corticotropin-releasing hormone"],
    ["acth", "corticotropin"],
    ["hsv", "herpes simplex"],
    ["hiv", "human immunodeficiency virus"],
    ["nk cell", "natural killer cell"],
    ["adrenaline", "epinephrine"],
    ["noradrenaline", "norepinephrine"],
    ["eczema", "atopic dermatitis"],
    ["rct", "randomised controlled trial", "randomised trial"],
    ["pni", "psychoneuroimmunology"],
    ["nf-kappa-b", "nuclear factor kappa b"],
    ["vagal", "vagus"],
    ["leucocyte", "white blood cell"],
  ];
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const field = document.getElementById("hw-query");
  const asked = (new URLSearchParams(location.search).get("q") || "").trim();

  // Letters without accents, one for one, so that places in the folded text are places in the text.
  const fold = (text) =>
    text.replace(/[^\x00-\x7f]/g, (c) => c.normalize("NFD")[0]).replace(/’/g, "'").toLowerCase();
  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

  // One stretch of letters as a pattern, in British and American spelling.
  const spelled = (part) => {
    if (SIGNS[part]) return `(?:${part}|${SIGNS[part]})`;
    const name = Object.keys(SIGNS).find((key) => SIGNS[key] === part || (part === "μ" && key === "mu"));
    if (name) return `(?:${name}|${part})`;
    if (part.length < 5) return escape(part);
    return escape(part)
      .replace(/[ao]e|(?<=h|an|p|f|^)e(?=[mstdr])/g, "[ao]?e")
      .replace(/ou?r(?!g)/g, "ou?r")
      .replace(/([iy])[sz](?=[eai])/g, "$1[sz]")
      .replace(/(?<=[tb])(?:re|er)$/, "(?:re|er)")
      .replace(/ll?(?=ed|ing|er)/g, "ll?")
      .replace(/leu[ck]/g, "leu[ck]");
  };
  // A word, its parts with a hyphen, a space or nothing between them: IL6 is IL-6. Any word also
  // finds its longer forms, and a plural its singular.
  const pattern = (word) => {
    const stem = word.replace(/([^su\d])s$/, "$1");
    const parts = stem.match(/\d+(?:[.,]\d+)*|[^\d\s‐‑–-]+/g) || [escape(stem)];
    const end = /\d$/.test(stem) ? "(?!\\d)" : "";
    return parts.map(spelled).join("[\\s‐‑–-]?") + end;
  };
  const whole = (sources) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join("|")})`, "gu");

  // What is wanted: a list of words or "exact words", each with the ways to write it.
  const wantedIn = (query) => {
    let rest = fold(query).replace(/\balfa\b/g, "alpha");
    const wanted = [];
    for (const same of SAME) {
      for (const phrase of same) {
        const found = new RegExp(`(?<![\\p{L}\\p{N}"])${pattern(phrase)}s?(?![\\p{L}"])`, "u").exec(rest);
        if (!found) continue;
        const before = rest.slice(0, found.index), behind = rest.slice(found.index + found[0].length);
        // Which interleukin it is belongs to its name.
        const [which, number] = (phrase.startsWith("i") && behind.match(/^[\s‐‑–-]*(\d+)(?![\p{L}\d])/u)) || ["", ""];
        rest = `${before} ${behind.slice(which.length).replace(/^[‐‑–-]/, " ")}`;
        const end = number && `[\\s‐‑–-]?${number}(?!\\d)`;
        wanted.push({ word: found[0] + which, sources: same.map((name) => pattern(name) + end) });
      }
    }
    for (const [given, exact] of rest.matchAll(/"([^"]+)"|\S+/g)) {
      const word = exact ?? given.replace(/["?!,;.()]+/g, "");
      if (!word) continue;
      const source = exact ? escape(exact).replace(/ /g, "\\s+") : pattern(word);
      wanted.push({ word, sources: [source], exact: exact !== undefined });
    }
    return wanted;
  };

  // One letter wrong, too many, missing, or two exchanged; two in a long word.
  const near = (word, other, most) => {
    if (Math.abs(word.length - other.length) > most) return false;
    let before = [], last = Array.from({ length: other.length + 1 }, (_, k) => k);
    for (let i = 1; i <= word.length; i++) {
      const row = [i];
      for (let k = 1; k <= other.length; k++) {
        row[k] = Math.min(row[k - 1] + 1, last[k] + 1, last[k - 1] + (word[i - 1] !== other[k - 1]));
        const swapped = i > 1 && k > 1 && word[i - 1] === other[k - 2] && word[i - 2] === other[k - 1];
        if (swapped) row[k] = Math.min(row[k], before[k - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length] <= most;
  };
  // For a word that stands nowhere: the names of places that are written apart, `funnel plot`.
  const apart = (word, pages) => {
    const bare = (text) => fold(text).replace(/[^\p{L}\p{N}]|s$/gu, "");
    const names = pages.flatMap(([, , entries]) => entries.map(([, heading]) => heading));
    return names.filter((name) => /[\s-]/.test(name) && bare(name) === bare(word)).slice(0, 1);
  };
  // Or else the words of the book that are spelt almost like it.
  const neighbours = (word, pages) => {
    const most = word.length > 8 ? 2 : word.length > 3 ? 1 : 0;
    const words = new Map();
    for (const [, , entries] of most ? pages : []) {
      for (const [, heading, kind, text] of entries) {
        if (kind === 3) continue; // names of authors are no words
        for (const [other] of fold(`${heading} ${text}`).matchAll(/\p{L}+/gu)) words.set(other, (words.get(other) || 0) + 1);
      }
    }
    const found = [...words.keys()].filter((other) => other[0] === word[0] || most < 2).filter((other) => near(word, other, most));
    const close = found.filter((other) => near(word, other, 1));
    return (close.length ? close : found).sort((a, b) => words.get(b) - words.get(a)).slice(0, 4);
  };

  const context = (text, places) => {
    const first = places[0] || [0], from = Math.max(0, first[0] - 90), to = Math.min(text.length, first[0] + 160);
    const start = from && text.indexOf(" ", from) + 1, end = to < text.length ? text.lastIndexOf(" ", to) : to;
    const line = document.createElement("p");
    let at = start;
    if (start) line.append("… ");
    for (const [low, high] of places) {
      if (low < at || high > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(low, high);
      line.append(text.slice(at, low), mark);
      at = high;
    }
    line.append(text.slice(at, end));
    if (end < text.length) line.append(" …");
    return line;
  };

  const find = (pages, wanted) => {
    const found = [];
    for (const [address, page, entries] of pages) {
      for (const [anchor, heading, kind, text] of entries) {
        const title = fold(heading), body = fold(text);
        const inside = wanted.map((word) => [...body.matchAll(word)]);
        const above = wanted.map((word) => title.search(word) >= 0);
        if (!wanted.every((_, n) => inside[n].length || above[n])) continue;
        const hits = inside.flat().map((hit) => [hit.index, hit.index + hit[0].length]);
        // A title that is nothing but the word is the place itself.
        const itself = wanted.length && wanted.reduce((left, word) => left.replace(word, ""), title).trim().length < 3;
        const score = WEIGHTS[kind] * (Math.min(hits.length, 5) + 8 * above.filter(Boolean).length + 12 * itself);
        found.push({ address, page, anchor, heading, kind, text, score, hits: hits.sort((a, b) => a[0] - b[0]) });
      }
    }
    return found.sort((a, b) => b.score - a.score);
  };

  const toWordEnds = (text, hits) =>
    hits.map(([low, high]) => [low, high + text.slice(high).search(/[^\p{L}\p{N}]|$/u)]);
  // The browser marks the word on the page that is reached, where it knows how to.
  const marked = (text, hits) => {
    if (!hits.length || !("fragmentDirective" in document)) return "";
    const [low, high] = hits[0], before = text.slice(0, low).match(/\S+\s+\S+\s*$/);
    const code = (words) => encodeURIComponent(words.trim()).replace(/-/g, "%2D");
    return `:~:text=${before ? `${code(before[0])}-,` : ""}${code(text.slice(low, high))}`;
  };

  const show = (pages) => {
    const wanted = wantedIn(asked.slice(0, LONGEST));
    const instead = [];
    let found = find(pages, wanted.map(({ sources }) => whole(sources)));
    if (!found.length) {
      for (const one of wanted) {
        if (one.exact || find(pages, [whole(one.sources)]).length) continue;
        const parts = apart(one.word, pages), others = parts.length ? parts : neighbours(one.word, pages);
        if (!others.length) continue;
        one.sources = parts.length ? [pattern(fold(parts[0]))] : others.map((other) => `${other}(?!\\p{L})`);
        instead.push(others[0]);
      }
      if (instead.length) found = find(pages, wanted.map(({ sources }) => whole(sources)));
      // Or what was written apart is one word.
      const one = fold(asked).replace(/\s+/g, "");
      if (!found.length && one.length < LONGEST && one !== fold(asked)) {
        found = find(pages, [whole([pattern(one)])]);
        if (found.length) instead.splice(0, instead.length, one);
      }
    }
    const said = asked.length > LONGEST ? `the first ${LONGEST} characters` : asked;
    const places = found.length === 1 ? "1 place" : `${found.length} places`;
    const more = found.length > MOST ? `; the best ${MOST} are shown.` : ".";
    status.textContent = !found.length
      ? `Nothing found for ${said}. Try fewer words, or a part of one.`
      : instead.length
        ? `Nothing found for ${said}, but ${places} for words like ${instead.join(" and ")}${more}`
        : `${places} found for ${said}${more}`;
    list.replaceChildren(
      ...found.slice(0, MOST).map(({ address, page, anchor, heading, kind, text, hits }) => {
        const item = document.createElement("li"), link = document.createElement("a");
        const words = toWordEnds(text, hits);
        link.href = `${address}#${anchor}${marked(text, words)}`;
        link.textContent = heading || page;
        const where = document.createElement("div");
        where.className = "hw-found";
        where.textContent = [KINDS[kind], page].filter((word, n) => word && word !== (n ? KINDS[kind] : "") && word !== heading).join(" · ");
        item.append(link, where, context(text, words));
        return item;
      })
    );
  };

  if (!asked) return field.focus();
  field.value = asked;
  status.textContent = "Searching";
  window.hardwiredSearch = show;
  const words = document.createElement("script");
  words.src = document.documentElement.dataset.content_root + "_static/search-text.js";
  document.head.append(words);
})();
