// Which part of the drawing is to be seen: pan and zoom, by mouse, fingers and code.

const CLOSEST = 3;
const FURTHEST = 0.02;

/** Return the camera of a surface; `scene` is the group in it that moves. `clear` tells what lies over the surface. */
export function camera(surface, scene, clear) {
  const view = { x: 0, y: 0, scale: 1 };
  const fingers = new Map();
  let moved = 0;

  const apply = () => scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);

  function set(x, y, scale, smooth = false) {
    Object.assign(view, { x, y, scale });
    scene.classList.toggle("smooth", smooth);
    apply();
  }

  /** Zoom by a factor and leave in its place what is under a point of the surface. */
  function zoom(factor, at = middle(), smooth = false) {
    const scale = Math.min(CLOSEST, Math.max(FURTHEST, view.scale * factor));
    const change = scale / view.scale;
    set(at.x - (at.x - view.x) * change, at.y - (at.y - view.y) * change, scale, smooth);
  }

  function room() {
    const { width, height } = surface.getBoundingClientRect();
    const { right, bottom } = clear();
    return { width: Math.max(80, width - right), height: Math.max(80, height - bottom) };
  }

  function middle() {
    const { width, height } = room();
    return { x: width / 2, y: height / 2 };
  }

  const local = (event) => {
    const { left, top } = surface.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  surface.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode ? 30 : 1);
      if (event.shiftKey) set(view.x - event.deltaX - pixels, view.y, view.scale);
      else zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)), local(event));
    },
    { passive: false },
  );
  surface.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, local(event));
  });
  window.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = local(event);
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (fingers.size === 2) pinch(event.pointerId, before, now);
    else set(view.x + now.x - before.x, view.y + now.y - before.y, view.scale);
    fingers.set(event.pointerId, now);
    surface.classList.toggle("dragging", moved > 5);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      surface.classList.remove("dragging");
    });
  }

  function pinch(id, before, now) {
    const [other] = [...fingers].filter(([finger]) => finger !== id).map(([, point]) => point);
    const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    zoom(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }

  return {
    view,
    set,
    zoom,
    room,
    /** Tell whether the pointer has been dragged since it went down, so that its click means nothing. */
    dragged: () => moved > 5,
    /** Show a box whole and in the middle, if that leaves its text readable; else its top. */
    fit(box, least = 0, smooth = false) {
      const { width, height } = room();
      const whole = Math.min((width - 40) / box.width, (height - 40) / box.height, 1.15);
      const scale = Math.max(whole, least);
      const x = (width - box.width * scale) / 2;
      set(x - box.x * scale, (whole < least ? 20 : (height - box.height * scale) / 2) - box.y * scale, scale, smooth);
    },
    /** Bring a box into sight, with as little movement as that takes. */
    reveal(box, smooth = true) {
      const { width, height } = room();
      const [x, y] = [box.x * view.scale + view.x, box.y * view.scale + view.y];
      const shift = (start, size, length) => {
        const margin = Math.min(60, length / 6);
        if (size > length - 2 * margin) return start > 0 && start < length / 2 ? 0 : margin - start;
        return start < margin ? margin - start : Math.min(0, length - margin - start - size);
      };
      set(view.x + shift(x, box.width * view.scale, width), view.y + shift(y, box.height * view.scale, height), view.scale, smooth);
    },
  };
}
