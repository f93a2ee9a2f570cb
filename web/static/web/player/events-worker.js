// A shared worker that holds one event stream for all tabs of a browser and forwards its messages.

import { Feed } from "./feed.js";

const ports = new Set();
const marks = new Map(); // the newest of each name, for tabs that open later than the stream
let feed = null;

const tell = (message) => {
  if (message.type === "changed") marks.set(message.data.name, message);
  for (const port of ports) port.postMessage(message);
};

// A tab that opens later than the stream hears that it is open.
const listen = (port, url) => {
  if (feed?.isOpen) port.postMessage({ type: "open", wasAway: false });
  feed ??= new Feed(url, tell);
};

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  for (const mark of marks.values()) port.postMessage(mark);
  port.onmessage = ({ data }) => {
    if (data.type === "listen") listen(port, data.url);
    else if (data.type === "leave") ports.delete(port);
    else if (data.type === "reconnect") feed?.reconnectNow();
  };
};
