// Finds words in sections, captions, glossary and references, and shows them in context.
(() => {
  const KINDS = ["", "Caption", "Glossary", "Reference"];
  const WEIGHTS = [1, 3, 6, 1];
  const MOST = 60;
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const field = document.getElementById("hw-query");
  const asked = new URLSearchParams(location.search).get("q");

  // Letters without accents, one for one, so that places in the folded text are places in the text.
  const fold = (text) =>
    text.replace(/[^\x00-\x7f]/g, (c) => c.normalize("NFD")[0]).replace("’", "'").toLowerCase();
  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  // "exact words" stay together; any other word also finds its longer forms, and a plural its singular.
  const patterns = (query) =>
    [...fold(query).matchAll(/"([^"]+)"|\S+/g)].map(([word, exact]) => {
      const stem = exact ?? word.replace(/["?!,;.]+$/, "").replace(/([^su\d])s$/, "$1");
      return new RegExp(`(?<![\\p{L}\\p{N}])${escape(stem).replace(/ /g, "\\s+")}`, "gu");
    });

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
        const score = WEIGHTS[kind] * (Math.min(hits.length, 5) + 8 * above.filter(Boolean).length);
        found.push({ address, page, anchor, heading, kind, text, score, hits: hits.sort((a, b) => a[0] - b[0]) });
      }
    }
    return found.sort((a, b) => b.score - a.score);
  };

  const whole = (text, hits) => {
    const word = hits.map(([low, high]) => [low, high + text.slice(high).search(/[^\p{L}\p{N}]|$/u)]);
    return context(text, word);
  };
  const show = (pages) => {
    const found = find(pages, patterns(asked));
    const places = found.length === 1 ? "1 place" : `${found.length} places`;
    status.textContent = found.length
      ? `${places} found for ${asked}` + (found.length > MOST ? `; the best ${MOST} are shown.` : ".")
      : `Nothing found for ${asked}. Try fewer words, or a part of one.`;
    list.replaceChildren(
      ...found.slice(0, MOST).map(({ address, page, anchor, heading, kind, text, hits }) => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = `${address}#${anchor}`;
        link.textContent = heading || page;
        const where = document.createElement("div");
        where.className = "hw-found";
        where.textContent = [KINDS[kind], page].filter((word, n) => word && word !== (n ? KINDS[kind] : "") && word !== heading).join(" · ");
        item.append(link, where, whole(text, hits));
        return item;
      })
    );
  };

  if (!asked || !asked.trim()) return field.focus();
  field.value = asked;
  status.textContent = "Searching";
  window.hardwiredSearch = show;
  const words = document.createElement("script");
  words.src = document.documentElement.dataset.content_root + "_static/search-text.js";
  document.head.append(words);
})();
