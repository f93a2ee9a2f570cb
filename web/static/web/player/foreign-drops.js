// What is dragged onto the page by the browser: files, links and pictures. It would open them in place of the
// player, and the music would end.

const FIELDS = "input, textarea, [contenteditable]";

// `take(files)` gets the files that are dropped, wherever on the page.
export const listenToForeignDrops = (take) => {
  let isOwn = false; // a link or a picture of this page
  const listen = (type, act) => document.addEventListener(type, act);
  const hasFiles = ({ dataTransfer }) => !isOwn && dataTransfer.types.includes("Files");
  // A text may be dropped into a field.
  const isLeft = (event) => event.defaultPrevented || (!hasFiles(event) && event.target.closest?.(FIELDS));
  listen("dragstart", () => (isOwn = true));
  listen("dragend", () => (isOwn = false));
  listen("dragover", (event) => {
    if (isLeft(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = hasFiles(event) ? "copy" : "none";
  });
  listen("drop", (event) => {
    if (isLeft(event)) return;
    event.preventDefault();
    if (hasFiles(event)) take([...event.dataTransfer.files]);
  });
};
