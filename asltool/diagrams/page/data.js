// What the page was given: see content.py. The values of a run stand at the end of the page and are read when they are needed.

const page = JSON.parse(document.getElementById("data").textContent);

export const NOTHING = -1;

export let run = page.run ?? null;
export const statuses = page.statuses.map(([name, tone, mark], number) => ({ number, name, tone, mark }));

/** States and marks, outer before inner; `parent` is the Parallel or Map around, `children` what is inside. */
export const nodes = page.nodes.map((node, number) => ({ ...node, number, children: [], edges: [] }));

/** The node that stands for the machine as a whole. */
export const machine = { kind: "Machine", title: page.title, hint: page.comment, number: NOTHING, children: [], edges: [] };

for (const node of nodes) {
  node.parent = node.in === NOTHING ? machine : nodes[node.in];
  node.parent.children.push(node);
}

export const edges = page.edges.map((edge, number) => ({ ...edge, number, tail: nodes[edge.from], head: nodes[edge.to], status: statuses[edge.status] ?? null }));

for (const edge of edges) {
  // Edges join what stands side by side.
  edge.tail.parent.edges.push(edge);
}

export const states = nodes.filter((node) => node.hint !== undefined);
export const containers = states.filter((node) => node.children.length > 0);

/** The status of each node before anything happened, or for good where there is no run. */
export const overlay = page.overlay ?? null;

/** What there is to say of the machine as a whole: `{ line, title, rows: [text, node] }`, or none. */
export const summary = page.summary ?? null;

let table = null;

/** Return the values and the keys of objects; they are there once the whole page is. */
const given = () => (table ??= JSON.parse(document.getElementById("values").textContent));

/** Tell whether the whole page is there. */
export const isWhole = () => document.readyState !== "loading";

/** How long a text may be in this page, if some had to be cut. */
export let cut = page.cut || 0;

/** Take what a run has gained since; return the numbers of the visits that are new or have changed. */
export function append({ values, keys, visits, ...lists }) {
  const known = given();
  const lengthen = (list, part) => part.forEach((each) => list.push(each));
  lengthen(known.values, values);
  lengthen(known.keys, keys);
  for (const [name, part] of Object.entries(lists)) {
    if (Array.isArray(part)) lengthen(run[name], part);
    else run[name] = part;
  }
  for (const [number, row] of Object.entries(visits)) run.visits[number] = row;
  return Object.keys(visits).map(Number);
}

/** Take a run of the same machine anew. */
export function give(later) {
  run = later.run ?? null;
  cut = later.cut || 0;
  table = { values: later.values, keys: later.keys };
  later.nodes.forEach(({ definition }, number) => (nodes[number].definition = definition));
}

const LIST = -1;

/** Return a value of the table by its number: `{ text }` of a scalar, `{ entries }` of a list or an object. */
export function value(number) {
  const { values, keys } = given();
  const row = values[number];
  if (!Array.isArray(row)) return { type: row === null ? "null" : typeof row, text: JSON.stringify(row) };
  if (typeof row[0] === "string") return { type: "number", text: row[0] };
  const list = row[0] === LIST;
  const names = list ? null : keys[row[0]];
  const entries = row.slice(1).map((child, index) => [list ? index : names[index], child]);
  return { type: list ? "list" : "object", entries };
}

/** Return the texts of a list of texts. */
export const texts = (number) => (number === NOTHING ? [] : given().values[number].slice(1).map((child) => given().values[child]));

/** Tell whether a node stands in another, however deep. */
export function isInside(node, outer) {
  for (let each = node.parent; each; each = each.parent) if (each === outer) return true;
  return false;
}
