// The first step of the layout: which row each box of a scope stands in, and by which points edges pass the rows.
//
// This is the method of Sugiyama. Even rows hold boxes and odd rows the texts of edges. Long edges to the same box
// share their points on the way, as lines of a railway do, so that a hundred Catchers make one line.

/**
 * Return the rows of a scope, from the top: `vertices`, boxes and points, each with its row; `above` and `below`, the
 * neighbours of each vertex in the next rows; and `routes`, the vertices of each edge from its tail to its head.
 *
 * `boxes` are `{ width, height }`, `links` are `{ tail, head, caught, rule, spine, label }` with indexes of boxes; the first
 * box is the entry. `ordered` are lists of vertices whose order in their row is given.
 */
export function layer(boxes, links) {
  const ways = links.map((link) => Object.assign(link, { loop: link.tail === link.head, back: false, turns: false }));
  turnBackEdges(boxes.length, ways);
  const rows = boxRows(boxes.length, ways);
  const vertices = boxes.map((box, index) => ({ ...box, row: 2 * rows[index], box: index, trunk: null }));
  const graph = { vertices, above: boxes.map(() => []), below: boxes.map(() => []), routes: [] };
  const points = new Map();
  for (const way of ways) {
    way.turns = way.back && way.rule && Boolean(way.label);
    graph.routes.push(way.loop ? [way.tail] : route(graph, points, way));
  }
  graph.ordered = rulesInOrder(boxes.length, ways, graph.routes);
  return graph;
}

/** Return the texts of the rules of each Choice, which are to stand from left to right. */
function rulesInOrder(count, ways, routes) {
  const found = Array.from({ length: count }, () => []);
  ways.forEach((way, index) => {
    if (way.rule && way.label && !way.loop) found[way.tail].push(routes[index][1]);
  });
  return found.filter((vertices) => vertices.length > 1);
}

/** Mark every edge that closes a circle, so that the others lead downward only. */
function turnBackEdges(count, ways) {
  const out = outgoing(count, ways);
  const state = new Uint8Array(count);
  for (const root of roots(count, ways)) {
    if (state[root]) continue;
    state[root] = 1;
    const stack = [[root, 0]];
    while (stack.length) {
      const frame = stack.at(-1);
      const way = out[frame[0]][frame[1]++];
      if (!way) {
        state[frame[0]] = 2;
        stack.pop();
      } else if (state[way.head] === 1) {
        way.back = true;
      } else if (!state[way.head]) {
        state[way.head] = 1;
        stack.push([way.head, 0]);
      }
    }
  }
}

/** Return the edges out of each box, Catchers' last: the way that is meant decides what is below what. */
function outgoing(count, ways) {
  const out = Array.from({ length: count }, () => []);
  for (const way of ways) if (!way.loop && !way.caught) out[way.tail].push(way);
  for (const way of ways) if (!way.loop && way.caught) out[way.tail].push(way);
  return out;
}

/** Return where to begin: the entry, then what nothing leads to, then the rest. */
function roots(count, ways) {
  const reached = new Set(ways.filter((way) => !way.loop).map((way) => way.head));
  const all = Array.from({ length: count }, (_, index) => index);
  return [0, ...all.filter((index) => !reached.has(index)), ...all];
}

const upper = (way) => (way.back ? way.head : way.tail);
const lower = (way) => (way.back ? way.tail : way.head);

/** Return the row of each box: one below the lowest that leads to it. */
function boxRows(count, ways) {
  const rows = new Int32Array(count);
  const waiting = new Int32Array(count);
  const out = Array.from({ length: count }, () => []);
  for (const way of ways) {
    if (way.loop) continue;
    out[upper(way)].push(lower(way));
    waiting[lower(way)] += 1;
  }
  const free = Array.from(waiting.keys()).filter((index) => !waiting[index]);
  const sources = free.filter((index) => index && out[index].length);
  for (let next = 0; next < free.length; next++) {
    for (const below of out[free[next]]) {
      rows[below] = Math.max(rows[below], rows[free[next]] + 1);
      if (!--waiting[below]) free.push(below);
    }
  }
  for (const index of sources) rows[index] = Math.max(0, Math.min(...out[index].map((below) => rows[below])) - 1);
  return rows;
}

/** Lay the points of an edge, shared where it may be, and return its vertices from tail to head. */
function route(graph, points, way) {
  const step = way.back ? -1 : 1;
  const last = graph.vertices[way.head].row;
  const vertices = [way.tail];
  let row = graph.vertices[way.tail].row + step;
  if (way.turns) {
    // The text of a rule that leads back stands below its Choice, among those of the other rules.
    row = graph.vertices[way.tail].row;
    vertices.push(graph.vertices.length);
    graph.vertices.push({ ...way.label, row: row + 1, box: -1, trunk: null });
    graph.above.push([]);
    graph.below.push([]);
  }
  for (; row !== last; row += step) {
    const own = way.label && vertices.length === 1;
    const trunk = `${way.head} ${way.caught} ${way.back}`;
    const key = `${row} ${trunk}`;
    let point = own ? undefined : points.get(key);
    if (point === undefined) {
      point = graph.vertices.length;
      const size = own ? way.label : { width: 4, height: 0 };
      graph.vertices.push({ ...size, row, box: -1, trunk: own ? null : trunk });
      graph.above.push([]);
      graph.below.push([]);
      if (!own) points.set(key, point);
    }
    vertices.push(point);
  }
  vertices.push(way.head);
  for (let index = 1; index < vertices.length; index++) {
    const down = graph.vertices[vertices[index - 1]].row < graph.vertices[vertices[index]].row;
    join(graph, vertices[index - 1], vertices[index], way, !down);
  }
  return vertices;
}

function join(graph, from, to, way, up) {
  const [top, bottom] = up ? [to, from] : [from, to];
  if (graph.below[top].some((link) => link.to === bottom)) return;
  const spine = way.spine && !way.back;
  graph.below[top].push({ to: bottom, caught: way.caught, back: way.back, spine });
  graph.above[bottom].push({ to: top, caught: way.caught, spine });
}
