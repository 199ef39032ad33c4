// Broken pictures through the real upload: fixtures cut off at many places, and with random bytes in them. Used by
// hostile.test.mjs with a few of them, and by tools/soak with all.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ask, corpus, fixtures } from './piclog.mjs';

const isPicture = (name) => !/\.(md|tsv|txt|html)$/.test(name) && !/LICENSES/.test(name);
const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: false }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]);

export const hostileFolder = corpus ? join(corpus, 'hostile') : join(fixtures, 'hostile');
export const hostileFiles = () => filesIn(hostileFolder);
export const fixtureFiles = (most = Infinity) =>
  ['hostile', 'formats', 'exif', 'icc', 'pictures'].flatMap((folder) => filesIn(join(fixtures, folder)))
    .filter((path) => isPicture(path) && statSync(path).size <= most).sort();

// The same numbers for the same seed, on every machine (xorshift32).
export function random(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13; state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5; state >>>= 0;
    return state % below;
  };
}

// Cut off at count places, spread evenly, the headers more densely: most of what a parser decides stands there.
export function* truncations(bytes, count = 64) {
  const head = Math.min(bytes.length, 1024);
  for (let i = 0; i < count; i++) {
    const length = i % 2 ? Math.floor((bytes.length * i) / count) : Math.floor((head * i) / count);
    yield bytes.subarray(0, length);
  }
}

// One to sixteen changes: bytes, runs, pieces moved, removed, doubled.
export function corrupted(bytes, seed) {
  const next = random(seed);
  let out = Buffer.from(bytes);
  for (let changes = 1 + next(16); changes > 0 && out.length > 4; changes--) {
    const at = next(next(2) ? out.length : Math.min(out.length, 700));
    const length = Math.min(1 + next(64), out.length - at);
    switch (next(6)) {
      case 0: out[at] = next(256); break;
      case 1: out[at] ^= 1 << next(8); break;
      case 2: out.fill([0, 255, 127, 128][next(4)], at, at + length); break;
      case 3: out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]); break;
      case 4: out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)]); break;
      case 5: out.copy(out, next(out.length), at, at + length); break;
    }
  }
  return out;
}

// Connections to the database are opened as they are needed, eight at most, and stay.
export const DATABASE_FDS = 16;

// What is left of a process and of those below it.
export function footprint(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const all = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) => all.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return {
    rss_kb: Number(/VmRSS:\s+(\d+)/.exec(status)[1]),
    peak_kb: Number(/VmHWM:\s+(\d+)/.exec(status)[1]),
    fds: readdirSync(`/proc/${pid}/fd`).length,
    processes: below(pid).length,
  };
}

// Sends every one of inputs ({name, bytes}) through the API, several at a time; pictures that came of them are deleted
// again. Every answer must be a picture, or an error in words that is the sender's. Returns how often each came.
export async function sendAll(piclog, user, inputs, { atOnce = 4, until = Infinity } = {}) {
  const counts = { sent: 0, 201: 0 };
  const faults = [];
  const source = inputs[Symbol.iterator]();
  const one = async () => {
    for (let item = source.next(); !item.done && Date.now() < until; item = source.next()) {
      const { name, bytes } = item.value;
      const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/octet-stream' };
      let got, late = 0;
      const isLate = () => got.status === 422 && /too long to decode/.test(got.json.detail);
      do got = await ask(piclog, 'POST', '/api/pictures', { headers, body: Buffer.from(bytes) });
      // a full queue asks to come back; late once may be a busy machine, late three times is the picture
      while (((got.status === 503 && got.headers['retry-after']) || (isLate() && ++late < 3)) && (await new Promise((later) => setTimeout(later, 100, true))));
      counts.sent++;
      counts[got.status] = (counts[got.status] ?? 0) + 1;
      if (got.status === 201) {
        const deleted = await ask(piclog, 'DELETE', `/api/pictures/${got.json.id}`, { headers: { authorization: headers.authorization } });
        if (![200, 204].includes(deleted.status)) faults.push(`${name}: delete ${deleted.status}`);
      } else if (got.status < 400 || got.status >= 500 || !(got.json.detail?.length > 20)) {
        faults.push(`${name}: ${got.status} ${got.text.slice(0, 200)}`);
      } else if (/crashed|too long to decode/.test(got.json.detail)) {
        faults.push(`${name}: a worker was lost: ${got.json.detail}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { counts, faults };
}
