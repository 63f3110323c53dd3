/* Numbers as netcea prints them: reporting/number_format and plain_number, digit for digit. */

const DECIMALS = { pounds: 0, qalys: 3, years: 3, months: 1, percent: 1, count: 0 };
const ICER_LABELS = {
  dominant: "(dominant)",
  dominated: "(dominated)",
  "extendedly dominated": "(ext dominated)",
  equal: "(equal)",
};
const NOT_REACHED = "not reached";
const NOT_KNOWN = "not known from so few draws";
const FURTHER = 60; // digits after those that are shown: a double that is exactly half-way ends before them

/* Digits of a number that is not negative, to so many decimals; exact halves go to the even digit, as in Python. */
function rounded(size, decimals) {
  if (size >= 1e21) return BigInt(size).toString() + (decimals ? "." + "0".repeat(decimals) : "");
  const long = size.toFixed(Math.min(decimals + FURTHER, 100));
  const point = long.indexOf(".");
  if (/^50*$/.test(long.slice(point + 1 + decimals))) {
    const kept = long.slice(0, point + (decimals ? 1 + decimals : 0));
    if (Number(kept[kept.length - 1]) % 2 === 0) return kept;
  }
  return size.toFixed(decimals);
}

function withCommas(digits) {
  const [whole, rest] = digits.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : "." + rest);
}

function fixed(value, decimals) {
  const digits = rounded(Math.abs(value), decimals);
  return (value < 0 && /[1-9]/.test(digits) ? "-" : "") + withCommas(digits);
}

function pounds(value) {
  const whole = rounded(Math.abs(value), 0);
  return (value < 0 && whole !== "0" ? "-" : "") + "£" + withCommas(whole);
}

/* The exponent of the first digit: floor(log10(size)). */
function exponent(size) {
  return Number(size.toExponential().split("e")[1]);
}

/* A number to the nearest multiple of a power of ten: Python's round(value, decimals). */
function roundedTo(value, decimals) {
  if (decimals >= 0) return Math.sign(value) * Number(rounded(Math.abs(value), decimals));
  const step = 10n ** BigInt(-decimals);
  const size = Math.abs(value);
  const whole = BigInt(Math.trunc(size));
  const rest = 2n * (whole % step);
  const down = whole / step;
  const half = rest === step;
  const up = rest > step || (half && (size > Math.trunc(size) || down % 2n === 1n));
  return Math.sign(value) * Number((up ? down + 1n : down) * step);
}

/* C's %g with so many significant digits. */
function significant(size, digits) {
  if (size === 0) return "0";
  let power = exponent(size);
  let text = power < digits ? rounded(size, digits - 1 - power) : size.toPrecision(digits);
  power = exponent(Number(text));
  if (power < -4 || power >= digits) {
    const [mantissa, tens] = size.toExponential(digits - 1).split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    const sign = tens[0];
    return `${short}e${sign}${tens.slice(1).padStart(2, "0")}`;
  }
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function read(value, digits = 6) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const sign = value < 0 ? "-" : "";
  if (!Number.isFinite(size)) return sign + "inf";
  if (size < 1e-9 || size >= 1e15) return sign + significant(size, digits);
  if (size >= 10 ** digits) return sign + withCommas(rounded(size, 0));
  const text = rounded(size, Math.max(digits - 1 - exponent(size), 0));
  return sign + withCommas(text.includes(".") ? text.replace(/\.?0+$/, "") : text);
}

function shown(cell, kind) {
  if (cell === null || cell === undefined) return "-";
  if (kind === "icer") return icer(cell);
  if (typeof cell === "string") return cell;
  if (!Number.isFinite(cell)) return NOT_REACHED;
  if (kind === "pounds") return pounds(cell);
  if (kind === "percent") return fixed(100 * cell, 1) + "%";
  return kind in DECIMALS ? fixed(cell, DECIMALS[kind]) : read(cell, 4);
}

/* A mean of draws, no finer than its Monte Carlo standard error. */
function known(value, error, kind) {
  if (!(Number.isFinite(error) && error > 0)) return shown(value, kind);
  const decimals = Math.min(-exponent(error), DECIMALS[kind]);
  const mean = roundedTo(value, decimals);
  return kind === "pounds" ? pounds(mean) : fixed(mean, Math.max(decimals, 0));
}

/* A standard error below it is what rounding leaves of draws that are all the same. */
const ROUNDING = 1e-12;

function errorShown(error, kind) {
  if (!Number.isFinite(error)) return "-";
  const seen = error < ROUNDING ? 0 : error;
  const digits = seen > 0 ? Math.max(1 - exponent(seen), 0) : 0;
  const text = fixed(seen > 0 ? Number(seen.toPrecision(2)) : 0, digits);
  return kind === "pounds" ? `£${text}` : text;
}

/* An ICER {value, label, error}: never negative, never bare where it is not a cost per QALY gained. */
function icer(cell) {
  if (cell.error === Infinity) return NOT_KNOWN;
  if (cell.value === null) return ICER_LABELS[cell.label] || "-";
  return known(cell.value, cell.error || 0, "pounds") + (cell.label ? " saved per QALY lost" : "");
}

/* A discount as it is read: 96.85%. */
function discountShown(share) {
  return read(100 * share, 4) + "%";
}

function priceShown(value) {
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return pounds(value);
  return (value < 0 ? "-£" : "£") + fixed(Math.abs(value), 2);
}
