// The third step of the layout: how far to the right each vertex stands.
//
// This is the method of Brandes and Köpf: vertices are lined up with the middle one of their neighbours, four times,
// from either end and from either side, and each stands in the middle of what comes out. The spine is straight, then long edges.

/** Return the centre of each vertex. `gap` tells the room between two that stand side by side. */
export function position(graph, rows, gap) {
  const links = [guides(graph, graph.above, graph.below), guides(graph, graph.below, graph.above)];
  const barred = conflicts(graph, rows, links[0]);
  const layouts = [];
  for (const down of [true, false]) {
    for (const left of [true, false]) {
      const ordered = (down ? rows : [...rows].reverse()).map((row) => (left ? row : [...row].reverse()));
      const roots = align(graph, ordered, links[down ? 0 : 1], barred);
      const xs = compact(graph, ordered, roots, gap);
      layouts.push({ left, xs: left ? xs : xs.map((x) => -x) });
    }
  }
  return middle(graph, layouts);
}

/**
 * Return the neighbours at one side to line up with: along the spine no others, and those of Catchers only between points,
 * for they are to bend.
 */
function guides(graph, side, opposite) {
  const onward = opposite.map((list) => list.some((link) => link.spine));
  const isPoint = (vertex) => graph.vertices[vertex].box < 0;
  return side.map((list, vertex) => {
    const straight = list.filter((link) => link.spine);
    const free = list.filter(({ to, caught }) => !onward[to] && (!caught || (isPoint(vertex) && isPoint(to))));
    return (straight.length ? straight : free).map((link) => link.to);
  });
}

const pair = (graph, upper, lower) => upper * graph.vertices.length + lower;

const isSpine = (graph, upper, lower) => graph.above[lower].some((link) => link.to === upper && link.spine);

const trunkAbove = (graph, above, vertex) => {
  const { trunk } = graph.vertices[vertex];
  return trunk === null ? undefined : above[vertex].find((upper) => graph.vertices[upper].trunk === trunk);
};

/** Return the links that would cross the spine. */
function acrossSpine(graph, rows) {
  const barred = new Set();
  for (let index = 1; index < rows.length; index++) {
    const place = new Map(rows[index - 1].map((vertex, at) => [vertex, at]));
    rows[index].forEach((lower, at) => {
      const spine = graph.above[lower].find((link) => link.spine);
      if (!spine) return;
      rows[index].forEach((other, otherAt) => {
        for (const { to } of graph.above[other]) {
          if ((place.get(to) - place.get(spine.to)) * (otherAt - at) < 0) barred.add(pair(graph, to, other));
        }
      });
    });
  }
  return barred;
}

/** Return the links that would cross the spine, or a straight piece of a long edge. */
function conflicts(graph, rows, above) {
  const barred = acrossSpine(graph, rows);
  for (let index = 1; index < rows.length; index++) {
    const place = new Map(rows[index - 1].map((vertex, at) => [vertex, at]));
    let from = 0;
    let start = 0;
    rows[index].forEach((vertex, at) => {
      const trunk = trunkAbove(graph, above, vertex);
      if (trunk === undefined && at < rows[index].length - 1) return;
      const to = trunk === undefined ? rows[index - 1].length : place.get(trunk);
      for (const lower of rows[index].slice(start, at + 1)) {
        const own = trunkAbove(graph, above, lower);
        for (const upper of above[lower]) {
          if (upper !== own && !isSpine(graph, upper, lower) && (place.get(upper) < from || place.get(upper) > to)) barred.add(pair(graph, upper, lower));
        }
      }
      start = at + 1;
      from = to;
    });
  }
  return barred;
}

/** Line each vertex up with its middle neighbour in the row before; return the first of its line for each. */
function align(graph, rows, links, barred) {
  const count = graph.vertices.length;
  const roots = Int32Array.from({ length: count }, (_, index) => index);
  const taken = new Uint8Array(count);
  const place = new Int32Array(count);
  for (const row of rows) row.forEach((vertex, at) => (place[vertex] = at));
  for (const row of rows) {
    let last = -1;
    for (const vertex of row) {
      const near = [...links[vertex]].sort((a, b) => place[a] - place[b]);
      const half = (near.length - 1) / 2;
      const medians = near.length ? new Set([near[Math.floor(half)], near[Math.ceil(half)]]) : [];
      for (const other of medians) {
        const bar = barred.has(pair(graph, other, vertex)) || barred.has(pair(graph, vertex, other));
        if (bar || taken[other] || place[other] <= last) continue;
        roots[vertex] = roots[other];
        taken[other] = 1;
        last = place[other];
        break;
      }
    }
  }
  return roots;
}

/** Push the lines together from the left, then each to the right as far as it may go without moving another. */
function compact(graph, rows, roots, gap) {
  const after = new Map();
  const waiting = new Map();
  for (const row of rows) {
    row.forEach((vertex, at) => {
      const root = roots[vertex];
      if (!after.has(root)) after.set(root, new Map());
      if (!waiting.has(root)) waiting.set(root, 0);
      if (!at) return;
      const [a, b] = [graph.vertices[row[at - 1]], graph.vertices[vertex]];
      const room = (a.width + b.width) / 2 + gap(a, b);
      const before = after.get(roots[row[at - 1]]);
      if (!before.has(root)) waiting.set(root, waiting.get(root) + 1);
      before.set(root, Math.max(room, before.get(root) ?? 0));
    });
  }
  const xs = new Float64Array(graph.vertices.length);
  const sorted = [...waiting.keys()].filter((root) => !waiting.get(root));
  for (let next = 0; next < sorted.length; next++) {
    for (const [root, room] of after.get(sorted[next])) {
      xs[root] = Math.max(xs[root], xs[sorted[next]] + room);
      waiting.set(root, waiting.get(root) - 1);
      if (!waiting.get(root)) sorted.push(root);
    }
  }
  for (const root of sorted.reverse()) {
    const most = Math.min(...[...after.get(root)].map(([other, room]) => xs[other] - room));
    if (most !== Infinity) xs[root] = Math.max(xs[root], most);
  }
  return xs.map((_, vertex) => xs[roots[vertex]]);
}

/** Return for each vertex the mean of the two middle places, the layouts laid upon the narrowest. */
function middle(graph, layouts) {
  for (const layout of layouts) {
    const { xs } = layout;
    layout.from = Infinity;
    layout.to = -Infinity;
    graph.vertices.forEach(({ width }, vertex) => {
      layout.from = Math.min(layout.from, xs[vertex] - width / 2);
      layout.to = Math.max(layout.to, xs[vertex] + width / 2);
    });
  }
  const narrowest = layouts.reduce((a, b) => (b.to - b.from < a.to - a.from ? b : a));
  for (const layout of layouts) {
    layout.shift = layout.left ? narrowest.from - layout.from : narrowest.to - layout.to;
  }
  const xs = graph.vertices.map((_, vertex) => {
    const found = layouts.map((layout) => layout.xs[vertex] + layout.shift).sort((a, b) => a - b);
    return (found[1] + found[2]) / 2;
  });
  const left = Math.min(...xs.map((x, vertex) => x - graph.vertices[vertex].width / 2));
  return xs.map((x) => x - left);
}
