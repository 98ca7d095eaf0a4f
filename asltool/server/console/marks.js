// How executions look in lists: their status, their names, their times.

import { html } from "./page/shapes.js";
import { localTime, spoken } from "./page/words.js";
import { page } from "./api.js";

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

/** Return a list of the children of a map run that failed, with their errors; the first of them, if they are many. */
export function failedItems(executions, next, mapRun) {
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
