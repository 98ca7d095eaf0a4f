// One stream of events for all tabs of the console: open as long as one of them can be seen.

const tabs = new Map();
let source = null;
let last = "";

const tell = (message) => {
  for (const [port, seen] of tabs) if (seen) port.postMessage(message);
};

function open() {
  source = new EventSource(`events${last ? `?after=${last}` : ""}`);
  source.onmessage = ({ data, lastEventId }) => {
    last = lastEventId;
    tell({ rows: JSON.parse(data) });
  };
  source.addEventListener("reset", ({ lastEventId }) => {
    last = lastEventId;
    tell({ rows: null });
  });
  source.onerror = () => {
    tell({ lost: true });
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 1000);
  };
  source.onopen = () => tell({ lost: false });
}

/** Open the stream anew after an answer that was no stream, such as that of a proxy without its server: a browser gives up then. */
function again() {
  if (source?.readyState === EventSource.CLOSED) source = null;
  look();
}

function look() {
  const wanted = [...tabs.values()].some(Boolean);
  if (wanted && !source) open();
  if (!wanted && source) {
    source.close();
    source = null;
  }
}

function leave(port) {
  tabs.delete(port);
  look();
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.lock) return navigator.locks.request(data.lock, () => leave(port));
    if (data === "gone") return leave(port);
    tabs.set(port, data === "seen");
    if (data === "seen" && source?.readyState === EventSource.OPEN) port.postMessage({ rows: null });
    look();
  };
};
