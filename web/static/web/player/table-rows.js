// A table with all its rows in the document, in which keys and the pointer select one row.

import { element } from "./element.js";
import { Selection } from "./selection.js";
import { Rows } from "./sources.js";

export class TableRows {
  // `columns`: the headings. `cellsOf(row)` returns the content of a row's cells. `open(row)` is
  // called by Enter and a double click.
  constructor({ label, columns, cellsOf, open = () => null }) {
    Object.assign(this, { cellsOf });
    this.source = new Rows();
    this.body = element("tbody");
    const headings = columns.map((heading) => element("th", { scope: "col" }, heading));
    this.grid = element(
      "table",
      { role: "grid", id: `grid-${label.toLowerCase().replaceAll(" ", "-")}`, "aria-label": label, tabindex: "0" },
      element("thead", {}, element("tr", {}, ...headings)),
      this.body,
    );
    this.element = element("div", { class: "table-place grid-place", role: "region", "aria-label": label }, this.grid);
    const openAt = (index) => open(this.source.row(index));
    this.selection = new Selection({
      grid: this.grid,
      list: this,
      source: this.source,
      open: openAt,
      menu: () => null,
      start: () => 0,
      isSingle: true,
    });
  }

  // Show these rows, each with an id. The selected item stays selected.
  show(rows) {
    while (this.body.rows.length > rows.length) this.body.lastElementChild.remove();
    while (this.body.rows.length < rows.length) this.body.append(element("tr", { role: "row" }));
    this.source.set(rows);
    rows.forEach((row, index) => this.fill(this.body.rows[index], row));
    const places = new Map(rows.map(({ id }, index) => [id, index]));
    this.selection.follow((id) => places.get(id));
  }

  // Change only the cells that differ: a link in a cell may have the focus.
  fill(row, item) {
    this.cellsOf(item).forEach((content, column) => {
      const cell = row.cells[column] ?? row.appendChild(element("td", { dir: "auto" }));
      const isSame = typeof content === "string" ? cell.textContent === content : cell.firstElementChild?.isEqualNode(content);
      if (!isSame) cell.replaceChildren(content);
    });
  }

  // `update` and `reveal` are called by the Selection.
  update() {
    for (const [index, row] of [...this.body.rows].entries()) this.selection?.mark(row, index, this.source.row(index));
  }

  reveal(index) {
    this.body.rows[index]?.scrollIntoView({ block: "nearest" });
  }
}
