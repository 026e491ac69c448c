// The picture of the flow graph: which parts stand out, and the numbers written into it.

const PADLOCK = "M-3 -0.6h6v4.6h-6zM-2 -0.6v-1.6a2 2 0 0 1 4 0v1.6h-1.1v-1.6a.9 .9 0 0 0 -1.8 0v1.6z";

class Picture {
  constructor(actions, view) {
    this.graph = document.getElementById("graph");
    this.put(view);
    this.stage = document.getElementById("stage");
    this.nodes = DATA.variables.map((_, v) => this.part(`node-${v}`));
    this.edges = DATA.edges.map((_, e) => this.part(`edge-${e}`));
    this.cuts = DATA.lines.map((_, i) => document.getElementById(`cut-${i}`));
    const isFew = this.nodes.length + this.edges.length < 80;
    this.nodes.forEach((node, v) => this.pressable(node.part, isFew, () => this.press(v, actions)));
    this.edges.forEach((edge, e) => this.pressable(edge.part, isFew, () => actions.inspect("edge", e)));
    this.nodes.forEach((node, v) => this.addLock(node, v, actions));
    this.listenToDrags(actions.drag);
  }

  // The parts of one picture; those of the others wait in templates until they are opened.
  put(view) {
    if (!Picture.parts.size) Picture.parts.set(PAGE.start, [...this.graph.children].map((part) => part.cloneNode(true)));
    if (!Picture.parts.has(view)) Picture.parts.set(view, [...document.getElementById(`view-${view}`).content.firstElementChild.children]);
    this.graph.replaceChildren(...Picture.parts.get(view).map((part) => part.cloneNode(true)));
    const [width, height] = DATA.box;
    this.graph.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.graph.setAttribute("aria-label", DATA.module ? `${DATA.title}, ${DATA.module} opened` : DATA.title);
    const size = (name, x) => document.documentElement.style.setProperty(`--picture-${name}`, `${Math.round((x * 96) / 72)}px`);
    size("width", width);
    size("height", height);
  }

  // A module opens, anything else is looked at more closely.
  press(v, actions) {
    if (DATA.opens[v] === undefined) return actions.inspect("node", v);
    actions.openModule(DATA.opens[v]);
    return document.querySelector("#modules [aria-current]").focus();
  }

  part(id) {
    const part = document.getElementById(id);
    const [value, tag] = [part.querySelector(":scope > .number, .label > .number"), part.querySelector(".tag")];
    const inTag = { tag, live: tag?.querySelector(".live"), plate: tag?.querySelector("rect") };
    return { part, value, ...inTag, kinds: new Map([part, tag].map((p) => [p, p?.getAttribute("class")])), now: new Map() };
  }

  // A node or an edge as a button, for the mouse and the keyboard.
  pressable(part, isStop, press) {
    part.setAttribute("role", "button");
    part.setAttribute("tabindex", isStop ? "0" : "-1");
    part.addEventListener("click", press);
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      press();
    });
  }

  addLock(node, v, actions) {
    const { x, y, width } = outline(node.part.querySelector(".body"));
    if (DATA.opens[v] !== undefined) node.part.append(drawn("path", { class: "opener", d: "M-4 0h8M0-4v8", transform: `translate(${x + width - 9} ${y + 9})` }));
    if (!canHold(v)) return;
    const at = `translate(${x + 0.86 * width} ${y + 3})`;
    const dot = drawn("circle", { r: 8 });
    node.lock = drawn("g", { class: "lock", transform: at }, dot, drawn("path", { d: PADLOCK }));
    node.lock.append(drawn("title", {}, `hold ${DATA.variables[v].name} constant`));
    node.lock.addEventListener("click", (event) => {
      event.stopPropagation();
      actions.hold(v);
    });
    node.part.append(node.lock);
  }

  // Dragging the line moves it to the nearest place where a cut can stand.
  listenToDrags(drag) {
    this.cuts.forEach((cut) => {
      cut.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.graph.setPointerCapture(event.pointerId);
        this.graph.onpointermove = (moved) => drag(this.nearest(moved));
        this.graph.onpointerup = this.graph.onpointercancel = () => {
          this.graph.onpointermove = null;
        };
      });
    });
  }

  nearest(event) {
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.graph.getScreenCTM().inverse());
    const distances = this.cuts.map((cut, i) => [Math.abs(this.middle(cut) - x), DATA.lines[i]]);
    return distances.sort(([a], [b]) => a - b).map(([, place]) => place);
  }

  middle(cut) {
    const { x, width } = cut.querySelector(".line").getBBox();
    return x + width / 2;
  }

  show(model, state) {
    this.nodes.forEach((node, v) => this.showNode(node, v, model, state));
    this.edges.forEach((edge, e) => this.showEdge(edge, e, model, state));
    this.cuts.forEach((cut, i) => cut.classList.toggle("on", DATA.lines[i] === model.cut));
  }

  showNode(node, v, model, state) {
    const isKnown = model.evaluated.has(v);
    this.mark(node, node.part, {
      dim: !isKnown,
      outside: !model.leading.has(v),
      active: model.step.v === v,
      from: model.step.kind === "product" && DATA.edges[model.step.e].target === v,
      held: state.held.has(v),
      asked: v === state.input || v === state.output,
      selected: state.inspected.kind === "node" && state.inspected.index === v,
    });
    this.write(node, isKnown ? model.values[v] : null, `value-${v}`);
    if (node.tag) this.showTag(node, v, model, state);
    this.call(node, nodeText(v, model, state));
  }

  showEdge(edge, e, model, state) {
    const { source, target } = DATA.edges[e];
    const isIn = model.step.kind === "value" && model.step.v === target;
    this.mark(edge, edge.part, {
      dim: !model.evaluated.has(target),
      outside: !model.leading.has(target),
      active: isIn || (model.step.kind === "product" && model.step.e === e),
      used: model.used.has(e),
      held: state.held.has(target) && target !== state.output,
      crossed: model.crossed.has(e),
      selected: state.inspected.kind === "edge" && state.inspected.index === e,
    });
    const x = model.evaluated.has(target) ? model.edgeNumber(e) : null;
    this.write(edge, x, `partial-${e}`);
    this.call(edge, edgeText(source, target, x));
  }

  // What has not changed is left alone: of a thousand parts a step touches a few.
  mark(item, part, wanted) {
    const kinds = Object.keys(wanted).filter((name) => wanted[name]);
    const key = [item.kinds.get(part), ...kinds].join(" ");
    if (item.now.get(part) !== key) part.setAttribute("class", key);
    item.now.set(part, key);
  }

  write(item, x, what) {
    if (!item.value || item.now.get("number") === x) return;
    item.now.set("number", x);
    item.value.textContent = shown(x);
    item.value.setAttribute("data-of", what);
    item.value.setAttribute("data-value", x ?? "");
  }

  call(item, label) {
    if (item.now.get("label") !== label) item.part.setAttribute("aria-label", label);
    item.now.set("label", label);
  }

  // The tag with dy/dv: "—" before anything has arrived, the running sum until all has.
  showTag(node, v, model, state) {
    const x = model.running.get(v) ?? null;
    const towards = model.towards(v);
    const isTypeset = !DATA.scalar && x !== null;
    this.mark(node, node.tag, { empty: x === null, growing: x !== null && !model.known.has(v), typeset: isTypeset });
    const what = `${model.known.has(v) ? "total" : "sum"}-${v}`;
    const key = `${towards} ${what} ${x}`;
    if (node.now.get("total") === key) return;
    node.now.set("total", key);
    node.live.replaceChildren(...(isTypeset ? [] : this.tagLine(node, v, { towards, what, x })));
  }

  tagLine(node, v, { towards, what, x }) {
    const size = 10;
    const [cx, cy, least] = DATA.tags[v];
    const text = shown(x);
    const fraction = this.derivative(...towards, size);
    const equals = size * DATA.formulas[DATA.signs.equals][0];
    const width = fraction.width + equals + textWidth(text, size);
    const left = cx - width / 2;
    fraction.group.setAttribute("transform", `translate(${left} ${cy})`);
    node.plate.setAttribute("x", cx - Math.max(width + 10, least) / 2);
    node.plate.setAttribute("width", Math.max(width + 10, least));
    const baseline = cy + 0.25 * size;
    const place = { class: "number", x: left + fraction.width + equals, y: baseline, "font-size": size };
    const number = drawn("text", { ...place, "data-of": what, "data-value": x ?? "" }, text);
    return [fraction.group, use(DATA.signs.equals, left + fraction.width, baseline, size), number];
  }

  // A fraction, in brackets with the held variables behind it if there are any.
  derivative(kind, top, bottom, still, size) {
    const fraction = this.fraction(kind, top, bottom, size);
    if (!still.length) return fraction;
    const [open, close] = [DATA.signs.open, DATA.signs.close];
    const [tall, small] = [2.2 * size, 0.75 * size];
    const bracket = tall * DATA.formulas[open][0];
    fraction.group.setAttribute("transform", `translate(${bracket} 0)`);
    const names = still.map((v) => DATA.variables[v].symbol);
    const end = bracket + fraction.width;
    const parts = [use(open, 0, 0.25 * tall, tall), use(close, end, 0.25 * tall, tall), this.row(names, end + bracket, 1.1 * size, small)];
    const width = end + bracket + small * names.reduce((sum, f) => sum + DATA.formulas[f][0], 0);
    return { width, group: drawn("g", {}, fraction.group, parts) };
  }

  fraction(kind, top, bottom, size) {
    const rows = [top, bottom].map((v) => [DATA.signs[kind], DATA.variables[v].under]);
    const widths = rows.map((row) => size * row.reduce((sum, f) => sum + DATA.formulas[f][0], 0));
    const width = Math.max(...widths);
    const reach = (row, side) => size * Math.max(...row.map((f) => DATA.formulas[f][side]));
    const lines = [-2.4 - reach(rows[0], 2), 2.6 + reach(rows[1], 1)];
    const letters = rows.map((row, i) => this.row(row, (width - widths[i]) / 2, lines[i], size));
    const bar = drawn("path", { class: "bar", d: `M0 0h${width}` });
    return { width, group: drawn("g", {}, bar, letters) };
  }

  row(formulas, x, y, size) {
    return formulas.map((f) => {
      const made = use(f, x, y, size);
      x += size * DATA.formulas[f][0];
      return made;
    });
  }

  // What was searched for comes into view, and is ringed until the next thing happens.
  point(v) {
    this.follow(v);
    this.nodes[v].part.focus({ preventScroll: true });
  }

  // In a picture wider than the window, the variable of the step comes into view.
  follow(v) {
    const node = this.nodes[v].part.querySelector(".body").getBoundingClientRect();
    const stage = this.stage.getBoundingClientRect();
    const off = (a, b, room) => (a < room[0] || b > room[1] ? (a + b) / 2 - (room[0] + room[1]) / 2 : 0);
    const left = off(node.left, node.right, [stage.left, stage.right]);
    const top = off(node.top, node.bottom, [stage.top, stage.bottom]);
    const isCalm = Math.abs(left) > stage.width || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stage.scrollBy({ left, top, behavior: isCalm ? "instant" : "smooth" });
  }
}

Picture.parts = new Map();

// Where a bubble stands, by its attributes: in a frame that loads out of sight nothing can be measured.
function outline(body) {
  const of = (name) => Number(body.getAttribute(name));
  if (body.tagName === "rect") return { x: of("x"), y: of("y"), width: of("width") };
  return { x: of("cx") - of("rx"), y: of("cy") - of("ry"), width: 2 * of("rx") };
}

// Widths of the page's own digits, so that nothing has to be measured on screen.
function textWidth(text, size) {
  const ems = { ".": 0.278, "−": 0.778, "—": 1, "×": 0.778, "∞": 1, "(": 0.389, ")": 0.389 };
  return size * [...text].reduce((sum, c) => sum + (ems[c] ?? 0.5), 0);
}

function nodeText(v, model, state) {
  const name = title(v);
  const value = model.evaluated.has(v) ? shown(model.values[v]) : "not yet evaluated";
  const total = ratioText(...model.towards(v));
  const held = state.held.has(v) ? ", held" : "";
  const opens = DATA.opens[v] === undefined ? "" : ", a module to open";
  return `${name}${opens}: ${value}${held}; ${total} = ${shown(model.running.get(v))}`;
}

function edgeText(source, target, x) {
  const names = `${DATA.variables[source].name} to ${DATA.variables[target].name}`;
  return `edge from ${names}: ${ratioText("partial", target, source)} = ${shown(x)}`;
}
