// Formatting and the few ways in which elements are made. Data reach the page as text only, never as markup.
const report = JSON.parse(document.getElementById("data").textContent);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return made;
}

const isNumber = value => typeof value === "number" && Number.isFinite(value);
const MINUS = "\u2212";
const DASH = "\u2013";

/** A number with some significant digits, grouped by thin spaces; what is not a number stays as it is. */
function digits(value, significant = 3) {
  if (!isNumber(value)) return value === null || value === undefined ? DASH : String(value);
  const size = Math.abs(value);
  const places = Number.isInteger(value) ? 0 : Math.max(0, Math.min(6, significant - 1 - Math.floor(Math.log10(size))));
  const [whole, part] = size.toFixed(places).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u2009") : whole;
  return (value < 0 ? MINUS : "") + grouped + (part ? "." + part : "");
}

const fixed = (value, places) => (isNumber(value) ? value.toFixed(places).replace("-", MINUS) : digits(value));
const signed = (value, places) => (isNumber(value) && value > 0 ? "+" : "") + fixed(value, places);
const percent = value => (isNumber(value) ? digits(100 * value, 3) + "\u2009%" : DASH);
const millis = value => (isNumber(value) ? digits(value, 3) + "\u2009ms" : DASH);

function bytes(value) {
  if (!isNumber(value)) return DASH;
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return digits(value / 1000 ** unit, 3) + "\u2009" + units[unit];
}

const times = ratio => (isNumber(ratio) ? digits(ratio, 3) + "\u00d7" : DASH);
const between = (interval, show) => (interval ? show(interval.low) + " \u2026 " + show(interval.high) : "");

/** A cell with a number, and its interval below it. */
function numberCell(text, interval) {
  return element("td", { class: "number" }, text, interval ? element("span", { class: "interval" }, interval) : null);
}

/**
 * A table whose columns can be sorted by buttons in their heads.
 * columns: { name, title, number, key(row) to sort by, cell(row) } ; a cell may be a td or th, or what goes into a td.
 */
function sortableTable(columns, rows, options = {}) {
  const body = element("tbody");
  const heads = columns.map(column => {
    const head = element("th", { scope: "col", class: column.number ? "number" : null, title: column.title });
    if (!column.key) {
      head.append(column.name);
      return head;
    }
    const button = element("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      fill([...rows].sort((a, b) => (falling ? -1 : 1) * compare(column.key(a), column.key(b), falling)));
    });
    head.append(button);
    return head;
  });
  function fill(ordered) {
    body.replaceChildren(...ordered.map(row => {
      const cells = columns.map(column => {
        const cell = column.cell(row);
        return cell instanceof HTMLTableCellElement ? cell
          : element("td", { class: column.number ? "number" : null }, cell);
      });
      return element("tr", options.row ? options.row(row) : {}, cells);
    }));
  }
  fill(rows);
  const table = element("table", {},
    options.caption ? element("caption", { class: "soft small" }, options.caption) : null,
    element("thead", {}, element("tr", {}, heads)), body);
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": options.label }, table);
}

/** Numbers by size, words by alphabet; what is missing comes last in either direction. */
function compare(a, b, falling) {
  const lacking = value => value === null || value === undefined || Number.isNaN(value);
  if (lacking(a) || lacking(b)) return (lacking(a) - lacking(b)) * (falling ? -1 : 1);
  return typeof a === "number" && typeof b === "number" ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });
}

/** A section of the page with an entry in the bar. */
function section(id, title, ...children) {
  const made = element("section", { id, "aria-labelledby": id + "-title" },
    element("h2", { id: id + "-title" }, title), children);
  document.getElementById("content").append(made);
  document.getElementById("sections").append(element("li", {}, element("a", { href: "#" + id }, title)));
  return made;
}

/** Calls with the width of an element whenever it has got one; a drawing in the same frame would ask for another. */
function whenSized(holder, action) {
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (holder.clientWidth > 0) action(holder.clientWidth);
  })).observe(holder);
}

const tip = document.getElementById("tip");

/** Shows a text while an element is pointed at or has the focus. */
function explain(selection, text) {
  const show = (target, value) => {
    const box = target.getBoundingClientRect();
    tip.textContent = value;
    tip.hidden = false;
    const left = Math.min(window.innerWidth - tip.offsetWidth - 8, Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2));
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = (above > 48 ? above : box.bottom + 8) + window.scrollY + "px";
  };
  selection.attr("tabindex", 0).attr("aria-label", datum => text(datum))
    .on("pointerenter focus", function (event, datum) { show(this, text(datum)); })
    .on("pointerleave blur", () => { tip.hidden = true; });
}
