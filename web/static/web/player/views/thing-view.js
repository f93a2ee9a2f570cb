// What the views of one album, folder, artist, genre and so on have in common: such a view is loaded
// as a whole by its `load()`, which shows it and sets `shownHead`.

import { isGone, showProblem } from "./list-place.js";

export class ThingView {
  async begin() {
    try {
      await this.load();
    } catch (error) {
      this.failed(error);
    }
  }

  get hasFailed() {
    return !this.shownHead;
  }

  // If it has gone, that is told. After other errors, what is shown stays.
  async refresh() {
    try {
      await this.load();
    } catch (error) {
      if (isGone(error)) this.failed(error);
      throw error;
    }
  }

  failed(error) {
    if (this.hasEnded) return;
    this.shownHead = null; // it is shown anew if a later refresh finds it again
    showProblem(this.page, this.noun, error);
  }
}
