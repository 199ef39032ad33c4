// A cache in front of a piclog, set up by its example in tools/: Varnish, or nginx with the module that purges.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, root } from './piclog.mjs';

export const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});

// Stands between a cache and piclog, passes everything on, and counts what is asked for: by path without the query.
export async function countingProxy(piclog) {
  const counts = new Map();
  const server = http.createServer((request, response) => {
    const path = request.url.split('?')[0];
    if (request.method === 'GET') counts.set(path, (counts.get(path) ?? 0) + 1);
    const onward = http.request({ host: '127.0.0.1', port: piclog.port, method: request.method, path: request.url, headers: request.headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { port: server.address().port, count: (path) => counts.get(path) ?? 0, close: () => { server.close(); server.closeAllConnections(); } };
}

const first = (...paths) => paths.find(existsSync);
const varnishd = first('/usr/sbin/varnishd', '/usr/local/sbin/varnishd');
const nginx = first('/usr/sbin/nginx', '/usr/bin/nginx');
const purger = first('/usr/lib/nginx/modules/ngx_http_cache_purge_module.so');

// Why a kind cannot be tried here; undefined: it can.
export const lacks = {
  varnish: varnishd ? undefined : 'no varnish: tools/setup test installs it',
  nginx: nginx && purger ? undefined : 'no nginx, or no libnginx-mod-http-cache-purge: tools/setup test installs them',
};

function runNginx(folder, front, purge, piclogPort) {
  let site = readFileSync(join(root, 'tools/nginx-cache.conf.example'), 'utf8');
  for (const [from, to] of [
    [/listen 443[^;]*;/, `listen 127.0.0.1:${front};`],
    [/^\s*ssl_certificate.*$/gm, ''],
    [/127\.0\.0\.1:8080/g, `127.0.0.1:${piclogPort}`],
    [/listen 127\.0\.0\.1:6082;/, `listen 127.0.0.1:${purge};`],
    ['/var/log/nginx/piclog.log', join(folder, 'access.log')],
    ['/var/cache/nginx/piclog', join(folder, 'cache')],
  ]) {
    const next = site.replace(from, to);
    if (next === site) throw new Error(`the example does not hold ${from}`);
    site = next;
  }
  const rooms = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(join(folder, 'nginx.conf'), `load_module ${purger}; daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 2; ${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 500; }
http { ${rooms}
${site} }`);
  return spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
}

function runVarnish(folder, front, piclogPort, change) {
  const example = readFileSync(join(root, 'tools/varnish.vcl.example'), 'utf8');
  const vcl = change(example.replace('.port = "8080"', `.port = "${piclogPort}"`));
  writeFileSync(join(folder, 'piclog.vcl'), vcl);
  const args = ['-n', join(folder, 'work'), '-f', join(folder, 'piclog.vcl'), '-s', 'malloc,64m', '-p', 'thread_pool_min=50'];
  if (process.getuid() === 0) args.push('-j', 'none');
  const checked = spawnSync(varnishd, [...args, '-C'], { encoding: 'utf8' });
  if (checked.status !== 0) throw new Error(`varnishd does not take the example: ${checked.stderr}`);
  return spawn(varnishd, [...args, '-F', '-a', `127.0.0.1:${front}`], { stdio: 'ignore' });
}

// Starts one; ports: {front, purge}. The result: port to ask at, stop(). change: makes another configuration of the example.
export async function openCache(kind, ports, piclogPort, change = (text) => text) {
  const folder = mkdtempSync(join(tmpdir(), `piclog-${kind}-`));
  mkdirSync(join(folder, 'cache'));
  const child = kind === 'nginx' ? runNginx(folder, ports.front, ports.purge, piclogPort) : runVarnish(folder, ports.front, piclogPort, change);
  const ended = new Promise((over) => child.on('exit', over));
  const cache = { port: ports.front, folder };
  cache.stop = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let code;
  ended.then((found) => { code = found ?? 'a signal'; });
  for (;;) {
    if (code !== undefined) throw new Error(`${kind} ended with ${code}: ${first(join(folder, 'error.log')) ? readFileSync(join(folder, 'error.log'), 'utf8') : ''}`);
    if (await ask(cache, 'GET', '/healthz').then(({ status }) => status === 200, () => false)) return cache;
    await new Promise((done) => setTimeout(done, 50));
  }
}
