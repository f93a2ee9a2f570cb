// The latest searches of which a result was opened or played, kept in the browser for each user.

import { storageName } from "./addresses.js";
import { read, write } from "./storage.js";

const KEY = storageName(`mus-searches-${document.body.dataset.user}`);
const MOST = 8;

export const recentSearches = () => read(KEY) ?? [];

export const rememberSearch = (text) => {
  const isSame = (other) => other.toLowerCase() === text.toLowerCase();
  if (text) write(KEY, [text, ...recentSearches().filter((each) => !isSame(each))].slice(0, MOST));
};

export const forgetSearches = () => write(KEY, []);
