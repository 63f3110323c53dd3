/* The panel: what a reader types. */

const TOP = 100000;

/* What is paid of the full price, from what a drug costs in the run and would cost at full price. */
function shareOf(now, full) {
  const most = full.indexOf(Math.max(...full));
  return full[most] > 0 ? now[most] / full[most] : 1;
}

class PanelControls {
  constructor(panel) {
    this.panel = panel;
    this.base = pointEstimates(panel);
    this.sample = null;
    panel.drugs.forEach((drug, k) => {
      if (drug.hidden) drug.paid = shareOf(drug.now, panel.base.parts[k]);
    });
    this.paid = panel.drugs.map((drug) => drug.paid);
    this.threshold = panel.thresholds[0];
    this.top = TOP;
    this.drug = Math.max(0, panel.drugs.findIndex((drug) => drug.own));
    this.weighted = false;
    this.asNhb = false;
    this.addControls();
    this.addFigures();
  }

  get thresholds() {
    return [...new Set([...this.panel.thresholds, this.threshold])].sort((a, b) => a - b);
  }

  name(strategy) {
    return DATA.looks[strategy].name;
  }

  addControls() {
    const form = document.getElementById("controls");
    form.addEventListener("submit", (event) => event.preventDefault());
    this.inputs = this.panel.drugs.map((drug, k) => this.addDrug(form, drug, k));
    this.thresholdInput = this.addNumber(form, "threshold", "Threshold (£ per QALY)", this.threshold, [1, 1e9], (value) => {
      this.threshold = value;
    });
    const top = this.addNumber(form, "top", "Curves over thresholds up to (£)", this.top, [1000, 1e9], (value) => {
      this.top = value;
    });
    const reset = element("button", { type: "button", id: "reset" }, "Back to the prices of this run");
    reset.addEventListener("click", () => {
      this.paid = this.panel.drugs.map((drug) => drug.paid);
      [this.threshold, this.top] = [this.panel.thresholds[0], TOP];
      this.thresholdInput.set(this.threshold);
      top.set(this.top);
      this.panel.drugs.forEach((drug, k) => this.inputs[k].reset());
      this.update();
    });
    form.append(reset);
  }

  addDrug(form, drug, k) {
    const start = drug.hidden ? null : 100 * (1 - drug.paid);
    const text = drug.hidden ? "" : read(start, 12).replace(/,/g, "");
    const id = `discount-${k}`;
    const input = element("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", value: text });
    if (drug.hidden) input.placeholder = "as in this run";
    const range = element("input", { type: "range", min: 0, max: 100, step: 0.5, "aria-label": `Discount on ${drug.label}, slider (%)` });
    const price = element("output", { for: id });
    const wrong = element("span", { class: "wrong", id: `${id}-wrong`, role: "alert" });
    const priceNow = () => {
      if (drug.hidden && input.value.trim() === "") price.textContent = "at the confidential price of this run";
      else price.textContent = drug.prices.map((p) => this.priceWords(drug, p, this.paid[k])).join("; ");
    };
    const set = (value) => {
      this.paid[k] = value === null ? drug.paid : start !== null && value === Number(text) ? drug.paid : 1 - value / 100;
      range.value = value === null ? 0 : value;
      priceNow();
    };
    const act = () => {
      const typed = input.value.trim().replace(/%$/, "");
      const value = typed === "" && drug.hidden ? null : Number(typed);
      const fine = value === null || (typed !== "" && value >= 0 && value <= 100);
      input.setAttribute("aria-invalid", String(!fine));
      wrong.textContent = fine ? "" : "A discount is a number from 0 to 100 (%).";
      if (!fine) return;
      set(value);
      this.update();
    };
    input.setAttribute("aria-describedby", `${id}-wrong ${id}-note`);
    input.addEventListener("input", act);
    range.addEventListener("input", () => {
      input.value = range.value;
      act();
    });
    form.append(
      element(
        "div",
        { class: "control" },
        element("label", { for: id }, `Discount on ${drug.label} (%)`),
        element("div", { class: "pair" }, input, range),
        price,
        element("small", { id: `${id}-note` }, drug.note),
        wrong,
      ),
    );
    set(start);
    return {
      reset: () => {
        input.value = text;
        input.setAttribute("aria-invalid", "false");
        wrong.textContent = "";
        set(start);
      },
    };
  }

  priceWords(drug, price, share) {
    const full = priceShown(price.value);
    return share === 1 ? `${full} a ${drug.pack}` : `${priceShown(price.value * share)} a ${drug.pack} (full price ${full})`;
  }

  addNumber(form, id, label, value, [least, most], act) {
    const input = element("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", value });
    const wrong = element("span", { class: "wrong", id: `${id}-wrong`, role: "alert" });
    input.setAttribute("aria-describedby", `${id}-wrong`);
    input.addEventListener("input", () => {
      const typed = Number(input.value.replace(/[£,\s]/g, "") || NaN);
      const fine = typed >= least && typed <= most;
      input.setAttribute("aria-invalid", String(!fine));
      wrong.textContent = fine ? "" : `A number from ${read(least)} to ${read(most, 10)}.`;
      if (!fine) return;
      act(typed);
      this.update();
    });
    form.append(element("div", { class: "control" }, element("label", { for: id }, label), input, wrong));
    return {
      set: (again) => {
        input.value = again;
        input.setAttribute("aria-invalid", "false");
        wrong.textContent = "";
      },
    };
  }

  addChoice(host, id, label, options, act) {
    const select = element("select", { id });
    options.forEach((text, value) => select.append(element("option", { value }, text)));
    select.addEventListener("change", () => {
      act(Number(select.value));
      this.update();
    });
    host.querySelector(".reader").append(element("span", { class: "field" }, element("label", { for: id }, label), select));
    return select;
  }
}
