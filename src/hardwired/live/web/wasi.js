// The system calls that Python makes, on files in memory: nothing of the reader's machine is seen.
// One folder, "/", is handed over; what lies in it is made of `Folder` and `File`.

export class File {
  constructor(data = new Uint8Array()) {
    this.data = data; // what lies behind `size` is room to grow
    this.size = data.length;
  }

  write(bytes, at) {
    const end = at + bytes.length;
    // The bytes of a part are shared, so the first write copies, and leaves room.
    if (!this.own || end > this.data.length) {
      const room = new Uint8Array(Math.max(end, this.size, this.own ? 2 * this.data.length : 0));
      room.set(this.data.subarray(0, this.size));
      this.data = room;
      this.own = true;
    }
    this.data.set(bytes, at);
    this.size = Math.max(this.size, end);
  }

  resize(size) {
    const kept = new Uint8Array(size);
    kept.set(this.data.subarray(0, Math.min(size, this.size)));
    [this.data, this.size, this.own] = [kept, size, true];
  }
}

export class Folder {
  constructor() {
    this.inside = new Map();
  }

  // The folder of a path and its last name; folders on the way are made if `make` is set.
  at(path, make) {
    const names = [];
    for (const name of path.split("/")) {
      if (name === "..") names.pop();
      else if (name && name !== ".") names.push(name);
    }
    const last = names.pop();
    let folder = this;
    for (const name of names) {
      let next = folder.inside.get(name);
      if (!next && make) folder.inside.set(name, (next = new Folder()));
      if (!(next instanceof Folder)) return null;
      folder = next;
    }
    return { folder, last, node: last === undefined ? this : folder.inside.get(last) };
  }

  find(path) {
    const place = this.at(path);
    return place ? place.node : undefined;
  }

  put(path, data) {
    const { folder, last } = this.at(path, true);
    folder.inside.set(last, new File(data));
  }
}

export class Exit extends Error {
  constructor(code) {
    super(`Python has ended (${code})`);
    this.code = code;
  }
}

const [OK, BADF, EXIST, INVAL, ISDIR, NOENT, NOTDIR, NOTEMPTY, NOTSUP] = [0, 8, 20, 28, 31, 44, 54, 55, 58];
const [DEVICE, FOLDER, FILE] = [2, 3, 4];
const ALL_RIGHTS = (1n << 30n) - 1n;

// `memory` gives the module's memory, `write(fd, bytes)` takes what goes to streams 1 and 2.
export const wasi = ({ root, args, env, memory, write }) => {
  const text = new TextEncoder(), words = new TextDecoder();
  const handles = new Map([[0, {}], [1, {}], [2, {}], [3, { node: root, path: "" }]]);
  let nextHandle = 4, number = 0;
  const numbers = new WeakMap();
  const view = () => new DataView(memory().buffer);
  const bytes = (at, size) => new Uint8Array(memory().buffer, at >>> 0, size >>> 0);
  const string = (at, size) => words.decode(bytes(at, size).slice());
  const u32 = (at, value) => view().setUint32(at >>> 0, value, true);
  const u64 = (at, value) => view().setBigUint64(at >>> 0, BigInt(value), true);
  const numberOf = (node) => numbers.get(node) ?? (numbers.set(node, ++number), number);
  const now = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));

  const pathOf = (fd, at, size) => {
    const path = string(at, size), base = handles.get(fd);
    return base?.node instanceof Folder ? (path.startsWith("/") ? path : `${base.path}/${path}`) : null;
  };
  const place = (fd, at, size) => {
    const path = pathOf(fd, at, size);
    return path === null ? null : { path, ...root.at(path) };
  };
  const stat = (at, node) => {
    bytes(at, 64).fill(0);
    u64(at + 8, node ? numberOf(node) : 0);
    view().setUint8(at + 16, node instanceof Folder ? FOLDER : node ? FILE : DEVICE);
    u64(at + 24, 1);
    u64(at + 32, node instanceof File ? node.size : 0);
    return OK;
  };
  const ranges = function* (list, count) {
    for (let k = 0; k < count; k++) {
      yield bytes(view().getUint32(list + 8 * k, true), view().getUint32(list + 8 * k + 4, true));
    }
  };
  const strings = (list) => {
    const coded = list.map((item) => text.encode(`${item}\0`));
    return {
      sizes: (count, size) => {
        u32(count, coded.length);
        u32(size, coded.reduce((sum, item) => sum + item.length, 0));
        return OK;
      },
      get: (pointers, at) => {
        for (const item of coded) {
          u32(pointers, at);
          bytes(at, item.length).set(item);
          pointers += 4;
          at += item.length;
        }
        return OK;
      },
    };
  };
  const read = (file, list, count, at) => {
    let done = 0;
    for (const range of ranges(list, count)) {
      const from = Math.min(at + done, file.size);
      const part = file.data.subarray(from, Math.min(from + range.length, file.size));
      range.set(part);
      done += part.length;
      if (part.length < range.length) break;
    }
    return done;
  };
  const store = (file, list, count, at) => {
    let done = 0;
    for (const range of ranges(list, count)) {
      file.write(range.slice(), at + done);
      done += range.length;
    }
    return done;
  };
  const opened = (fd) => (handles.get(fd)?.node instanceof File ? handles.get(fd) : null);
  const known = (fd) => (handles.has(fd) ? OK : BADF);
  const argument = strings(args), variable = strings(Object.entries(env).map((pair) => pair.join("=")));
  const unsupported = () => NOTSUP;
  let asleep; // memory of our own on which this worker can wait

  return {
    args_sizes_get: argument.sizes,
    args_get: argument.get,
    environ_sizes_get: variable.sizes,
    environ_get: variable.get,
    clock_res_get: (_, at) => (u64(at, 1000), OK),
    clock_time_get: (clock, _, at) => {
      u64(at, clock === 0 ? now() : BigInt(Math.round(performance.now() * 1e6)));
      return OK;
    },
    fd_advise: known,
    fd_datasync: known,
    fd_sync: known,
    fd_fdstat_set_flags: known,
    fd_filestat_set_times: known,
    fd_close: (fd) => (handles.delete(fd) ? OK : BADF),
    fd_fdstat_get: (fd, at) => {
      const handle = handles.get(fd);
      if (!handle) return BADF;
      bytes(at, 24).fill(0);
      view().setUint8(at, handle.node instanceof Folder ? FOLDER : handle.node ? FILE : DEVICE);
      view().setUint16(at + 2, handle.append ? 1 : 0, true);
      u64(at + 8, ALL_RIGHTS);
      u64(at + 16, ALL_RIGHTS);
      return OK;
    },
    fd_filestat_get: (fd, at) => (handles.has(fd) ? stat(at, handles.get(fd).node) : BADF),
    fd_filestat_set_size: (fd, size) => {
      const handle = opened(fd);
      if (!handle) return BADF;
      handle.node.resize(Number(size));
      return OK;
    },
    fd_prestat_get: (fd, at) => {
      if (fd !== 3) return BADF;
      u32(at, 0);
      u32(at + 4, 1);
      return OK;
    },
    fd_prestat_dir_name: (fd, at) => (fd === 3 ? (bytes(at, 1).set([47]), OK) : BADF),
    fd_pread: (fd, list, count, offset, done) => {
      const handle = opened(fd);
      if (!handle) return BADF;
      u32(done, read(handle.node, list, count, Number(offset)));
      return OK;
    },
    fd_read: (fd, list, count, done) => {
      if (fd === 0) return u32(done, 0), OK; // nobody types
      const handle = opened(fd);
      if (!handle) return handles.get(fd)?.node instanceof Folder ? ISDIR : BADF;
      const size = read(handle.node, list, count, handle.position);
      handle.position += size;
      u32(done, size);
      return OK;
    },
    fd_pwrite: (fd, list, count, offset, done) => {
      const handle = opened(fd);
      if (!handle) return BADF;
      u32(done, store(handle.node, list, count, Number(offset)));
      return OK;
    },
    fd_write: (fd, list, count, done) => {
      let size = 0;
      if (fd === 1 || fd === 2) {
        for (const range of ranges(list, count)) {
          write(fd, range.slice());
          size += range.length;
        }
      } else {
        const handle = opened(fd);
        if (!handle) return BADF;
        if (handle.append) handle.position = handle.node.size;
        size = store(handle.node, list, count, handle.position);
        handle.position += size;
      }
      u32(done, size);
      return OK;
    },
    fd_seek: (fd, offset, whence, at) => {
      const handle = opened(fd);
      if (!handle) return BADF;
      const from = [0, handle.position, handle.node.size][whence];
      if (from === undefined || from + Number(offset) < 0) return INVAL;
      handle.position = from + Number(offset);
      u64(at, handle.position);
      return OK;
    },
    fd_tell: (fd, at) => (opened(fd) ? (u64(at, opened(fd).position), OK) : BADF),
    fd_readdir: (fd, at, size, cookie, used) => {
      const folder = handles.get(fd)?.node;
      if (!(folder instanceof Folder)) return BADF;
      const entries = [[".", folder], ["..", folder], ...folder.inside];
      let put = 0;
      for (let k = Number(cookie); k < entries.length && put < size; k++) {
        const name = text.encode(entries[k][0]), entry = new Uint8Array(24 + name.length);
        const fields = new DataView(entry.buffer);
        fields.setBigUint64(0, BigInt(k + 1), true);
        fields.setBigUint64(8, BigInt(numberOf(entries[k][1])), true);
        fields.setUint32(16, name.length, true);
        fields.setUint8(20, entries[k][1] instanceof Folder ? FOLDER : FILE);
        entry.set(name, 24);
        const part = entry.subarray(0, size - put);
        bytes(at + put, part.length).set(part);
        put += part.length;
      }
      u32(used, put);
      return OK;
    },
    path_create_directory: (fd, at, size) => {
      const found = place(fd, at, size);
      if (!found?.folder) return NOENT;
      if (found.node) return EXIST;
      found.folder.inside.set(found.last, new Folder());
      return OK;
    },
    path_filestat_get: (fd, _, at, size, to) => {
      const found = place(fd, at, size);
      return found?.node ? stat(to, found.node) : NOENT;
    },
    path_filestat_set_times: () => OK,
    path_link: unsupported,
    path_symlink: unsupported,
    path_readlink: (fd, at, size) => (place(fd, at, size)?.node ? INVAL : NOENT),
    path_open: (fd, _, at, size, how, rights, inherited, flags, to) => {
      const found = place(fd, at, size);
      const [create, folder, exclusive, empty] = [1, 2, 4, 8].map((bit) => how & bit);
      if (!found?.folder) return NOENT; // also where the way leads through a file
      let { node } = found;
      if (node && create && exclusive) return EXIST;
      if (!node) {
        if (!create || folder) return NOENT;
        found.folder.inside.set(found.last, (node = new File()));
      }
      if (folder && !(node instanceof Folder)) return NOTDIR;
      if (node instanceof Folder && empty) return ISDIR;
      if (empty) node.resize(0);
      handles.set(nextHandle, { node, path: found.path, position: 0, append: flags & 1 });
      u32(to, nextHandle++);
      return OK;
    },
    path_remove_directory: (fd, at, size) => {
      const found = place(fd, at, size);
      if (!found?.node) return NOENT;
      if (!(found.node instanceof Folder)) return NOTDIR;
      if (found.node.inside.size) return NOTEMPTY;
      found.folder.inside.delete(found.last);
      return OK;
    },
    path_rename: (fd, at, size, newFd, newAt, newSize) => {
      const from = place(fd, at, size), to = place(newFd, newAt, newSize);
      if (!from?.node || !to?.folder) return NOENT;
      if (to.node instanceof Folder && (!(from.node instanceof Folder) || to.node.inside.size)) return NOTEMPTY;
      from.folder.inside.delete(from.last);
      to.folder.inside.set(to.last, from.node);
      return OK;
    },
    path_unlink_file: (fd, at, size) => {
      const found = place(fd, at, size);
      if (!found?.node) return NOENT;
      if (found.node instanceof Folder) return ISDIR;
      found.folder.inside.delete(found.last);
      return OK;
    },
    poll_oneoff: (from, to, count, done) => {
      let wait = Infinity;
      for (let k = 0; k < count; k++) {
        const at = from + 48 * k;
        if (view().getUint8(at + 8) !== 0) wait = 0; // a stream is always ready
        else {
          const time = Number(view().getBigUint64(at + 24, true)) / 1e6;
          const clock = view().getUint32(at + 16, true) ? performance.now() : Number(now()) / 1e6;
          wait = Math.min(wait, view().getUint16(at + 40, true) & 1 ? time - clock : time);
        }
      }
      asleep ??= new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
      if (wait > 0) Atomics.wait(asleep, 0, 0, wait);
      for (let k = 0; k < count; k++) {
        bytes(to + 32 * k, 32).fill(0);
        bytes(to + 32 * k, 8).set(bytes(from + 48 * k, 8));
        view().setUint8(to + 32 * k + 10, view().getUint8(from + 48 * k + 8));
      }
      u32(done, count);
      return OK;
    },
    proc_exit: (code) => {
      throw new Exit(code);
    },
    sched_yield: () => OK,
    random_get: (at, size) => {
      for (let k = 0; k < size; k += 65536) {
        crypto.getRandomValues(bytes(at + k, Math.min(65536, size - k)));
      }
      return OK;
    },
    sock_accept: unsupported,
    sock_recv: unsupported,
    sock_send: unsupported,
    sock_shutdown: unsupported,
  };
};
