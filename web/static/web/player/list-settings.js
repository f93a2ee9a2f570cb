// How the user wants lists to look in this browser: their density, and the columns of the list of tracks.
// Event "change".

import { storageName } from "./addresses.js";
import { read, write } from "./storage.js";

const KEY = storageName(`mus-lists ${document.body.dataset.user}`);
export const DEFAULT_COLUMNS = ["album", "year", "added", "rating"];

class ListSettings extends EventTarget {
  constructor() {
    super();
    const stored = read(KEY) ?? {};
    this.isCompact = Boolean(stored.isCompact);
    this.columns = Array.isArray(stored.columns) ? stored.columns : DEFAULT_COLUMNS;
    this.show();
    // Another tab of this browser changed them.
    addEventListener("storage", ({ key }) => key === KEY && this.take(read(KEY) ?? {}));
  }

  get hasOwnColumns() {
    return [...this.columns].sort().join() !== [...DEFAULT_COLUMNS].sort().join();
  }

  change(change) {
    this.take(change);
    write(KEY, { isCompact: this.isCompact, columns: this.columns });
  }

  take({ isCompact = this.isCompact, columns = this.columns }) {
    Object.assign(this, { isCompact, columns });
    this.show();
    this.dispatchEvent(new Event("change"));
  }

  show() {
    document.body.classList.toggle("is-compact", this.isCompact);
  }
}

export const listSettings = new ListSettings();
