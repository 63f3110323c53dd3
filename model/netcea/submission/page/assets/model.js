/* Results at any discounts: costs = fixed + sum of (share paid) x (the drug's cost at full price). */

class Priced {
  /* found: {fixed: [strategy], parts: [drug][strategy], qalys: [strategy]}, numbers or columns of draws. */
  constructor(found) {
    Object.assign(this, found);
  }

  costs(paid) {
    return this.fixed.map((fixed, s) => {
      if (typeof fixed === "number") return this.parts.reduce((total, part, k) => total + paid[k] * part[s], fixed);
      const total = Float64Array.from(fixed);
      this.parts.forEach((part, k) => {
        if (!part[s]) return;
        for (let i = 0; i < total.length; i++) total[i] += paid[k] * part[s][i];
      });
      return total;
    });
  }
}

function pointEstimates(panel) {
  return new Priced({ fixed: panel.base.fixed, parts: panel.base.parts, qalys: panel.base.qalys });
}

/* Draws, from their columns in the order that the page says. */
function draws(panel, columns) {
  const fixed = [];
  const qalys = [];
  const parts = panel.drugs.map(() => panel.strategies.map(() => null));
  panel.draws.columns.forEach((about, at) => {
    if (about.kind === "fixed") fixed[about.strategy] = columns[at];
    else if (about.kind === "qalys") qalys[about.strategy] = columns[at];
    else parts[about.drug][about.strategy] = columns[at];
  });
  return new Priced({ fixed, parts, qalys });
}

/* QALYs as a decision weighted for severity counts them: the comparator's own, and weighted increments. */
function weightedQalys(qalys, comparator, weight) {
  if (weight === 1) return qalys;
  const reference = qalys[comparator];
  return qalys.map((q) => q.map((x, i) => reference[i] + weight * (x - reference[i])));
}

/* Everything that follows from point estimates at discounts and a threshold. */
function judged(panel, priced, paid, thresholds) {
  const costs = priced.costs(paid);
  const rows = panel.strategies.map((name, s) => ({
    name,
    costs: costs[s],
    qalys: priced.qalys[s],
    lifeYears: panel.base.life_years[s],
  }));
  const reference = rows[panel.comparator];
  const pairs = rows
    .filter((row) => row !== reference)
    .map((row) => against(row, reference, compare(row.costs - reference.costs, row.qalys - reference.qalys)));
  const weight = panel.severity_weight;
  const benefits = pairs.flatMap((row) =>
    thresholds.map((threshold) => ({
      name: row.name,
      threshold,
      nhb: netHealthBenefit(row.incrementalCosts, row.incrementalQalys, threshold, 1),
      weighted: netHealthBenefit(row.incrementalCosts, row.incrementalQalys, threshold, weight),
    })),
  );
  return { rows, incremental: fullyIncremental(rows), pairs, benefits };
}

/* Means of draws, intervals, probabilities at thresholds. */
function overDraws(panel, priced, paid, thresholds) {
  const costs = priced.costs(paid);
  const [a, b] = [panel.intervention, panel.comparator];
  const moreCosts = minus(costs[a], costs[b]);
  const moreQalys = priced.more || (priced.more = minus(priced.qalys[a], priced.qalys[b]));
  const weight = panel.weight_at_means;
  const benefit = (threshold, w) => moreCosts.map((c, i) => netHealthBenefit(c, moreQalys[i], threshold, w));
  const inWeights = priced.inWeights || (priced.inWeights = weightedQalys(priced.qalys, b, weight));
  const plain = acceptability(costs, priced.qalys, thresholds);
  const weighted = weight === 1 ? plain : acceptability(costs, inWeights, thresholds);
  const [meanCosts, meanQalys] = [mean(moreCosts), mean(moreQalys)];
  return {
    costs,
    inWeights,
    moreCosts,
    moreQalys,
    incrementalCosts: interval(moreCosts),
    incrementalQalys: priced.gain || (priced.gain = interval(moreQalys)),
    icer: { ...compare(meanCosts, meanQalys), error: icerError(moreCosts, moreQalys) },
    incremental: panel.strategies.length > 2 ? incrementalOfMeans(panel, costs, priced.qalys) : [],
    benefits: thresholds.map((t) => ({ plain: interval(benefit(t, 1)), weighted: interval(benefit(t, weight)) })),
    probabilities: thresholds.map((_, t) => ({
      plain: plain.ceac.map((curve) => curve[t]),
      weighted: weighted.ceac.map((curve) => curve[t]),
    })),
  };
}

/* Fully incremental analysis of the means of draws, each number with its Monte Carlo error. */
function incrementalOfMeans(panel, costs, qalys) {
  const at = new Map(panel.strategies.map((name, s) => [name, s]));
  const rows = panel.strategies.map((name, s) => ({ name, costs: mean(costs[s]), qalys: mean(qalys[s]), lifeYears: 0 }));
  return fullyIncremental(rows).map((row) => {
    const s = at.get(row.name);
    const found = { ...row, of: { costs: interval(costs[s]), qalys: interval(qalys[s]) } };
    if (row.versus === null) return found;
    const v = at.get(row.versus);
    const more = { costs: minus(costs[s], costs[v]), qalys: minus(qalys[s], qalys[v]) };
    if (row.icer.value !== null) found.icer = { ...row.icer, error: icerError(more.costs, more.qalys) };
    return { ...found, more: { costs: interval(more.costs), qalys: interval(more.qalys) } };
  });
}

/* Incremental net health benefit with one drug at full price and for free, the others as they are. */
function solutions(panel, priced, paid, drug, thresholds, weight) {
  const [a, b] = [panel.intervention, panel.comparator];
  const total = (x) => (typeof x === "number" ? x : mean(x));
  const ends = [1, 0].map((share) => {
    const costs = priced.costs(paid.map((p, k) => (k === drug ? share : p))).map(total);
    return [costs[a] - costs[b], total(priced.qalys[a]) - total(priced.qalys[b])];
  });
  const weights = weight === 1 ? [1] : [1, weight];
  return thresholds.flatMap((threshold) =>
    weights.map((w) => ({
      threshold,
      weight: w,
      ...solutionBetween(...ends.map(([c, q]) => netHealthBenefit(c, q, threshold, w))),
      ends,
    })),
  );
}
