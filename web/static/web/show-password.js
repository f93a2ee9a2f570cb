// A button beside each password that shows what was typed. Without scripts there is no such button.

const LABELS = { password: "Show", text: "Hide" };

const addButton = (field) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-password";
  button.setAttribute("aria-controls", field.id);
  const label = () => {
    button.textContent = LABELS[field.type];
    button.setAttribute("aria-label", `${LABELS[field.type]} what is typed`);
  };
  const turn = (type) => {
    field.type = type;
    label();
  };
  button.addEventListener("click", () => turn(field.type === "password" ? "text" : "password"));
  // Browsers offer to fill in again what was sent as plain text.
  field.form.addEventListener("submit", () => turn("password"));
  label();
  const place = document.createElement("div");
  place.className = "with-button";
  field.replaceWith(place);
  place.append(field, button);
};

// A field that has the focus would lose it by being moved.
for (const field of document.querySelectorAll("input[type=password]")) {
  const hadFocus = field === document.activeElement;
  addButton(field);
  if (hadFocus) field.focus();
}
