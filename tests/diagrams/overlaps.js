() => {
  const all = [...document.querySelectorAll("#scene .node, #scene .mark, #scene .tag")];
  const boxes = all.map((element) => {
    const shape = element.querySelector(".shape, .ground") ?? element;
    const { left, right, top, bottom } = shape.getBoundingClientRect();
    return { left, right, top, bottom, frame: element.classList.contains("frame"), name: element.textContent };
  });
  const within = (a, b, from, to) => a[from] < b[to] - 1 && b[from] < a[to] - 1;
  const meet = (a, b) => within(a, b, "left", "right") && within(a, b, "top", "bottom");
  const wide = (a, b) => a.left <= b.left && a.right >= b.right;
  const holds = (a, b) => a.frame && wide(a, b) && a.top <= b.top && a.bottom >= b.bottom;
  const found = [];
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1)) {
      if (meet(a, b) && !holds(a, b) && !holds(b, a)) found.push([a.name, b.name]);
    }
  });
  return found;
}
