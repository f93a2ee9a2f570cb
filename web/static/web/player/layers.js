// Layers that cover the page on a phone: the full player, the queue, a menu, a dialog. Each open
// layer has an entry in the browser's history, so that Back closes the layer and the view below
// stays. In a wide window that is so for the full player alone.

const isSmall = matchMedia("(pointer: coarse), (max-width: 719px), (max-height: 479px)");

const depthOf = (state) => state?.layers ?? 0;

class Layers {
  stack = []; // open layers, the top one last
  isStepping = false; // `history.go` was called and its popstate event has not arrived yet
  waiting = []; // callbacks of `leave`

  // A layer was opened; Back will call `close()`. Returns the layer, for `remove`. `isWhole`: it covers
  // a wide window, too.
  add(close, isWhole = false) {
    const layer = { close };
    if (!isWhole && !isSmall.matches) return layer; // with a mouse and a wide window, Back leaves the view
    this.stack.push(layer);
    queueMicrotask(() => this.adjust());
    return layer;
  }

  // A layer was closed. Does nothing if the layer was removed before.
  remove(layer) {
    const index = this.stack.indexOf(layer);
    if (index < 0) return;
    this.stack.splice(index, 1);
    // Deferred: another layer may open in the same task and take over the history entry.
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

  // Close all layers because the view changes. Resolves when the history is back at the view's
  // entry.
  async leave() {
    for (const layer of this.stack.splice(0).reverse()) layer.close();
    this.adjust();
    if (this.isStepping) await new Promise((resolve) => this.waiting.push(resolve));
  }

  // Called for each popstate event, with the `state` of the new current entry.
  stepped(state) {
    const wasOurs = this.isStepping;
    this.isStepping = false;
    // The user went back: close the layers that this entry does not have.
    if (!wasOurs) while (this.stack.length > depthOf(state)) this.stack.pop().close();
    this.adjust();
    if (!this.isStepping) for (const resolve of this.waiting.splice(0)) resolve();
  }

  // Make the number of history entries equal the number of layers. There are too many after a layer
  // was closed by its button, after a reload with an open layer, and after Forward to a closed
  // layer.
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
