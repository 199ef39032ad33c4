// Load and slow clients: what honest ones feel of it, and what it costs. Usage: node tests/soak/slow.mjs [SECONDS of
// each]; run by tools/soak. Attackers come from 127.0.0.1 and 127.0.1.x, honest ones from 127.0.0.2.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { Browser, ask, bearer, fixture, pictureForm, start } from '../e2e/piclog.mjs';
import { footprint, random } from '../e2e/hostile.mjs';

const seconds = Number(process.argv[2] ?? 20), MEDIAN_MS = 200, CONNECTIONS = 6000;
const piclog = await start(['--connections', String(CONNECTIONS), '--timeout', '30', '--log-requests', 'off', '--quota', '0', '--rate', 'read=0']);
const anna = piclog.person('anna');
const picture = fixture('pictures/nuthatch.jpg');
for (let i = 0; i < 20; i++) await anna.upload(picture, { caption: `picture ${i}` });
const shown = new URL((await ask(piclog, 'GET', '/gallery.json')).json.pictures[0].thumb_url, piclog.origin).pathname;
const faults = [];
const sleep = (ms) => new Promise((later) => setTimeout(later, ms));

// An honest visitor: a connection of its own for each request, a front page, a picture, a page signed in.
const honest = await new Browser(piclog).logIn(anna);
async function visit() {
  const began = performance.now();
  const [path, browser] = [['/', null], [shown, null], ['/settings', honest], ['/gallery?before=15', null]][Math.floor(Math.random() * 4)];
  const got = await (browser ? browser.get(path, { localAddress: '127.0.0.2' }) : ask(piclog, 'GET', path, { localAddress: '127.0.0.2' }));
  if (got.status !== 200) throw new Error(`${path}: ${got.status}`);
  return performance.now() - began;
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

async function under(name, attack, ms = seconds * 1000) {
  let going = true;
  const times = [];
  let failed = 0;
  const attacking = attack(() => going);
  const until = Date.now() + ms;
  let peak_kb = 0;
  while (Date.now() < until) {
    await visit().then((time) => times.push(time), () => failed++);
    peak_kb = Math.max(peak_kb, footprint(piclog.child.pid).rss_kb);
    await sleep(50);
  }
  going = false;
  const said = await attacking;
  const typical = median(times), worst = Math.max(...times);
  console.log(`${name}: ${times.length} honest visits, median ${typical.toFixed(1)} ms, worst ${worst.toFixed(0)} ms, ${failed} failed, ` +
    `${(peak_kb / 1000).toFixed(1)} MB at most${said ? `; ${said}` : ''}`);
  if (!(typical <= MEDIAN_MS)) faults.push(`${name}: the median is ${typical.toFixed(0)} ms`);
  if (failed) faults.push(`${name}: ${failed} honest visits failed`);
  await sleep(500);
}

const slowhttptest = (...options) => () =>
  new Promise((done) => {
    const child = spawn('slowhttptest', ['-u', `${piclog.origin}/`, '-c', '1000', '-r', '300', '-l', String(seconds), '-p', '3', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text = (text + chunk).slice(-4000)));
    child.on('error', (error) => { faults.push(`slowhttptest: ${error.message}`); done(''); });
    child.on('close', () => {
      const plain = text.replace(/\x1b\[[0-9;]*m/g, '');
      const last = (word) => [...plain.matchAll(new RegExp(`${word}:\\s+(\\S+)`, 'g'))].at(-1)?.[1];
      done(`slowhttptest: connected ${last('connected')}, closed ${last('closed')}, service available ${last('service available')}`);
    });
  });

function connect(from, bytes = '') {
  return new Promise((done) => {
    const socket = net.connect({ port: piclog.port, host: '127.0.0.1', localAddress: from });
    socket.setMaxListeners(0);
    socket.on('error', () => {});
    socket.once('connect', () => { if (bytes) socket.write(bytes); done(socket); });
    socket.once('close', () => done(socket));
  });
}
const address = (i) => `127.0.1.${1 + (i % 100)}`;
const drop = (sockets) => sockets.forEach((socket) => socket.destroy());

const quiet = footprint(piclog.child.pid);
console.log(`at rest: ${JSON.stringify(quiet)}`);
await under('nobody else', async (going) => { while (going()) await sleep(50); }, 5000);
await under('slow headers', slowhttptest('-H', '-i', '5'));
await under('slow bodies', slowhttptest('-B', '-i', '5', '-s', '8192', '-t', 'POST'));
await under('slow reading', slowhttptest('-X', '-w', '10', '-y', '20', '-n', '5', '-z', '32', '-k', '3'));

await under('5 000 idle connections', async (going) => {
  const sockets = [];
  while (sockets.length < 5000) sockets.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => connect(address(i), sockets.length % 200 ? '' : 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')))));
  await sleep(200);
  const open = Number(/piclog_connections (\d+)/.exec((await ask(piclog, 'GET', '/metrics', { localAddress: '127.0.0.3' })).text)[1]);
  if (open < 5000) faults.push(`only ${open} connections are open`);
  while (going()) await sleep(50);
  drop(sockets);
  return `${open} open`;
});
await under('pipelining', async (going) => {
  let answers = 0;
  const loop = async (i) => {
    while (going()) {
      const socket = await connect(address(i), 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200) + 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      socket.on('data', (chunk) => (answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1));
      await new Promise((closed) => socket.once('close', closed));
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => loop(i)));
  return `${answers} answers`;
});
await under('chunks of one byte', async (going) => {
  let sent = 0;
  const loop = async (i) => {
    while (going()) {
      const socket = await connect(address(i), `POST /api/pictures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n`);
      socket.resume();
      for (const byte of picture.subarray(0, 6000)) {
        if (!going() || socket.destroyed) break;
        if (!socket.write(Buffer.from([0x31, 13, 10, byte, 13, 10]))) await sleep(5);
        if (sent++ % 200 === 0) await sleep(1);
      }
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => loop(i)));
  return `${sent} chunks`;
});
await under('huge headers', async (going) => {
  let refused = 0, taken = 0;
  const loop = async (i) => {
    while (going()) {
      const socket = await connect(address(i), `GET / HTTP/1.1\r\nHost: x\r\n${`X-${'n'.repeat(50)}: ${'v'.repeat(900)}\r\n`.repeat(60)}\r\n`);
      await new Promise((over) => {
        socket.once('data', (chunk) => { chunk.includes(' 431 ') || chunk.includes(' 413 ') ? refused++ : taken++; over(); });
        socket.once('close', () => { refused++; over(); });
        setTimeout(over, 2000);
      });
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, i) => loop(i)));
  if (taken) faults.push(`${taken} requests with 60 kB of headers were taken`);
  return `${refused} refused`;
});
await under('endless chunked bodies', async (going) => {
  let bytes = 0, cut = 0;
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65536, 0xff), Buffer.from('\r\n')]);
  const loop = async (i) => {
    while (going()) {
      const path = ['/api/pictures', '/api/statuses', '/login', '/'][i % 4];
      const socket = await connect(address(i), `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: ${i % 3 ? 'image/jpeg' : 'application/x-www-form-urlencoded'}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      socket.resume();
      while (going() && !socket.destroyed) {
        bytes += chunk.length;
        if (!socket.write(chunk)) await new Promise((more) => { socket.once('drain', more); socket.once('close', more); });
      }
      cut++;
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => loop(i)));
  return `${(bytes / 1e6).toFixed(0)} MB sent, cut off ${cut} times`;
});
await under('uploads cut off at random points', async (going) => {
  const next = random(7);
  let cuts = 0;
  const form = new Response(pictureForm(picture, { caption: 'never there' }));
  const type = form.headers.get('content-type'), body = Buffer.from(await form.arrayBuffer());
  const loop = async (i) => {
    while (going()) {
      const head = `POST /api/pictures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
      const socket = await connect(address(i), Buffer.concat([Buffer.from(head), body]).subarray(0, next(head.length + body.length)));
      await sleep(next(30));
      next(2) ? socket.resetAndDestroy() : socket.destroy();
      cuts++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => loop(i)));
  return `${cuts} uploads`;
});
await under('uploads that are gone before their answer', async (going) => {
  let cuts = 0;
  const loop = async (i) => {
    while (going()) {
      const head = `POST /api/pictures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
      const socket = await connect(address(i), Buffer.concat([Buffer.from(head), picture]));
      await sleep(10 + (cuts++ % 40));
      socket.resetAndDestroy();
      await sleep(20);
    }
  };
  await Promise.all([loop(1), loop(2)]);
  return `${cuts} uploads`;
});

// what was cut off is over when its worker is, or when the silent client's time is up
const isOver = async () =>
  /uploads_in_flight_bytes 0\n/.test((await ask(piclog, 'GET', '/metrics')).text) && footprint(piclog.child.pid).fds <= quiet.fds + 20;
const over = Date.now();
while (!(await isOver()) && Date.now() < over + 60000) await sleep(200);
console.log(`quiet again after ${((Date.now() - over) / 1000).toFixed(1)} s`);
const after = footprint(piclog.child.pid);
console.log(`afterwards: ${JSON.stringify(after)}`);
const metrics = (await ask(piclog, 'GET', '/metrics')).text;
if (!/uploads_in_flight_bytes 0\n/.test(metrics)) faults.push('bytes of uploads are left');
if (after.processes > quiet.processes + 1) faults.push(`${after.processes} processes instead of ${quiet.processes}`);
if (after.fds > quiet.fds + 20) faults.push(`${after.fds} descriptors instead of ${quiet.fds}`);
// SECURITY.md, "Memory": what the server itself may take with these settings
const bound_kb = 40000 + 24000 + 2 * 19500 + CONNECTIONS * 32;
console.log(`the most it ever took: ${(after.peak_kb / 1000).toFixed(1)} MB of the ${(bound_kb / 1000).toFixed(0)} MB that SECURITY.md names for ${CONNECTIONS} connections`);
if (after.peak_kb > bound_kb) faults.push('the bound on memory does not hold');
for (const fault of faults) console.log(`fault: ${fault}`);
console.log(faults.length ? `${faults.length} faults` : 'no fault');
await piclog.remove();
process.exit(faults.length ? 1 : 0);
