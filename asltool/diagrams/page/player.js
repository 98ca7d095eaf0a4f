// What the run had done after so many of its events. Statuses and badges come from data; here they are only replayed.

import { NOTHING, edges, nodes, overlay, run, statuses } from "./data.js";
import { MARKS } from "./shapes.js";

/** How many events there are to step through. */
export let length = 0;

let known = [];
let failed = [];
let listed = 0;
let counted = 0;

/** Return a visit by its number, made when it is first asked for: a page of a long run shows few of them. */
export const visitAt = (number) => (known[number] ??= visit(run.visits[number], number));

function visit([node, entered, left, around, iteration, status, input, output, variables, failure, failedAt, attempts, failed], number) {
  const visited = { number, node: nodes[node], entered, left, around, iteration, status: statuses[status], input, output };
  return { ...visited, variables, failure, failedAt, attempts, failed };
}

const numbersOf = new Map();

/** Return the visits of a node, in the order of entering. */
export const visitsOf = (node) => (numbersOf.get(node.number) ?? []).map(visitAt);

/** Return the visit of a node that was entered last within the first events, `at` of them, or none. */
export function latestOf(node, at) {
  const number = numbersOf.get(node.number)?.findLast((each) => run.visits[each][1] < at);
  return number === undefined ? null : visitAt(number);
}

/** Return the visits inside one iteration of a visit to a Map. */
export const visitsIn = (outer, iteration) =>
  run.visits.flatMap((row, number) => (row[3] === outer.number && row[4] === iteration ? [visitAt(number)] : []));

/** Return the visit in which the run failed, or none. */
export function broken() {
  const number = run?.end.error ? run.visits.findLastIndex((row) => statuses[row[5]].tone === "bad") : NOTHING;
  return number === NOTHING ? null : visitAt(number);
}

/** Milliseconds from the first event to each; none where the history has no times. */
let times = [];

export const eventAt = (index) => ({
  kind: run.kinds[run.types[index]],
  time: times[index],
  visit: run.owners[index] === NOTHING ? null : visitAt(run.owners[index]),
});

export const timeAt = (index) => times[index];

const blank = () => ({
  at: 0,
  fate: 0,
  step: 0,
  note: 0,
  statuses: overlay ? [...overlay] : nodes.map(() => NOTHING),
  counts: edges.map(() => 0),
  badges: nodes.map((node) => node.badge ?? ""),
});

let state = blank();

/** Return statuses, counts and badges after the first events, `at` of them. */
export function after(at) {
  if (at < state.at) state = blank();
  if (run) {
    const { fates, steps, notes } = run;
    for (; fates[state.fate] < at; state.fate += 3) state.statuses[fates[state.fate + 1]] = fates[state.fate + 2];
    for (; steps[state.step] < at; state.step += 2) state.counts[steps[state.step + 1]] += 1;
    for (; notes[state.note] < at; state.note += 3) state.badges[notes[state.note + 1]] = notes[state.note + 2];
  }
  state.at = at;
  return state;
}

/** How often each edge was taken by the end. */
export const totals = edges.map(() => 0);

/** Read the run from its beginning. */
export function reread() {
  [known, times, failed, listed, counted, length] = [[], [], [], 0, 0, 0];
  numbersOf.clear();
  totals.fill(0);
  state = blank();
  if (run) readOn([]);
}

/** Read what the run has gained; `changed` has the numbers of visits that have changed. */
export function readOn(changed) {
  for (const number of changed) known[number] = undefined;
  for (; listed < run.visits.length; listed++) {
    const [node] = run.visits[listed];
    if (!numbersOf.has(node)) numbersOf.set(node, []);
    numbersOf.get(node).push(listed);
  }
  for (; length < run.types.length; length++) {
    if (run.moments.length) times.push((times.at(-1) ?? 0) + run.moments[length]);
    if (/(Failed|TimedOut)$/.test(run.kinds[run.types[length]])) failed.push(length);
  }
  for (; counted < run.steps.length; counted += 2) totals[run.steps[counted + 1]] += 1;
}

reread();

/** Return the status of a node: a mark has none of its own, and has the first of all where no edge was taken. */
export function statusOf(node, { statuses: now, counts }) {
  if (now[node.number] !== NOTHING) return statuses[now[node.number]];
  if (!run || !MARKS.has(node.kind)) return null;
  const touched = node.parent.edges.some((edge) => (edge.tail === node || edge.head === node) && counts[edge.number]);
  const known = node.parent.children.some((each) => now[each.number] !== NOTHING);
  return touched || !known ? null : statuses[0];
}

/** Return the events that tell of a failure. */
export const failures = () => failed;
