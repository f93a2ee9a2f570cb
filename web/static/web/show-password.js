// Adds a button to each password field that shows or hides the password.

// Without a catalogue the page is in English.
const gettext = (text) => globalThis.django?.gettext(text) ?? text;
const LABELS = { password: gettext("Show"), text: gettext("Hide") };
const SPOKEN = { password: gettext("Show what is typed"), text: gettext("Hide what is typed") };

const addButton = (field) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-password";
  button.setAttribute("aria-controls", field.id);
  const label = () => {
    button.textContent = LABELS[field.type];
    button.setAttribute("aria-label", SPOKEN[field.type]);
  };
  const turn = (type) => {
    field.type = type;
    label();
  };
  button.addEventListener("click", () => turn(field.type === "password" ? "text" : "password"));
  // Browsers remember what is sent from a plain text field, so hide the password before sending.
  field.form.addEventListener("submit", () => turn("password"));
  label();
  const place = document.createElement("div");
  place.className = "with-button";
  field.replaceWith(place);
  place.append(field, button);
};

// Moving a focused field removes its focus, so restore it.
for (const field of document.querySelectorAll("input[type=password]")) {
  const hadFocus = field === document.activeElement;
  addButton(field);
  if (hadFocus) field.focus();
}
