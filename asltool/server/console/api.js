// Questions to the server: what the console shows, and the API of Step Functions itself.

/** Return what an address of the console answers; `signal` gives the question up. */
export async function get(path, values = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return answer(await fetch(`/_asltool/console/api/${path}?${query}`, { signal }));
}

/** Send a text to an address of the console, and return what it answers. */
export async function ask(path, values, body) {
  return answer(await fetch(`/_asltool/console/api/${path}?${new URLSearchParams(values)}`, { method: "POST", body }));
}

/** Call an operation of an API, such as StartExecution. */
export async function call(operation, request, api = "AWSStepFunctions") {
  const headers = { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": `${api}.${operation}` };
  return answer(await fetch("/", { method: "POST", headers, body: JSON.stringify(request) }));
}

/** Return the body of a response, or throw what it says is wrong. */
async function answer(response) {
  const body = await response.json().catch(() => ({ message: `the server answered ${response.status}` }));
  if (response.ok) return body;
  throw new Error([body.__type, body.message].filter(Boolean).join(": "));
}

/** Return the address of a page of the console. */
export function page(name, values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return `/_asltool/console/${name}${query.size ? `?${query}` : ""}`;
}
