// How executions look in lists: their status, their names, their times.

import { html } from "./page/shapes.js";
import { localTime, spoken } from "./page/words.js";
import { call, get, page } from "./api.js";

/** The tone, the mark and the name of each status. */
export const STATUSES = {
  RUNNING: ["busy", "…", "Running"],
  SUCCEEDED: ["good", "✓", "Succeeded"],
  FAILED: ["bad", "✕", "Failed"],
  TIMED_OUT: ["bad", "◷", "Timed out"],
  ABORTED: ["idle", "■", "Aborted"],
  PENDING_REDRIVE: ["warn", "↻", "Pending redrive"],
};

export function chip(status, blocked) {
  const [tone, mark, name] = blocked ? ["warn", "!", "Blocked"] : STATUSES[status];
  return html("span", { class: `chip tone-${tone}`, title: blocked || null }, `${mark} ${name}`);
}

/** Return the last part of an ARN, by which people know it. */
export const nameOf = (arn) => arn.split(":").slice(6).join(":");

export const executionLink = (arn, name = nameOf(arn)) => html("a", { href: page("execution", { arn }) }, name);

/** Return a link to a machine; children of map runs name the state of it, too, that they belong to. */
export const machineLink = (arn) => html("a", { href: page("machine", { arn: arn.split("/")[0] }) }, nameOf(arn));

/** Return when something was, seconds since the epoch, in the reader's time. */
export const when = (seconds) => (seconds ? localTime(new Date(seconds * 1000)) : "");

/** Return how long an execution took, or has taken. */
export const took = ({ started, stopped }) => spoken(Math.max(0, (stopped ?? Date.now() / 1000) - started) * 1000);

const COUNTS = ["total", "pending", "running", "succeeded", "failed", "timedOut", "aborted", "resultsWritten"];

const LOOKS_EVERY = 2000;

/** Return how a map run stands and which items failed, brought up to date while it runs and is shown; `head` makes what stands above. */
export function mapRunState(arn, head = () => []) {
  const element = html("div", { class: "known" });
  const wrong = alarm();
  const look = () => element.isConnected && show().catch(fail);
  function fail({ name, message }) {
    wrong.textContent = message;
    element.replaceChildren(wrong);
    if (name === "TypeError") setTimeout(look, LOOKS_EVERY); // the server did not answer
  }
  async function show() {
    const found = await call("DescribeMapRun", { mapRunArn: arn });
    const { itemCounts: counts } = found;
    const done = counts.total - counts.pending - counts.running;
    const facts = COUNTS.filter((name) => counts[name]).map((name) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${counts[name]}`);
    const failed = counts.failed && !new URLSearchParams(location.search).get("status") ? await get("executions", { mapRun: arn, status: "FAILED" }) : null;
    element.replaceChildren(
      ...head(found),
      html("progress", { max: counts.total || 1, value: done, "aria-label": "Items done" }),
      html("p", { class: "hint" }, `Items: ${facts.join(", ")}`),
      failed?.executions.length ? failedItems(failed.executions, failed.next, arn) : "",
      failed && !failed.executions.length ? html("p", { class: "hint" }, "The failed items are not listed: EXPRESS child executions are not kept.") : "",
    );
    if (found.status === "RUNNING") setTimeout(look, LOOKS_EVERY);
  }
  setTimeout(look); // once it is shown: the panel is also made only to be compared
  return element;
}

/** Return a list of the children of a map run that failed, with their errors; the first of them, if they are many. */
function failedItems(executions, next, mapRun) {
  const rows = executions.slice(0, 10).map(({ arn, name, error, cause }) => html("li", {}, executionLink(arn, error ?? name), cause ? html("span", { class: "hint" }, ` ${cause}`) : null));
  const all = next || executions.length > rows.length ? [html("li", {}, html("a", { href: page("", { mapRun, status: "FAILED" }) }, "All failed items"))] : [];
  return html("details", { class: "section", open: true }, html("summary", {}, html("span", {}, `Failed items (${executions.length}${next ? " or more" : ""})`)), html("ul", {}, ...rows, ...all));
}

/** Return a mark that leads to an execution. */
export function mark([arn, status]) {
  const [tone, , name] = STATUSES[status];
  return html("a", { class: `strip tone-${tone}`, href: page("execution", { arn }), title: `${nameOf(arn)}: ${name}`, "aria-label": `${nameOf(arn)}: ${name}` });
}

export const button = (text, act, attributes = {}) => html("button", { type: "button", class: "button", onclick: act, ...attributes }, text);

/** Return a message about what went wrong, which screen readers read out at once. */
export const alarm = () => html("p", { class: "alarm", role: "alert" });
