// Reads Code 128 (ISO/IEC 15417) from grey pixels, along lines at any angle.
//
// In place of the reader of @zxing/library 0.23.0, which finds a symbol only where nothing dark
// stands before it on its row, and takes the first that has a check character of 103 for true. This
// one measures edges to fractions of a pixel, compares from edge to like edge (the standard's
// reference decoding, which ink that spreads does not disturb), and believes a text only when two
// lines say it.

// Widths of bars and spaces of the characters 0 to 105 and of the stop's first six.
const WIDTHS =
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132" +
  "122231113222123122123221223211221132221231213212223112312131311222321122321221312212" +
  "322112322211212123212321232121111323131123131321112313132113132311211313231113231311" +
  "112133112331132131113123113321133121313121211331231131213113213311213131311123311321" +
  "331121312113312311332111314111221411431111111224111422121124121421141122141221112214" +
  "112412122114122411142112142211241211221114413111241112134111111242121142121241114212" +
  "124112124211411212421112421211212141214121412121111143111341131141114113114311411113" +
  "411311113141114131311141411131211412211214211232233111";
const [SHIFT, TO_C, TO_B, TO_A, FNC1, START_A, STOP] = [98, 99, 100, 101, 102, 103, 106];

// From edge to like edge, in modules: first bar and space, space and bar, bar and space, space and bar.
const CHARACTERS = new Map();
for (let code = 0; code <= STOP; code += 1) {
  const w = [...WIDTHS.slice(code * 6, code * 6 + 6)].map(Number);
  CHARACTERS.set(key(w), code);
}

function key(w) {
  return (w[0] + w[1]) * 1000 + (w[1] + w[2]) * 100 + (w[2] + w[3]) * 10 + (w[3] + w[4]);
}

/**
 * The text of the Code 128 in a picture, "]C1" or "]C0" first, FNC1 as ASCII 29; or null.
 *
 * @param {Uint8ClampedArray} grey one byte a pixel
 */
export function readCode128(grey, width, height) {
  const votes = new Map();
  // A symbol is read up to about 15 degrees askew: bars are a third as high as all are wide.
  for (const degrees of [0, 90, 30, 150, 60, 120]) {
    for (const runs of scanLines(grey, width, height, (degrees * Math.PI) / 180)) {
      const text = decodeRuns(runs) ?? decodeRuns(reversed(runs));
      if (text === null) continue;
      if (votes.has(text)) return text;
      votes.set(text, true);
    }
  }
  return null;
}

/** Lines across the picture at an angle, as dark and light runs; each begins with a light one. */
function* scanLines(grey, width, height, angle) {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.hypot(width, height) / 2;
  const step = Math.max(4, Math.min(width, height) / 40);
  // From the middle outwards, where a code is held.
  for (let number = 0; number * step < 2 * reach; number += 1) {
    const aside = (number % 2 ? 1 : -1) * Math.ceil(number / 2) * step;
    const levels = [];
    for (let along = -reach; along <= reach; along += 1) {
      const x = width / 2 + along * dx - aside * dy;
      const y = height / 2 + along * dy + aside * dx;
      if (x >= 0 && y >= 0 && x < width - 1 && y < height - 1) levels.push(level(grey, width, x, y));
    }
    if (levels.length > 100) yield runsOf(levels);
  }
}

function level(grey, width, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const at = top * width + left;
  const upper = grey[at] * (1 - right) + grey[at + 1] * right;
  const lower = grey[at + width] * (1 - right) + grey[at + width + 1] * right;
  return upper * (1 - below) + lower * below;
}

const NEAR = 24;
const CONTRAST = 24;

/** Lengths of runs, light first, with edges where the level passes the middle of what is near. */
function runsOf(levels) {
  const runs = [];
  let dark = false;
  let edge = 0;
  const lowest = extremes(levels, Math.min);
  const highest = extremes(levels, Math.max);
  for (let at = 1; at < levels.length; at += 1) {
    if (highest[at] - lowest[at] < CONTRAST) continue;
    const middle = (lowest[at] + highest[at]) / 2;
    if (levels[at] < middle === dark) continue;
    const [before, now] = [levels[at - 1], levels[at]];
    const part = before === now ? 0 : Math.min(1, Math.max(0, (before - middle) / (before - now)));
    const here = at - 1 + part;
    runs.push(here - edge);
    edge = here;
    dark = !dark;
  }
  runs.push(levels.length - edge);
  return runs;
}

/** The extreme of what is near each level, by blocks. */
function extremes(levels, pick) {
  const blocks = [];
  for (let at = 0; at < levels.length; at += NEAR) blocks.push(pick(...levels.slice(at, at + NEAR)));
  return levels.map((_level, at) => {
    const block = Math.floor(at / NEAR);
    return pick(...blocks.slice(Math.max(0, block - 1), block + 2));
  });
}

/** The same line from its other end; light first again. */
function reversed(runs) {
  const turned = [...runs].reverse();
  return runs.length % 2 ? turned : [0, ...turned];
}

function decodeRuns(runs) {
  for (let at = 1; at + 6 < runs.length; at += 2) {
    const start = character(runs, at);
    if (start === null || start.code < START_A || start.code === STOP) continue;
    if (at > 1 && runs[at - 1] < 5 * start.module) continue;
    const text = decodeFrom(runs, at, start);
    if (text !== null) return text;
  }
  return null;
}

function character(runs, at) {
  const w = runs.slice(at, at + 6);
  const module = w.reduce((all, each) => all + each, 0) / 11;
  if (w.length < 6 || module < 0.9) return null;
  const edges = [0, 1, 2, 3].map((each) => Math.round((w[each] + w[each + 1]) / module));
  const code = CHARACTERS.get(edges[0] * 1000 + edges[1] * 100 + edges[2] * 10 + edges[3]);
  return code === undefined ? null : { code, module };
}

function decodeFrom(runs, from, start) {
  const codes = [start.code];
  let { module } = start;
  for (let at = from + 6; ; at += 6) {
    const next = character(runs, at);
    if (next === null || Math.abs(next.module - module) > 0.25 * module) return null;
    if (next.code >= START_A && next.code !== STOP) return null;
    ({ module } = next);
    if (next.code !== STOP) {
      codes.push(next.code);
      continue;
    }
    // The stop ends with a bar of two modules and light margin.
    const last = runs[at + 6];
    const margin = runs[at + 7];
    const isEnd = Math.abs(last - 2 * module) < module && (at + 8 >= runs.length || margin > 5 * module);
    return isEnd && isSummed(codes) ? textOf(codes.slice(0, -1)) : null;
  }
}

function isSummed(codes) {
  const check = codes[codes.length - 1];
  const sum = codes.slice(1, -1).reduce((all, code, at) => all + code * (at + 1), codes[0]);
  return codes.length > 3 && sum % 103 === check;
}

function textOf(codes) {
  let set = "ABC"[codes[0] - START_A];
  let isGs1 = false;
  let shifted = false;
  let text = "";
  codes.slice(1).forEach((code, at) => {
    const now = shifted ? (set === "A" ? "B" : "A") : set;
    shifted = false;
    if (code === FNC1) {
      if (at === 0) isGs1 = true;
      else text += "\x1d";
    } else if (set === "C" && code < 100) text += String(code).padStart(2, "0");
    else if (code === TO_C && set !== "C") set = "C";
    else if (code === TO_B && set !== "B") set = "B";
    else if (code === TO_A && set !== "A") set = "A";
    else if (code === SHIFT && set !== "C") shifted = true;
    else if (code < 96) text += String.fromCharCode(now === "A" && code >= 64 ? code - 64 : code + 32);
    // FNC2, FNC3 and FNC4 are not used on goods.
  });
  return (isGs1 ? "]C1" : "]C0") + text;
}
