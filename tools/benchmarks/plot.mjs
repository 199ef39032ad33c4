// Draws quality against bytes as a small SVG: plot(lines, { pictures, date }), lines = [{ name, points: [{ bytes, score }] }].
const WIDTH = 640, HEIGHT = 360, LEFT = 52, RIGHT = 118, TOP = 40, BOTTOM = 44;
const COLOURS = ['#c2255c', '#1864ab', '#2b8a3e', '#868e96'];
const round = (value) => Math.round(value * 10) / 10;

export function plot(lines, { pictures, date }) {
  const all = lines.flatMap((line) => line.points);
  const bytes = [...new Set(all.map((point) => point.bytes))].sort((a, b) => a - b);
  const lowest = Math.floor(Math.min(...all.map((point) => point.score)) / 20) * 20;
  const highest = Math.ceil(Math.max(...all.map((point) => point.score)) / 20) * 20;
  const x = (value) => round(LEFT + (Math.log(value / bytes[0]) / Math.log(bytes.at(-1) / bytes[0])) * (WIDTH - LEFT - RIGHT));
  const y = (value) => round(HEIGHT - BOTTOM - ((value - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM));
  const text = (at, to, words, more = '') => `<text x="${round(at)}" y="${round(to)}"${more}>${words}</text>`;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>Quality against bytes</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 22, `SSIMULACRA2 of ${pictures} photographs at 640 px, none used for tuning, ${date}`, ' font-size="14"'),
    text(WIDTH - 8, HEIGHT - 10, 'bytes', ' text-anchor="end"'),
  ];
  for (let score = lowest; score <= highest; score += 20) {
    out.push(`<path d="M${LEFT} ${y(score)}H${WIDTH - RIGHT}" stroke="#dee2e6"/>`);
    out.push(text(LEFT - 8, y(score) + 4, score, ' text-anchor="end"'));
  }
  for (const value of bytes) {
    out.push(`<path d="M${x(value)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#dee2e6"/>`);
    out.push(text(x(value), HEIGHT - BOTTOM + 18, `${value / 1000} kB`, ' text-anchor="middle"'));
  }
  // Names stand beside the ends of their lines, pushed apart where they would overlap.
  const names = lines.filter((line) => line.points.length).map((line) => ({ line, at: y(line.points.at(-1).score) })).sort((a, b) => a.at - b.at);
  names.forEach((name, i) => { if (i) name.at = Math.max(name.at, names[i - 1].at + 15); });
  for (const { line, at } of names) {
    const colour = COLOURS[lines.indexOf(line) % COLOURS.length];
    out.push(`<path d="${line.points.map((point, i) => `${i ? 'L' : 'M'}${x(point.bytes)} ${y(point.score)}`).join('')}" fill="none" stroke="${colour}" stroke-width="${line === lines[0] ? 3 : 2}"/>`);
    for (const point of line.points) out.push(`<circle cx="${x(point.bytes)}" cy="${y(point.score)}" r="3" fill="${colour}"/>`);
    out.push(text(x(line.points.at(-1).bytes) + 10, at + 4, line.name, ` fill="${colour}"`));
  }
  return `${out.join('\n')}\n</svg>\n`;
}
