// The dialog AddToPlaylist, which is loaded when somebody wants it.

import { orAway } from "./api.js";

export class AddLater {
  constructor(...parts) {
    this.load = async () => {
      const { AddToPlaylist } = await orAway(import("./add-to-playlist.js"));
      return (this.dialog ??= new AddToPlaylist(...parts));
    };
  }

  // For what is selected; if that is null, do nothing.
  openFor(chosen) {
    if (chosen) this.open(chosen);
    return Boolean(chosen);
  }

  async open(what) {
    (await this.load()).open(what);
  }

  async waits(...what) {
    (await this.load()).waits(...what);
  }
}
