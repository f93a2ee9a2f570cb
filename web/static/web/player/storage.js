// Values as JSON in the browser's localStorage.

// null if there is none, or another version stored it, or there is no storage.
export const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

export const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // No room in the storage: the value lasts as long as the page.
  }
};
