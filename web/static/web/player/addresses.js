// The addresses of this server, and the names of what the page stores in the browser. No other
// module writes an address that begins with a slash: mus may be served below a path such as
// "/music/" of its host, beside another mus. The page says in its <body> which path that is.

const { base, storagePrefix } = document.body.dataset;

// The address of a page or a place: `addressIn("albums/7")` is "/albums/7" or "/music/albums/7".
export const addressIn = (path) => base + path;

// The part of a URL's path that follows the base path; null if the URL is not below it.
export const pathBelowBase = (pathname) => (pathname.startsWith(base) ? pathname.slice(base.length) : null);

export const API = addressIn("api/v1/");

// All servers of a host share its caches, storage and channels, so their names are told apart.
export const storageName = (name) => storagePrefix + name;
