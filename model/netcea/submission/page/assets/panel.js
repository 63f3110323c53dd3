/* The panel: a reader types a discount for each drug and a threshold; everything that depends on them is worked out. */

const LADDER_STEPS = 200;
const CEAC_STEPS = 100;
const MOST_DOTS = 5000;
const TOO_OLD = "This browser is too old to unpack the draws: the point estimates below follow what is typed, figures of draws are empty.";

class Panel extends PanelTables {
  update() {
    const { panel, thresholds } = this;
    const found = judged(panel, this.base, this.paid, thresholds);
    const sample = this.sample && overDraws(panel, this.sample, this.paid, thresholds);
    this.showIncremental(found);
    this.showBenefits(found);
    this.showSolutions(sample);
    this.drawLadder();
    if (sample) {
      this.showDraws(found, sample);
      this.showIncrementalOfDraws(sample);
      this.showProbabilities(sample);
      this.drawCeac(sample);
      this.drawPlane(found, sample);
    }
    for (const found of [this.readLadder, this.readCeac]) if (found) found.refresh();
    this.tell(found, sample);
  }

  addFigures() {
    this.addLadder();
    this.addCurves();
  }

  addLadder() {
    const { drugs } = this.panel;
    if (!drugs.length) return;
    const ladder = document.getElementById("figure-ladder");
    if (drugs.length > 1) {
      const which = this.addChoice(ladder, "ladder-drug", "Drug", drugs.map((drug) => drug.label), (k) => (this.drug = k));
      which.value = this.drug;
    }
    this.addChoice(ladder, "ladder-kind", "Show", ["ICER", "net health benefit"], (value) => (this.asNhb = value === 1));
    this.ladder = new Chart(ladder, { moved: (v) => this.readLadder.sync(v) });
    this.readLadder = this.reads(this.ladder, "Read at a discount of", { max: 100, step: 0.5, value: 50 }, () => 0.01);
  }

  addCurves() {
    if (!this.panel.draws) return;
    const ceac = document.getElementById("figure-ceac");
    if (this.panel.weight_at_means !== 1) {
      const words = ["unweighted", `weighted for severity (${read(this.panel.weight_at_means)})`];
      this.addChoice(ceac, "ceac-weight", "QALYs", words, (value) => (this.weighted = value === 1));
    }
    this.ceac = new Chart(ceac, { moved: (v) => this.readCeac.sync(v) });
    this.readCeac = this.reads(this.ceac, "Read at a threshold of", { max: CEAC_STEPS, step: 1, value: 25 }, () => this.top / CEAC_STEPS);
    this.plane = new Chart(document.getElementById("figure-plane"), { canvas: true, box: true });
  }

  /* A range input below a figure that follows the pointer in it; `unit`: of the axis, one step of the input. */
  reads(chart, name, limits, unit) {
    const words = (v) => this.wordsOf(chart, v * unit());
    const found = reader(chart.host, name, { min: 0, ...limits }, words, (v) => chart.content && chart.moveCursor(v * unit()));
    found.sync = (v) => {
      found.input.value = v / unit();
      found.refresh();
    };
    return found;
  }

  wordsOf(chart, at) {
    if (!chart.content) return "";
    const found = chart.content.readout(at);
    const words = `${found.title}: ${found.rows.map((row) => `${row.name} ${row.text}`).join("; ")}`;
    chart.describe(`At ${words}`);
    return words;
  }

  drawLadder() {
    const { panel } = this;
    if (!panel.drugs.length) return;
    const weight = panel.severity_weight;
    const weights = weight === 1 ? [1] : [1, weight];
    const x = Float64Array.from({ length: LADDER_STEPS + 1 }, (_, k) => k / LADDER_STEPS);
    const [a, b] = [panel.intervention, panel.comparator];
    const gain = panel.base.qalys[a] - panel.base.qalys[b];
    const more = Float64Array.from(x, (d) => {
      const costs = this.base.costs(this.paid.map((p, k) => (k === this.drug ? 1 - d : p)));
      return costs[a] - costs[b];
    });
    const plainIcer = (cost, w) => {
      const found = compare(cost, gain);
      return found.value === null || found.label ? NaN : found.value / w;
    };
    const look = DATA.looks[panel.strategies[a]];
    const lines = this.asNhb
      ? this.thresholds.flatMap((t, k) =>
          weights.map((w) => ({
            name: `NHB at ${pounds(t)}${w === 1 ? "" : ", weighted"}`,
            colour: look.colour,
            dash: ["", "7 4", "2 3", "9 3 2 3"][(2 * k + (w === 1 ? 0 : 1)) % 4],
            x,
            y: more.map((c) => netHealthBenefit(c, gain, t, w)),
          })),
        )
      : weights.map((w) => ({
          name: w === 1 ? "ICER" : "ICER, QALYs weighted for severity",
          colour: look.colour,
          dash: w === 1 ? "" : "7 4",
          x,
          y: more.map((c) => plainIcer(c, w)),
        }));
    const format = this.asNhb ? (v) => fixed(v, 3) : pounds;
    const values = lines.flatMap((line) => Array.from(line.y)).filter((v) => Number.isFinite(v));
    const levels = this.asNhb ? [{ y: 0, cls: "axis" }] : this.thresholds.map((t) => ({ y: t, name: pounds(t) }));
    const floor = this.asNhb ? Math.min(0, ...values) : 0;
    const ceiling = Math.max(this.asNhb ? 0 : 1.1 * this.thresholds[this.thresholds.length - 1], ...values);
    const fit = ([low, high]) => {
      const seen = lines.flatMap((line) => Array.from(line.y).filter((v, i) => Number.isFinite(v) && x[i] >= low && x[i] <= high));
      const tops = this.asNhb ? [] : [1.1 * this.thresholds[this.thresholds.length - 1]];
      return seen.length ? [Math.min(this.asNhb ? Infinity : 0, ...seen), 1.02 * Math.max(...tops, ...seen)] : [floor, ceiling];
    };
    const solved = solutions(panel, this.base, this.paid, this.drug, this.thresholds, weight).filter((s) => s.status === "solved");
    const drug = panel.drugs[this.drug];
    const told = !drug.hidden || this.paid[this.drug] !== drug.paid;
    this.setLegend("figure-ladder", lines, [
      ...(told ? [{ name: "as typed", cls: "level", dash: "2 3", thin: true, width: 1.5 }] : []),
      ...(solved.length ? [{ name: "meets a threshold", mark: "large", colour: look.colour }] : []),
    ]);
    document.getElementById("ladder-none").textContent = values.length ? "" : `There is no plain ICER at any discount: ${icer(compare(more[0], gain))} at full price.`;
    this.ladder.set({
      x: { min: 0, max: 1, label: `Discount on ${drug.label}`, format: (v) => read(100 * v, 4) + "%" },
      y: { min: floor, max: ceiling || 1, fit, label: this.asNhb ? "Incremental NHB (QALYs)" : "ICER (£ per QALY)", format },
      lines,
      levels: [...levels, ...(told ? [{ x: 1 - this.paid[this.drug], dash: "2 3" }] : [])],
      marks: solved.map((s) => ({ x: s.discount, y: this.asNhb ? 0 : s.threshold, kind: "large", colour: look.colour, filled: false, text: `${pounds(s.threshold)}: ${discountShown(s.discount)}` })),
      readout: (v) => {
        const costs = this.base.costs(this.paid.map((p, k) => (k === this.drug ? 1 - v : p)));
        const c = costs[a] - costs[b];
        const rows = this.asNhb
          ? this.thresholds.flatMap((t) => weights.map((w) => ({ name: `NHB at ${pounds(t)}${w === 1 ? "" : ", weighted"}`, text: fixed(netHealthBenefit(c, gain, t, w), 3) })))
          : weights.map((w) => ({ name: w === 1 ? "ICER" : "weighted ICER", text: icer(weightedIcer(compare(c, gain), w)) }));
        const price = drug.prices.length === 1 ? `, ${priceShown(drug.prices[0].value * (1 - v))} a ${drug.pack}` : "";
        return { title: `${discountShown(v)} off${price}`, rows };
      },
    });
  }

  setLegend(id, lines, marks) {
    const host = document.getElementById(id).querySelector(".key");
    host.replaceChildren(legend([...lines, ...marks]));
  }

  drawCeac(sample) {
    const { panel } = this;
    const grid = Array.from({ length: CEAC_STEPS + 1 }, (_, k) => (this.top * k) / CEAC_STEPS);
    const thresholds = [...new Set([...grid, ...this.thresholds.filter((t) => t <= this.top)])].sort((p, q) => p - q);
    const found = acceptability(sample.costs, this.weighted ? sample.inWeights : this.sample.qalys, thresholds);
    const lines = panel.strategies.map((name, s) => ({ ...DATA.looks[name], x: thresholds, y: found.ceac[s] }));
    const frontier = thresholds.map((_, t) => found.ceac[found.optimal[t]][t]);
    lines.unshift({ name: "Frontier (CEAF): the best on average", x: thresholds, y: frontier, cls: "frontier", width: 9, thin: true });
    this.setLegend("figure-ceac", lines, []);
    this.ceac.set({
      x: { min: 0, max: this.top, label: "Threshold (£ per QALY)", format: pounds },
      y: { min: 0, max: 1, label: "Probability of the highest net benefit", format: (v) => read(100 * v, 3) + "%" },
      lines,
      levels: this.thresholds.map((t) => ({ x: t, name: pounds(t), dash: "3 3" })),
      snap: (v) => thresholds[nearestIndex(thresholds, v)],
      readout: (v) => {
        const at = nearestIndex(thresholds, v);
        const rows = panel.strategies.map((name, s) => ({ look: DATA.looks[name], name: this.name(name), text: percent(found.ceac[s][at]) }));
        rows.push({ name: "Best on average", text: this.name(panel.strategies[found.optimal[at]]) });
        rows.push({ name: "EVPI per patient", text: pounds(found.evpi[at]) });
        return { title: `${pounds(thresholds[at])} per QALY`, rows };
      },
    });
  }

  drawPlane(found, sample) {
    const { panel } = this;
    const others = panel.strategies.map((_, s) => s).filter((s) => s !== panel.comparator);
    const each = Math.min(panel.draws.n, Math.floor(MOST_DOTS / others.length));
    const clouds = others.map((s) => ({
      s,
      look: DATA.looks[panel.strategies[s]],
      x: minus(this.sample.qalys[s], this.sample.qalys[panel.comparator]),
      y: minus(sample.costs[s], sample.costs[panel.comparator]),
    }));
    const limits = (axis) => {
      const ends = clouds.flatMap((cloud) => {
        const rising = cloud[axis].slice(0, each).sort();
        return [quantile(rising, 0.001), quantile(rising, 0.999)];
      });
      const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
      const border = 0.05 * (high - low || 1);
      return { min: low - border, max: high + border };
    };
    const points = new Map(found.pairs.map((row) => [row.name, row]));
    const marks = clouds.flatMap((cloud) => {
      const row = points.get(panel.strategies[cloud.s]);
      return [
        { x: mean(cloud.x), y: mean(cloud.y), kind: "large", colour: cloud.look.colour, filled: true, text: `${cloud.look.name}: mean of the draws` },
        { x: row.incrementalQalys, y: row.incrementalCosts, kind: "diamond", colour: cloud.look.colour, filled: false, text: `${cloud.look.name}: point estimates` },
      ];
    });
    this.setLegend("figure-plane", clouds.map((cloud) => ({ name: cloud.look.name, fill: cloud.look.colour })), [
      { name: "mean of the draws", mark: "large", colour: "var(--muted)", filled: true },
      { name: "at the point estimates", mark: "diamond", colour: "var(--muted)" },
    ]);
    this.tellQuadrants(clouds);
    this.plane.set({
      x: { ...limits("x"), label: "Incremental QALYs", format: (v) => read(v, 4) },
      y: { ...limits("y"), label: "Incremental costs (£)", format: pounds },
      dots: clouds.map((cloud) => ({ x: cloud.x, y: cloud.y, n: each, colour: cloud.look.colour, alpha: 0.35 })),
      levels: [
        { x: 0, cls: "axis" },
        { y: 0, cls: "axis" },
        ...this.thresholds.map((t, k) => ({ slope: t, name: pounds(t), dash: ["6 3", "2 3", "8 3 2 3", ""][k % 4] })),
      ],
      marks,
      near: (x, y, chart) => this.nearestDraw(clouds, each, x, y, chart),
    });
  }

  /* The plane in words, below it, and for those who cannot see it. */
  tellQuadrants(clouds) {
    const words = clouds.map((cloud) => {
      const q = quadrants(cloud.x, cloud.y);
      return (
        `${cloud.look.name}: of the draws ${percent(q.northEast)} cost more and yield more QALYs, ${percent(q.northWest)} cost more ` +
        `and yield fewer, ${percent(q.southEast)} save and yield more, ${percent(q.southWest)} save and yield fewer.`
      );
    });
    this.plane.host.querySelector(".key").append(...words.map((text) => element("p", { class: "note" }, text)));
    this.plane.describe(words.join(" "));
  }

  nearestDraw(clouds, each, x, y, chart) {
    const { x: dx, y: dy } = chart.shownDomain;
    let best = { distance: 0.03 ** 2 };
    for (const cloud of clouds) {
      for (let i = 0; i < each; i++) {
        const distance = ((cloud.x[i] - x) / (dx[1] - dx[0])) ** 2 + ((cloud.y[i] - y) / (dy[1] - dy[0])) ** 2;
        if (distance < best.distance) best = { distance, cloud, i };
      }
    }
    if (!best.cloud) return null;
    const [q, c] = [best.cloud.x[best.i], best.cloud.y[best.i]];
    return {
      title: `${best.cloud.look.name}, draw ${(best.i + 1).toLocaleString("en-GB")}`,
      rows: [
        { name: "Incremental QALYs", text: fixed(q, 3) },
        { name: "Incremental costs", text: pounds(c) },
        { name: "ICER", text: icer(compare(c, q)) },
      ],
    };
  }
}

async function startPanel() {
  if (!DATA.panel) return null;
  const panel = new Panel(DATA.panel);
  panel.update();
  if (DATA.panel.draws) {
    const text = document.getElementById("draws").textContent;
    const { columns, n } = DATA.panel.draws;
    const found = await unpackedDraws(text, columns, n).catch(() => null);
    if (found) panel.sample = draws(DATA.panel, found);
    else document.getElementById("answer").after(element("p", { class: "warning" }, TOO_OLD));
    panel.update();
  }
  return panel;
}
