// A load of uploads, statuses, moods, entries on one's own wall, edits and deletes that remembers what was acknowledged, and what may have happened
// when no answer came; and the check that a piclog holds exactly that.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ask, bearer, fixture, pictureForm, root } from '../e2e/piclog.mjs';

const sources = ['formats/spices_480.jpg', 'formats/pngsuite__basn2c16.png', 'formats/wuffs__hippopotamus.interlaced.png', 'formats/wuffs__bricks-dither.gif', 'formats/muybridge_anim_lossless.webp'].map(fixture);
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const gone = null;

export class Load {
  constructor(piclog, user) {
    Object.assign(this, { piclog, user });
    this.posts = new Map(); // path of the API -> the states it may be in: words, or null when it is gone
    this.unanswered = new Set(); // words of posts that may have been made
    this.counts = { acknowledged: 0, unanswered: 0, refused: 0 };
    this.serial = 0;
    this.images = new Map(); // path of a picture -> hash of its bytes as they were first seen
  }

  // Runs clients until stop() is called.
  start(clients = 4) {
    this.running = true;
    this.done = Promise.all(Array.from({ length: clients }, async () => {
      while (this.running) if (!(await this.act())) return;
    }));
  }
  async stop() {
    this.running = false;
    await this.done;
  }

  call(method, path, body) {
    return ask(this.piclog, method, path, { headers: bearer(this.user), body }).catch(() => null);
  }

  // One request; false when the server is gone.
  async act() {
    const words = `words ${process.pid} ${this.serial++}`;
    const settled = [...this.posts].filter(([, states]) => states.length === 1 && states[0] !== gone);
    const dice = Math.random();
    if (dice < 0.6 || settled.length < 4) {
      const [path, body] = dice < 0.2 ? ['/api/pictures', pictureForm(pick(sources), { caption: words, preset: pick(['dust', 'crunchy', 'fried']) })]
        : dice < 0.3 ? [`/api/wall/${this.user.name}`, dice < 0.25 ? pictureForm(pick(sources), { content: words }) : { content: words }]
        : dice < 0.5 ? ['/api/statuses', { content: words, face: '🔨' }] : ['/api/moods', { mood: 'shaken', note: words }];
      this.unanswered.add(words);
      const answer = await this.call('POST', path, body);
      if (!this.note(answer)) return !!answer;
      this.unanswered.delete(words);
      this.posts.set(`${path.replace(/(wall).*/, '$1')}/${answer.json.id}`, [words]);
      return true;
    }
    const [path, [before]] = pick(settled);
    const deletes = dice > 0.85 || path.includes('/wall/'); // what stands on a wall is not edited
    const after = deletes ? gone : words;
    this.posts.set(path, [before, after]); // until it is answered, either
    const answer = deletes ? await this.call('DELETE', path)
      : await this.call('PUT', path, path.includes('pictures') ? { caption: words } : path.includes('statuses') ? { content: words, face: '' } : { mood: 'shaken', note: words });
    if (!this.note(answer)) {
      if (answer) this.posts.set(path, [before]);
      return !!answer;
    }
    this.posts.set(path, [after]);
    return true;
  }

  note(answer) {
    if (!answer) this.counts.unanswered++;
    else if (answer.status < 300) this.counts.acknowledged++;
    else this.counts.refused++;
    return answer && answer.status < 300;
  }

  // Looks at every post that was touched since the last look, or at all; what was uncertain is certain afterwards.
  async check() {
    const words = (post) => post.caption ?? post.content ?? post.note;
    for (const [path, states] of this.posts) {
      const answer = await ask(this.piclog, 'GET', path);
      const found = answer.status === 404 ? gone : words(answer.json);
      assert.ok(answer.status === 200 || answer.status === 404, `${path}: ${answer.status}`);
      assert.ok(states.includes(found), `${path} is ${JSON.stringify(found)}, not ${JSON.stringify(states)}`);
      if (found !== gone && answer.json.image_url) {
        const image = await ask(this.piclog, 'GET', new URL(answer.json.image_url).pathname);
        assert.equal(image.status, 200, path);
        assert.equal(image.data.length, answer.json.bytes, `${path} is half there`);
        const hash = createHash('sha256').update(image.data).digest('hex');
        const first = this.images.get(path);
        assert.ok(first === undefined || first === hash, `${path} has other bytes`);
        this.images.set(path, hash);
      }
      if (found === gone) this.posts.delete(path);
      else this.posts.set(path, [found]);
    }
  }
}

// The database itself, while the service runs: integrity, every picture's hash, counters, nothing unused.
// enter: a command that leads into the namespace where it runs.
export const checkDatabase = (data, enter = []) => {
  const [command, ...args] = [...enter, 'python3', join(root, 'tests/faults/check_database'), data];
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
};
