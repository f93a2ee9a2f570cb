// Which days the periods of the statistics have.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenIn, dayOf, dayText, nameOfChosen, periodOf } from "../../web/static/web/player/views/statistics-periods.js";

const limits = (name, today) => {
  const { from, until } = periodOf(name, dayOf(today));
  return [from && dayText(from), until && dayText(until)];
};

test("the week begins on Monday, also across a month and a year", () => {
  assert.deepEqual(limits("week", "2026-03-01"), ["2026-02-23", "2026-03-02"]); // a Sunday
  assert.deepEqual(limits("week", "2026-03-02"), ["2026-03-02", "2026-03-09"]);
  assert.deepEqual(limits("week", "2027-01-01"), ["2026-12-28", "2027-01-04"]);
});

test("months and years end where the next begin", () => {
  assert.deepEqual(limits("month", "2024-02-29"), ["2024-02-01", "2024-03-01"]);
  assert.deepEqual(limits("year", "2026-11-30"), ["2026-01-01", "2027-01-01"]);
  assert.deepEqual(limits("2025", "2026-11-30"), ["2025-01-01", "2026-01-01"]);
  assert.deepEqual(limits("2025-12", "2026-11-30"), ["2025-12-01", "2026-01-01"]);
  assert.deepEqual(limits("all", "2026-11-30"), [null, null]);
});

test("what is no period is the present year", () => {
  for (const name of [null, "", "2026-13", "26", "9999", "1e3", "<b>"]) {
    assert.equal(periodOf(name, dayOf("2026-03-01")).name, "year");
    assert.deepEqual(limits(name, "2026-03-01"), ["2026-01-01", "2027-01-01"]);
  }
});

test("the fields show the period that they name", () => {
  assert.deepEqual(chosenIn("2026-03"), { year: 2026, month: 3 });
  assert.deepEqual(chosenIn("2026"), { year: 2026, month: 0 });
  assert.deepEqual(chosenIn("week"), { year: 0, month: 0 });
  assert.equal(nameOfChosen(2026, 3), "2026-03");
  assert.equal(nameOfChosen(2026, 0), "2026");
});
