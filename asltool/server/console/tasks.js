// Tasks that wait for an answer: those with a token, and those of activities that no worker has taken.

import "./dress.js";
import { html } from "./page/shapes.js";
import { call, get } from "./api.js";
import { answer } from "./forms.js";
import { alarm, button, executionLink, when } from "./marks.js";
import { listen, steadily } from "./stream.js";

const main = document.getElementById("list");
const wrong = alarm();
const none = html("p", { class: "hint", role: "status" });
const body = html("tbody");

main.append(
  html("h1", {}, "Tasks that wait for an answer"),
  html("p", { class: "hint" }, "Tasks with a task token, and tasks of activities."),
  wrong,
  html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Tasks" }, html("table", {}, html("thead", {}, html("tr", {}, ...["State", "Execution", "Resource", "Since", "Answer"].map((head) => html("th", { scope: "col" }, head)))), body)),
  none,
);

async function attempt(work) {
  wrong.textContent = "";
  try {
    await work();
  } catch (problem) {
    wrong.textContent = problem.message;
  }
  look();
}

const beat = (task) => attempt(() => call("SendTaskHeartbeat", { taskToken: task.token }));

/** Take the next task of an activity, as a worker would. */
const take = (task) =>
  attempt(async () => {
    const { taskToken, input } = await call("GetActivityTask", { activityArn: task.resource, workerName: "console" });
    if (taskToken) answer({ ...task, token: taskToken, input }, look);
  });

function row(task) {
  const acts = task.token
    ? [button("Answer", () => answer(task, look), { "aria-label": `Answer ${task.state}` }), button("Heartbeat", () => beat(task), { "aria-label": `Heartbeat of ${task.state}` })]
    : [button("Take the next", () => take(task), { "aria-label": `Take the next task of ${task.resource}` })];
  const cells = [task.state, executionLink(task.execution), task.resource, when(task.since), html("span", { class: "row" }, ...acts)];
  return html("tr", {}, ...cells.map((cell, at) => html("td", { class: at < 3 ? "long" : "time" }, cell)));
}

let shown = "";

const look = steadily(async () => {
  const { tasks } = await get("tasks");
  const text = JSON.stringify(tasks);
  if (text !== shown) body.replaceChildren(...tasks.map(row));
  shown = text;
  none.textContent = tasks.length ? "" : "No task waits for an answer.";
  document.documentElement.dataset.ready ??= Math.round(performance.now());
}, wrong);

look();
listen(look, look);
