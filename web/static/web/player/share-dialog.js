// The dialog that makes or changes a link, by which people without a login hear some music.
// `listening.shares` on the server has the rules.

import { send } from "./api.js";
import { element } from "./element.js";
import { openDialog } from "./name-dialog.js";
import { gettext } from "./translation.js";

// `what()`, `name`: see `share-entry.js`.
export const share = (what, name) => {
  const save = async (fields) => send("POST", "shares", { ...fields, ...(await what()) });
  openForm({ title: gettext("Share by a link"), button: gettext("Make the link"), name, save, saved: (made, dialog, form) => form.replaceWith(result(made, dialog)) });
};

// `changed(share)` is called with the changed share.
export const editShare = (given, changed) => {
  const saved = (share, dialog) => {
    dialog.close();
    changed(share);
  };
  openForm({ title: gettext("Change the link"), button: gettext("Save"), given, save: (fields) => send("PATCH", `shares/${given.id}`, fields), saved });
};

const openForm = ({ title, button, name = "", given = {}, save, saved }) => {
  const problem = element("p", { class: "problem", role: "alert" });
  const submit = element("button", { type: "submit", class: "primary" }, button);
  const act = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      saved(await save(fieldsOf(form)), dialog, form);
    } catch (error) {
      problem.textContent = error.message;
    }
    submit.disabled = false;
  };
  const form = element(
    "form",
    { class: "share-form", on: { submit: act } },
    element("p", {}, gettext("Whoever has the link hears this music without a login, and nothing else.")),
    field("share-description", gettext("Title of the page"), { maxlength: 500, dir: "auto", value: given.description ?? "", placeholder: name || given.title || "" }),
    field("share-end", gettext("Last day (none: it does not end)"), { type: "date", min: dayOf(new Date()), max: "9998-12-31", value: given.expires_at ? dayOf(new Date(given.expires_at)) : "" }),
    field("share-visits", gettext("Most visits (none: any number)"), { type: "number", min: 1, max: 1000000, inputmode: "numeric", value: given.visit_limit ?? "" }),
    element("label", { class: "check" }, element("input", { type: "checkbox", id: "share-download", checked: Boolean(given.allows_download) }), gettext("Visitors may download the files")),
    problem,
    element("div", { class: "actions" }, submit, element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel"))),
  );
  const dialog = openDialog(title, form);
};

const field = (id, label, attributes) =>
  element("div", { class: "field" }, element("label", { for: id }, label), element("input", { id, autocomplete: "off", ...attributes }));

// "2030-12-31" in the browser's time zone.
const dayOf = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

// A link ends when its last day does.
const fieldsOf = (form) => {
  const value = (id) => form.querySelector(`#${id}`).value;
  const end = value("share-end");
  return {
    description: value("share-description").trim(),
    expires_at: end ? new Date(`${end}T23:59:59`).toISOString() : null,
    visit_limit: value("share-visits") ? Number(value("share-visits")) : null,
    allows_download: form.querySelector("#share-download").checked,
  };
};

const result = ({ url, title }, dialog) => {
  const shown = element("input", { readonly: true, value: url, "aria-label": gettext("Link"), on: { focus: ({ target }) => target.select() } });
  const status = element("p", { role: "status" });
  const copy = () => copyLink(url, shown).then((text) => (status.textContent = text));
  const button = (label, act, kind = "") => element("button", { type: "button", class: kind, on: { click: act } }, label);
  const sends = sendsLinks() && button(gettext("Send…"), () => sendLink(url, title));
  copy();
  return element("div", { class: "share-form" }, shown, status, element("div", { class: "actions" }, button(gettext("Copy the link"), copy, "primary"), sends || null, button(gettext("Done"), () => dialog.close())));
};

export const sendsLinks = () => Boolean(navigator.share) && matchMedia("(pointer: coarse)").matches;

// By whatever app the person chooses; the person may also choose none.
export const sendLink = (url, title) => navigator.share({ url, title }).catch(() => {});

// Returns what has to be said. Browsers offer no clipboard to pages without https: then the link is
// selected in `shown`, or copied from there in the old way.
export const copyLink = async (url, shown) => {
  try {
    await navigator.clipboard.writeText(url);
  } catch {
    shown.focus();
    shown.select();
    if (!document.execCommand("copy")) return gettext("The link is selected: copy it.");
  }
  return gettext("The link was copied.");
};
