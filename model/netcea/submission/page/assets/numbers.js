/* Sums, means and quantiles in the order in which NumPy adds up, so that the last bit is the same. */

function sum(values, from = 0, n = values.length) {
  if (n < 8) {
    let total = 0;
    for (let i = from; i < from + n; i++) total += values[i];
    return total;
  }
  if (n <= 128) {
    const r = new Float64Array(8);
    for (let k = 0; k < 8; k++) r[k] = values[from + k];
    let i = 8;
    for (; i < n - (n % 8); i += 8) for (let k = 0; k < 8; k++) r[k] += values[from + i + k];
    let total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (; i < n; i++) total += values[from + i];
    return total;
  }
  let half = n >> 1;
  half -= half % 8;
  return sum(values, from, half) + sum(values, from + half, n - half);
}

function mean(values) {
  return sum(values) / values.length;
}

/* Standard deviation of a sample (n - 1). */
function deviation(values) {
  const centre = mean(values);
  const squares = values.map((x) => (x - centre) * (x - centre));
  return Math.sqrt(sum(squares) / (values.length - 1));
}

function minus(a, b) {
  const found = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) found[i] = a[i] - b[i];
  return found;
}

/* Quantiles of numbers in rising order, linear between them. */
function quantile(rising, p) {
  const at = p * (rising.length - 1);
  const below = Math.floor(at);
  const t = at - below;
  const a = rising[below];
  const b = rising[Math.min(below + 1, rising.length - 1)];
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

/* Mean, its Monte Carlo standard error, and the 95% interval of draws. */
function interval(values) {
  const rising = Float64Array.from(values).sort();
  return {
    mean: mean(values),
    mcse: deviation(values) / Math.sqrt(values.length),
    low: quantile(rising, 0.025),
    high: quantile(rising, 0.975),
  };
}
