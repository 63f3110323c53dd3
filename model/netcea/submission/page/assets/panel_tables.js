/* The panel: the answer in a sentence, and the tables that follow what is typed. */

const MORE_WAIT = 500;

class PanelTables extends PanelControls {
  tell(found, sample) {
    const { panel } = this;
    const row = found.pairs.find((pair) => pair.name === panel.strategies[panel.intervention]);
    const benefit = found.benefits.find((b) => b.name === row.name && b.threshold === this.threshold);
    const at = this.thresholds.indexOf(this.threshold);
    const chance = sample ? ` Probability of the highest net benefit ${percent(sample.probabilities[at].plain[panel.intervention])}.` : "";
    const weight = panel.severity_weight === 1 ? "" : `, weighted for severity ${fixed(benefit.weighted, 3)}`;
    const among = panel.strategies.length > 2 ? ` ${this.standing(found.incremental, row.name)}` : "";
    const text =
      `${this.name(row.name)} against ${this.name(panel.strategies[panel.comparator])}: incremental costs ${pounds(row.incrementalCosts)}, ` +
      `incremental QALYs ${fixed(row.incrementalQalys, 3)}, ICER ${icer(row.icer)}; net health benefit at ${pounds(this.threshold)} ` +
      `${fixed(benefit.nhb, 3)} QALYs${weight}.${among}${chance}`;
    const place = document.getElementById("answer");
    place.textContent = text;
    clearTimeout(this.saying);
    if (this.told) this.saying = setTimeout(() => say(text), MORE_WAIT);
    this.told = true;
  }

  /* Where the intervention stands among more than two strategies. */
  standing(incremental, name) {
    const row = incremental.find((found) => found.name === name);
    const who = this.name(name);
    if (row.versus === null) return `In the full incremental analysis ${who} is the first on the frontier.`;
    const other = this.name(row.versus);
    if (row.icer.label === "dominated") return `In the full incremental analysis ${who} is dominated by ${other}.`;
    if (row.icer.label === "extendedly dominated") return `In the full incremental analysis ${who} is extendedly dominated.`;
    return `In the full incremental analysis ${who} is compared with ${other}: ICER ${icer(row.icer)}.`;
  }

  showIncremental({ incremental, pairs }) {
    const weight = this.panel.severity_weight;
    const pairOf = new Map(pairs.map((row) => [row.name, row]));
    const fromCosts = "Costs without these drugs, plus each drug's cost at full price times (1 - discount); discounted, per patient";
    fillTable(
      document.getElementById("live-incremental"),
      incremental.map((row) => {
        const pair = pairOf.get(row.name);
        const number = (value, kind, from) => ({ text: shown(value, kind), value: value ?? undefined, from });
        const ratio = (found, from) => ({ text: shown(found, "icer"), value: found && found.value !== null ? found.value : undefined, from });
        const versus = row.versus ? this.name(row.versus) : "";
        const increments = row.versus ? `minus that of ${versus}, the strategy displaced` : "";
        return [
          { text: this.name(row.name) },
          number(row.costs, "pounds", fromCosts),
          number(row.lifeYears, "years", "Total discounted life years; no price moves them"),
          number(row.qalys, "qalys", "Total discounted QALYs, unweighted; no price moves them"),
          { text: versus || "-", cls: "t" },
          number(row.incrementalCosts ?? null, "pounds", `Total costs ${increments}`),
          number(row.incrementalLifeYears ?? null, "years", `Life years ${increments}`),
          number(row.incrementalQalys ?? null, "qalys", `QALYs ${increments}`),
          ratio(pair ? pair.icer : null, `Pairwise against ${this.name(this.panel.strategies[this.panel.comparator])}: incremental costs / incremental QALYs`),
          ratio(row.versus ? row.icer : null, "Incremental costs / incremental QALYs along the efficiency frontier; dominance by name"),
          number(weight, "weight", DATA.severity_source),
          number(row.versus ? weight * row.incrementalQalys : null, "qalys", "Incremental QALYs times the severity weight"),
          ratio(row.versus ? weightedIcer(row.icer, weight) : null, "ICER divided by the severity weight"),
        ];
      }),
    );
  }

  showBenefits({ benefits }) {
    const weight = this.panel.severity_weight;
    fillTable(
      document.getElementById("live-benefit"),
      benefits.map((b) => [
        { text: this.name(b.name) },
        { text: pounds(b.threshold), value: b.threshold, from: "A threshold of the method pack, or the one typed above" },
        { text: fixed(b.nhb, 3), value: b.nhb, from: "Incremental QALYs - incremental costs / threshold" },
        { text: read(weight), value: weight, from: DATA.severity_source },
        { text: fixed(b.weighted, 3), value: b.weighted, from: "Severity weight x incremental QALYs - incremental costs / threshold" },
      ]),
    );
  }

  showSolutions(sample) {
    const { panel, thresholds } = this;
    const drug = panel.drugs[this.drug];
    const table = document.getElementById("live-price");
    if (!drug) return;
    table.caption.firstElementChild.firstChild.textContent = `Price ladder: the discount on ${drug.label} at which the ICER meets a threshold, other prices as typed `;
    const of = (basis, priced, weight) =>
      solutions(panel, priced, this.paid, this.drug, thresholds, weight).map((found) => {
        const price = found.discount === null || drug.prices.length !== 1 ? null : drug.prices[0].value * (1 - found.discount);
        const solved = found.status === "solved";
        return [
          { text: basis },
          { text: pounds(found.threshold), value: found.threshold },
          { text: read(found.weight), value: found.weight },
          {
            text: solved ? discountShown(found.discount) : found.status,
            value: solved ? found.discount : undefined,
            from: "NHB(0) / (NHB(0) - NHB(1)): net health benefit is a straight line in the discount",
          },
          { text: solved && price !== null ? priceShown(price) : "-", value: solved && price !== null ? price : undefined, from: "Full price x (1 - discount)" },
        ];
      });
    fillTable(table, [
      ...of("Point estimates", this.base, panel.severity_weight),
      ...(sample ? of("Means of the draws", this.sample, panel.weight_at_means) : []),
    ]);
  }

  showDraws(found, sample) {
    const { panel } = this;
    const [a, b] = [panel.intervention, panel.comparator];
    const row = found.pairs.find((pair) => pair.name === panel.strategies[a]);
    const still = panel.severity_weight;
    const n = panel.draws.n.toLocaleString("en-GB");
    const line = (words, deterministic, i, kind) => [
      { text: words },
      { text: shown(deterministic, kind), value: deterministic, from: "At the point estimates" },
      { text: known(i.mean, i.mcse, kind), value: i.mean, from: `Mean of ${n} draws, to the digits that its error leaves` },
      { text: errorShown(i.mcse, kind), value: i.mcse, from: "Standard deviation of the draws / square root of their number" },
      { text: `${shown(i.low, kind)} to ${shown(i.high, kind)}`, from: "2.5% and 97.5% quantiles of the draws" },
    ];
    const ratios = (words, deterministic, moved) => [
      { text: words },
      { text: icer(deterministic), value: deterministic.value ?? undefined, from: "At the point estimates" },
      { text: icer(moved), value: moved.value ?? undefined, from: "Of the means of the draws, never the mean of ratios" },
      { text: moved.value === null ? "-" : errorShown(moved.error, "pounds"), from: "By the delta method" },
      { text: "-" },
    ];
    const rows = [
      line("Incremental costs (£)", row.incrementalCosts, sample.incrementalCosts, "pounds"),
      line("Incremental QALYs", row.incrementalQalys, sample.incrementalQalys, "qalys"),
      ratios("ICER (£/QALY)", row.icer, sample.icer),
    ];
    const weighted = panel.weight_at_means !== 1 || still !== 1;
    if (weighted) {
      const words = read(still) + (still === panel.weight_at_means ? "" : `; of the means ${read(panel.weight_at_means)}`);
      rows.push(ratios(`ICER, with severity weight ${words}`, weightedIcer(row.icer, still), weightedIcer(sample.icer, panel.weight_at_means)));
    }
    this.thresholds.forEach((t, at) => {
      const benefit = found.benefits.find((x) => x.name === row.name && x.threshold === t);
      rows.push(line(`Incremental NHB at ${pounds(t)}`, benefit.nhb, sample.benefits[at].plain, "qalys"));
      if (weighted) rows.push(line(`Incremental NHB at ${pounds(t)}, with severity weight`, benefit.weighted, sample.benefits[at].weighted, "qalys"));
    });
    fillTable(document.getElementById("live-draws"), rows);
    return b;
  }

  /* With more than two strategies: each against the one that it displaces, by the means of the draws. */
  showIncrementalOfDraws({ incremental }) {
    const table = document.getElementById("live-incremental-draws");
    if (!table) return;
    const weight = this.panel.weight_at_means;
    const n = this.panel.draws.n.toLocaleString("en-GB");
    const drawn = (i, kind, of) => ({ text: i ? known(i.mean, i.mcse, kind) : "-", value: i ? i.mean : undefined, from: `${of}: mean of ${n} draws, to the digits that its error leaves` });
    const ratio = (found, from) => ({ text: shown(found, "icer"), value: found && found.value !== null ? found.value : undefined, from });
    fillTable(
      table,
      incremental.map((row) => {
        const versus = row.versus ? this.name(row.versus) : "";
        return [
          { text: this.name(row.name) },
          drawn(row.of.costs, "pounds", "Total costs"),
          drawn(row.of.qalys, "qalys", "Total QALYs"),
          { text: versus || "-", cls: "t" },
          drawn(row.more && row.more.costs, "pounds", `Costs minus those of ${versus}`),
          drawn(row.more && row.more.qalys, "qalys", `QALYs minus those of ${versus}`),
          ratio(row.versus ? row.icer : null, "Ratio of mean increments along the efficiency frontier, never the mean of ratios"),
          ratio(row.versus ? weightedIcer(row.icer, weight) : null, "That ICER divided by the severity weight by the mean QALYs"),
        ];
      }),
    );
  }

  showProbabilities(sample) {
    const { panel } = this;
    const weighted = panel.weight_at_means !== 1;
    const from = "Share of the draws in which it has the highest net benefit; draws that several share count for each in equal parts";
    const rows = panel.strategies.flatMap((name, s) =>
      this.thresholds.map((t, at) => {
        const { plain, weighted: also } = sample.probabilities[at];
        const cells = [{ text: this.name(name) }, { text: pounds(t), value: t }, { text: percent(plain[s]), value: plain[s], from }];
        cells.push(weighted ? { text: percent(also[s]), value: also[s], from } : { text: percent(plain[s]), value: plain[s], from });
        return cells;
      }),
    );
    fillTable(document.getElementById("live-probability"), rows);
  }
}
