// Outlines and pictograms by type of state, and how elements are made.

const SVG = "http://www.w3.org/2000/svg";

/** Return a new element of the drawing. A text among the children is text, never markup. */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Return a new element of the page. */
export const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value; // as an attribute it is barred where inline styles are
    else if (value !== null && value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** How much an outline takes from the room inside, at each side. */
export const INSET = { Choice: 14, Succeed: 10, Fail: 6 };

export const MARKS = new Set(["Start", "End", "Entry", "Exit", "Ghost"]);

/** Return the path of a box's outline. */
export function outline(kind, width, height) {
  if (kind === "Choice") return polygon(width, height, INSET.Choice, height / 2);
  if (kind === "Fail") return polygon(width, height, 11, 11);
  const round = kind === "Succeed" || (MARKS.has(kind) && kind !== "Ghost") ? height / 2 : 9;
  const [w, h] = [width - 2 * round, height - 2 * round];
  const corner = (x, y) => `a${round} ${round} 0 0 1 ${x * round} ${y * round}`;
  return `M${round} 0h${w}${corner(1, 1)}v${h}${corner(-1, 1)}h${-w}${corner(-1, -1)}v${-h}${corner(1, -1)}z`;
}

/** Return a box whose corners are cut off. */
function polygon(width, height, x, y) {
  const [right, bottom] = [width - x, height - y];
  return `M${x} 0H${right}L${width} ${y}V${bottom}L${right} ${height}H${x}L0 ${bottom}V${y}z`;
}

/** Pictograms in a square of 16, drawn with a line. */
const PICTOGRAMS = {
  Task: "M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0M8 1v2M8 13v2M1 8h2M13 8h2M8 6.2v3.6M6.2 8h3.6",
  Parallel: "M8 1.5v3M3 14.5v-5.5q0-2 2-2h6q2 0 2 2v5.5M8 4.5v2.5M8 7v7.5",
  Map: "M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3",
  Pass: "M2 8h11M9 4l4 4-4 4",
  Wait: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0M8 4.5V8l2.5 2",
  Choice: "M8 1.5L14.5 8L8 14.5L1.5 8z",
  Succeed: "M3 8.5l3.5 3.5L13 4.5",
  Fail: "M4 4l8 8M12 4l-8 8",
  Machine: "M5.5 2h5v3.5h-5zM1.5 10.5h5V14h-5zM9.5 10.5h5V14h-5zM8 5.5V8M4 10.5V8h8v2.5",
};

/** Return the tile that tells a type: its pictogram on its colour, of so many pixels a side. */
export function tile(kind, size) {
  return svg(
    "svg",
    { class: `tile ${kind}`, width: size, height: size, viewBox: "0 0 26 26", "aria-hidden": "true" },
    svg("rect", { width: 26, height: 26, rx: 6 }),
    svg("path", { d: PICTOGRAMS[kind], transform: "translate(5 5)" }),
  );
}
