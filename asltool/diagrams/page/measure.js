// How large boxes and labels are: text is measured with the font it will be shown in, and broken to fit.

import { INSET, MARKS } from "./shapes.js";

export const TITLE = { size: 13, line: 17, weight: 600 };
export const NOTE = { size: 11, line: 15, weight: 400 };
export const TILE = 26;
const EDGE = 10;
const FOLDER = 26;
const TITLE_WIDTH = 210;
const LABEL_WIDTH = 176;
const NARROWEST = 150;

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

/** Return how wide a text is, in pixels. */
export function width(text, { size, weight }) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

/** Ends a line that was broken inside a word, where nothing was written between the two parts. */
const BROKEN = "↵";

/** Break a text where it reads best: at a space, at a seam of a name (`snake_`, `camel|Case`), or anywhere. */
export function wrap(text, font, most) {
  return text.split("\n").flatMap((line) => (width(line, font) <= most ? [line] : broken(line, font, most)));
}

function broken(text, font, most) {
  const lines = [""];
  for (const word of text.split(/(?<=\s)/u)) {
    if (lines.at(-1) && width((lines.at(-1) + word).trimEnd(), font) > most) lines.push("");
    if (width(word.trimEnd(), font) <= most) {
      lines[lines.length - 1] += word;
      continue;
    }
    const room = most - width(BROKEN, font);
    for (const piece of word.split(/(?<=[_\-./:,])|(?<=[a-z0-9])(?=[A-Z])/u).flatMap((each) => cut(each, font, room))) {
      if (width((lines.at(-1) + piece).trimEnd(), font) > room) lines.push(lines.pop() + BROKEN, "");
      lines[lines.length - 1] += piece;
    }
  }
  return lines.map((line) => line.trim());
}

/** Cut what is wider than a line on its own. */
function cut(text, font, most) {
  if (width(text.trimEnd(), font) <= most) return [text];
  const parts = [""];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (width(parts.at(-1) + segment, font) > most) parts.push("");
    parts[parts.length - 1] += segment;
  }
  return parts;
}

const widest = (lines, font) => Math.max(0, ...lines.map((line) => width(line, font)));

/** Return the size of a box, with the lines that stand in it. */
export function box(node) {
  if (node.kind === "Entry" || node.kind === "Exit") return { width: 10, height: 10 };
  if (node.kind === "Ghost") return { width: Math.ceil(width(node.title, NOTE)) + 24, height: 34, lines: [node.title] };
  if (MARKS.has(node.kind)) return { width: 64, height: 28, lines: [node.title] };
  node.lines ??= wrap(node.title, TITLE, TITLE_WIDTH);
  const text = Math.max(widest(node.lines, TITLE), width(node.detail, NOTE));
  const inset = INSET[node.kind] ?? 0;
  return {
    width: Math.max(NARROWEST, Math.ceil(text) + TILE + 3 * EDGE + 2 * inset + (node.children.length ? FOLDER : 0)),
    height: NOTE.line + node.lines.length * TITLE.line + 16,
  };
}

/** Return how wide the header of a Parallel or Map that is open is; its name stands on one line. */
export const header = (node) => Math.ceil(width(node.title, TITLE) + width(node.detail, NOTE)) + TILE + 60;

/** Return the size of what stands at an edge, or null; `counted` keeps room for how often it was taken. */
export function label(edge, counted) {
  edge.lines ??= edge.label.flatMap((text) => wrap(text, NOTE, LABEL_WIDTH));
  if (!edge.lines.length && !counted) return null;
  const size = Math.max(widest(edge.lines, NOTE), counted ? 30 : 0);
  return { width: Math.ceil(size) + 8, height: edge.lines.length * NOTE.line + (counted ? 20 : 0) + 2 };
}
