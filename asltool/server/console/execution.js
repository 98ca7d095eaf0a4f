// One execution, live: the page of a run, which goes on, and what can be done about it.

import { jsonText } from "./page/json.js";
import { goOn } from "./page/main.js";
import { more } from "./page/panel.js";
import { eventAt, length, visitAt } from "./page/player.js";
import { html } from "./page/shapes.js";
import { spoken } from "./page/words.js";
import "./dress.js";
import { call, get, page } from "./api.js";
import { answer, dialog, start } from "./forms.js";
import { alarm, button, executionLink, machineLink, mapRunState, nameOf } from "./marks.js";
import { eventTable } from "./records.js";
import { listen, steadily } from "./stream.js";
import { flowOf } from "./flow.js";
import { tryState } from "./trial.js";

let shown = JSON.parse(document.getElementById("shown").textContent);
let read = performance.now();

const { executionArn: arn } = shown.execution;
const actions = document.getElementById("actions");
const wrong = alarm();
const waiting = html("div", { id: "waits", "aria-live": "polite" });
document.getElementById("top").after(wrong);
document.getElementById("bar").after(waiting);

const isRunning = () => shown.execution.status === "RUNNING";

async function attempt(work) {
  wrong.textContent = "";
  try {
    await work();
    await look();
  } catch (problem) {
    wrong.textContent = problem.message;
  }
}

function stop() {
  const error = html("input", { autocomplete: "off", maxlength: 256, id: "stop-error" });
  const cause = html("input", { autocomplete: "off", id: "stop-cause" });
  const named = (label, input) => html("div", { class: "field" }, html("label", { for: input.id }, label), input);
  dialog("Stop this execution", [named("Error", error), named("Cause", cause)], "Stop", async () => {
    await call("StopExecution", { executionArn: arn, error: error.value || undefined, cause: cause.value || undefined });
    look();
  });
}

/** Return the visit that a redrive begins with: of the last state that was entered outside of all others. */
function broken() {
  let at = length - 1;
  while (at >= 0 && !(eventAt(at).visit && eventAt(at).visit.around < 0)) at--;
  return at < 0 ? null : visitAt(eventAt(at).visit.number);
}

function redrive() {
  const visit = broken();
  const state = visit ? html("b", {}, visit.node.title) : "its beginning";
  const what = html("p", {}, "The execution runs again from ", state, visit?.node.kind === "Map" ? ", with those items that have not succeeded." : ".");
  const input = visit && visit.input >= 0 ? html("pre", { class: "code", tabindex: 0 }, jsonText(visit.input)) : null;
  const other = html("button", { type: "button", class: "link", onclick: () => element.close() || again() }, "run again with another input");
  const wrongInput = shown.execution.mapRunArn ? null : html("p", { class: "hint" }, "Was the input wrong? Then ", other, ".");
  const parts = [what, html("p", { class: "hint" }, "What ran before stays. Definition and input are those it was started with."), wrongInput, input];
  const { element } = dialog("Redrive this execution", parts, "Redrive", async () => {
    await call("RedriveExecution", { executionArn: arn });
    look();
  });
}

const again = () =>
  attempt(async () => {
    const { input } = await call("DescribeExecution", { executionArn: arn });
    start(shown.execution.stateMachineArn, input);
  });

function act() {
  const { execution } = shown;
  const all = [
    isRunning() && button("Stop", stop),
    execution.redriveStatus === "REDRIVABLE" && button("Redrive", redrive, { class: "button main" }),
    !execution.mapRunArn && button("Run again", again),
    button("Event table", () => eventTable(arn)),
    html("a", { class: "button", href: page("compare", { a: arn }) }, "Compare"),
  ].filter(Boolean);
  const text = all.map((each) => each.textContent).join();
  if (actions.dataset.of === text) return;
  actions.dataset.of = text;
  actions.replaceChildren(machineLink(execution.stateMachineArn), ...all);
}

const left = (seconds) => Math.max(0, seconds * 1000 - (performance.now() - read));

/** Return the words of a wait; they count down. */
function countdown([state, reason, seconds]) {
  const clock = html("b", { "data-left": seconds }, spoken(Math.ceil(left(seconds) / 1000) * 1000));
  return html("p", { class: "wait" }, reason === "retry" ? `${state} is tried again in ` : `${state} waits for `, clock);
}

const beat = (task) => attempt(() => call("SendTaskHeartbeat", { taskToken: task.token }));

const request = (task) =>
  html("p", { class: "wait" }, `${task.state} waits for ${task.token ? "an answer" : "a worker"} `, task.token ? button("Answer", () => answer(task, look)) : html("a", { href: page("tasks", {}) }, "Tasks"), task.token && button("Heartbeat", () => beat(task)));

let overlay = "";

/** Write what the execution waits for over the drawing. */
function overlaid() {
  const text = JSON.stringify([shown.waits, shown.open, shown.execution.blocked]);
  if (text === overlay) return;
  overlay = text;
  const blocked = shown.execution.blocked && html("p", { class: "wait" }, `Blocked: ${shown.execution.blocked}`);
  waiting.replaceChildren(...[blocked, ...shown.waits.slice(0, 5).map(countdown), ...shown.open.slice(0, 5).map(request)].filter(Boolean));
}

setInterval(() => {
  for (const each of document.querySelectorAll("[data-left]")) each.textContent = spoken(Math.ceil(left(Number(each.dataset.left)) / 1000) * 1000);
}, 500);

const childrenOf = (mapRun) => html("div", { class: "known" }, html("a", { href: page("", { mapRun }) }, "Child executions of the map run"), mapRunState(mapRun));

const linked = ([, kind, to]) => (kind === "map run" ? childrenOf(to) : html("p", {}, "Started ", executionLink(to)));

more.state = (node, visit) => [
  ...(visit ? shown.links.filter(([number]) => number === visit.number).map(linked) : []),
  ...shown.waits.filter(([state]) => state === node.title && (!visit || visit.left < 0)).map(countdown),
  node.definition !== undefined && html("p", {}, button("Try this state", () => tryState(node, visit))),
];

more.data = flowOf(arn);

more.whole = () => [
  html("p", {}, "State machine ", machineLink(shown.execution.stateMachineArn)),
  shown.parent && html("p", {}, "Started by execution ", executionLink(shown.parent)),
  shown.execution.mapRunArn && html("p", {}, html("a", { href: page("", { mapRun: shown.execution.mapRunArn }) }, `Child of map run ${nameOf(shown.execution.mapRunArn)}`)),
  shown.execution.redriveCount > 0 && html("p", { class: "hint" }, `Redriven ${shown.execution.redriveCount === 1 ? "once" : `${shown.execution.redriveCount} times`}.`),
];

/** Ask how the execution stands, and show that. */
const look = steadily(async () => {
  const found = await get("execution", { arn, after: shown.mark });
  const { links, ...gained } = found.more ?? { links: found.links };
  shown = { ...found, links: found.more ? shown.links.concat(links) : links };
  read = performance.now();
  if (found.more) goOn({ more: gained });
  else if (found.page?.run) goOn(found);
  act();
  overlaid();
  document.documentElement.dataset.seen = length;
}, wrong, 1);

act();
overlaid();
listen((changed) => changed.some((each) => each.arn === arn) && look(), look);
