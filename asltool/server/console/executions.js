// The list of executions: the newest on top, live, filtered as the address says.

import "./dress.js";
import { html } from "./page/shapes.js";
import { get } from "./api.js";
import { start } from "./forms.js";
import { STATUSES, alarm, button, chip, executionLink, machineLink, mapRunState, nameOf, took, when } from "./marks.js";
import { listen, steadily } from "./stream.js";

const FILTERS = ["machine", "status", "text", "since", "until", "mapRun"];

const rows = new Map();
let next = null;
let asked = null;

const main = document.getElementById("list");
const fields = {
  text: html("input", { type: "search", placeholder: "Text in name, input, output or error", "aria-label": "Text", autocomplete: "off" }),
  machine: html("select", { "aria-label": "Machine" }, html("option", { value: "" }, "All machines")),
  status: html("select", { "aria-label": "Status" }, html("option", { value: "" }, "All statuses"), ...Object.entries(STATUSES).map(([value, [, , name]]) => html("option", { value }, name))),
  since: html("input", { type: "datetime-local", "aria-label": "Started since" }),
  until: html("input", { type: "datetime-local", "aria-label": "Started before" }),
};
const wrong = alarm();
const count = html("p", { class: "hint", role: "status" });
const body = html("tbody");
const rest = button("More", () => load(next), { hidden: true });
const heads = ["Status", "Execution", "Machine", "Started", "Duration", "Error"];
const run = html("div", { id: "maprun", hidden: true });

main.append(
  html("div", { class: "row" }, html("h1", {}, "Executions"), html("span", { class: "grow" }), button("Start execution", () => attempt(begin), { class: "button main" })),
  html("form", { class: "row filters", role: "search", "aria-label": "Executions", onsubmit: (event) => event.preventDefault() }, fields.text, fields.machine, fields.status, html("label", {}, "from ", fields.since), html("label", {}, "to ", fields.until), button("Clear", clear)),
  run,
  wrong,
  html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Executions" }, html("table", {}, html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, head)))), body)),
  html("div", { class: "row" }, count, rest),
);

const query = () => new URLSearchParams(location.search);

/** Return the filters as the server takes them. */
function wanted() {
  const given = Object.fromEntries(FILTERS.map((name) => [name, query().get(name)]));
  for (const name of ["since", "until"]) if (given[name]) given[name] = String(new Date(given[name]).getTime() / 1000);
  return given;
}

/** Write the fields into the address, and ask anew. */
function filter() {
  const parts = query();
  for (const [name, input] of Object.entries(fields)) {
    if (input.value) parts.set(name, input.value);
    else parts.delete(name);
  }
  history.replaceState(null, "", `${location.pathname}${parts.size ? `?${parts}` : ""}`);
  load();
}

function clear() {
  for (const input of Object.values(fields)) input.value = "";
  filter();
}

function read() {
  for (const [name, input] of Object.entries(fields)) {
    const value = query().get(name) ?? "";
    if (name === "machine" && value && ![...input.options].some((option) => option.value === value)) input.append(html("option", { value }, nameOf(value)));
    input.value = value;
  }
}

/** Ask for the first page, or for the one after a number. */
async function load(after = null) {
  asked?.abort();
  asked = new AbortController();
  try {
    const found = await get("executions", { ...wanted(), after }, asked.signal);
    if (!after) rows.clear();
    take(found);
    next = found.next;
    wrong.textContent = "";
  } catch (problem) {
    if (problem.name !== "AbortError") wrong.textContent = problem.message;
    return;
  }
  show();
}

/** Take in what has begun since, and leave what was loaded page by page. */
const look = steadily(async () => {
  const pages = rows.size > 50;
  const found = await get("executions", wanted());
  if (!pages) {
    rows.clear();
    next = found.next;
  }
  take(found);
  show();
  wrong.textContent = "";
}, wrong);

const take = ({ executions }) => executions.forEach((row) => rows.set(row.number, row));

const drawn = new Map();

function show() {
  const sorted = [...rows.values()].sort((a, b) => b.number - a.number);
  const lines = sorted.map((row) => {
    const text = JSON.stringify(row);
    const known = drawn.get(row.number);
    if (known?.text === text) return known.line;
    const made = line(row);
    drawn.set(row.number, { text, line: made });
    return made;
  });
  if (lines.length !== body.children.length || lines.some((each, at) => body.children[at] !== each)) {
    const focused = document.activeElement?.closest("tbody") ? document.activeElement.getAttribute("href") : null;
    body.replaceChildren(...lines);
    if (focused) [...body.querySelectorAll("a")].find((each) => each.getAttribute("href") === focused)?.focus({ preventScroll: true });
  }
  rest.hidden = next === null;
  count.textContent = rows.size ? `${rows.size}${next === null ? "" : " or more"} execution${rows.size === 1 ? "" : "s"}` : "There is no such execution.";
  document.documentElement.dataset.ready ??= Math.round(performance.now());
}

function line(row) {
  const cells = [chip(row.status, row.blocked), executionLink(row.arn, row.name), machineLink(row.machine), when(row.started), html("span", row.stopped ? {} : { "data-since": row.started }, took(row)), row.error ? html("span", {}, row.error, row.cause ? html("span", { class: "cause" }, row.cause) : null) : ""];
  return html("tr", {}, ...cells.map((cell, at) => html("td", { class: ["", "long", "long", "time", "time", "long"][at] }, cell)));
}

const attempt = (work) => work().catch(({ message }) => (wrong.textContent = message));

async function machines() {
  const { machines: all } = await get("machines");
  const known = new Set([...fields.machine.options].map((option) => option.value));
  fields.machine.append(...all.filter(({ arn }) => !known.has(arn)).map(({ arn, name }) => html("option", { value: arn }, name)));
}

async function begin() {
  await machines();
  const arn = fields.machine.value || fields.machine.options[1]?.value;
  if (!arn) wrong.textContent = "There is no state machine to start. Create one first.";
  else start(arn);
}

/** Show how a map run stands whose children are listed. */
function mapRun() {
  const arn = query().get("mapRun");
  if (!arn) return;
  run.hidden = false;
  run.append(mapRunState(arn, (found) => [html("p", {}, "Map run of ", executionLink(found.executionArn), " ", chip(found.status))]));
}

for (const [name, input] of Object.entries(fields)) input.addEventListener(name === "text" ? "input" : "change", filter);
addEventListener("popstate", () => {
  read();
  load();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  fields.text.focus();
});
setInterval(() => {
  for (const each of body.querySelectorAll("[data-since]")) each.textContent = took({ started: Number(each.dataset.since) });
}, 1000);

read();
load();
attempt(machines);
mapRun();
listen(
  (changed) => {
    for (const row of changed) if (rows.has(row.number)) rows.set(row.number, row);
    show();
    look();
  },
  () => {
    look();
    attempt(machines);
  },
);
