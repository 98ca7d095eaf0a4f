// What all pages share: which link is theirs, and light or dark, which is kept for the next page.

const { dataset } = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");

function dress() {
  dataset.theme = night.matches ? "dark" : "light";
}

if (!dataset.theme) {
  night.addEventListener("change", dress);
  dress();
}

const [, name] = /on-(\w+)/.exec(document.body.className);
for (const link of document.querySelectorAll("#top nav a")) {
  if (link.dataset.of.split(" ").includes(name)) link.setAttribute("aria-current", "page");
}
