/* The tornado: what each number alone does to net health benefit, between its low and its high value. */

const WIDEST = 15;

function startTornado() {
  const found = DATA.one_way;
  if (!found) return;
  const host = document.getElementById("figure-tornado");
  const plot = host.querySelector(".plot");
  host.insertBefore(host.querySelector(".reader"), plot);
  const choose = (name, options) => {
    const id = `tornado-${name.split(" ")[0].toLowerCase()}`;
    const select = element("select", { id });
    options.forEach((text, value) => select.append(element("option", { value }, text)));
    select.addEventListener("change", draw);
    host.querySelector(".reader").append(element("span", { class: "field" }, element("label", { for: id }, name), select));
    return select;
  };
  const threshold = choose("Threshold", found.thresholds.map((t) => `${pounds(t)} per QALY`));
  const weight = choose("QALYs", ["unweighted", "weighted for severity"]);
  const many = choose("Numbers shown", [`the ${WIDEST} that move most`, "all"]);
  const scale = choose("Scale", ["whole", "2 times", "5 times", "20 times"]);

  function draw() {
    const t = Number(threshold.value);
    const of = (effect) => (Number(weight.value) ? effect.weighted[t] : effect.nhb[t]);
    const base = of(found.base);
    const rows = [...found.rows].sort((a, b) => span(b, of, base) - span(a, of, base));
    const drawn = Number(many.value) ? rows : rows.slice(0, WIDEST);
    const values = drawn.flatMap((row) => [of(row.low), of(row.high)]).concat(base);
    const zoom = [1, 2, 5, 20][Number(scale.value)];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const ends = [base - (base - least) / zoom, base + (most - base) / zoom];
    const place = (v) => (100 * (v - ends[0])) / (ends[1] - ends[0] || 1);
    plot.replaceChildren(
      element("p", { class: "tornado-head" }, `Base case ${fixed(base, 3)} QALYs; from ${fixed(ends[0], 3)} to ${fixed(ends[1], 3)}`),
      ...drawn.map((row) => bar(row, of, base, place)),
    );
  }
  const span = (row, of, base) => Math.max(of(row.low), of(row.high), base) - Math.min(of(row.low), of(row.high), base);
  const bar = (row, of, base, place) => {
    const svg = shape("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" });
    const ends = [
      ["low", of(row.low)],
      ["high", of(row.high)],
    ].sort((a, b) => Math.abs(b[1] - base) - Math.abs(a[1] - base));
    for (const [which, value] of ends) {
      const [a, b] = [place(base), place(value)].sort((p, q) => p - q);
      svg.append(shape("rect", { x: a, width: Math.max(b - a, 0.15), y: 2, height: 10, fill: found.colours[which] }));
    }
    svg.append(shape("line", { class: "base", x1: place(base), x2: place(base), y1: 0, y2: 14 }));
    const [low, high] = [of(row.low), of(row.high)];
    const told = `${row.label}: NHB ${fixed(low, 3)} at ${row.at_low}, ${fixed(high, 3)} at ${row.at_high}. ${row.source}`;
    const values = low <= high ? [row.at_low, row.at_high] : [row.at_high, row.at_low];
    return element(
      "div",
      { class: "bar", "data-from": told },
      element("span", { class: "bar-name" }, row.label),
      element("span", { class: "bar-low" }, values[0]),
      svg,
      element("span", { class: "bar-high" }, values[1]),
    );
  };
  host.querySelector(".reader").append(
    legend([
      { name: "at the low value", fill: found.colours.low },
      { name: "at the high value", fill: found.colours.high },
    ]),
  );
  draw();
}
