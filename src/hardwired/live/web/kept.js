// What the reader has typed lies in this browser alone, under the exercise and its version: the work
// at hand, and earlier works that it took the place of. A work is { notebook, files, given }, where
// `given` holds the sources as they were when it was opened.

export const MOST = 8; // earlier works
const told = (cell) => cell.metadata?.hardwired ?? {};
const stampOf = (found) => found && (found.stamp ?? "none");

export const changed = ({ notebook, given }) => notebook.cells.some((cell, k) => cell.source !== given?.[k]);
export const equal = (one, other) =>
  JSON.stringify([one.notebook, one.files]) === JSON.stringify([other.notebook, other.files]);

// Earlier works with one more, if anything was typed in it.
export const beside = (earlier, work) =>
  changed(work) ? [...earlier.filter((one) => !equal(one, work)), work].slice(-MOST) : earlier;

// A work of another version in the notebook of this one: answers, the identifier and own data go over.
export const carried = (older, fresh) => {
  const { notebook, given } = structuredClone(fresh), line = /^STUDENT = .*$/m;
  const data = older.notebook.cells.find((cell) => told(cell).role === "data" && cell.source.includes("load("));
  notebook.cells.forEach((cell, k) => {
    const { question, role } = told(cell);
    const at = older.notebook.cells.findIndex((old) =>
      old.cell_type === cell.cell_type && (question ? told(old).question === question : role === "identity" && told(old).role === role));
    const source = older.notebook.cells[at]?.source;
    if (question && source !== undefined && source !== older.given?.[at]) cell.source = source;
    else if (!question && source?.match(line)) cell.source = cell.source.replace(line, () => source.match(line)[0]);
    else if (role === "data" && data) given[k] = cell.source = data.source;
  });
  const stays = notebook.cells.map((cell) => !data || told(cell).role !== "draw");
  notebook.cells = notebook.cells.filter((_, k) => stays[k]);
  return { notebook, files: older.files ?? {}, given: given.filter((_, k) => stays[k]) };
};

export class Kept {
  constructor(slug, version, refused) {
    [this.slug, this.version, this.refused, this.seen] = [slug, String(version), refused, null];
  }

  key(version = this.version) {
    return `hardwired-exercise-${this.slug}-${version}`;
  }

  versions() {
    const start = this.key("");
    return Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length))
      .filter((version) => /^\d+$/.test(version)).sort((one, other) => one - other);
  }

  read(version) {
    try {
      const found = JSON.parse(localStorage.getItem(this.key(version)));
      if (!found?.notebook?.cells) return null;
      return { ...found, earlier: found.earlier ?? (found.before ? [found.before] : []) };
    } catch {
      this.refused();
      return null;
    }
  }

  load() {
    const found = this.read();
    this.seen = stampOf(found);
    return found;
  }

  // Works that were typed into other versions of the exercise, the newest last.
  ofOthers() {
    try {
      const found = this.versions().filter((version) => version !== this.version).map((version) => this.read(version));
      return found.flatMap((one) => (one ? [...one.earlier, one] : []));
    } catch {
      return [];
    }
  }

  // Whether another tab has written since this one read or wrote.
  elsewhere() {
    return stampOf(this.read()) !== this.seen;
  }

  write(work, earlier) {
    try {
      const stamp = `${Date.now()} ${Math.random()}`;
      localStorage.setItem(this.key(), JSON.stringify({ ...work, earlier, stamp }));
      this.seen = stamp;
    } catch {
      this.refused();
    }
  }

  erase() {
    try {
      for (const version of this.versions()) localStorage.removeItem(this.key(version));
      this.seen = null;
    } catch {
      this.refused();
    }
  }
}
