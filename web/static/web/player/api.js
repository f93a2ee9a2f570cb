// Requests to the server's API. The messages of errors are sentences for people. `contact` sends
// events when the server is away or back, and when the login has ended or is back.

import { API } from "./addresses.js";
import { keptIndex } from "./kept-index.js";
import { filled, gettext, numberLanguage } from "./translation.js";

const CSRF_COOKIE = document.body.dataset.csrfCookie;

const LEAST_SKEW_MS = 30_000;
const LEAST_BETWEEN_MS = 1000;

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// The server did not answer, or a proxy answered for it.
export class Away extends Error {
  constructor() {
    super(gettext("The server does not answer."));
  }
}

// The server was updated since this page was loaded, and has its files no more.
export class Outdated extends Error {
  constructor() {
    super(gettext("mus was updated. The page has to be loaded again."));
  }
}

const answers = (url) => fetch(url, { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok, () => false);

// A module that is loaded when it is wanted: `promise` is that of `import()`.
export const orAway = (promise) =>
  promise.catch(async () => {
    throw (await answers(location)) && !(await answers(import.meta.url)) ? new Outdated() : new Away();
  });

class Contact extends EventTarget {
  isAway = false;
  isLoggedOut = false;
  logins = 0;
  backAt = -Infinity;
  standIn = () => null; // answers a path from what is kept offline; null if that has no answer
  keptIsKnown = Promise.resolve(); // until then nothing can stand in
  skew = 0; // by how many milliseconds the server's clock is ahead of this one

  hasStoodIn = false; // whether lists show what is kept, rather than what the server has

  standInFor(path) {
    const body = this.standIn(path);
    this.hasStoodIn ||= body !== null;
    return body;
  }

  // The server's time in milliseconds, as far as its last response told it.
  now() {
    return Date.now() + this.skew;
  }

  // A response came with this header. Less than the time that requests take is no difference.
  told(date) {
    const skew = Date.parse(date) - Date.now();
    if (Number.isFinite(skew)) this.skew = Math.abs(skew) < LEAST_SKEW_MS ? 0 : skew;
  }

  lost() {
    if (this.isAway) return;
    this.isAway = true;
    this.dispatchEvent(new Event("away"));
  }

  // Not twice at once: where a proxy answers some requests in the server's place, each "back" would have these
  // sent again without end.
  made() {
    const now = performance.now();
    if (!this.isAway || now - this.backAt < LEAST_BETWEEN_MS) return;
    this.backAt = now;
    this.isAway = false;
    this.dispatchEvent(new Event("back"));
  }

  // A request was answered 401. `logins`: the number of logins when the request was sent. A late
  // response to a request from before the last login says nothing about the present login.
  loginIsOver(logins) {
    if (logins !== this.logins) return;
    this.isLoggedOut = true;
    this.dispatchEvent(new Event("loggedout"));
  }

  // The user has logged in again, here or in another tab.
  loginIsBack() {
    if (!this.isLoggedOut) return;
    this.isLoggedOut = false;
    this.logins += 1;
    this.dispatchEvent(new Event("loggedin"));
  }
}

export const contact = new Contact();

export const csrfToken = () =>
  document.cookie
    .split("; ")
    .find((cookie) => cookie.startsWith(`${CSRF_COOKIE}=`))
    ?.slice(CSRF_COOKIE.length + 1) ?? "";

// While the server is away, what is kept offline answers instead of `load()`, as far as it can.
const loadOrStandIn = async (path, load) => {
  const kept = contact.isAway && contact.standInFor(path);
  if (kept) return { body: kept, at: Date.now() };
  try {
    return await load();
  } catch (error) {
    await contact.keptIsKnown;
    const body = error instanceof Away ? contact.standInFor(path) : null;
    if (!body) throw error;
    return { body, at: Date.now() };
  }
};

// Returns `{ body, at }`: the parsed JSON, and the server's time of the response in milliseconds.
export const get = (path, signal) =>
  loadOrStandIn(path, async () => {
    const response = await ask(path, { signal });
    return { body: await response.json(), at: Date.parse(response.headers.get("Date")) || Date.now() };
  });

// A question that may be too long for an address: the server gets `given` by POST and changes nothing.
export const getByPost = async (path, given) =>
  (await loadOrStandIn(`${path}?${new URLSearchParams(given)}`, async () => ({ body: await send("POST", path, given) }))).body;

const PORTION = 500;

// All rows of a list: `path` is that of the list, `parameters` are its query parameters.
export const getAll = async (path, parameters, signal) => {
  const found = [];
  let count = 1;
  while (found.length < count) {
    const query = new URLSearchParams({ ...parameters, limit: PORTION, offset: found.length });
    const { body } = await get(`${path}?${query}`, signal);
    found.push(...body.results);
    count = body.results.length ? body.count : 0; // the list may have become shorter
  }
  return found;
};

// Browsers refuse a request that may outlive its page if the bodies of all of these have more than
// 64 KiB.
const LONGEST_KEPT_ALIVE = 20_000;

export const send = async (method, path, given) => {
  const body = JSON.stringify(given);
  const response = await ask(path, {
    method,
    body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    keepalive: (body?.length ?? 0) < LONGEST_KEPT_ALIVE,
  });
  return response.status === 204 ? null : response.json();
};

// `file`: a File or Blob, whose bytes are the body of the request.
export const sendFile = async (path, file) => {
  const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() };
  const response = await ask(path, { method: "POST", body: file, headers });
  return response.json();
};

// For a page that closes: the browser still sends the request, but does not report the result.
export const sendBeacon = (path, fields) => {
  const form = new URLSearchParams({ csrfmiddlewaretoken: csrfToken() });
  for (const [name, value] of Object.entries(fields)) form.set(name, value ?? "");
  return navigator.sendBeacon(API + path, form);
};

export const streamUrl = (trackId) => `${API}tracks/${trackId}/stream${keptIndex.ofTrack(trackId)}`;

// Whether a track's file can be loaded: the status of its response (0 without a response), and its
// media type.
export const probeStream = async (trackId) => {
  try {
    const { status, headers } = await ask(`tracks/${trackId}/stream`, { method: "HEAD" });
    return { status, type: headers.get("Content-Type") ?? "" };
  } catch (error) {
    return { status: error instanceof ApiError ? error.status : 0, type: "" };
  }
};

// A file of the API as a Response with its bytes, for what is kept offline.
export const getFile = (path, signal) => ask(path, { signal });

// A proxy says with 502 to 504, Cloudflare with 520 to 530 that the server behind it is away. A network that wants
// a login of its own says 511, or answers with its page; the API has no pages, and no content (204) may be of any type.
const isOfAnother = ({ status, ok, headers }) => (status > 501 && status < 505) || status > 510 || (ok && status !== 204 && headers.get("Content-Type")?.startsWith("text/html"));

const ask = async (path, options) => {
  const { logins } = contact;
  let response;
  try {
    const headers = { "Accept-Language": numberLanguage, ...options.headers };
    response = await fetch(API + path, { credentials: "same-origin", ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    contact.lost();
    throw new Away();
  }
  if (isOfAnother(response)) {
    contact.lost();
    throw new Away();
  }
  contact.made();
  contact.told(response.headers.get("Date"));
  if (!response.ok) throw await refusal(response, logins);
  contact.loginIsBack();
  return response;
};

const refusal = async (response, logins) => {
  if (response.status === 401) contact.loginIsOver(logins);
  const body = await response.json().catch(() => null);
  const { code, message } = body?.error ?? {};
  return new ApiError(response.status, code ?? "", message ?? filled(gettext("The server answered %(status)s."), { status: response.status }));
};
