/* Ticks of an axis, and the range input that reads a figure. */

function niceStep(span, count) {
  const raw = span / count;
  const power = 10 ** exponent(raw);
  return power * [1, 2, 2.5, 5, 10].find((m) => m * power >= raw * (1 - 1e-9));
}

function ticksWithin(low, high, count) {
  if (!(high > low)) return [low];
  const step = niceStep(high - low, count);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
  return found;
}

/* A range input that reads a figure at a place, for the keyboard and the touch screen. */
function reader(host, name, { min, max, step, value }, words, moved) {
  const id = `${host.id}-read`;
  const input = element("input", { type: "range", id, min, max, step, value });
  const output = element("output", { for: id });
  const act = () => {
    const found = words(Number(input.value));
    input.setAttribute("aria-valuetext", found);
    output.textContent = found;
    moved(Number(input.value));
  };
  input.addEventListener("input", act);
  host.querySelector(".reader").append(element("span", { class: "field" }, element("label", { for: id }, name), input), output);
  return { input, refresh: act };
}
