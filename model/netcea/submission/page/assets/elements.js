/* Elements of the page, made without text that is read as markup: labels of a scenario may hold anything. */

const DATA = JSON.parse(document.getElementById("data").textContent);
const SVG = document.getElementById("theme-mark").namespaceURI;

function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function shape(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/* A line or a point as the strategy is drawn everywhere: in figures, in the workbook, here. */
function swatch(look) {
  const drawn = shape("svg", { class: "swatch", viewBox: "0 0 28 12", "aria-hidden": "true" });
  if (look.fill) {
    drawn.append(shape("rect", { x: 4, y: 1, width: 20, height: 10, fill: look.fill }));
    return drawn;
  }
  if (look.mark) {
    drawn.append(markShape(look.mark, 14, 6, look.colour, look.filled));
    return drawn;
  }
  const line = { x1: 1, x2: 27, y1: 6, y2: 6, fill: "none", "stroke-dasharray": look.dash || false };
  if (!look.thin) drawn.append(shape("line", { ...line, class: "halo", "stroke-width": (look.width || 2) + 2 }));
  drawn.append(
    shape("line", {
      ...line,
      stroke: look.colour,
      class: look.cls || false,
      "stroke-width": look.width || 2,
    }),
  );
  return drawn;
}

function markShape(kind, x, y, colour, full) {
  const look = { fill: full ? colour : "var(--paper)", stroke: colour, "stroke-width": 1.5 };
  const [tag, form] =
    kind === "diamond"
      ? ["path", { d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` }]
      : ["circle", { cx: x, cy: y, r: kind === "large" ? 5.5 : 4 }];
  return shape("g", {}, shape(tag, { ...form, class: "halo", fill: "none", "stroke-width": 3.5 }), shape(tag, { ...form, ...look }));
}

function legend(looks) {
  const list = element("ul", { class: "legend" });
  for (const look of looks) list.append(element("li", {}, swatch(look), " " + look.name));
  return list;
}
