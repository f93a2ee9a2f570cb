// A shared worker that holds one event stream for all tabs of a browser and forwards its messages.

import { Feed } from "./feed.js";

const ports = new Set();
let feed = null;

const tell = (message) => {
  for (const port of ports) port.postMessage(message);
};

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data.type === "listen") feed ??= new Feed(data.url, tell);
    else if (data.type === "leave") ports.delete(port);
    else if (data.type === "reconnect") feed?.reconnectNow();
  };
};
