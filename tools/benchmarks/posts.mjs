// The same pages of a small and of a large piclog, in turns. Usage: posts.mjs SMALL-PORT LARGE-PORT ROUNDS
import http from 'node:http';

const [small, large, rounds] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true });
const get = (port, path) =>
  new Promise((done, fail) => {
    const begun = process.hrtime.bigint();
    http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () => done({ ms: Number(process.hrtime.bigint() - begun) / 1e6, status: response.statusCode, text }));
    }).on('error', fail);
  });
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

// Both searched words and the tag are among the most frequent, so that a page is full in both; the last is rare.
const words = [...(await get(small, '/statuses.json')).text.matchAll(/"content": ?"([^"]*)"/g)].flatMap(([, text]) => text.split(' '));
const often = Object.entries(words.reduce((counts, word) => ({ ...counts, [word]: (counts[word] ?? 0) + 1 }), {})).sort((a, b) => b[1] - a[1]);
for (const [label, path] of [
  ['/', '/'], ['/~NAME', '/~person1'], ['/tag/NAME', '/tag/tag0'], ['/search, a frequent word', `/search?q=${often[0][0]}`],
  ['/search, two of them', `/search?q=${often[0][0]}+${often[1][0]}`], ['the far end of /', '/?before=22'],
  ['the far end of /statuses', '/statuses?before=22'], ['the far end of /moods', '/moods?before=22'],
]) {
  const times = { [small]: [], [large]: [] };
  for (let i = 0; i < rounds; i++)
    for (const port of [small, large]) {
      const answer = await get(port, path);
      if (answer.status !== 200) throw new Error(`${path} on ${port}: ${answer.status}`);
      times[port].push(answer.ms);
    }
  const [a, b] = [median(times[small]), median(times[large])];
  console.log(`    ${label.padEnd(28)} ${a.toFixed(2)} ms -> ${b.toFixed(2)} ms: ${(b / a).toFixed(2)} x`);
}
process.exit(0);
