// The same in words: a table of the statements that are seen, sorted as the reader likes.
import { button, make, name } from "./dom.js";

const STEP = 200; // rows that are added at a time
const COLUMNS = [
  ["Subject", (e) => e.from.name], ["Relation", (e) => e.relation.label], ["Object", (e) => (e.to.type.name === "amount" ? "" : e.to.name)],
  ["Amount", (e) => e.amount, (e) => Number(e.value) || 0], ["Status", (e) => e.status.name], ["Sure", (e) => `${e.sure}%`, (e) => e.sure],
  ["Date", (e) => e.when], ["Source", (e) => e.evidence[0].document.publisher || e.evidence[0].document.title], ["Sentence", (e) => e.evidence[0].quote],
];

export function table(place, act) {
  let sorted = { column: 0, down: false }, rows = [], shown = 0;
  const body = make("tbody"), more = button("", () => add(), { class: "more" });
  const heads = COLUMNS.map(([label], column) => make("th", { scope: "col", "aria-sort": "none" }, button(label, () => {
    sorted = { column, down: sorted.column === column && !sorted.down };
    fill();
  }, { class: "sort" })));
  place.append(make("table", {}, make("caption", {}, "Statements shown"), make("thead", {}, make("tr", {}, ...heads)), body), more);

  function add() {
    for (const edge of rows.slice(shown, shown + STEP)) {
      const own = edge.own ?? edge, cells = COLUMNS.map(([label, text], column) => {
        const value = text(own);
        if (column === 0) return make("th", { scope: "row" }, button(name(value), () => act.choose(own.from.id), { class: "who" }));
        if (column === 1) return make("td", {}, button(value, () => act.choose(own.id), { class: "open" }));
        return make("td", { class: label === "Amount" || label === "Sure" ? "number" : label.toLowerCase() }, name(value));
      });
      body.append(make("tr", {}, ...cells));
    }
    shown = Math.min(shown + STEP, rows.length);
    more.hidden = shown >= rows.length;
    more.textContent = `${rows.length - shown} more rows`;
  }

  function fill() {
    const [, text, number] = COLUMNS[sorted.column], turn = sorted.down ? -1 : 1;
    const key = number ?? text, order = new Intl.Collator("en", { numeric: true });
    rows.sort((a, b) => {
      const [one, two] = [key(a.own ?? a), key(b.own ?? b)];
      return turn * (number ? one - two : order.compare(one, two)) || a.place - b.place;
    });
    heads.forEach((head, column) => head.setAttribute("aria-sort", column !== sorted.column ? "none" : sorted.down ? "descending" : "ascending"));
    body.replaceChildren();
    shown = 0;
    add();
  }
  return { update(view) { rows = [...view.edges]; fill(); } };
}
