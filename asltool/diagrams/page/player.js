// What the run had done after so many of its events. Statuses and badges come from data; here they are only replayed.

import { NOTHING, edges, nodes, overlay, run, statuses } from "./data.js";
import { MARKS } from "./shapes.js";


/** How many events there are to step through. */
export const length = run ? run.events[0].length : 0;

/** The visits of each node, in the order of entering. */
export const visits = run ? run.visits.map(visit) : [];

function visit([node, entered, left, around, iteration, status, input, output, variables, failure, failedAt, attempts, failed], number) {
  const told = { number, node: nodes[node], entered, left, around, iteration, status: statuses[status], input, output };
  return { ...told, variables, failure, failedAt, attempts, failed };
}

export const visitsOf = new Map();
for (const each of visits) {
  if (!visitsOf.has(each.node)) visitsOf.set(each.node, []);
  visitsOf.get(each.node).push(each);
}

/** Milliseconds from the first event to each; none where the history has no times. */
const times = [];
for (const step of run ? run.events[1] : []) times.push((times.at(-1) ?? 0) + step);

export const eventAt = (index) => ({
  kind: run.kinds[run.events[0][index]],
  time: times[index],
  visit: visits[run.events[2][index]] ?? null,
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
    for (; run.fates[state.fate]?.[0] < at; state.fate++) state.statuses[run.fates[state.fate][1]] = run.fates[state.fate][2];
    for (; run.steps[state.step]?.[0] < at; state.step++) state.counts[run.steps[state.step][1]] += 1;
    for (; run.notes[state.note]?.[0] < at; state.note++) state.badges[run.notes[state.note][1]] = run.notes[state.note][2];
  }
  state.at = at;
  return state;
}

/** How often each edge was taken by the end. */
export const totals = edges.map(() => 0);
for (const [, edge] of run ? run.steps : []) totals[edge] += 1;

/** Return the status of a node: a mark has none of its own, and has the first of all where no edge was taken. */
export function statusOf(node, { statuses: now, counts }) {
  if (now[node.number] !== NOTHING) return statuses[now[node.number]];
  if (!run || !MARKS.has(node.kind)) return null;
  const touched = node.parent.edges.some((edge) => (edge.tail === node || edge.head === node) && counts[edge.number]);
  const known = node.parent.children.some((each) => now[each.number] !== NOTHING);
  return touched || !known ? null : statuses[0];
}

/** Return the events that tell of a failure. */
export function failures() {
  const kinds = new Set(run ? run.kinds.flatMap((kind, index) => (/(Failed|TimedOut)$/.test(kind) ? [index] : [])) : []);
  return run ? [...run.events[0].keys()].filter((index) => kinds.has(run.events[0][index])) : [];
}
