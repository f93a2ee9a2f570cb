// When the page's first view is painted. Until then it has the server, the network and the processor
// for itself; what else the page asks for and starts comes after it.

const PATIENCE_MS = 500;

// Resolves then, or after PATIENCE_MS if the view takes longer or the page is not in sight. `views`:
// the Views.
export const firstPaint = (views) =>
  new Promise((resolve) => {
    views.whenLoaded.then(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, PATIENCE_MS);
  });
