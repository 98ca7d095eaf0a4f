// The layout of everything that is to be seen: each scope on its own, the inner ones first.

import { layer } from "./layers.js";
import { order } from "./order.js";
import { position } from "./position.js";

const PADDING = 18;
const HEADER = 40;
const ROW_GAP = 15;
const LOOP = 22;
const FAN = 16;

/** How long an arrowhead is. */
const ARROW = 8;

/** Room between neighbours in a row. */
const gap = (a, b) => (a.box < 0 && b.box < 0 ? 14 : a.box < 0 || b.box < 0 ? 18 : 30);

/**
 * Place what is inside a scope, and return its size.
 *
 * Every node in it gets `x`, `y` (its upper left corner, from that of the scope), `width` and `height`; every edge gets
 * `path` and, with a label, `labelAt`. `measure` returns the size of a box or of a label.
 */
export function arrange(scope, isFolded, measure) {
  const inner = arrangeInside(scope, isFolded, measure);
  if (scope.kind === "Machine") return inner;
  const header = measure.header(scope);
  scope.inset = { x: PADDING + Math.max(0, (header - inner.width) / 2), y: HEADER };
  return { width: Math.max(inner.width, header) + 2 * PADDING, height: inner.height + HEADER + PADDING };
}

function arrangeInside(scope, isFolded, measure) {
  const nodes = scope.children;
  for (const node of nodes) {
    const open = node.children.length && !isFolded(node);
    Object.assign(node, open ? arrange(node, isFolded, measure) : measure.box(node));
  }
  const indexes = new Map(nodes.map((node, index) => [node, index]));
  const links = scope.edges.map((edge) => ({
    tail: indexes.get(edge.tail),
    head: indexes.get(edge.head),
    caught: edge.caught,
    rule: edge.tail.kind === "Choice",
    spine: edge.spine,
    label: measure.label(edge),
  }));
  const graph = layer(boxes(nodes, links), links);
  const rows = order(graph);
  const xs = position(graph, rows, gap);
  const ys = heights(graph, rows, xs);
  nodes.forEach((node, index) => {
    node.x = xs[index] - node.width / 2;
    // Beside what is much taller a box stands near the top, where one looks for what comes next.
    const { top, bottom } = ys[graph.vertices[index].row];
    node.y = top + Math.min(HEADER, (bottom - top - node.height) / 2);
  });
  fan(links, graph, xs, ys);
  scope.edges.forEach((edge, index) => draw(edge, links[index], graph.routes[index], { graph, xs, ys }));
  const right = Math.max(...graph.vertices.map(({ width }, vertex) => xs[vertex] + width / 2));
  return { width: right, height: ys.at(-1).bottom };
}

/** Return the sizes of boxes; one with an edge to itself has room for that at its side. */
function boxes(nodes, links) {
  const sizes = nodes.map(({ width, height }) => ({ width, height }));
  for (const { tail, head, label } of links) {
    if (tail === head) sizes[tail].width = nodes[tail].width + 2 * (LOOP + 8 + (label?.width ?? 0));
  }
  return sizes;
}

/** Return where each row begins and ends; the wider an edge swings, the more room it gets to do so. */
function heights(graph, rows, xs) {
  const found = [];
  let top = 0;
  rows.forEach((row, index) => {
    const height = Math.max(0, ...row.map((vertex) => graph.vertices[vertex].height));
    found.push({ top, bottom: top + height });
    let swing = 0;
    for (const vertex of row) {
      for (const { to } of graph.below[vertex]) swing = Math.max(swing, Math.abs(xs[vertex] - xs[to]));
    }
    top += height + (index < rows.length - 1 ? ROW_GAP + Math.min(28, swing / 14) : 0);
  });
  return found;
}

/**
 * Say where the rules of each Choice leave it, beside each other in their order, and how high they swing: one that swings
 * further does so above the others, so that none lies on another.
 */
function fan(links, graph, xs, ys) {
  const rules = new Map();
  links.forEach((link, index) => {
    const leaves = link.rule && link.label && link.tail !== link.head && (!link.back || link.turns);
    if (leaves) rules.set(link.tail, [...(rules.get(link.tail) ?? []), { link, x: xs[graph.routes[index][1]] }]);
  });
  for (const [tail, each] of rules) {
    const x = xs[tail];
    const { row, width } = graph.vertices[tail];
    const straight = each.findIndex((rule) => Math.abs(rule.x - x) < 0.5);
    const middle = straight < 0 ? (each.length - 1) / 2 : straight;
    const step = Math.min(FAN, (0.7 * width) / each.length);
    const gap = (ys[row + 1]?.top ?? ys[row].bottom) - ys[row].bottom;
    each.forEach(({ link }, index) => {
      const swing = Math.abs(index - middle) / each.length;
      Object.assign(link, { leaveAt: (index - middle) * step, bend: ys[row].bottom + gap * (0.75 - swing * 0.6) });
    });
  }
}

/** Write the path of an edge, and where its label stands. */
function draw(edge, link, route, { graph, xs, ys }) {
  if (link.tail === link.head) {
    loop(edge, link);
    return;
  }
  const down = graph.vertices[link.tail].row < graph.vertices[link.head].row;
  edge.stub = "";
  const turns = !down && route.length > 2 && graph.vertices[route[1]].row > graph.vertices[link.tail].row;
  const near = (row) => (down ? ys[row].top : ys[row].bottom);
  const far = (row) => (down ? ys[row].bottom : ys[row].top);
  const side = (from, to) => (xs[to] < xs[from] ? -1 : 1);
  let start = { x: xs[link.tail] + (link.leaveAt ?? side(link.tail, route[1]) * leaveAt(edge, down || turns)), y: edge.tail.y + (down || turns ? edge.tail.height : 0) };
  let points = [start, { x: start.x, y: far(graph.vertices[link.tail].row), bend: link.bend }];
  if (turns) {
    const text = graph.vertices[route[1]];
    const { top } = ys[text.row];
    edge.stub = curve([start, { x: start.x, y: ys[text.row - 1].bottom, bend: link.bend }, { x: xs[route[1]], y: top }]);
    start = { x: xs[route[1]] + text.width / 3, y: top + (ys[text.row].bottom - top - text.height) / 2 };
    points = [start, { x: start.x, y: top }];
  }
  for (const vertex of route.slice(turns ? 2 : 1, -1)) {
    const { row } = graph.vertices[vertex];
    points.push({ x: xs[vertex], y: near(row) }, { x: xs[vertex], y: far(row) });
  }
  const end = { x: xs[link.head] + side(link.head, route.at(-2)) * arriveAt(edge, down), y: edge.head.y + (down ? 0 : edge.head.height) };
  points.push({ x: end.x, y: near(graph.vertices[link.head].row) }, end);
  edge.tip = tip(points);
  // Beginning at the head, so that the dashes of edges that share a line fall together.
  edge.path = curve(points.reverse());
  if (link.label) {
    const { row } = graph.vertices[route[1]];
    edge.labelAt = { x: xs[route[1]], y: (ys[row].top + ys[row].bottom) / 2 };
  }
}

/** Return how far from the middle an edge leaves a box, at the side to which it leads, and where it arrives. */
const leaveAt = ({ caught, tail }, down) => (tail.width < 60 ? 0 : !down ? tail.width / 3 : caught ? tail.width / 4 : 0);
const arriveAt = ({ head }, down) => (down || head.width < 60 ? 0 : head.width / 3);

/** Return a path through points that swings where it changes from one vertical to another, at a height that one may say. */
function curve(points) {
  let path = `M${round(points[0].x)} ${round(points[0].y)}`;
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1], points[index]];
    if (Math.abs(a.x - b.x) < 0.5) {
      // Of several pieces that are straight the last is enough.
      if (index === points.length - 1 || Math.abs(b.x - points[index + 1].x) >= 0.5) path += `V${round(b.y)}`;
      continue;
    }
    const y = a.bend ?? b.bend ?? (a.y + b.y) / 2;
    path += `C${round(a.x)} ${round(y)} ${round(b.x)} ${round(y)} ${round(b.x)} ${round(b.y)}`;
  }
  return path;
}

/** Return where an arrowhead stands and which way it points, in degrees: along what can be seen of the end. */
function tip(points) {
  const [a, b] = points.slice(-2);
  if (Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) >= ARROW) return { ...b, turn: b.y > a.y ? 90 : -90 };
  const last = points.findLastIndex((point, index) => index && Math.abs(point.x - points[index - 1].x) >= 0.5);
  if (last < 1) return { ...b, turn: b.y > points[0].y ? 90 : -90 };
  const [from, to] = [points[last - 1], points[last]];
  const straight = Math.abs(b.y - to.y);
  for (let t = 1; t >= 0; t -= 0.02) {
    // A piece that swings is a cubic curve which begins and ends upright.
    const x = from.x + (to.x - from.x) * t * t * (3 - 2 * t);
    const y = from.y + (to.y - from.y) * (1.5 * t * (1 - t) + t * t * t);
    if (straight >= ARROW) break;
    if (Math.hypot(b.x - x, b.y - y) >= ARROW) return { ...b, turn: (Math.atan2(b.y - y, b.x - x) * 180) / Math.PI };
  }
  return { ...b, turn: b.y > from.y ? 90 : -90 };
}

function loop(edge, link) {
  const { x, y, width, height } = edge.tail;
  const [right, middle] = [x + width, y + height / 2];
  edge.path = `M${round(right)} ${round(middle - 9)}h${LOOP - 9}a9 9 0 0 1 0 18H${round(right)}`;
  edge.stub = "";
  edge.tip = { x: right, y: middle + 9, turn: 180 };
  edge.labelAt = link.label && { x: right + LOOP + 6 + link.label.width / 2, y: middle };
}

const round = (number) => Math.round(number * 10) / 10;
