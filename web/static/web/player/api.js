// The server's API. Errors are sentences for people; `contact` tells who is interested when the
// server is away or back, and when the login has run out.

export const ROOT = "/api/v1/";
const CSRF_COOKIE = "csrftoken";

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// There was no answer at all, or one that something before the server made up.
export class Away extends Error {
  constructor() {
    super("The server does not answer.");
  }
}

class Contact extends EventTarget {
  isAway = false;
  isLoggedOut = false;
  logins = 0;

  lost() {
    if (this.isAway) return;
    this.isAway = true;
    this.dispatchEvent(new Event("away"));
  }

  made() {
    if (!this.isAway) return;
    this.isAway = false;
    this.dispatchEvent(new Event("back"));
  }

  // `logins`: how many there had been when that was asked to which this is the answer. One of before
  // the last login may come late, and says nothing of what holds now.
  loginIsOver(logins) {
    if (logins !== this.logins) return;
    this.isLoggedOut = true;
    this.dispatchEvent(new Event("loggedout"));
  }

  // Here, or in another tab.
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

// `{ body, at }`: the JSON, and the server's time in milliseconds when it answered.
export const get = async (path, signal) => {
  const response = await ask(path, { signal });
  return { body: await response.json(), at: Date.parse(response.headers.get("Date")) || Date.now() };
};

export const send = async (method, path, body) => {
  const response = await ask(path, {
    method,
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    keepalive: true,
  });
  return response.json();
};

// When the page goes away; the browser sends it even then, and says nothing of what came of it.
export const sendBeacon = (path, fields) => {
  const form = new URLSearchParams({ csrfmiddlewaretoken: csrfToken() });
  for (const [name, value] of Object.entries(fields)) form.set(name, value ?? "");
  return navigator.sendBeacon(ROOT + path, form);
};

export const streamUrl = (trackId) => `${ROOT}tracks/${trackId}/stream`;

// How it is with a track's file: its type and the status 200 when it can be had, else the status; 0
// when nobody answers.
export const streamFacts = async (trackId) => {
  try {
    const { status, headers } = await ask(`tracks/${trackId}/stream`, { method: "HEAD" });
    return { status, type: headers.get("Content-Type") ?? "" };
  } catch (error) {
    return { status: error instanceof ApiError ? error.status : 0, type: "" };
  }
};

const ask = async (path, options) => {
  const { logins } = contact;
  let response;
  try {
    response = await fetch(ROOT + path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    contact.lost();
    throw new Away();
  }
  // A proxy says so when the server behind it is away.
  if ([502, 503, 504].includes(response.status)) {
    contact.lost();
    throw new Away();
  }
  contact.made();
  if (!response.ok) throw await refusal(response, logins);
  contact.loginIsBack();
  return response;
};

const refusal = async (response, logins) => {
  if (response.status === 401) contact.loginIsOver(logins);
  const said = await response.json().catch(() => null);
  const { code, message } = said?.error ?? {};
  return new ApiError(response.status, code ?? "", message ?? `The server answered ${response.status}.`);
};
