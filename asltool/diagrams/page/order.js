// The second step of the layout: the order in each row, with few crossings.

const ROUNDS = 10;
const FEW = 1000;
const MANY = 6000;

/** What to meet last on the first walk: errors, or all else; or what does not lead back. */
const LAST = [({ caught }) => caught, ({ caught }) => !caught, ({ back }) => !back];

/** Return the rows as lists of vertices from left to right, begun in several ways while edges cross. */
export function order(graph) {
  let best = { crossings: Infinity };
  for (const isLast of graph.vertices.length > FEW ? LAST.slice(0, 1) : LAST) {
    const found = arranged(graph, isLast);
    if (found.crossings < best.crossings) best = found;
    if (!best.crossings) break;
  }
  return best.rows;
}

function arranged(graph, isLast) {
  const rows = firstOrder(graph, isLast);
  const place = new Int32Array(graph.vertices.length);
  const given = givenOrder(graph);
  number(rows, place);
  rows.forEach((_, index) => keepOrder(rows, index, given, place));
  number(rows, place);
  let best = { rows: rows.map((row) => [...row]), crossings: crossings(graph, rows, place) };
  const rounds = graph.vertices.length > MANY ? 3 : ROUNDS;
  for (let round = 0; round < rounds && best.crossings; round++) {
    sweep(graph, rows, place, round % 2 === 0, given);
    const count = crossings(graph, rows, place);
    if (count < best.crossings) best = { rows: rows.map((row) => [...row]), crossings: count };
  }
  return best;
}

/** Return the rows in the order in which a walk from the entry comes by. */
function firstOrder(graph, isLast) {
  const rows = [];
  const seen = new Uint8Array(graph.vertices.length);
  const stack = [];
  for (let index = graph.vertices.length - 1; index >= 0; index--) stack.push(index);
  while (stack.length) {
    const vertex = stack.pop();
    if (seen[vertex]) continue;
    seen[vertex] = 1;
    (rows[graph.vertices[vertex].row] ??= []).push(vertex);
    const next = [...graph.below[vertex]].sort((a, b) => isLast(a) - isLast(b));
    for (let index = next.length - 1; index >= 0; index--) stack.push(next[index].to);
  }
  return Array.from(rows, (row) => row ?? []);
}

function number(rows, place) {
  for (const row of rows) row.forEach((vertex, index) => (place[vertex] = index));
}

/** Order each row by where its neighbours in the row before stand on average. */
function sweep(graph, rows, place, down, given) {
  const sides = down ? graph.above : graph.below;
  const indexes = [...rows.keys()];
  for (const index of down ? indexes : indexes.reverse()) {
    const mean = new Map();
    for (const vertex of rows[index]) {
      const links = sides[vertex];
      const sum = links.reduce((total, link) => total + place[link.to], 0);
      mean.set(vertex, links.length ? sum / links.length : place[vertex]);
    }
    rows[index].sort((a, b) => mean.get(a) - mean.get(b) || place[a] - place[b]);
    rows[index].forEach((vertex, at) => (place[vertex] = at));
    keepOrder(rows, index, given, place);
  }
}

/** Return by their row the lists of vertices whose order is given. */
function givenOrder(graph) {
  const found = new Map();
  for (const vertices of graph.ordered) {
    const { row } = graph.vertices[vertices[0]];
    found.set(row, [...(found.get(row) ?? []), vertices]);
  }
  return found;
}

/** Put vertices whose order is given into that order, in the places that they have together. */
function keepOrder(rows, index, given, place) {
  for (const vertices of given.get(index) ?? []) {
    const places = vertices.map((vertex) => place[vertex]).sort((a, b) => a - b);
    vertices.forEach((vertex, at) => {
      place[vertex] = places[at];
      rows[index][places[at]] = vertex;
    });
  }
}

/** Count the pairs of edges that cross, by a tree of sums (Barth, Mutzel, Jünger). */
function crossings(graph, rows, place) {
  let total = 0;
  for (let index = 1; index < rows.length; index++) {
    let size = 1;
    while (size < rows[index].length) size *= 2;
    const tree = new Int32Array(2 * size);
    for (const vertex of rows[index - 1]) {
      const ends = graph.below[vertex].map((link) => place[link.to]).sort((a, b) => a - b);
      for (const end of ends) {
        for (let at = end + size; at > 1; at >>= 1) if (!(at & 1)) total += tree[at + 1];
      }
      for (const end of ends) for (let at = end + size; at >= 1; at >>= 1) tree[at] += 1;
    }
  }
  return total;
}
