// The view of internet radio stations. Administrators add, change and delete them here.

import { get, send } from "../api.js";
import { element, iconButton } from "../element.js";
import { openDialog } from "../name-dialog.js";
import { filled, gettext } from "../translation.js";
import { kindsNav } from "./kinds.js";
import { failure, message } from "./states.js";

export class RadioView {
  title = gettext("Radio");

  constructor(page) {
    this.page = page;
    this.body = element("div", {});
    this.onChange = () => this.stations && this.show();
  }

  async begin() {
    const { page } = this;
    const add = page.isStaff && element("button", { type: "button", class: "is-always", on: { click: () => this.edit() } }, gettext("Add a station…"));
    const heading = element("div", { class: "heading" }, element("h1", {}, this.title), element("div", { class: "actions" }, add || null));
    page.container.replaceChildren(kindsNav("radio"), heading, this.body);
    page.radio.addEventListener("change", this.onChange);
    await this.load();
    page.loaded();
  }

  end() {
    this.page.radio.removeEventListener("change", this.onChange);
  }

  get hasFailed() {
    return !this.stations;
  }

  concerns() {
    return false;
  }

  refresh() {
    return this.load();
  }

  async load() {
    try {
      this.stations = (await get("radio-stations")).body.results;
      this.show();
    } catch (error) {
      if (!this.stations) this.body.replaceChildren(failure(gettext("The stations"), error, () => this.load()));
    }
  }

  show() {
    const rows = this.stations.map((station) => this.row(station));
    this.body.replaceChildren(rows.length ? element("ul", { class: "heard-rows stations" }, ...rows) : this.nothingYet());
  }

  nothingYet() {
    const how = this.page.isStaff ? gettext("Add the address of a station's stream, as the station's own page names it.") : gettext("An administrator of this server can add some.");
    return message(gettext("No stations yet"), [element("p", {}, how)]);
  }

  row(station) {
    const { radio, isStaff } = this.page;
    const isPlaying = radio.station?.id === station.id;
    const problem = whyNot(station);
    const act = () => (isPlaying ? radio.stop() : radio.play(station));
    return element(
      "li",
      { class: "station" },
      iconButton(isPlaying ? "pause" : "play", filled(isPlaying ? gettext("Stop %(name)s") : gettext("Play %(name)s"), station), act, { disabled: Boolean(problem) }),
      element(
        "div",
        {},
        element("p", { dir: "auto", translate: "no" }, station.name),
        station.home_page_url ? element("a", { href: station.home_page_url, target: "_blank", rel: "noopener noreferrer" }, gettext("Home page")) : null,
        problem ? element("p", { class: "problem" }, problem) : null,
      ),
      isStaff ? iconButton("edit", filled(gettext("Change %(name)s"), { name: station.name }), () => this.edit(station)) : null,
    );
  }

  edit(station = { name: "", stream_url: "", home_page_url: "" }) {
    const field = (name, label, type, more = {}) => {
      const input = element("input", { id: `station-${name}`, name, type, value: station[name], autocomplete: "off", dir: "auto", ...more });
      return element("div", { class: "field" }, element("label", { for: input.id }, label), input);
    };
    const problem = element("p", { class: "problem", role: "alert" });
    const leave = async (work) => {
      try {
        await work();
        dialog.close();
        await this.load();
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    const save = (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(event.target));
      leave(() => (station.id ? send("PUT", `radio-stations/${station.id}`, given) : send("POST", "radio-stations", given)));
    };
    const dialog = openDialog(
      station.id ? gettext("Change the station") : gettext("Add a station"),
      element(
        "form",
        { on: { submit: save } },
        field("name", gettext("Name"), "text", { required: true, maxlength: 200 }),
        field("stream_url", gettext("Address of the stream"), "url", { required: true, placeholder: "https://" }),
        field("home_page_url", gettext("Home page (optional)"), "url", { placeholder: "https://" }),
        problem,
        element(
          "div",
          { class: "actions" },
          element("button", { type: "submit", class: "primary" }, gettext("Save")),
          element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel")),
          station.id ? element("button", { type: "button", on: { click: () => leave(() => this.remove(station)) } }, gettext("Delete")) : null,
        ),
      ),
    );
  }

  async remove(station) {
    if (this.page.radio.station?.id === station.id) this.page.radio.stop();
    await send("DELETE", `radio-stations/${station.id}`);
    const { name, stream_url, home_page_url } = station;
    const undo = async () => {
      await send("POST", "radio-stations", { name, stream_url, home_page_url });
      await this.load();
    };
    this.page.toasts.show(filled(gettext("%(name)s was deleted."), { name }), "success", undo);
  }
}

// Why the page cannot play a station; empty if it can.
const whyNot = ({ stream_url: url }) => {
  const { origin, protocol } = parsed(url);
  if (!origin) return gettext("Its address is none that a browser understands.");
  if (location.protocol === "https:" && protocol === "http:") return gettext("Cannot be played here: this page is loaded by https, and browsers refuse a stream by http.");
  const known = document.body.dataset.radioOrigins.split(" ");
  return known.includes(origin) || origin === location.origin ? "" : gettext("Load the page again to play this station: it was added since.");
};

// One address that a browser refuses must not hide the other stations.
const parsed = (url) => {
  try {
    return new URL(url);
  } catch {
    return {};
  }
};
