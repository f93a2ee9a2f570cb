// The dialog that asks for the password when the login has ended. The page behind it stays as it
// is.

import { addressIn } from "./addresses.js";
import { contact, csrfToken, get } from "./api.js";
import { layers } from "./layers.js";
import { filled, gettext } from "./translation.js";

const LOGIN = addressIn("login/");

export class LoginDialog {
  // `dialog`: the <dialog> element with a form. `user`: the name of the user that was logged in.
  constructor(dialog, user) {
    Object.assign(this, { dialog, user });
    this.form = dialog.querySelector("form");
    this.problem = dialog.querySelector("[role=alert]");
    this.form.addEventListener("submit", (event) => this.submit(event));
    contact.addEventListener("loggedout", () => this.dialog.open || this.open());
    contact.addEventListener("loggedin", () => this.close());
    // The user may have logged in in another tab meanwhile; any successful request shows that.
    addEventListener("focus", () => this.dialog.open && get("player/state").catch(() => null));
  }

  open() {
    this.form.username.value = this.user;
    this.problem.textContent = "";
    layers.showModal(this.dialog);
    this.form.password.focus();
  }

  async submit(event) {
    event.preventDefault();
    this.problem.textContent = "";
    try {
      const problem = await logIn(new FormData(this.form));
      if (problem) this.refuse(problem);
      else this.done();
    } catch {
      this.refuse(gettext("The server does not answer. Try again in a moment."));
    }
  }

  refuse(problem) {
    this.problem.textContent = problem;
    this.form.password.select();
  }

  done() {
    if (this.form.username.value !== this.user) location.reload();
    else contact.loginIsBack();
  }

  close() {
    this.form.password.value = "";
    this.dialog.close();
  }
}

// Returns "" after a successful login, else the reason for people.
const logIn = async (fields) => {
  if (!csrfToken()) await fetch(LOGIN);
  // With this Accept header the server sends "too many failed logins" as JSON instead of a page.
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html;q=0.9" };
  const response = await fetch(LOGIN, { method: "POST", body: fields, headers });
  if (response.redirected && !response.url.includes(LOGIN)) return "";
  if (response.headers.get("Content-Type").startsWith("application/json")) return (await response.json()).error.message;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const problem = page.querySelector(".errorlist")?.textContent.trim();
  return problem || (response.ok ? gettext("User name or password is wrong.") : filled(gettext("The server answers %(status)s."), { status: response.status }));
};
