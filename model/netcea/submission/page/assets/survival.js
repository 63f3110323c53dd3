/* Survival curves: three figures that follow one slider of time, and who is where at that time. */

const MONTHS = 12;

function percent(share) {
  return shown(share, "percent");
}

function timeWords(years) {
  return `${fixed(years * MONTHS, 1)} months (${fixed(years, 2)} years)`;
}

function nearestIndex(rising, value) {
  let [low, high] = [0, rising.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle;
    else high = middle;
  }
  return value - rising[low] <= rising[high] - value ? low : high;
}

function survivalLines(endpoint, times) {
  const lines = endpoint.curves.map((curve) => ({ ...DATA.looks[curve.strategy], x: times, y: curve.y }));
  for (const steps of endpoint.steps) {
    lines.push({ name: steps.name, x: steps.x, y: steps.y, steps: true, thin: true, width: 1, cls: "observed" });
  }
  if (endpoint.population) {
    lines.unshift({ name: "General population", x: times, y: endpoint.population, cls: "population", dash: "6 4", width: 1.5, thin: true });
  }
  return lines;
}

function survivalContent(endpoint, times) {
  const lines = survivalLines(endpoint, times);
  const curves = lines.filter((line) => !line.steps);
  return {
    x: { min: 0, max: endpoint.shown_years, label: "Years since the start", format: (v) => read(v, 4) },
    y: { min: 0, max: 1, label: endpoint.axis, format: (v) => read(100 * v, 3) + "%" },
    lines,
    marks: endpoint.marks.map((mark) => ({ ...mark, colour: DATA.looks[mark.strategy].colour })),
    snap: (v) => times[nearestIndex(times, v)],
    readout: (v) => {
      const i = nearestIndex(times, v);
      return { title: timeWords(times[i]), rows: curves.map((c) => ({ look: c, name: c.name, text: percent(c.y[i]) })) };
    },
    legend: [...lines, ...endpoint.markLegend.map((mark) => ({ ...mark, colour: "var(--muted)" }))],
  };
}

function startSurvival() {
  if (!DATA.survival) return;
  const { times, endpoints, occupancy, arms } = DATA.survival;
  const host = document.getElementById("survival-time");
  const charts = [];
  const slider = element("input", { type: "range", id: "time", min: 0, max: times.length - 1, step: 1 });
  const output = element("output", { for: "time" });
  host.append(element("label", { for: "time" }, "Time since the start"), slider, output);
  const table = document.getElementById("at-time");
  const atRisk = document.getElementById("at-risk-now");

  const follow = (i) => {
    slider.value = i;
    slider.setAttribute("aria-valuetext", timeWords(times[i]));
    output.textContent = timeWords(times[i]);
    for (const chart of charts) {
      chart.moveCursor(times[i]);
      const found = chart.content.readout(times[i]);
      chart.describe(`At ${found.title}: ${found.rows.map((row) => `${row.name} ${row.text}`).join("; ")}`);
    }
    fillTable(table, rowsAt(i));
    const counted = arms.map((arm) => `${arm.name}, ${arm.endpoint}: ${arm.times.filter((t) => t >= times[i] - 1e-9).length}`);
    atRisk.textContent = counted.length ? `At risk at this time: ${counted.join("; ")}.` : "";
  };
  const rowsAt = (i) => {
    const rows = Object.entries(occupancy).map(([name, state]) => {
      const cell = (value, what) => ({ text: percent(value), value, from: `${what}: table trace of this run, ${DATA.looks[name].name}` });
      return [
        { text: DATA.looks[name].name },
        cell(state.progression_free[i] + state.progressed[i], "Alive, from the overall-survival curve after every adjustment"),
        cell(state.progression_free[i], "Progression-free, capped by overall survival"),
        cell(state.progressed[i], "Alive less progression-free"),
        cell(state.dead[i], "1 less alive"),
        cell(state.on_treatment[i], "On treatment, by the rule of the scenario"),
      ];
    });
    const os = endpoints.find((e) => e.population);
    if (os) {
      const value = os.population[i];
      rows.push([
        { text: "General population" },
        { text: percent(value), value, from: "People of the cohort's age and sex, from the life table" },
        ...Array.from({ length: 4 }, () => ({ text: "-" })),
      ]);
    }
    return rows;
  };
  for (const endpoint of endpoints) {
    const figure = document.getElementById(`figure-${endpoint.id}`);
    const content = survivalContent(endpoint, times);
    const chart = new Chart(figure, { moved: (v) => follow(nearestIndex(times, v)) });
    figure.querySelector(".reader").append(legend(content.legend));
    chart.set(content);
    charts.push(chart);
  }
  slider.addEventListener("input", () => follow(Number(slider.value)));
  follow(nearestIndex(times, Math.min(2, times[times.length - 1] / 4)));
}
