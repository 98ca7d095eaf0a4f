// Dialogs: an execution is started, a task answered, something confirmed.

import { html } from "./page/shapes.js";
import { call, get, page } from "./api.js";
import { alarm, button, nameOf } from "./marks.js";

/** Show a dialog; `act` is called on submission, and what it throws is shown. `leave` is on the button that closes it. */
export function dialog(title, parts, verb, act, leave = "Cancel") {
  const wrong = alarm();
  const submit = html("button", { class: "button main" }, verb);
  const form = html("form", { method: "dialog" }, html("h2", {}, title), ...parts, wrong);
  const element = html("dialog", { class: "form", "aria-label": title }, form);
  const close = () => element.close();
  form.append(html("div", { class: "row end" }, button(leave, close), submit));
  element.addEventListener("close", () => element.remove());
  element.addEventListener("cancel", (event) => event.target !== element && event.stopPropagation());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    submit.disabled = true;
    try {
      if ((await act(wrong)) !== false) close();
    } catch (problem) {
      wrong.textContent = problem.message;
    }
    submit.disabled = false;
  });
  document.body.append(element);
  element.showModal();
  return { element, wrong };
}

let fields = 0;

/** Return a labelled field of a form. */
export function field(label, input, hint = null) {
  input.id = `field-${fields++}`;
  return html("div", { class: "field" }, html("label", { for: input.id }, label), input, hint);
}

/** Return what is wrong with a text as JSON: the line and the column, where the browser tells; or "". */
export function fault(text) {
  try {
    JSON.parse(text);
    return "";
  } catch (problem) {
    const place = /position (\d+)/.exec(problem.message);
    if (!place || /line \d+/.test(problem.message)) return problem.message;
    const before = text.slice(0, Number(place[1])).split("\n");
    return `${problem.message} (line ${before.length}, column ${before.at(-1).length + 1})`;
  }
}

/** Return a text area for JSON, checked as it is typed. */
export function jsonField(label, text, optional = false) {
  const area = html("textarea", { rows: 10, spellcheck: "false", class: "code", autocomplete: "off" });
  const message = html("p", { class: "check", role: "status" });
  const check = () => {
    const wrong = optional && !area.value.trim() ? "" : fault(area.value);
    area.setAttribute("aria-invalid", String(Boolean(wrong)));
    area.setCustomValidity(wrong);
    message.textContent = wrong;
  };
  area.value = text;
  area.setSelectionRange(0, 0);
  area.addEventListener("input", check);
  check();
  return { element: field(label, area, message), area, check };
}

/** Return JSON text as people read it; numbers keep their digits, since nothing but spaces is added. */
export function pretty(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const found = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  return found
    .map((part, at) => {
      const [before, after] = [found[at - 1], found[at + 1]];
      if (part === "{" || part === "[") return after === "}" || after === "]" ? part : (depth++, part + line());
      if (part === "}" || part === "]") return before === "{" || before === "[" ? part : (depth--, line() + part);
      return part === "," ? part + line() : part === ":" ? ": " : part;
    })
    .join("");
}

/** Ask for the input of a new execution, and lead to it. */
export async function start(machine, input = "{}") {
  const name = html("input", { maxlength: 80, autocomplete: "off", placeholder: "made up, if left empty" });
  const json = jsonField("Input", pretty(input));
  const earlier = html("select", {}, html("option", { value: "" }, "…"));
  const time = html("select", {}, html("option", { value: "real" }, "real: waits take their time"), html("option", { value: "skip" }, "skip: waits take no time"));
  earlier.addEventListener("change", () => {
    if (!earlier.value) return;
    json.area.value = pretty(earlier.value);
    json.check();
  });
  const clock = async () => (await (await fetch("/_asltool/time")).json()).mode;
  const prepare = async () => {
    time.value = "";
    time.value = await clock();
    const { inputs } = await get("inputs", { machine });
    earlier.append(...inputs.map((each) => html("option", { value: each }, each.slice(0, 80))));
  };
  const parts = [json.element, field("Earlier inputs", earlier), field("Name", name), field("Time of the whole server", time)];
  const { wrong } = dialog(`Start ${nameOf(machine)}`, parts, "Start", async () => {
    if (time.value && time.value !== (await clock())) await fetch("/_asltool/time", { method: "POST", body: JSON.stringify({ mode: time.value }) });
    const request = { stateMachineArn: machine, input: json.area.value };
    if (name.value) request.name = name.value;
    const { executionArn } = await call("StartExecution", request);
    if (executionArn.includes(":express:")) location.href = page("", { machine });
    else location.href = page("execution", { arn: executionArn });
  });
  prepare().catch(({ message }) => (wrong.textContent = message));
  json.area.focus();
}

/** Ask how a task has gone, and say so to the server. */
export function answer(task, done) {
  const output = jsonField("Output", "{}");
  const error = html("input", { autocomplete: "off", maxlength: 256 });
  const cause = html("textarea", { rows: 2 });
  const kinds = html("fieldset", { class: "row" }, html("legend", {}, "How has it gone?"));
  const ways = { success: output.element, failure: html("div", {}, field("Error", error), field("Cause", cause)) };
  const choose = (kind) => {
    for (const [name, part] of Object.entries(ways)) part.hidden = name !== kind;
    output.area.disabled = kind !== "success";
  };
  for (const kind of Object.keys(ways)) {
    const radio = html("input", { type: "radio", name: "kind", value: kind, checked: kind === "success", onchange: () => choose(kind) });
    kinds.append(html("label", { class: "pick" }, radio, kind === "success" ? "Success" : "Failure"));
  }
  choose("success");
  const given = html("details", { class: "section" }, html("summary", {}, html("span", {}, "Input of the task")), html("pre", { class: "code", tabindex: 0 }, pretty(task.input)));
  dialog(`Answer ${task.state}`, [given, kinds, ...Object.values(ways)], "Send", async () => {
    const taskToken = task.token;
    if (ways.success.hidden) await call("SendTaskFailure", { taskToken, error: error.value || undefined, cause: cause.value || undefined });
    else await call("SendTaskSuccess", { taskToken, output: output.area.value });
    done();
  });
}
