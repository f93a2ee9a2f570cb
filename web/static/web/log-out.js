// Removes what the user keeps offline in this browser when a page beside the player logs out, and the
// player's page from the service worker's cache, as the player does itself.

const form = document.querySelector("form[data-kept-of]");

const remove = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });

const forget = async () => {
  const { keptOf: user, base } = form.dataset;
  const storeName = (name) => (base === "/" ? name : `${base}:${name}`);
  localStorage.removeItem(storeName(`mus-kept-note-${user}`));
  await remove(storeName(`mus-kept-${user}`));
  const shell = await globalThis.caches?.open(storeName("mus-shell"));
  await shell?.delete(base);
};

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  forget()
    .catch(() => null) // the browser stores nothing
    .then(() => form.submit());
});
