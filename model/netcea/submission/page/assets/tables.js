/* Tables: sorted, copied into a spreadsheet, read cell by cell with the source of each number. */

const TIP = document.getElementById("source");

function cellsOf(row) {
  return Array.from(row.cells);
}

function sortBy(table, column, button) {
  const head = button.closest("th");
  const falling = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  order(table, column, falling);
  say(`${table.caption.textContent}: sorted by ${button.textContent}, ${falling ? "falling" : "rising"}`);
}

function order(table, column, falling) {
  const body = table.tBodies[0];
  const key = (row) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };
  const compared = (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
    const found = typeof x === "number" ? x - y : x.localeCompare(y);
    return falling && typeof x === typeof y ? -found : found;
  };
  body.append(...Array.from(body.rows).sort(compared));
}

/* What a spreadsheet takes for a formula begins with an apostrophe, as in netcea's CSV files. */
function safe(text) {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && text !== "-" ? `'${text}` : text;
}

function cellText(cell) {
  if (cell.dataset.v !== undefined) return cell.dataset.v;
  const text = cell.textContent.replace(/\s+/g, " ").trim();
  return text === "-" ? "" : safe(text);
}

/* A table as tab-separated text, numbers in full; the marking of a confidential run first. */
function tsv(table) {
  const lines = Array.from(table.rows).map((row) => cellsOf(row).map(cellText).join("\t"));
  return [...(DATA.mark ? [DATA.mark] : []), ...lines].join("\n") + "\n";
}

async function copyTable(table) {
  const text = tsv(table);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea", { class: "away", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`Copied: ${table.caption.textContent}`);
}

function say(text) {
  document.getElementById("said").textContent = text;
}

function prepareTable(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  const copy = element("button", { type: "button", class: "copy" }, "Copy for Excel");
  copy.setAttribute("aria-label", `Copy for Excel: ${table.caption.textContent}`);
  copy.addEventListener("click", () => copyTable(table));
  table.closest(".scroll").before(copy);
  if (table.dataset.sorts !== undefined) {
    cellsOf(table.tHead.rows[0]).forEach((head, column) => {
      const button = element("button", { type: "button", class: "sort", tabindex: "-1" }, head.textContent);
      button.addEventListener("click", () => sortBy(table, column, button));
      head.replaceChildren(button);
    });
  }
  enter(table);
}

/* One cell of a table is a stop of the tab key; arrows move from there. */
function enter(table) {
  const first = stop(table.rows[1] ? table.rows[1].cells[0] : table.rows[0].cells[0]);
  if (first && !table.querySelector("[tabindex='0']")) first.tabIndex = 0;
}

function stop(cell) {
  return cell && (cell.querySelector("button") || cell);
}

function moveWithin(table, cell, key) {
  const row = cell.parentNode;
  const rows = Array.from(table.rows);
  const [r, c] = [rows.indexOf(row), cell.cellIndex];
  const to = {
    ArrowRight: [r, c + 1],
    ArrowLeft: [r, c - 1],
    ArrowDown: [r + 1, c],
    ArrowUp: [r - 1, c],
    Home: [r, 0],
    End: [r, row.cells.length - 1],
  }[key];
  const target = to && rows[to[0]] && stop(rows[to[0]].cells[to[1]]);
  if (!target) return false;
  for (const other of table.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideSource();
  const cell = event.target.closest && event.target.closest("td, th");
  const table = cell && cell.closest("table");
  if (table && !event.ctrlKey && !event.metaKey && moveWithin(table, cell, event.key)) event.preventDefault();
});

/* Where a number comes from, beside it. */
function showSource(cell) {
  const text = DATA.sources[Number(cell.dataset.s)] || cell.dataset.from;
  if (!text) return hideSource();
  TIP.textContent = text;
  TIP.hidden = false;
  cell.setAttribute("aria-describedby", "source");
  const box = cell.getBoundingClientRect();
  const [wide, tall] = [TIP.offsetWidth, TIP.offsetHeight];
  const below = box.bottom + 6 + tall <= window.innerHeight;
  TIP.style.left = `${Math.min(Math.max(4, box.left), Math.max(4, document.documentElement.clientWidth - wide - 4))}px`;
  TIP.style.top = `${below ? box.bottom + 6 : Math.max(4, box.top - tall - 6)}px`;
}

function hideSource() {
  TIP.hidden = true;
  for (const cell of document.querySelectorAll("[aria-describedby='source']")) cell.removeAttribute("aria-describedby");
}

function sourced(target) {
  return target.closest && target.closest("[data-s], [data-from]");
}

document.addEventListener("pointerover", (event) => {
  const cell = sourced(event.target);
  if (cell) showSource(cell);
  else if (!TIP.contains(event.target)) hideSource();
});
document.addEventListener("focusin", (event) => {
  const cell = sourced(event.target);
  if (cell && event.target.matches("td, th, [data-from]")) showSource(cell);
  else hideSource();
});
window.addEventListener("scroll", hideSource, { passive: true });

/* Which row of a table this is, wherever it stands: its heading, and the how manieth of that heading it is. */
function rowName(row, names) {
  const seen = names.get(row) || 0;
  names.set(row, seen + 1);
  return `${seen} ${row}`;
}

/* Fill a table that changes: rows of cells {text, value, from}, the first cell of each the heading of its row. What a
   reader sorted by stays, and so does the cell in which the keyboard is. */
function fillTable(table, rows) {
  const focused = table.contains(document.activeElement) ? document.activeElement.closest("td, th") : null;
  const at = focused && [focused.parentNode.dataset.row, focused.cellIndex];
  const names = new Map();
  table.tBodies[0].replaceChildren(
    ...rows.map((row) => {
      const made = element("tr", { "data-row": rowName(row[0].text, names) });
      row.forEach((cell, c) => {
        const attributes = { "data-v": cell.value, "data-from": cell.from || false, class: cell.cls || false, tabindex: "-1" };
        made.append(element(c ? "td" : "th", c ? attributes : { ...attributes, scope: "row" }, cell.text));
      });
      return made;
    }),
  );
  const sorted = table.querySelector("th[aria-sort]");
  if (sorted) order(table, sorted.cellIndex, sorted.getAttribute("aria-sort") === "descending");
  if (focused && table.tHead.contains(focused)) return;
  const row = at && Array.from(table.rows).find((found) => found.dataset.row === at[0]);
  if (row && row.cells[at[1]]) {
    for (const other of table.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    row.cells[at[1]].tabIndex = 0;
    row.cells[at[1]].focus({ preventScroll: true });
  } else enter(table);
}
