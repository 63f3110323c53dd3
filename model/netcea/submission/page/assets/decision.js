/* Rules of the decision maker: decision/incremental, decision/acceptability, analyses/threshold. */

const COST_TOLERANCE = 1e-6;
const QALY_TOLERANCE = 1e-9;
const ICER_TOLERANCE = 1e-12;
const SEEN = 3;
const NO_EFFECT = 1e-12;

/* ICER, never negative, and what it is called, of increments. */
function compare(costs, qalys) {
  const dearer = costs > COST_TOLERANCE;
  const cheaper = costs < -COST_TOLERANCE;
  const better = qalys > QALY_TOLERANCE;
  const worse = qalys < -QALY_TOLERANCE;
  if (dearer && better) return { value: costs / qalys, label: "" };
  if (cheaper && worse) return { value: costs / qalys, label: "cost saved per QALY lost" };
  if (!dearer && !cheaper && !better && !worse) return { value: null, label: "equal" };
  return { value: null, label: dearer || worse ? "dominated" : "dominant" };
}

function place(row) {
  return [roundedTo(row.costs, 6), -roundedTo(row.qalys, 9), row.name];
}

function before(a, b) {
  const x = place(a);
  const y = place(b);
  for (let k = 0; k < 3; k++) if (x[k] !== y[k]) return x[k] < y[k] ? -1 : 1;
  return 0;
}

/* What is said of a row for another's sake, and that other; null where nothing is. */
function dominance(row, rows) {
  let found = null;
  let earlier = true;
  for (const other of rows) {
    if (other === row) {
      earlier = false;
      continue;
    }
    const { label } = compare(row.costs - other.costs, row.qalys - other.qalys);
    if (label !== "dominated" && !(label === "equal" && earlier)) continue;
    const rank = [label === "dominated" ? 1 : 0, -place(other)[1]];
    if (!found || rank[0] > found.rank[0] || (rank[0] === found.rank[0] && rank[1] > found.rank[1])) {
      found = { label, other, rank };
    }
  }
  return found;
}

function ratio(row, versus) {
  return (row.costs - versus.costs) / (row.qalys - versus.qalys);
}

function against(row, versus, icer) {
  return {
    ...row,
    versus: versus.name,
    incrementalCosts: row.costs - versus.costs,
    incrementalQalys: row.qalys - versus.qalys,
    incrementalLifeYears: row.lifeYears - versus.lifeYears,
    icer,
  };
}

/* Fully incremental analysis of rows {name, costs, qalys, lifeYears}, in order of cost. */
function fullyIncremental(given) {
  const rows = [...given].sort(before);
  const judged = new Map();
  const undominated = [];
  for (const row of rows) {
    const found = dominance(row, rows);
    if (found === null) undominated.push(row);
    else judged.set(row, against(row, found.other, { value: null, label: found.label }));
  }
  const hull = [];
  for (const row of undominated) {
    while (
      hull.length > 1 &&
      ratio(hull[hull.length - 1], hull[hull.length - 2]) > ratio(row, hull[hull.length - 1]) * (1 + ICER_TOLERANCE)
    ) {
      hull.pop();
    }
    hull.push(row);
  }
  let last = null;
  for (const row of undominated) {
    const on = hull.includes(row);
    if (last === null) judged.set(row, { ...row, versus: null, icer: null });
    else if (on) judged.set(row, against(row, last, { value: ratio(row, last), label: "" }));
    else judged.set(row, against(row, last, { value: null, label: "extendedly dominated" }));
    if (on) last = row;
  }
  return rows.map((row) => judged.get(row));
}

function weightedIcer(icer, weight) {
  if (icer === null || icer.value === null) return icer;
  const error = icer.error === undefined ? {} : { error: icer.error / weight };
  return { value: icer.value / weight, label: icer.label, ...error };
}

function netHealthBenefit(costs, qalys, threshold, weight) {
  return weight * qalys - costs / threshold;
}

/* The discount at which incremental net health benefit is 0, linear in it: at full price and for free. */
function solutionBetween(full, free) {
  const gain = free - full;
  if (Math.abs(gain) < NO_EFFECT) return { status: "price has no effect", discount: null };
  const root = -full / gain;
  if (root >= 0 && root <= 1) return { status: "solved", discount: root };
  if (full > 0) return { status: "met at list price", discount: root < 0 ? root : null };
  return { status: "not even when free", discount: null };
}

/* Monte Carlo standard error of the ICER of the means. */
function icerError(costs, qalys) {
  if (!qalys.some((q) => Math.abs(q) > QALY_TOLERANCE)) return 0;
  if (costs.length < 2) return Infinity;
  const root = Math.sqrt(costs.length);
  const gain = mean(qalys);
  if (Math.abs(gain) <= (SEEN * deviation(qalys)) / root) return Infinity;
  const slope = mean(costs) / gain;
  const rest = new Float64Array(costs.length);
  for (let i = 0; i < costs.length; i++) rest[i] = costs[i] - slope * qalys[i];
  return deviation(rest) / (root * Math.abs(gain));
}

/* Shares of draws in the quadrants of the plane; 0 counts as better, and as dearer. */
function quadrants(qalys, costs) {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < qalys.length; i++) counts[(qalys[i] >= 0 ? 0 : 2) + (costs[i] >= 0 ? 0 : 1)] += 1;
  const [northEast, southEast, northWest, southWest] = counts.map((count) => count / qalys.length);
  return { northEast, southEast, northWest, southWest };
}

/* Probability of the highest net benefit, and what the best choice loses without perfect information, at thresholds that
   rise. Net benefits are straight lines in the threshold: a strategy that alone (or with its equals in costs and QALYs) is
   best at both ends of a stretch is best throughout, so that a draw is looked at in few places. */
function acceptability(costs, qalys, thresholds) {
  const strategies = costs.length;
  const draws = costs[0].length;
  const last = thresholds.length - 1;
  const wins = costs.map(() => new Float64Array(last + 2)); // differences along the thresholds
  const bestCosts = new Float64Array(last + 2);
  const bestQalys = new Float64Array(last + 2);
  let shared = 1;
  const bestAt = (i, t) => {
    let best = thresholds[t] * qalys[0][i] - costs[0][i];
    let winner = 0;
    shared = 1;
    for (let s = 1; s < strategies; s++) {
      const benefit = thresholds[t] * qalys[s][i] - costs[s][i];
      if (benefit > best) {
        best = benefit;
        winner = s;
        shared = 1;
      } else if (benefit === best) shared++;
    }
    return winner;
  };
  const give = (s, from, to, share) => {
    wins[s][from] += share;
    wins[s][to + 1] -= share;
  };
  const same = (i, s, r) => costs[s][i] === costs[r][i] && qalys[s][i] === qalys[r][i];
  const equals = (i, s) => {
    let found = 0;
    for (let r = 0; r < strategies; r++) if (same(i, s, r)) found++;
    return found;
  };
  /* The best, where it is so alone or with its equals; else -1. */
  const aloneOf = (i, winner) => (shared === 1 || equals(i, winner) === shared ? winner : -1);
  const giveEquals = (i, s, from, to) => {
    const found = equals(i, s);
    if (found === 1) return give(s, from, to, 1);
    for (let r = 0; r < strategies; r++) if (same(i, s, r)) give(r, from, to, 1 / found);
  };
  const best = (i, s, from, to) => {
    bestCosts[from] += costs[s][i];
    bestCosts[to + 1] -= costs[s][i];
    bestQalys[from] += qalys[s][i];
    bestQalys[to + 1] -= qalys[s][i];
  };
  const single = (i, t, winner, among) => {
    best(i, winner, t, t);
    if (among === 1) return give(winner, t, t, 1);
    const most = thresholds[t] * qalys[winner][i] - costs[winner][i];
    for (let s = 0; s < strategies; s++) {
      if (thresholds[t] * qalys[s][i] - costs[s][i] === most) give(s, t, t, 1 / among);
    }
  };
  /* Thresholds strictly between two that are done. */
  const between = (i, from, winnerFrom, to, winnerTo) => {
    if (to - from < 2) return;
    if (winnerFrom === winnerTo && winnerFrom >= 0) {
      giveEquals(i, winnerFrom, from + 1, to - 1);
      best(i, winnerFrom, from + 1, to - 1);
      return;
    }
    const middle = (from + to) >> 1;
    const winner = bestAt(i, middle);
    const alone = aloneOf(i, winner);
    single(i, middle, winner, shared);
    between(i, from, winnerFrom, middle, alone);
    between(i, middle, alone, to, winnerTo);
  };
  for (let i = 0; i < draws; i++) {
    const first = bestAt(i, 0);
    const aloneFirst = aloneOf(i, first);
    single(i, 0, first, shared);
    if (last === 0) continue;
    const end = bestAt(i, last);
    const aloneEnd = aloneOf(i, end);
    single(i, last, end, shared);
    between(i, 0, aloneFirst, last, aloneEnd);
  }
  const sums = costs.map((_, s) => [sum(costs[s]), sum(qalys[s])]);
  const optimal = thresholds.map((threshold) => {
    let found = 0;
    const benefit = (s) => threshold * sums[s][1] - sums[s][0];
    for (let s = 1; s < strategies; s++) if (benefit(s) > benefit(found)) found = s;
    return found;
  });
  let [c, q] = [0, 0];
  const evpi = thresholds.map((threshold, t) => {
    c += bestCosts[t];
    q += bestQalys[t];
    const [mineCosts, mineQalys] = sums[optimal[t]];
    return Math.max(0, (threshold * (q - mineQalys) - (c - mineCosts)) / draws);
  });
  const ceac = wins.map((differences) => {
    let total = 0;
    return Float64Array.from(thresholds, (_, t) => (total += differences[t]) / draws);
  });
  return { ceac, optimal, evpi };
}
