// The list of machines: counts by status, and the last runs as a strip of marks.

import "./dress.js";
import { html } from "./page/shapes.js";
import { get, page } from "./api.js";
import { start } from "./forms.js";
import { STATUSES, alarm, button, machineLink, mark } from "./marks.js";
import { listen, steadily } from "./stream.js";

const main = document.getElementById("list");
const text = html("input", { type: "search", placeholder: "Search machines", "aria-label": "Search machines", autocomplete: "off" });
const body = html("tbody");
const wrong = alarm();
const none = html("p", { class: "hint", role: "status" });
let all = [];

main.append(
  html("h1", {}, "State machines"),
  html("form", { class: "row filters", role: "search", onsubmit: (event) => event.preventDefault() }, text),
  wrong,
  html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "State machines" }, html("table", {}, html("thead", {}, html("tr", {}, ...["Name", "Type", "Executions", "Last runs", "Start"].map((head) => html("th", { scope: "col" }, head)))), body)),
  none,
);

function counts(arn, found) {
  const shown = Object.entries(STATUSES).filter(([status]) => found[status]);
  return html("span", { class: "counts" }, ...shown.map(([status, [tone, sign, name]]) => html("a", { class: `chip tone-${tone}`, href: page("", { machine: arn, status }), title: `${name}: ${found[status]}` }, `${sign} ${found[status]}`)));
}

function row({ arn, type, status, counts: found, last }) {
  const cells = [machineLink(arn), status === "DELETING" ? `${type}, being deleted` : type, counts(arn, found), html("span", { class: "strips" }, ...[...last].reverse().map(mark)), button("Start", () => start(arn), { "aria-label": `Start ${arn.split(":").at(-1)}` })];
  return html("tr", {}, ...cells.map((cell, at) => html("td", { class: at ? "" : "long" }, cell)));
}

function show() {
  const word = text.value.trim().toLowerCase();
  const found = all.filter(({ name }) => name.toLowerCase().includes(word));
  body.replaceChildren(...found.map(row));
  none.textContent = found.length ? "" : "There is no such machine.";
  document.documentElement.dataset.ready ??= Math.round(performance.now());
}

const look = steadily(async () => {
  const answer = JSON.stringify((await get("machines")).machines);
  if (answer === JSON.stringify(all) && all.length) return;
  all = JSON.parse(answer);
  show();
}, wrong);

text.value = new URLSearchParams(location.search).get("text") ?? "";
text.addEventListener("input", () => {
  history.replaceState(null, "", page("machines", { text: text.value }));
  show();
});
look();
listen(look, look);
