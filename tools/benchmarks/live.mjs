// The client of tools/benchmarks/live, the same for piclog and for nginx with nchan:
//   live.mjs TOKENS idle WHICH PORT COUNT                   opens streams, prints how many, holds them until it is killed
//   live.mjs TOKENS talk WHICH PORT COUNT TALKERS SECONDS   a message a second to each of the talkers, while streams end and
//                                                           resume at random; prints the times from answer to event
// TOKENS: lines of NAME TOKEN, the writer's first; four streams for each further one.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const [file, what, which, port, count, talkers, seconds] = process.argv.slice(2).map((value, i) => (i > 2 ? Number(value) : value));
const [writer, ...people] = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' '));
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const reader = (i, four = 4) => people[Math.floor(i / four) % people.length];

// HTTP/1.0, so that both send lines without chunks around them.
function open(name, token, last, onEvent) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    let rest = '', head = true, id;
    const lines = [`GET ${which === 'piclog' ? '/live' : `/sub/${name}`} HTTP/1.0`, 'Host: localhost', 'Accept: text/event-stream', 'User-Agent: bench'];
    if (which === 'piclog') lines.push(`Authorization: Bearer ${token}`);
    if (last) lines.push(`Last-Event-ID: ${last}`);
    socket.on('connect', () => socket.write(lines.join('\r\n') + '\r\n\r\n'));
    socket.on('error', () => done(null));
    socket.on('close', () => done(null));
    socket.on('data', (bytes) => {
      const pieces = (rest + bytes).split('\n');
      rest = pieces.pop();
      for (const piece of pieces) {
        const line = piece.trimEnd();
        if (head && /^HTTP\//.test(line) && !/ 200 /.test(line)) { socket.destroy(); return done(null); }
        if (head && line === '') { head = false; done(socket); }
        if (line.startsWith('id:')) id = line.slice(3).trim();
        if (line.startsWith('data:')) onEvent?.(line.slice(5).trim(), id);
      }
    });
  });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const post = (name, content) =>
  new Promise((done, fail) => {
    const body = which === 'piclog' ? JSON.stringify({ to: name, content }) : JSON.stringify({ author: 'writer', content });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    if (which === 'piclog') headers.authorization = `Bearer ${writer[1]}`;
    const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: which === 'piclog' ? '/api/messages' : `/pub/${name}`, headers, agent }, (answer) => {
      const at = performance.now();
      answer.resume().on('end', () => (answer.statusCode < 300 ? done(at) : fail(new Error(`${answer.statusCode}`))));
    });
    request.on('error', fail);
    request.end(body);
  });

const sockets = [];
if (what === 'idle') {
  for (let i = 0; i < count; i += 50)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, k) => open(...reader(i + k))))));
  console.log(sockets.filter(Boolean).length);
  await new Promise(() => {});
}

// ---- Talking: one stream for each reader up to TALKERS, the others hold the rest -----------------------

const sent = new Map(), got = new Map(), arrived = new Map(), lasts = new Map(), open_ = new Map();
let twice = 0, resumes = 0, isOver = false;
const take = (name) => (data, id) => {
  const content = JSON.parse(data).content;
  if (!content) return;
  lasts.set(name, id);
  if (content === 'first') return void got.set(name, true);
  if (arrived.has(content)) twice++;
  else arrived.set(content, performance.now());
};
const resume = async (person) => {
  const [name, token] = person;
  let socket = null;
  while (!socket && !isOver) {
    socket = await open(name, token, lasts.get(name), take(name));
    if (!socket) await later(100);
  }
  open_.set(name, socket);
};
const talking = people.slice(0, talkers);
for (const person of talking) await resume(person);
for (let i = talkers; i < count; i++) sockets.push(await open(...people[talkers + Math.floor((i - talkers) / 4) % Math.max(1, people.length - talkers)]));
for (const [name] of talking) await post(name, 'first'); // an id to go on from
for (let i = 0; got.size < talking.length && i < 200; i++) await later(50);

const coming = (async () => {
  while (!isOver) { // somebody's line breaks, twice a second, for up to two seconds
    const person = talking[Math.floor(Math.random() * talking.length)], socket = open_.get(person[0]);
    if (socket) {
      open_.set(person[0], null);
      socket.destroy();
      resumes++;
      setTimeout(() => resume(person), Math.random() * 2000);
    }
    await later(500);
  }
})();
const end = performance.now() + seconds * 1000;
const writing = talking.map(async ([name], i) => {
  await later((i * 1000) / talking.length);
  for (let n = 0; performance.now() < end; n++) {
    const content = `${name}-${n}`, next = performance.now() + 1000, wasOpen = open_.get(name);
    sent.set(content, { at: await post(name, content), wasOpen });
    await later(Math.max(0, next - performance.now()));
    if (open_.get(name) !== wasOpen) sent.get(content).wasOpen = null; // came by resuming: its time is the line's
  }
});
await Promise.all(writing);
await later(4000);
isOver = true;
await coming;
const times = [...sent].filter(([content, { wasOpen }]) => wasOpen && arrived.has(content)).map(([content, { at }]) => arrived.get(content) - at).sort((a, b) => a - b);
const lost = [...sent.keys()].filter((content) => !arrived.has(content)).length;
const part = (p) => times[Math.min(times.length - 1, Math.floor(times.length * p))].toFixed(2);
console.log(`  ${`answer to event, ${which}`.padEnd(24)} median ${part(0.5)} ms, of 99 in 100 below ${part(0.99)} ms; ${sent.size} sent to ${talkers} of ${sockets.filter(Boolean).length + talkers} streams, ${resumes} resumes, ${lost} lost, ${twice} twice`);
process.exit(0);
