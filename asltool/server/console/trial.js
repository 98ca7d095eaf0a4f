// A state is tried on its own, with the data of a past visit: TestState.

import { NOTHING } from "./page/data.js";
import { jsonText } from "./page/json.js";
import { html } from "./page/shapes.js";
import { call } from "./api.js";
import { dialog, field, jsonField, pretty } from "./forms.js";

const STAGES = {
  afterInputPath: "After InputPath",
  afterParameters: "After Parameters",
  afterArguments: "After Arguments",
  afterItemsPath: "After ItemsPath",
  afterItemSelector: "After ItemSelector",
  result: "Result",
  afterResultSelector: "After ResultSelector",
  afterResultPath: "After ResultPath",
  variables: "Variables",
};

/** A role has to be named, and is not used here. */
const ROLE = "arn:aws:iam::123456789012:role/console";

const MOCKED = new Set(["Task", "Map", "Parallel"]);

/** Ask for data, try the state with them as often as is wished, and show each stage that changed something. */
export function tryState(node, visit) {
  const known = (number, other) => (visit && number !== NOTHING ? jsonText(number) : other);
  const definition = jsonField("Definition of the state", jsonText(node.definition));
  const input = jsonField("Input", known(visit?.input, "{}"));
  const variables = jsonField("Variables", known(visit?.variables, "{}"));
  const result = jsonField("Result of its work, instead of doing it", "", true);
  const error = html("input", { autocomplete: "off", maxlength: 256, placeholder: "none" });
  const shown = html("div", { class: "outcome", role: "status" });
  const mocked = MOCKED.has(node.kind) ? [result.element, field("Error, instead of doing it", error)] : [];
  const parts = [input.element, variables.element, ...mocked, html("details", { class: "section" }, html("summary", {}, html("span", {}, "Definition")), definition.element), shown];
  for (const each of [input, variables, result]) each.area.rows = 4;
  const { element } = dialog(`Try ${node.title}`, parts, "Try", async () => {
    const request = { definition: definition.area.value, input: input.area.value, variables: variables.area.value, inspectionLevel: "DEBUG", roleArn: ROLE };
    if (error.value) request.mock = { errorOutput: { error: error.value, cause: "tried from the console" } };
    else if (result.area.value.trim()) request.mock = { result: result.area.value };
    shown.replaceChildren();
    shown.replaceChildren(...outcome(await call("TestState", request)));
    shown.scrollIntoView({ block: "nearest" });
    return false;
  }, "Close");
  element.classList.add("wide");
}

function outcome({ status, output, error, cause, nextState, inspectionData = {} }) {
  const stages = [];
  let before = inspectionData.input;
  for (const [name, title] of Object.entries(STAGES)) {
    const text = inspectionData[name];
    if (text === undefined || text === before) continue;
    before = text;
    stages.push(html("h3", {}, title), html("pre", { class: "code", tabindex: 0 }, pretty(text)));
  }
  const tone = { SUCCEEDED: "good", FAILED: "bad" }[status] ?? "warn";
  return [
    html("p", {}, html("span", { class: `chip tone-${tone}` }, status), nextState ? ` then ${nextState}` : ""),
    ...(error ? [html("div", { class: "failure" }, html("strong", {}, error), cause ? html("p", {}, cause) : null)] : []),
    ...stages,
    ...(output === undefined ? [] : [html("h3", {}, "Output"), html("pre", { class: "code", tabindex: 0 }, pretty(output))]),
  ];
}
