/* A figure with two axes: lines, marks and dots; it answers to the pointer, zooms, and follows the width of the page. */

const MARGINS = { top: 28, right: 18, bottom: 44, left: 66 };
const SMALLEST_DRAG = 8;

class Chart {
  /* host: a figure with a .plot; options: height, canvas (for dots), box (zoom both axes), moved (the cursor was moved). */
  constructor(host, options = {}) {
    this.host = host;
    this.options = options;
    this.plot = host.querySelector(".plot");
    this.zoom = null;
    this.cursor = null;
    if (options.canvas) this.plot.append((this.canvas = element("canvas", { "aria-hidden": "true" })));
    const title = host.querySelector("figcaption").textContent;
    this.plot.append((this.svg = shape("svg", { role: "img", "aria-label": title })));
    this.plot.append((this.tip = element("div", { class: "readout", hidden: true, "aria-hidden": "true" })));
    this.addTools();
    this.addPointer();
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  addTools() {
    const name = this.host.querySelector("figcaption").textContent.split(":")[0];
    const tools = element("div", { class: "tools", role: "group", "aria-label": `Zoom: ${name}` });
    const add = (text, label, act) => {
      const button = element("button", { type: "button", "aria-label": `${label}: ${name}`, title: label }, text);
      button.addEventListener("click", act);
      tools.append(button);
    };
    add("+", "Zoom in", () => this.zoomBy(0.5));
    add("−", "Zoom out", () => this.zoomBy(2));
    add("←", "Move left", () => this.move(-0.25));
    add("→", "Move right", () => this.move(0.25));
    add("Whole", "Show the whole figure", () => this.zoomTo(null));
    this.host.insertBefore(tools, this.plot);
  }

  /* What the figure shows, for those who cannot see it. */
  describe(words) {
    this.svg.setAttribute("aria-label", `${this.host.querySelector("figcaption").textContent}. ${words}`);
  }

  get whole() {
    return { x: [this.content.x.min, this.content.x.max], y: [this.content.y.min, this.content.y.max] };
  }

  get domain() {
    const whole = this.whole;
    const x = this.zoom ? this.zoom.x : whole.x;
    const y = this.zoom && this.zoom.y ? this.zoom.y : this.content.y.fit ? this.content.y.fit(x) : whole.y;
    return { x, y };
  }

  zoomTo(zoom) {
    const whole = this.whole;
    if (zoom && zoom.x[1] - zoom.x[0] >= (whole.x[1] - whole.x[0]) * 0.999) zoom = null;
    this.zoom = zoom;
    this.draw();
  }

  zoomBy(factor) {
    const { x, y } = this.domain;
    const around = ([a, b], centre) => [centre - (centre - a) * factor, centre + (b - centre) * factor];
    const within = this.cursor !== null && this.cursor > x[0] && this.cursor < x[1];
    const zoom = { x: around(x, this.options.box ? (x[0] + x[1]) / 2 : within ? this.cursor : x[0]) };
    if (this.options.box) zoom.y = around(y, (y[0] + y[1]) / 2);
    else zoom.x = [Math.max(zoom.x[0], this.whole.x[0]), Math.min(zoom.x[1], this.whole.x[1])];
    this.zoomTo(zoom);
  }

  move(share) {
    const { x, y } = this.domain;
    const whole = this.whole;
    let by = share * (x[1] - x[0]);
    if (!this.options.box) by = Math.min(Math.max(by, whole.x[0] - x[0]), whole.x[1] - x[1]);
    this.zoomTo({ x: [x[0] + by, x[1] + by], ...(this.options.box ? { y } : {}) });
  }

  addPointer() {
    const svg = this.svg;
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    svg.addEventListener("pointermove", (event) => {
      const [px, py] = at(event);
      if (this.drag) this.drawDrag(px, py);
      else this.point(px, py);
    });
    svg.addEventListener("pointerleave", () => {
      this.tip.hidden = true;
    });
    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return this.point(...at(event));
      svg.setPointerCapture(event.pointerId);
      this.drag = at(event);
    });
    svg.addEventListener("pointerup", (event) => {
      const start = this.drag;
      this.drag = null;
      if (!start) return;
      this.rubber.remove();
      const end = at(event);
      if (Math.abs(end[0] - start[0]) < SMALLEST_DRAG) return;
      const [a, b] = [start[0], end[0]].map((p) => this.value("x", p)).sort((p, q) => p - q);
      const [c, d] = [start[1], end[1]].map((p) => this.value("y", p)).sort((p, q) => p - q);
      this.zoomTo({ x: [a, b], ...(this.options.box ? { y: [c, d] } : {}) });
    });
    svg.addEventListener("dblclick", () => this.zoomTo(null));
  }

  drawDrag(px, py) {
    const [sx, sy] = this.drag;
    const all = !this.options.box;
    this.rubber.setAttribute("x", Math.min(sx, px));
    this.rubber.setAttribute("width", Math.abs(px - sx));
    this.rubber.setAttribute("y", all ? MARGINS.top : Math.min(sy, py));
    this.rubber.setAttribute("height", all ? this.inner.height : Math.abs(py - sy));
    this.svg.append(this.rubber);
  }

  place(axis, value) {
    const [low, high] = this.shownDomain[axis];
    const share = (value - low) / (high - low || 1);
    return axis === "x" ? MARGINS.left + share * this.inner.width : MARGINS.top + (1 - share) * this.inner.height;
  }

  value(axis, place) {
    const [low, high] = this.shownDomain[axis];
    const share = axis === "x" ? (place - MARGINS.left) / this.inner.width : 1 - (place - MARGINS.top) / this.inner.height;
    return low + Math.min(Math.max(share, 0), 1) * (high - low);
  }

  set(content) {
    this.content = content;
    this.draw();
  }

  draw() {
    const width = this.plot.clientWidth;
    if (!this.content || width < 50) return;
    const height = this.options.height || Math.round(Math.min(360, Math.max(250, width * 0.5)));
    this.inner = { width: width - MARGINS.left - MARGINS.right, height: height - MARGINS.top - MARGINS.bottom };
    this.shownDomain = this.domain;
    for (const [name, value] of [["width", width], ["height", height], ["viewBox", `0 0 ${width} ${height}`]]) {
      this.svg.setAttribute(name, value);
    }
    this.rubber = shape("rect", { class: "rubber" });
    this.named = [];
    const clip = `clip-${this.host.id}`;
    const frame = { x: MARGINS.left, y: MARGINS.top, width: this.inner.width, height: this.inner.height };
    const inside = shape("g", { "clip-path": `url(#${clip})` });
    this.svg.replaceChildren(
      shape("defs", {}, shape("clipPath", { id: clip }, shape("rect", { ...frame, y: frame.y - 3, height: frame.height + 6 }))),
      this.axes(),
      inside,
      (this.over = shape("g")),
    );
    this.drawDots(width, height);
    for (const level of this.content.levels || []) this.drawLevel(inside, level);
    for (const line of this.content.lines || []) this.drawLine(inside, line);
    for (const mark of this.content.marks || []) this.drawMark(inside, mark);
    this.drawCursor();
  }

  axes() {
    const drawn = shape("g", { class: "axes" });
    const { x, y } = this.shownDomain;
    const { width, height } = this.inner;
    const bottom = MARGINS.top + height;
    for (const tick of ticksWithin(...y, Math.max(3, Math.round(height / 50)))) {
      const at = this.place("y", tick);
      drawn.append(shape("line", { class: "grid", x1: MARGINS.left, x2: MARGINS.left + width, y1: at, y2: at }));
      drawn.append(shape("text", { x: MARGINS.left - 8, y: at + 4, "text-anchor": "end" }, this.content.y.format(tick)));
    }
    const last = MARGINS.left + width;
    let reach = -Infinity;
    for (const tick of ticksWithin(...x, Math.max(2, Math.round(width / 65)))) {
      const at = this.place("x", tick);
      const text = this.content.x.format(tick);
      drawn.append(shape("line", { class: "tick", x1: at, x2: at, y1: bottom, y2: bottom + 4 }));
      const half = text.length * 3.4;
      if (at - half < reach || at + half > last + MARGINS.right) continue;
      reach = at + half + 6;
      drawn.append(shape("text", { x: at, y: bottom + 18, "text-anchor": "middle" }, text));
    }
    drawn.append(shape("line", { class: "axis", x1: MARGINS.left, x2: last, y1: bottom, y2: bottom }));
    drawn.append(
      shape("text", { class: "title", x: last, y: bottom + 37, "text-anchor": "end" }, this.content.x.label),
      shape("text", { class: "title", x: 2, y: 13 }, this.content.y.label),
    );
    return drawn;
  }

  drawLine(inside, line) {
    let path = "";
    let pen = "M";
    let previous = null;
    for (let i = 0; i < line.x.length; i++) {
      if (line.y[i] === null || Number.isNaN(line.y[i])) {
        pen = "M";
        continue;
      }
      const px = this.place("x", line.x[i]);
      const py = Math.min(Math.max(this.place("y", line.y[i]), -2000), 4000);
      if (line.steps && previous !== null && pen === "L") path += `L${px.toFixed(1)} ${previous.toFixed(1)}`;
      path += `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
      previous = py;
      pen = "L";
    }
    const width = line.width || 2;
    const common = { d: path, fill: "none", "stroke-dasharray": line.dash || false };
    if (!line.thin) inside.append(shape("path", { ...common, class: "halo", "stroke-width": width + 2 }));
    inside.append(shape("path", { ...common, class: line.cls || false, stroke: line.colour || false, "stroke-width": width }));
  }

  drawLevel(inside, level) {
    const { x, y } = this.shownDomain;
    let ends;
    if (level.slope !== undefined) ends = x.map((at) => [this.place("x", at), this.place("y", at * level.slope)]);
    else if (level.x !== undefined) ends = y.map((at) => [this.place("x", level.x), this.place("y", at)]);
    else ends = x.map((at) => [this.place("x", at), this.place("y", level.y)]);
    const [[x1, y1], [x2, y2]] = ends;
    inside.append(shape("line", { class: level.cls || "level", x1, y1, x2, y2, "stroke-dasharray": level.dash || false }));
    if (level.name) this.nameLevel(inside, level, ends);
  }

  /* The name of a level beside it, where no other name stands. */
  nameLevel(inside, level, [[x1, y1], [x2, y2]]) {
    const right = MARGINS.left + this.inner.width;
    const bottom = MARGINS.top + this.inner.height;
    const wide = level.name.length * 6.8;
    let [x, y, end] = [right - 4, (level.slope === undefined ? y1 : y2) - 5, true];
    if (level.slope !== undefined && y2 < MARGINS.top + 12) {
      x = x1 + ((MARGINS.top + 14 - y1) / (y2 - y1)) * (x2 - x1) - 6;
      y = MARGINS.top + 12;
    }
    if (level.x !== undefined) {
      end = x1 > right - wide - 8;
      x = x1 + (end ? -4 : 4);
      y = MARGINS.top + 12;
    }
    if (x1 > right + 1 || x < MARGINS.left || y > bottom + 12) return;
    const box = () => [end ? x - wide : x, y - 11, end ? x : x + wide, y + 2];
    const meets = ([a, b, c, d]) => this.named.some(([p, q, r, s]) => a < r && c > p && b < s && d > q);
    const step = level.x !== undefined || y <= MARGINS.top + 12 ? 13 : -13;
    for (let tries = 0; tries < 8 && meets(box()); tries++) y += step;
    this.named.push(box());
    inside.append(shape("text", { class: "name", x, y, "text-anchor": end ? "end" : "start" }, level.name));
  }

  drawMark(inside, mark) {
    const px = this.place("x", mark.x);
    const py = this.place("y", mark.y);
    const line = { stroke: mark.colour, "stroke-width": 1.3 };
    for (const [axis, range] of [["x", mark.xRange], ["y", mark.yRange]]) {
      if (!range) continue;
      const [a, b] = range.map((v) => this.place(axis, v));
      inside.append(shape("line", axis === "x" ? { x1: a, x2: b, y1: py, y2: py, ...line } : { x1: px, x2: px, y1: a, y2: b, ...line }));
    }
    const drawn = markShape(mark.kind, px, py, mark.colour, mark.filled);
    if (mark.text) drawn.append(shape("title", {}, mark.text));
    inside.append(drawn);
  }

  drawDots(width, height) {
    if (!this.canvas) return;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.save();
    pen.beginPath();
    pen.rect(MARGINS.left, MARGINS.top, this.inner.width, this.inner.height);
    pen.clip();
    for (const dots of this.content.dots || []) {
      pen.globalAlpha = dots.alpha;
      pen.fillStyle = dots.colour;
      const { x, y } = this.shownDomain;
      const [kx, ky] = [this.inner.width / (x[1] - x[0]), this.inner.height / (y[1] - y[0])];
      for (let i = 0; i < dots.n; i++) {
        const px = MARGINS.left + (dots.x[i] - x[0]) * kx;
        const py = MARGINS.top + (y[1] - dots.y[i]) * ky;
        pen.fillRect(px - 1, py - 1, 2.2, 2.2);
      }
    }
    pen.restore();
  }

  /* Show what the figure says at a place of the pointer. */
  point(px, py) {
    if (!this.content) return;
    const inX = px >= MARGINS.left && px <= MARGINS.left + this.inner.width;
    if (!inX) {
      this.tip.hidden = true;
      return;
    }
    if (this.content.near) return this.showTip(px, py, this.content.near(this.value("x", px), this.value("y", py), this));
    this.moveCursor(this.value("x", px), true);
    this.showTip(px, py, this.content.readout(this.cursor));
  }

  showTip(px, py, found) {
    this.tip.hidden = !found;
    if (!found) return;
    this.tip.replaceChildren(element("b", {}, found.title));
    for (const row of found.rows) {
      this.tip.append(element("div", {}, ...(row.look ? [swatch(row.look), " "] : []), `${row.name}: ${row.text}`));
    }
    const room = this.plot.clientWidth;
    const wide = this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, px + 14 + wide > room ? px - wide - 10 : px + 14)}px`;
    this.tip.style.top = `${Math.max(0, py - 10)}px`;
  }

  moveCursor(value, byPointer = false) {
    this.cursor = this.content.snap ? this.content.snap(value) : value;
    this.drawCursor();
    if (byPointer && this.options.moved) this.options.moved(this.cursor);
  }

  drawCursor() {
    if (!this.over) return;
    this.over.replaceChildren();
    const { x } = this.shownDomain;
    if (this.cursor === null || this.cursor < x[0] || this.cursor > x[1]) return;
    const at = this.place("x", this.cursor);
    this.over.append(shape("line", { class: "cursor", x1: at, x2: at, y1: MARGINS.top, y2: MARGINS.top + this.inner.height }));
  }
}
