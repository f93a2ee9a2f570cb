// The tracks that a scan joined: with what and why, and a button that makes two tracks of them again.

import { get, send } from "../api.js";
import { element } from "../element.js";
import { layers } from "../layers.js";
import { filled, gettext } from "../translation.js";
import { counted, moment, number } from "../words.js";
import { failure } from "./states.js";

const PORTION = 20;
const ENDINGS = { hand: gettext("parted by an administrator"), file: gettext("the lost file came back"), purge: gettext("the track was purged") };

export class ScanJoins {
  element = element("section", { class: "scan-joins", "aria-label": gettext("Joined tracks"), hidden: true });
  list = element("ul", { "aria-label": gettext("Joined tracks") });
  shown = PORTION;
  requests = 0;

  // Show the joins of `scan`, a row of the API. Without a scan, that there are none.
  async show(scan) {
    if (scan?.id !== this.scan?.id) this.shown = PORTION;
    this.scan = scan;
    this.element.hidden = false;
    if (scan) await this.load();
    else {
      const none = gettext("No tracks were joined by the latest scans. A scan joins two tracks if one is a copy whose original was deleted.");
      this.element.replaceChildren(element("h2", {}, gettext("Joined tracks")), element("p", {}, none));
    }
  }

  async load() {
    this.requests += 1;
    const { scan, requests } = this;
    try {
      const { body } = await get(`scans/${scan.id}/joins?limit=${this.shown}`);
      if (requests === this.requests) this.fill(body);
    } catch (error) {
      if (requests === this.requests) this.element.replaceChildren(failure(gettext("The joined tracks"), error, () => this.load()));
    }
  }

  fill({ count, results }) {
    const focused = document.activeElement?.dataset.join;
    const left = count - results.length;
    const more = element("button", { type: "button", class: "small", on: { click: () => this.showMore() } }, filled(gettext("Show more (%(count)s left)"), { count: number(left) }));
    this.list.replaceChildren(...results.map((join) => itemOf(join, () => this.ask(join))));
    this.element.replaceChildren(
      element("h2", {}, filled(gettext("%(tracks)s joined by the scan of %(moment)s"), { tracks: counted(count, "track"), moment: moment(this.scan.started_at) })),
      this.list,
      ...(left > 0 ? [more] : []),
    );
    if (focused) this.list.querySelector(`[data-join="${focused}"]`)?.focus();
  }

  // The API's largest page has 500 rows.
  async showMore() {
    const before = this.list.children.length;
    this.shown = Math.min(500, this.shown + 5 * PORTION);
    await this.load();
    this.list.children[before]?.querySelector("button")?.focus();
  }

  ask(join) {
    const problem = element("p", { class: "problem", role: "alert" });
    const part = async () => {
      button.disabled = true;
      problem.textContent = "";
      try {
        await send("POST", `joins/${join.id}/part`, {});
        dialog.close();
      } catch (error) {
        problem.textContent = error.message;
        button.disabled = false;
        button.focus();
      }
      await this.load(); // another administrator may have parted them
    };
    const button = element("button", { type: "button", class: "primary", on: { click: part } }, gettext("Part them"));
    const dialog = element(
      "dialog",
      { class: "part-dialog", "aria-labelledby": "part-heading" },
      element("h2", { id: "part-heading" }, gettext("Part these two tracks?")),
      element("p", { dir: "auto" }, titleOf(join)),
      element("ul", {}, ...consequencesOf(join).map((each) => element("li", {}, each))),
      problem,
      element("div", { class: "actions" }, button, element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel"))),
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    layers.showModal(dialog);
  }
}

const itemOf = (join, ask) => {
  const [lost, taken] = placesOf(join);
  const row = (name, shown, root, path) => element("div", {}, element("dt", {}, name), element("dd", { dir: "auto", title: `${root}/${path}` }, shown));
  const button = element("button", { type: "button", class: "small", "data-join": join.id, "aria-label": filled(gettext("Part %(title)s"), { title: titleOf(join) }), on: { click: ask } }, gettext("Part…"));
  const ended = join.ended_at && filled(gettext("Two tracks again since %(moment)s: %(why)s."), { moment: moment(join.ended_at), why: ENDINGS[join.ended_by] ?? join.ended_by });
  return element(
    "li",
    { class: join.ended_at ? "is-ended" : "" },
    element(
      "div",
      {},
      element("h3", { dir: "auto" }, titleOf(join)),
      element("p", {}, join.why),
      element("dl", {}, row(gettext("Gone"), lost, join.lost_root, join.lost_path), row(gettext("Joined with"), taken, join.replaced_root, join.replaced_path)),
      ended && element("p", { class: "ended" }, ended),
    ),
    join.ended_at ? null : button,
  );
};

// The path of the lost file and that of the other, with their music folders if these differ: an
// album that was copied to another disk has the same path in both.
const placesOf = ({ lost_root: lostRoot, lost_path: lost, replaced_root: takenRoot, replaced_path: taken }) =>
  lostRoot === takenRoot ? [lost, taken] : [`${lostRoot}/${lost}`, `${takenRoot}/${taken}`];

const titleOf = ({ title, artist }) => [title, artist].filter(Boolean).join(" · ");

// What parting does. If one file replaced the other, the file that is gone may be that of either
// track, and its track is the one that is missing again.
const consequencesOf = (join) => {
  const { reason, track_id: trackId, replaced_id: replacedId } = join;
  const [lost, taken] = placesOf(join);
  return [
    ...(reason === "replaced file"
      ? [filled(gettext("Tracks %(one)s and %(other)s are two again. One has the file that is there; the other is missing until its file comes back: %(path)s"), { one: trackId, other: replacedId, path: lost })]
      : [
          filled(gettext("Track %(id)s is there again, with the file %(path)s and with what belonged to it before."), { id: replacedId, path: taken }),
          filled(gettext("Track %(id)s is missing until its file comes back: %(path)s"), { id: trackId, path: lost }),
        ]),
    filled(gettext("What people have done since the two were joined stays with track %(id)s."), { id: trackId }),
    gettext("No scan joins these two again."),
  ];
};
