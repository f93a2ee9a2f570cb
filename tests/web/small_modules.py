"""Small ES modules to be joined: the entry imports two, one of these the other, and a fourth is
loaded later."""

from pathlib import Path

ENTRY = """// The entry.

import { greeting, Person as Somebody } from "./deep/people.js";
import { count } from "./count.js";

console.log(greeting(new Somebody("Ada")), count());
const load = () => import("./deep/late.js");
load().then(({ late }) => late(1)).then(load).then(({ late }) => late(2));
"""
LATE = """import { count } from "../count.js";
import { only } from "./late-part.js";

export const late = (number) => console.log(only, number, count());
"""
LATE_PART = """import { count } from "../count.js";

count();

export const only = "late";
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
SAID = ["Hello Ada, not private 2", "late 1 4", "late 2 5"]
"""What the entry writes to the console: the count goes on in what is loaded later."""


def write_small_modules(folder: Path) -> Path:
    """Returns the entry."""
    (folder / "deep").mkdir()
    (folder / "deep" / "people.js").write_text(PEOPLE)
    (folder / "count.js").write_text(COUNT)
    (folder / "deep" / "late.js").write_text(LATE)
    (folder / "deep" / "late-part.js").write_text(LATE_PART)
    (folder / "entry.js").write_text(ENTRY)
    return folder / "entry.js"
