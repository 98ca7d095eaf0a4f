// What happens on the server, as it happens. All tabs share one stream, and hidden tabs listen to none.

/**
 * Call `changed` with the executions that have changed, and `missed` where some may have been missed: then ask again for all that is
 * shown. It is called at the beginning, too.
 */
export function listen(changed, missed) {
  const receive = ({ rows, lost }) => {
    document.body.classList.toggle("lost", lost === true);
    if (rows) changed(rows);
    else if (rows === null) missed();
  };
  const say = window.SharedWorker ? shared(receive) : own(receive);
  const look = () => say(document.hidden ? "hidden" : "seen");
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => say("gone"));
  addEventListener("pageshow", look);
}

function shared(receive) {
  const { port } = new SharedWorker("/_asltool/console/worker.js", "asltool console");
  port.onmessage = ({ data }) => receive(data);
  // The worker gets this lock once the tab is gone, even if the tab could not say so.
  const lock = `asltool tab ${Math.random()}`;
  navigator.locks?.request(lock, () => {
    port.postMessage({ lock });
    return new Promise(() => {});
  });
  return (word) => port.postMessage(word);
}

/** Listen without the others, where there are no shared workers. */
function own(receive) {
  let source = null;
  return (word) => {
    if (word !== "seen") {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource("/_asltool/console/events");
      source.onmessage = ({ data }) => receive({ rows: JSON.parse(data) });
      source.addEventListener("reset", () => receive({ rows: null }));
      source.onerror = () => receive({ lost: true });
    }
  };
}

/**
 * Return what does a piece of work never twice at once, and rests after it for so many times as long as it took. An error of it stays in
 * `wrong` until the work succeeds.
 */
export function steadily(work, wrong, rest = 4) {
  let busy = false;
  let again = false;
  let said = "";
  return async function ask() {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      const begun = performance.now();
      let problem = "";
      await work().catch(({ message }) => (problem = message));
      if (problem || wrong.textContent === said) wrong.textContent = problem;
      said = problem;
      const pause = Math.min(5000, rest * (performance.now() - begun));
      await new Promise((done) => setTimeout(done, pause));
    }
    busy = false;
  };
}
