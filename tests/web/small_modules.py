"""Three small ES modules to be joined: one imports both others, and one of these the third."""

from pathlib import Path

ENTRY = """// The entry.

import { greeting, Person as Somebody } from "./deep/people.js";
import { count } from "./count.js";

console.log(greeting(new Somebody("Ada")), count());
"""
PEOPLE = """import { count } from "../count.js";

const name = "private";

export class Person {
  constructor(given) {
    this.given = given;
  }
}

export const greeting = ({ given }) => {
  count();
  return `Hello ${given}, not ${name}`;
};
"""
COUNT = """let number = 0;

export function count() {
  number += 1;
  return number;
}

export async function later() {}
"""
SAID = "Hello Ada, not private 2"
"""What the entry writes to the console."""


def write_small_modules(folder: Path) -> Path:
    """Returns the entry."""
    (folder / "deep").mkdir()
    (folder / "deep" / "people.js").write_text(PEOPLE)
    (folder / "count.js").write_text(COUNT)
    (folder / "entry.js").write_text(ENTRY)
    return folder / "entry.js"
