// A piclog of its own for a test, and a browser small enough to read: cookies, forms, nothing else.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const fixture = (name) => readFileSync(join(top, 'fixtures', name));
const program = process.env.PICLOG ?? join(top, 'build/src/piclog');

export class Service {
  constructor(...options) {
    this.options = options;
    this.data = mkdtempSync(join(tmpdir(), 'piclog-e2e-'));
    process.on('exit', () => {
      this.child?.kill('SIGKILL');
      rmSync(this.data, { recursive: true, force: true });
    });
  }

  // Starts on a free port; resolves when it listens.
  start() {
    this.child = spawn(program, ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port ?? 0}`, '--rate-limits', 'off', ...this.options]);
    this.log = '';
    this.errors = '';
    this.child.stdout.on('data', (data) => (this.log += data));
    return new Promise((resolve, reject) => {
      this.child.on('exit', (code, signal) => reject(new Error(`piclog ended with ${code ?? signal}: ${this.errors}`)));
      this.child.stderr.on('data', (data) => {
        this.errors += data;
        const listening = this.errors.match(/listening on \S+ port (\d+)/);
        if (listening) {
          this.port = Number(listening[1]);
          this.url = `http://127.0.0.1:${this.port}`;
          resolve(this);
        }
      });
    });
  }

  stop(signal = 'SIGTERM') {
    return new Promise((resolve) => {
      this.child.removeAllListeners('exit');
      this.child.on('exit', (code, by) => resolve(code ?? by));
      this.child.kill(signal);
    });
  }

  // A command of the shell beside the running service.
  shell(input, ...args) {
    return execFileSync(program, [...args, '--data', this.data], { input, encoding: 'utf8' }).trim();
  }

  // An account with a token for the API.
  person(name) {
    this.shell('long enough\n', 'user', 'add', name);
    const token = this.shell('', 'token', name);
    const call = (method, path, body, headers = {}) =>
      fetch(this.url + path, { method, body, headers: { Authorization: `Bearer ${token}`, ...headers }, redirect: 'manual' });
    return {
      name,
      token,
      call,
      json: (method, path, value) => call(method, path, JSON.stringify(value), { 'Content-Type': 'application/json' }),
      upload: (bytes, fields = {}) => {
        const form = new FormData();
        for (const [key, value] of Object.entries(fields)) form.set(key, value);
        form.set('image', new Blob([bytes]), 'a file name that nobody keeps.jpg');
        return call('POST', '/api/pictures', form);
      },
    };
  }

  browser() {
    return new Browser(this.url);
  }
}

export class Browser {
  constructor(url) {
    this.url = url;
    this.cookies = new Map();
  }

  async request(path, options = {}) {
    const headers = { ...options.headers };
    if (this.cookies.size) headers.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, { redirect: 'manual', ...options, headers });
    for (const line of response.headers.getSetCookie?.() ?? splitCookies(response.headers.get('set-cookie'))) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (!value || /max-age=(0|-)/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async get(path) {
    const response = await this.request(path);
    this.page = await response.text();
    return response;
  }

  // Gets the page of a form, fills in its token, sends it, as a person without JavaScript would.
  async submit(pagePath, action, fields, files = []) {
    await this.get(pagePath);
    const csrf = this.page.match(/name="csrf" value="([^"]*)"/)?.[1] ?? '';
    const body = files.length ? new FormData() : new URLSearchParams();
    for (const [key, value] of Object.entries({ csrf, ...fields })) body.append(key, value);
    for (const [name, bytes] of files) body.append(name, new Blob([bytes], { type: 'image/jpeg' }), 'picture.jpg');
    const response = await this.request(action, { method: 'POST', body });
    this.page = await response.text();
    return response;
  }
}

const splitCookies = (line) => (line ? line.split(/, (?=[^;,]+=)/) : []);
