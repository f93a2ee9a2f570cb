// Makes the Copy buttons of an API key and of what an app needs work. They are hidden without
// JavaScript. A button names what it copies; the words about it stand in the status beside it.

// Over plain http browsers have no `navigator.clipboard`; there the old command still copies.
const copy = async (source) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(source.textContent);
  getSelection().selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("refused");
};

// Without a catalogue the page is in English.
const gettext = (text) => globalThis.django?.gettext(text) ?? text;

const say = (button, words) => {
  for (const status of document.querySelectorAll("[data-copies] ~ [role=status]")) status.textContent = "";
  button.parentElement.querySelector("[role=status]").textContent = words;
};

const copyBy = async (button) => {
  const source = document.getElementById(button.dataset.copies);
  try {
    await copy(source);
    say(button, gettext("Copied"));
  } catch {
    getSelection().selectAllChildren(source);
    say(button, gettext("Not possible here: it is selected, copy it yourself."));
  }
};

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copyBy(button));
}
