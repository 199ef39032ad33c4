// A load of uploads, statuses, moods, answers, wall entries, follows, edits and deletes that remembers what was acknowledged, and what may have happened
// when no answer came; and the check that a piclog holds exactly that. The neighbourhood comes with a neighbour: somebody
// whose wall is open and whose post is answered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ask, bearer, fixture, pictureForm, root } from '../e2e/piclog.mjs';

const sources = ['formats/spices_480.jpg', 'formats/pngsuite__basn2c16.png', 'formats/wuffs__hippopotamus.interlaced.png', 'formats/wuffs__bricks-dither.gif', 'formats/muybridge_anim_lossless.webp'].map(fixture);
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const gone = null;

export class Load {
  // neighbour: null, or {name, token, post}: post as reply_to names it.
  // crowd: names of people to follow and let go.
  constructor(piclog, user, { neighbour = null, crowd = [] } = {}) {
    Object.assign(this, { piclog, user, neighbour, crowd });
    this.posts = new Map(); // path of the API -> the states it may be in: words, or null when it is gone
    this.answers = new Map(); // path of the API -> words, for those that answer the neighbour's post
    this.follows = new Map(crowd.map((name) => [name, [false]])); // name -> whether they may be followed
    this.kinds = { answers: 0, entries: 0, follows: 0 }; // how many of each were acknowledged
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
    if (this.neighbour && this.serial % 2) return this.visit(words, settled);
    const dice = Math.random(), own = settled.filter(([path]) => !path.includes('/wall/'));
    if (dice < 0.6 || own.length < 4) {
      const [path, body] = dice < 0.2 ? ['/api/pictures', pictureForm(pick(sources), { caption: words, preset: pick(['dust', 'crunchy', 'fried']) })]
        : dice < 0.5 ? ['/api/statuses', { content: words, face: '🔨' }] : ['/api/moods', { mood: 'shaken', note: words }];
      this.unanswered.add(words);
      const answer = await this.call('POST', path, body);
      if (!this.note(answer)) return !!answer;
      this.unanswered.delete(words);
      this.posts.set(`${path}/${answer.json.id}`, [words]);
      return true;
    }
    const [path, [before]] = pick(own);
    const deletes = dice > 0.85;
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

  // An answer to the neighbour's post, an entry on their wall, one that is scrubbed off, or somebody followed or let go.
  async visit(words, settled) {
    const turn = ['answer', 'follow', 'entry', 'scrub'][(this.serial >> 1) % 4], mine = settled.filter(([path]) => path.includes('/wall/'));
    if (turn !== 'follow' && !(turn === 'scrub' && mine.length)) {
      const answers = turn === 'answer', picture = Math.random() < 0.25;
      const [path, kind, body] = answers
        ? picture ? ['/api/pictures', 'pictures', pictureForm(pick(sources), { caption: words, preset: 'dust', reply_to: this.neighbour.post })] : ['/api/statuses', 'statuses', { content: words, reply_to: this.neighbour.post }]
        : [`/api/wall/${this.neighbour.name}`, 'wall', picture ? pictureForm(pick(sources), { content: words }) : { content: words }];
      const answer = await this.call('POST', path, body);
      if (!this.note(answer)) return !!answer;
      const made = `/api/${kind}/${answer.json.id}`;
      this.posts.set(made, [words]);
      if (answers) this.answers.set(made, words);
      this.kinds[answers ? 'answers' : 'entries']++;
      return true;
    }
    if (turn === 'scrub') {
      const [path, [before]] = pick(mine);
      this.posts.set(path, [before, gone]);
      const answer = await this.call('DELETE', path), done = this.note(answer);
      if (answer) this.posts.set(path, [done ? gone : before]);
      return !!answer;
    }
    const free = this.crowd.filter((name) => !this.busy?.has(name)), name = pick(free);
    if (!name) return true;
    (this.busy ??= new Set()).add(name); // one client at a time, or the order would not be known
    const before = this.follows.get(name), now = !before[0];
    this.follows.set(name, [...before, now]);
    const answer = now ? await this.call('POST', '/api/follows', { name }) : await this.call('DELETE', `/api/follows/${name}`);
    const done = this.note(answer);
    if (answer) this.follows.set(name, done ? [now] : before);
    if (done) this.kinds.follows++;
    this.busy.delete(name);
    return !!answer;
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
      if (found === gone) {
        this.posts.delete(path);
        this.answers.delete(path);
      } else {
        this.posts.set(path, [found]);
        if (this.answers.has(path)) assert.equal(answer.json.reply_to, this.neighbour.post, path);
      }
    }
    if (this.neighbour) await this.checkNeighbourhood();
  }
}

// Where the neighbour and everybody else see it: the thread, the wall, the list of those who are followed.
async function pages(load, path, key, more) {
  const found = [];
  for (let next = path; next;) {
    const answer = await ask(load.piclog, 'GET', next, { headers: { accept: 'application/json', ...(path.startsWith('/api') ? bearer(load.user) : {}) } });
    assert.equal(answer.status, 200, next);
    found.push(...answer.json[key]);
    next = answer.json[more];
  }
  return found;
}
Load.prototype.checkNeighbourhood = async function () {
  const of = { pictures: 'picture', statuses: 'status', wall: 'wall' };
  const named = (paths) => paths.map((path) => path.split('/')).map(([, , kind, id]) => `${of[kind]} ${id}`);
  const thread = (await pages(this, `/${this.neighbour.post}`, 'replies', 'later_url')).map(({ kind, id }) => `${kind} ${id}`);
  const wall = (await pages(this, `/~${this.neighbour.name}/wall`, 'entries', 'older_url')).map(({ id }) => `wall ${id}`);
  for (const one of named([...this.answers.keys()])) assert.ok(thread.includes(one), `${one} answers nothing any more`);
  for (const one of named([...this.posts.keys()].filter((path) => path.includes('/wall/')))) assert.ok(wall.includes(one), `${one} is off the wall`);
  const followed = new Set((await pages(this, '/api/follows', 'follows', 'older_url')).map(({ name }) => name));
  for (const [name, states] of this.follows) {
    assert.ok(states.includes(followed.has(name)), `${name} is ${followed.has(name) ? '' : 'not '}followed, which nobody said`);
    this.follows.set(name, [followed.has(name)]);
  }
};

// The database itself, while the service runs: integrity, every picture's hash, counters, nothing unused.
// enter: a command that leads into the namespace where it runs.
export const checkDatabase = (data, enter = []) => {
  const [command, ...args] = [...enter, 'python3', join(root, 'tests/faults/check_database'), data];
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
};
