// Removes what this browser keeps for the user who logs out on a page beside the player or in the
// administration, as the player's own menu does (player/account-menu.js): the cached page, which names the user,
// and what is kept offline.

const form = document.querySelector("form.log-out, #logout-form");
const about = document.querySelector("[data-storage-prefix]");

// Tabs that have the database open close it then.
const deleteDatabase = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });

const forget = async ({ page, storagePrefix, user }) => {
  const named = (name) => storagePrefix + name;
  localStorage.removeItem(named(`mus-kept-note-${user}`)); // first: what is removed on purpose is not lost
  await deleteDatabase(named(`mus-kept-${user}`));
  new BroadcastChannel(named(`mus-kept-channel-${user}`)).postMessage(null);
  const shell = await globalThis.caches?.open(named("mus-shell"));
  await shell?.delete(page);
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await forget(about.dataset).catch(() => null); // the browser has no storage
  form.submit();
});
