// A piclog on a free port with a data folder of its own, and a client that says exactly what it sends.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const executable = process.env.PICLOG ?? join(root, 'build/src/piclog');
export const corpus = [process.env.PICLOG_CORPUS, join(root, '../shared/corpus')].find((path) => path && existsSync(path));
export const fixtures = join(root, 'fixtures');
export const fixture = (name) => readFileSync(join(fixtures, name));

// Starts "piclog serve". The result: origin, run (a command on the same data), stop, restart, log (request lines).
export async function start(options = [], { data = mkdtempSync(join(tmpdir(), 'piclog-e2e-')), limits = 'off' } = {}) {
  const piclog = { data, log: [], errors: '' };
  piclog.run = (args, input = '') =>
    execFileSync(executable, [...args, '--data', data], { input, encoding: 'utf8' }).trim();
  piclog.addUser = (name, password = `${name} has a password`, ...more) => {
    piclog.run(['user', 'add', name, ...more], password + '\n');
    return { name, password, token: piclog.run(['token', name]) };
  };
  // An account that posts through the API.
  piclog.person = (name) => {
    const user = piclog.addUser(name);
    const call = (method, path, body, headers = {}) => ask(piclog, method, path, { body, headers: { ...bearer(user), ...headers } });
    return { ...user, call, upload: (bytes, fields) => call('POST', '/api/pictures', pictureForm(bytes, fields)) };
  };
  piclog.launch = (listen = '127.0.0.1:0') =>
    new Promise((done, fail) => {
      const child = spawn(executable, ['serve', '--data', data, '--listen', listen, '--rate-limits', limits, ...options]);
      piclog.child = child;
      piclog.ended = new Promise((over) => child.on('exit', (code, signal) => over({ code, signal })));
      let rest = '';
      child.stdout.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop();
        for (const line of lines) piclog.log.push(line);
      });
      child.stderr.on('data', (chunk) => {
        piclog.errors += chunk;
        const found = /listening on .* port (\d+)/.exec(piclog.errors);
        if (found) {
          piclog.port = Number(found[1]);
          piclog.origin = `http://127.0.0.1:${piclog.port}`;
          done(piclog);
        }
      });
      child.on('exit', (code) => fail(new Error(`piclog ended with ${code}: ${piclog.errors}`)));
    });
  piclog.stop = async (signal = 'SIGTERM') => {
    piclog.child.kill(signal);
    return piclog.ended;
  };
  piclog.restart = async (signal = 'SIGTERM') => {
    await piclog.stop(signal);
    piclog.errors = '';
    return piclog.launch(`127.0.0.1:${piclog.port}`);
  };
  // Ends it and cleans up; a server that ended badly, or that a sanitizer complained about, fails the suite.
  piclog.remove = async () => {
    const { code } = piclog.child.exitCode === null ? await piclog.stop() : { code: piclog.child.exitCode };
    rmSync(data, { recursive: true, force: true });
    if (code !== 0 || /Sanitizer|runtime error:/.test(piclog.errors)) throw new Error(`piclog ended with ${code}: ${piclog.errors}`);
  };
  await piclog.launch();
  return piclog;
}

// One request; nothing is added that was not asked for but Host. body: string, Buffer, URLSearchParams or FormData.
export async function ask(piclog, method, path, { headers = {}, body, agent = false, localAddress } = {}) {
  const sent = { ...headers };
  let bytes = body;
  if (body instanceof FormData) {
    const encoded = new Response(body);
    sent['content-type'] = encoded.headers.get('content-type');
    bytes = Buffer.from(await encoded.arrayBuffer());
  } else if (body instanceof URLSearchParams) {
    sent['content-type'] ??= 'application/x-www-form-urlencoded';
    bytes = Buffer.from(body.toString());
  } else if (body !== undefined && typeof body === 'object' && !Buffer.isBuffer(body)) {
    sent['content-type'] ??= 'application/json';
    bytes = Buffer.from(JSON.stringify(body));
  }
  if (bytes !== undefined && !sent['transfer-encoding']) sent['content-length'] ??= Buffer.byteLength(bytes);
  return new Promise((done, fail) => {
    const request = http.request(
      { host: '127.0.0.1', port: piclog.port, method, path, headers: sent, agent, localAddress, setHost: true },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', fail);
        const finish = () => {
          const data = Buffer.concat(chunks);
          const text = data.toString('utf8');
          done({
            status: response.statusCode,
            headers: response.headers,
            data,
            text,
            cookies: (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]),
            setCookie: response.headers['set-cookie'] ?? [],
            get json() { return JSON.parse(text); },
          });
        };
        response.on('end', finish);
        if (/^text\/event-stream/.test(response.headers['content-type']) && method !== 'HEAD') // it has no end: what comes at once has to do
          setTimeout(() => { finish(); response.removeAllListeners('error').on('error', () => {}).destroy(); }, 200);
      },
    );
    request.on('error', fail);
    if (bytes !== undefined) request.write(bytes);
    request.end();
  });
}

// Bytes as they are over a socket; resolves with everything that came back until the server hung up (or ms passed).
export const raw = (piclog, bytes, { ms = 5000 } = {}) =>
  new Promise((done) => {
    const socket = net.connect(piclog.port, '127.0.0.1');
    const chunks = [];
    const end = () => done(Buffer.concat(chunks).toString('latin1'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on('close', () => clearTimeout(timer));
    socket.write(bytes);
  });

// A browser without JavaScript: keeps cookies, follows no link by itself, fills forms in as they came.
export class Browser {
  constructor(piclog, headers = {}) {
    this.piclog = piclog;
    this.headers = headers;
    this.jar = new Map();
  }
  async go(method, path, options = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, ...options.headers };
    if (cookie) headers.cookie = cookie;
    const answer = await ask(this.piclog, method, path, { ...options, headers });
    for (const line of answer.setCookie) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/Max-Age=0/.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }
  get(path, options) { return this.go('GET', path, options); }
  // The hidden token of the form on a page.
  async token(path) {
    const page = await this.get(path);
    const found = /name="csrf" value="([0-9a-f]+)"/.exec(page.text);
    if (!found) throw new Error(`no form token on ${path} (${page.status})`);
    return found[1];
  }
  // Loads the page of a form, fills it in, sends it.
  async submit(path, fields, { page = path, headers } = {}) {
    const csrf = await this.token(page);
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    body.set('csrf', csrf);
    return this.go('POST', path, { body, headers });
  }
  async logIn(user) {
    const answer = await this.submit('/login', { name: user.name, password: user.password });
    if (answer.status !== 303) throw new Error(`log in: ${answer.status} ${answer.text}`);
    return this;
  }
}

export const bearer = (user) => ({ authorization: `Bearer ${user.token}` });

export function pictureForm(bytes, fields = {}, name = 'image', type = 'image/jpeg') {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  for (const one of [bytes].flat()) form.append(name, new Blob([one], { type }), 'picture.jpg');
  return form;
}

// An open stream of /live. events: {name, id, data} as they come, comments are counted in beats. next(match) resolves with
// the first event that fits and was not given yet; closed resolves when the server ends it.
export function listen(piclog, headers, { port = piclog.port, ...options } = {}) {
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port, path: '/live', headers, agent: false, ...options }, (response) => {
      const stream = { status: response.statusCode, headers: response.headers, events: [], beats: 0, text: '', isOpen: true, given: new Set() };
      const waiting = new Set();
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        stream.text += chunk;
        const pieces = (rest + chunk).split('\n\n');
        rest = pieces.pop();
        for (const piece of pieces) {
          if (piece.startsWith(':')) stream.beats++;
          const fields = Object.fromEntries(piece.split('\n').filter((line) => /^\w/.test(line)).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
          if (fields.event) stream.events.push({ name: fields.event, id: fields.id, data: JSON.parse(fields.data), at: Date.now() });
        }
        for (const look of waiting) look();
      });
      response.on('error', () => {});
      stream.closed = new Promise((over) => response.on('close', () => { stream.isOpen = false; over(); for (const look of waiting) look(); }));
      stream.stop = () => { request.destroy(); return stream.closed; };
      stream.next = (match, ms = 10000) =>
        new Promise((found, missed) => {
          const timer = setTimeout(() => { waiting.delete(look); missed(new Error(`no such event: ${match} in ${stream.text}`)); }, ms);
          const look = () => {
            const event = stream.events.find((one) => !stream.given.has(one) && (typeof match === 'string' ? one.name === match : match(one)));
            if (!event && stream.isOpen) return;
            clearTimeout(timer);
            waiting.delete(look);
            if (!event) return missed(new Error(`the stream ended without: ${match}`));
            stream.given.add(event);
            found(event);
          };
          waiting.add(look);
          look();
        });
      done(stream);
    });
    request.on('error', fail);
    request.end();
  });
}
