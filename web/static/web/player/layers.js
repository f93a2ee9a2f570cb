// What lies on top of the page on a phone: the full player, the queue, a menu, a dialog. Each open
// layer has an entry in the browser's history, so that Back closes the layer and the place stays.

const isSmall = matchMedia("(pointer: coarse), (max-width: 719px), (max-height: 479px)");

const depthOf = (state) => state?.layers ?? 0;

class Layers {
  stack = []; // of open layers, the top one last
  isStepping = false; // `history.go` was called and its popstate has not come yet
  waiting = []; // callbacks of `leave`

  // A layer was opened. Back calls `close()`. Returns what `remove` takes.
  add(close) {
    const layer = { close };
    if (!isSmall.matches) return layer; // with a mouse and a wide window, Back changes the place
    this.stack.push(layer);
    queueMicrotask(() => this.adjust());
    return layer;
  }

  // A layer was closed, by whatever means. Nothing happens if it is removed already.
  remove(layer) {
    const index = this.stack.indexOf(layer);
    if (index < 0) return;
    this.stack.splice(index, 1);
    // Not at once: one layer may give way to another in the same turn, which takes over its entry.
    queueMicrotask(() => this.adjust());
  }

  // Open a <dialog> as a layer.
  showModal(dialog) {
    dialog.showModal();
    const layer = this.add(() => dialog.close());
    dialog.addEventListener("close", () => this.remove(layer), { once: true });
  }

  get isOpen() {
    return this.isStepping || this.stack.length > 0 || depthOf(history.state) > 0;
  }

  // Close all layers, because the place changes; resolves when the history is back at the place.
  async leave() {
    for (const layer of this.stack.splice(0).reverse()) layer.close();
    this.adjust();
    if (this.isStepping) await new Promise((resolve) => this.waiting.push(resolve));
  }

  // A popstate event has come, with the `state` of the entry that is current now.
  stepped(state) {
    const wasOurs = this.isStepping;
    this.isStepping = false;
    // Back by the user: what that entry does not have is closed.
    if (!wasOurs) while (this.stack.length > depthOf(state)) this.stack.pop().close();
    this.adjust();
    if (!this.isStepping) for (const resolve of this.waiting.splice(0)) resolve();
  }

  // Give the history as many entries as there are layers. Too many are left after a layer was closed
  // by its button, after a reload while one was open, and after Forward to one that was closed.
  adjust() {
    if (this.isStepping) return;
    const surplus = depthOf(history.state) - this.stack.length;
    if (surplus > 0) {
      this.isStepping = true;
      history.go(-surplus);
    }
    for (let depth = this.stack.length + surplus; depth < this.stack.length; depth += 1) {
      history.pushState({ ...history.state, layers: depth + 1 }, "");
    }
  }
}

export const layers = new Layers();
