// Two executions side by side, and where they differ first.

import "./dress.js";
import { html } from "./page/shapes.js";
import { spoken } from "./page/words.js";
import { get, page } from "./api.js";
import { alarm, chip, executionLink } from "./marks.js";

const main = document.getElementById("list");
const wrong = alarm();
const query = new URLSearchParams(location.search);
const fields = ["a", "b"].map((name) => html("input", { name, "aria-label": name === "a" ? "First execution" : "Second execution", placeholder: "ARN of an execution", value: query.get(name) ?? "", list: "known" }));
const known = html("datalist", { id: "known" });
const result = html("div", { role: "status" });

main.append(
  html("h1", {}, "Compare two executions"),
  html("form", { class: "row filters", onsubmit: submit }, ...fields, known, html("button", { class: "button main" }, "Compare")),
  wrong,
  result,
);

function submit(event) {
  event.preventDefault();
  location.href = page("compare", { a: fields[0].value, b: fields[1].value });
}

/** Return the visits of a run, as texts that can be compared. */
function visits({ page: drawn }) {
  const { nodes, run, statuses, values, keys } = drawn;
  const times = [];
  let time = 0;
  for (const step of run.moments) times.push((time += step));
  const json = (number) => {
    if (number < 0) return "";
    const row = values[number];
    if (!Array.isArray(row)) return JSON.stringify(row);
    if (typeof row[0] === "string") return row[0];
    const inside = row.slice(1).map(json);
    return row[0] === -1 ? `[${inside.join(", ")}]` : `{${inside.map((each, at) => `${JSON.stringify(keys[row[0]][at])}: ${each}`).join(", ")}}`;
  };
  return run.visits.map(([node, entered, left, , , status, input, output, , failure, over]) => ({
    state: nodes[node].title,
    status: statuses[status][0],
    tone: statuses[status][1],
    input: json(input),
    output: json(output),
    failure: failure < 0 ? "" : json(failure),
    took: over < 0 ? null : times[over] - times[entered],
  }));
}

const KINDS = [["state", "the state that was entered"], ["input", "the input"], ["status", "what became of it"], ["failure", "the error"], ["output", "the output"]];

/** Return the first difference: the number of the visit, and what differs. */
function first(a, b) {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    if (!a[at] || !b[at]) return { at, what: "one of them ends before it", name: null };
    const kind = KINDS.find(([name]) => a[at][name] !== b[at][name]);
    if (kind) return { at, what: kind[1], name: kind[0] };
  }
  return null;
}

/** Return how long each state took in both, in all its visits: those first that differ most. */
function durations(both) {
  const found = new Map();
  both.forEach((all, which) => {
    for (const { state, took } of all) {
      if (!found.has(state)) found.set(state, [{ visits: 0, took: 0 }, { visits: 0, took: 0 }]);
      const sum = found.get(state)[which];
      sum.visits += 1;
      sum.took += took ?? 0;
    }
  });
  const longer = ([, [a, b]]) => b.took - a.took;
  return [...found].sort((one, other) => Math.abs(longer(other)) - Math.abs(longer(one)));
}

function durationRow([state, [a, b]], longest) {
  const words = ({ visits, took }) => (visits ? `${spoken(took)}${visits > 1 ? ` in ${visits} visits` : ""}` : "not visited");
  const bar = ({ took }) => html("span", { class: "bar", style: `width: ${(took / longest) * 100}%` });
  const more = b.took - a.took;
  const sign = more < 0 ? "−" : "+";
  const cells = [state, html("div", {}, words(a), bar(a)), html("div", {}, words(b), bar(b)), more ? `${sign}${spoken(Math.abs(more))}` : "0 ms"];
  return html("tr", {}, ...cells.map((each, at) => html("td", { class: at ? "time" : "long" }, each)));
}

function cell(visit, arn) {
  if (!visit) return html("td", { class: "hint" }, "–");
  const link = html("a", { href: `${page("execution", { arn })}#${new URLSearchParams({ state: visit.state })}` }, visit.state);
  return html("td", {}, link, " ", html("span", { class: `chip tone-${visit.tone}` }, visit.status), " ", html("span", { class: "hint" }, visit.took === null ? "" : spoken(visit.took)));
}

function show(found) {
  const [a, b] = found.map(visits);
  const arns = found.map(({ execution }) => execution.executionArn);
  const different = first(a, b);
  const differs = (at) => !a[at] || !b[at] || KINDS.some(([name]) => a[at][name] !== b[at][name]);
  const rows = Array.from({ length: Math.min(2000, Math.max(a.length, b.length)) }, (_, at) =>
    html("tr", { class: differs(at) ? "different" : null }, html("td", { class: "hint" }, String(at + 1)), cell(a[at], arns[0]), cell(b[at], arns[1])),
  );
  const times = durations([a, b]);
  const longest = Math.max(1, ...times.flatMap(([, both]) => both.map(({ took }) => took)));
  const heads = found.map(({ execution }) => html("th", { scope: "col" }, executionLink(execution.executionArn, execution.name), " ", chip(execution.status)));
  const table = (label, first, last, lines) => html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, html("table", {}, html("thead", {}, html("tr", {}, html("th", { scope: "col" }, first), ...heads.map((each) => each.cloneNode(true)), ...last.map((each) => html("th", { scope: "col" }, each)))), html("tbody", {}, ...lines)));
  const values = different?.name && [a, b].map((each) => html("pre", { class: "code", tabindex: 0 }, each[different.at][different.name]));
  result.replaceChildren(
    html("p", {}, different ? `First difference: visit ${different.at + 1}${a[different.at] ? `, ${a[different.at].state}` : ""}: ${different.what}` : "No difference but in time."),
    ...(values ? [html("div", { class: "two" }, ...values)] : []),
    html("h2", {}, "Visits"),
    table("Visits", "Visit", [], rows),
    html("h2", {}, "Durations"),
    table("Durations", "State", ["Difference"], times.map((each) => durationRow(each, longest))),
  );
}

async function begin() {
  const { executions } = await get("executions");
  known.append(...executions.map(({ arn, name }) => html("option", { value: arn }, name)));
  const [a, b] = fields.map((each) => each.value);
  if (a && b) show(await Promise.all([get("execution", { arn: a }), get("execution", { arn: b })]));
  document.documentElement.dataset.ready ??= Math.round(performance.now());
}

begin().catch((problem) => (wrong.textContent = problem.message));
