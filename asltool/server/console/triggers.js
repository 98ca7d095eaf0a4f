// What starts machines: event buses with their rules, recent events, and schedules.

import "./dress.js";
import { html } from "./page/shapes.js";
import { spoken } from "./page/words.js";
import { ask, call, get, page } from "./api.js";
import { dialog, field, jsonField, pretty } from "./forms.js";
import { alarm, button, machineLink, when } from "./marks.js";
import { listen, steadily } from "./stream.js";

const LOOKS_EVERY = 2000;

const main = document.getElementById("list");
const wrong = alarm();
let known = { buses: [], rules: [], events: [], schedules: [] };

/** Return a table with a heading, and what fills it. */
function listing(title, heads, none, hint = null) {
  const body = html("tbody");
  const table = html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title }, html("table", {}, html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, head)))), body));
  const empty = html("p", { class: "hint" }, none);
  main.append(html("h2", {}, title), hint ?? "", table, empty);
  return (rows) => {
    body.replaceChildren(...rows);
    table.hidden = !rows.length;
    empty.hidden = rows.length > 0;
  };
}

main.append(
  html("div", { class: "row" }, html("h1", {}, "Triggers"), html("span", { class: "grow" }), button("Test a pattern", () => test()), button("Send an event", () => send(), { class: "button main" })),
  wrong,
);
const rules = listing("Rules", ["Rule", "Matches", "Targets", "Last matches", ""], "There are no rules.");
const schedules = listing("Schedules", ["Schedule", "When", "Next", "Target"], "There are no schedules.");
const events = listing("Recent events", ["Received", "Bus", "Source", "Detail type", "Matched rules"], "No event has come yet.", html("p", { class: "hint" }, "The last 100 events since the server was started, and the rules that match them as they are now. They are not kept. Status changes of executions are among them if a rule is about those."));

const row = (...cells) => html("tr", {}, ...cells.map((cell) => html("td", { class: "long" }, ...[cell].flat().filter(Boolean))));

const target = (arn) => html("div", {}, arn.split(":")[2] === "states" ? machineLink(arn) : arn);

const off = (state) => state === "DISABLED" && html("span", { class: "chip tone-idle" }, "■ Disabled");

/** Return when a schedule fires next, and after that. */
function firings(seconds) {
  if (!seconds.length) return [html("span", { class: "hint" }, "never again")];
  const left = seconds[0] * 1000 - Date.now();
  return [html("div", {}, when(seconds[0]), html("span", { class: "hint" }, left > 0 ? ` in ${spoken(left)}` : "")), ...seconds.slice(1).map((each) => html("div", { class: "hint" }, when(each)))];
}

const expression = ({ expression: text, zone, explained }) => [html("code", {}, text), zone === "UTC" ? null : ` ${zone}`, html("div", { class: "hint" }, explained)];

const eventButton = (id, text) => html("button", { type: "button", class: "link", onclick: () => open(id) }, text);

/** Return the fields of a pattern with what each has to be, line by line. */
function conditions(pattern, path = "") {
  return Object.entries(pattern).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    if (key === "$or" && Array.isArray(value)) return value.flatMap((each, index) => conditions(each, `${at}[${index}]`));
    return Array.isArray(value) ? [html("div", { class: "condition" }, html("b", {}, at), ` ${JSON.stringify(value)}`)] : conditions(value, at);
  });
}

function ruleRow(rule) {
  const matches = [...(rule.pattern ? conditions(JSON.parse(rule.pattern)) : []), rule.schedule && html("div", {}, ...expression(rule.schedule).filter(Boolean))];
  const last = [...rule.matches.map(({ id, received }) => html("div", {}, eventButton(id, when(received)))), rule.matched > rule.matches.length && html("div", { class: "hint" }, `${rule.matched} of the recent events`), rule.schedule && rule.state !== "DISABLED" && firings(rule.schedule.next.slice(0, 1)).map((each) => html("div", {}, html("span", { class: "hint" }, "next: "), each))].flat();
  const acts = rule.pattern && button("Test", () => test(rule), { "aria-label": `Test the pattern of ${rule.name}` });
  return row([html("div", {}, rule.name), rule.bus !== "default" && html("div", { class: "hint" }, `bus ${rule.bus}`), off(rule.state)], matches, rule.targets.length ? rule.targets.map(target) : html("span", { class: "hint" }, "none"), last, acts || "");
}

const eventRow = (event) => row(eventButton(event.id, when(event.received)), event.bus, event.source, event.type, event.rules.length ? event.rules.join(", ") : html("span", { class: "hint" }, "none"));

const scheduleRow = (each) => row([html("div", {}, each.name), each.group !== "default" && html("div", { class: "hint" }, `group ${each.group}`), off(each.state)], [...expression(each), each.window && html("div", { class: "hint" }, `within ${each.window} minutes`)], each.state === "DISABLED" ? "" : firings(each.next), target(each.target));

/** Keep in the address which event is open. */
const remember = (id) => history.replaceState(null, "", page("triggers", { event: id }));

/** Show an event, and of each rule why it does not match. */
async function open(id) {
  try {
    const { event, bus, rules: found } = await get("event", { id });
    remember(id);
    const verdict = ({ name, why }) => html("li", {}, html("span", { class: `chip tone-${why ? "idle" : "good"}` }, why ? "✕ no match" : "✓ matches"), " ", html("b", {}, name), why && html("p", { class: "hint" }, why));
    const listed = found.length ? html("ul", { class: "verdicts" }, ...found.map(verdict)) : html("p", { class: "hint" }, "The bus has no rules.");
    const parts = [html("p", { class: "hint" }, `On bus ${bus}`), listed, html("p", {}, html("a", { href: page("", { text: id }) }, "Executions that it has started")), html("pre", { class: "code", tabindex: 0 }, JSON.stringify(event, null, 2))];
    const { element } = dialog("Event", parts, "Send again", () => send(event, bus), "Close");
    element.classList.add("wide");
    element.addEventListener("close", () => remember(null));
  } catch (problem) {
    wrong.textContent = problem.message;
  }
}

/** Ask for an event, put it on a bus, and show what has become of it. */
function send(event = null, bus = "default") {
  const buses = html("select", {}, ...known.buses.map(({ arn, name }) => html("option", { value: arn, selected: name === bus }, name)));
  const source = html("input", { required: true, autocomplete: "off", maxlength: 256, value: event?.source ?? "my.app" });
  const type = html("input", { required: true, autocomplete: "off", maxlength: 128, value: event?.["detail-type"] ?? "Order placed" });
  const detail = jsonField("Detail", JSON.stringify(event?.detail ?? {}, null, 2));
  dialog("Send an event", [field("Bus", buses), field("Source", source), field("Detail type", type), detail.element], "Send", async () => {
    const entry = { EventBusName: buses.value, Source: source.value, DetailType: type.value, Detail: detail.area.value };
    if (event?.resources?.length) entry.Resources = event.resources;
    const { Entries: [sent] } = await call("PutEvents", { Entries: [entry] }, "AWSEvents");
    if (sent.ErrorCode) throw new Error(`${sent.ErrorCode}: ${sent.ErrorMessage}`);
    look();
    open(sent.EventId);
  });
}

const EXAMPLE = { id: "1", source: "my.app", "detail-type": "Order placed", account: "123456789012", time: "2026-01-01T00:00:00Z", region: "us-east-1", resources: [], detail: {} };

/** Test a pattern on an event; that of a rule on the newest event of its bus that it does not match. */
async function test(rule = null) {
  const near = rule ? known.events.filter(({ bus }) => bus === rule.bus) : known.events;
  const picked = near.find(({ rules: names }) => !names.includes(rule?.name)) ?? near[0];
  const found = picked && (await get("event", { id: picked.id }).catch(() => null));
  const given = jsonField("Pattern", pretty(rule?.pattern ?? '{"source": ["my.app"]}'));
  const event = jsonField("Event", JSON.stringify(found?.event ?? EXAMPLE, null, 2));
  const shown = html("p", { role: "status" });
  const { element } = dialog("Test a pattern", [html("div", { class: "two" }, given.element, event.element), shown], "Test", async () => {
    const { problem, matches, why } = await ask("pattern", {}, JSON.stringify({ pattern: given.area.value, event: event.area.value }));
    if (problem) throw new Error(problem);
    shown.replaceChildren(html("span", { class: `chip tone-${matches ? "good" : "warn"}` }, matches ? "✓ matches" : "✕ no match"), why ? ` ${why}` : "");
    return false;
  }, "Close");
  element.classList.add("wide");
}

let before = "";

const look = steadily(async () => {
  known = await get("triggers");
  const text = JSON.stringify(known);
  if (text !== before) {
    rules(known.rules.map(ruleRow));
    events(known.events.map(eventRow));
    schedules(known.schedules.map(scheduleRow));
  }
  before = text;
  document.documentElement.dataset.ready ??= Math.round(performance.now());
}, wrong);

const asked = new URLSearchParams(location.search).get("event");
look().then(() => asked && open(asked));
listen(look, look);
setInterval(() => document.hidden || look(), LOOKS_EVERY);
