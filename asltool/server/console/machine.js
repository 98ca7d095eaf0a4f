// One machine: its drawing, its definition with findings, versions and aliases, and its last runs.

import "./page/main.js";
import { more } from "./page/panel.js";
import { html } from "./page/shapes.js";
import "./dress.js";
import { ask, call, get, page } from "./api.js";
import { dialog, field, pretty, start } from "./forms.js";
import { alarm, button, chip, executionLink, when } from "./marks.js";
import { listen, steadily } from "./stream.js";
import { tryState } from "./trial.js";

const { arn, type } = JSON.parse(document.getElementById("shown").textContent);
const wrong = alarm();
document.getElementById("top").after(wrong);

const query = new URLSearchParams(location.search);
const [from, to, coverage] = ["from", "to", "coverage"].map((name) => query.get(name));

const known = { runs: [], versions: [], aliases: [], revisions: [] };

const listing = (title, rows, none) => html("details", { class: "section", open: true }, html("summary", {}, html("span", {}, title)), html("ul", {}, ...(rows.length ? rows : [html("li", { class: "hint" }, none)])));

/** Return how a revision is called: a version, what an execution was started with, or the machine as it is. */
function called(ref) {
  if (!ref) return "the current definition";
  return ref.includes(":execution:") ? `the definition of execution ${ref.split(":").at(-1)}` : `version ${ref.split(":").at(-1)}`;
}

/** Return what leads to the comparison of two revisions. */
function comparison() {
  const choose = () => (location.href = page("machine", { arn, from: older.value, to: newer.value }));
  const options = (chosen) => [{ ref: "", since: 0 }, ...known.revisions].map(({ ref, since }) => html("option", { value: ref, selected: ref === (chosen ?? "") }, `${called(ref)}${since ? `, ${when(since)}` : ""}`));
  const older = html("select", {}, ...options(from ?? known.revisions[0]?.ref));
  const newer = html("select", {}, ...options(to));
  return html("div", { class: "known" }, field("From", older), field("To", newer), html("div", {}, button("Compare", choose)));
}

const overlaid = html("p", {}, from ? `From ${called(from)} to ${called(to)}. ` : "", from || coverage ? html("a", { href: page("machine", { arn }) }, "Only the machine") : "");

const summary = html("div", { class: "known" });

function show() {
  summary.replaceChildren(
    html("p", { class: "hint" }, `${type} · ${arn}`),
    overlaid,
    listing("Last runs", known.runs.map((row) => html("li", { class: "row" }, chip(row.status, row.blocked), executionLink(row.arn, row.name), html("span", { class: "hint" }, when(row.started)))), "It has not run yet."),
    html("p", { class: "row" }, html("a", { href: page("", { machine: arn }) }, "All executions"), html("a", { href: page("machine", { arn, coverage: "1" }) }, "Coverage by executions")),
    listing("Versions", known.versions.map((each) => html("li", { class: "row" }, each.stateMachineVersionArn.split(":").at(-1), html("span", { class: "hint" }, when(each.creationDate)), html("a", { href: page("machine", { arn, from: each.stateMachineVersionArn }), "aria-label": `Compare with version ${each.stateMachineVersionArn.split(":").at(-1)}` }, "Compare"))), "There are no versions."),
    ...(known.revisions.length ? [comparison()] : []),
    listing("Aliases", known.aliases.map((each) => html("li", {}, each.stateMachineAliasArn.split(":").at(-1))), "There are no aliases."),
    html("p", {}, button("Publish a version", publish)),
  );
}

async function attempt(work) {
  wrong.textContent = "";
  try {
    await work();
  } catch (problem) {
    wrong.textContent = problem.message;
  }
}

const publish = () => attempt(() => call("PublishStateMachineVersion", { stateMachineArn: arn }).then(look));

const look = steadily(async () => {
  const [{ executions }, { revisions }, versions, aliases] = await Promise.all([
    get("executions", { machine: arn }),
    get("revisions", { machine: arn }),
    call("ListStateMachineVersions", { stateMachineArn: arn }),
    call("ListStateMachineAliases", { stateMachineArn: arn }),
  ]);
  Object.assign(known, { runs: executions.slice(0, 12), revisions, versions: versions.stateMachineVersions, aliases: aliases.stateMachineAliases });
  show();
}, wrong);

/** Show the definition, checked as it is typed, to be saved. */
const edit = () =>
  attempt(async () => {
    const { definition } = await call("DescribeStateMachine", { stateMachineArn: arn });
    const area = html("textarea", { class: "code", rows: 22, spellcheck: "false", "aria-label": "Definition" });
    const findings = html("ul", { class: "findings" });
    const unchecked = alarm();
    area.value = definition.includes("\n") ? definition : pretty(definition);
    area.setSelectionRange(0, 0);
    const check = steadily(async () => {
      const { findings: found } = await ask("findings", { type }, area.value);
      findings.replaceChildren(...found.map((each) => finding(each, area)));
      if (!found.length) findings.append(html("li", { class: "hint" }, "Nothing is wrong with it."));
    }, unchecked);
    area.addEventListener("input", check);
    const { element } = dialog("Definition", [area, unchecked, html("div", { role: "status" }, findings)], "Save", async () => {
      await call("UpdateStateMachine", { stateMachineArn: arn, definition: area.value });
      location.reload();
    });
    element.classList.add("wide");
    check();
  });

/** Return a finding that leads to its place in the text. */
function finding({ severity, code, message, line, column, length }, area) {
  const go = () => {
    const lines = area.value.split("\n");
    const at = lines.slice(0, line - 1).join("\n").length + (line > 1) + column - 1;
    area.focus();
    area.setSelectionRange(at, at + length);
    area.scrollTop = Math.max(0, line - 5) * (area.scrollHeight / lines.length);
  };
  const tone = { error: "bad", warning: "warn" }[severity] ?? "idle";
  return html("li", {}, html("span", { class: `chip tone-${tone}` }, severity), " ", html("button", { type: "button", class: "link", onclick: go }, `line ${line}`), ` ${message} [${code}]`);
}

more.whole = () => [summary];
more.state = (node) => [node.definition !== undefined && html("p", {}, button("Try this state", () => tryState(node, null)))];

document.getElementById("actions").append(button("Start", () => start(arn), { class: "button main" }), button("Definition", edit));
show();
look();
listen((changed) => changed.some((row) => row.machine === arn) && look(), look);
