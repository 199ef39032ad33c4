// Animations that are made here, for pages and tests: small, and of an even pace.
import { gifAnimation, patch } from '../golden/make_animation.mjs';

const field = (width, height, paint) => patch(width, height, 0, 0).map((row, y) => row.map((_, x) => paint(x, y)));

// A square that walks over a field, 12 frames of 160 × 120 px.
export const walking = () => gifAnimation({ width: 160, height: 120, loops: 0, frames: Array.from({ length: 12 }, (_, i) => ({
  rows: field(160, 120, (x, y) => (x >= i * 11 && x < i * 11 + 36 && y >= 40 && y < 76 ? 1 + i % 2 : y > 90 ? 3 : 0)), delay: 10 })) });

// Black and white, ten times a second.
export const flashing = () => gifAnimation({ width: 64, height: 48, colours: [0, 0, 0, 255, 255, 255, 9, 9, 9, 1, 1, 1],
  frames: Array.from({ length: 12 }, (_, i) => ({ rows: patch(64, 48, i % 2, i % 2), delay: 10 })) });
