// Frames of an animation as three see them: we (frames.c), ImageMagick's -coalesce, and Chromium's ImageDecoder.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

// {width, height, plays, ms: [...], frames: [RGB over white, …]} or {error}.
export function ours(file) {
  const out = execFileSync(process.env.PICLOG_FRAMES, [file], { maxBuffer: 1 << 30 });
  const line = out.indexOf(10), head = JSON.parse(out.subarray(0, line).toString());
  if (head.error) return head;
  const bytes = head.width * head.height * 3;
  return { ...head, frames: head.ms.map((_, i) => out.subarray(line + 1 + i * bytes, line + 1 + (i + 1) * bytes)) };
}

// null where ImageMagick refuses the file or does not read it as an animation.
export function coalesced(file, width, height, count) {
  const bytes = width * height * 3;
  try {
    const out = execFileSync('convert', [file, '-coalesce', '-background', 'white', '-alpha', 'remove', '-depth', '8', 'rgb:-'], { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
    if (out.length !== bytes * count) return { count: out.length / bytes };
    return { count, frames: Array.from({ length: count }, (_, i) => out.subarray(i * bytes, (i + 1) * bytes)) };
  } catch {
    return null;
  }
}

/* In the page. */
async function decode([address, type]) {
  const response = await fetch(address);
  const decoder = new ImageDecoder({ data: await response.arrayBuffer(), type });
  try {
    await decoder.completed;
    await decoder.tracks.ready;
    const { frameCount, repetitionCount } = decoder.tracks.selectedTrack, frames = [];
    let size;
    for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
      let image;
      try { ({ image } = await decoder.decode({ frameIndex })); } catch { break; }
      size = [image.displayWidth, image.displayHeight];
      const context = new OffscreenCanvas(...size).getContext('2d', { willReadFrequently: true });
      context.fillStyle = '#fff';
      context.fillRect(0, 0, ...size);
      context.drawImage(image, 0, 0);
      const from = context.getImageData(0, 0, ...size).data, rgb = new Uint8Array(size[0] * size[1] * 3);
      for (let i = 0, j = 0; j < rgb.length; i++) if (i % 4 !== 3) rgb[j++] = from[i];
      let text = '';
      for (let i = 0; i < rgb.length; i += 32768) text += String.fromCharCode(...rgb.subarray(i, i + 32768));
      frames.push({ ms: image.duration / 1000, rgb: btoa(text) });
      image.close();
    }
    return { width: size?.[0], height: size?.[1], frameCount, repetitions: String(repetitionCount), frames };
  } catch (fault) {
    return { fault: String(fault) };
  }
}

export async function openDecoder(chromium, launch) {
  const files = [];
  const server = createServer((request, response) => {
    const file = files[Number(request.url.slice(1))];
    if (!file) return response.writeHead(200, { 'content-type': 'text/html' }).end();
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const browser = await chromium.launch(launch), page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/x`);
  return {
    async look(file) {
      const type = `image/${file.endsWith('.gif') ? 'gif' : file.endsWith('.webp') ? 'webp' : 'png'}`;
      const seen = await page.evaluate(decode, [`/${files.push(file) - 1}`, type]);
      for (const frame of seen.frames ?? []) frame.rgb = Buffer.from(frame.rgb, 'base64');
      return seen;
    },
    async close() { await browser.close(); server.close(); },
  };
}

// The largest distance of a channel, and how many pixels are further away than `near`.
export function apart(a, b, near) {
  let most = 0, far = 0;
  for (let i = 0; i < a.length; i += 3) {
    const d = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
    most = Math.max(most, d);
    far += d > near;
  }
  return { most, far };
}
