// What follows from the settings; recomputed as far down as a change reaches.
class Model {
  constructor() {
    this.flow = new Flow(DATA.variables.length, DATA.edges);
    this.recorded = DATA.variables.map((variable) => variable.value);
    this.values = this.recorded;
    this.partials = DATA.edges.map((edge) => edge.partial);
    this.sizes = [];
    this.inputs = [...INPUTS];
    this.tape = DATA.tape && new Tape(DATA, DATA.tape.variables, INPUTS);
    this.isLive = this.tape !== null && this.agrees();
    if (!this.isLive) this.tape = null;
  }

  // Whether the page gets the numbers that the engine recorded; if not, it keeps to the recorded ones.
  agrees() {
    const { values, partials } = this;
    this.evaluate({ given: new Map(), held: new Map() });
    const near = (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));
    const isSame = this.values.every((x, v) => near(x, values[v])) && this.partials.every((x, e) => near(x, partials[e] ?? NaN));
    [this.values, this.partials] = [values, partials];
    return isSame;
  }

  evaluate({ given, held }) {
    if (!this.tape) return;
    const fixed = new Map([...given, ...[...held].map(([v, x]) => [nodeOf(v), x])]);
    const y = this.tape.evaluate(fixed);
    this.values = this.tape.variables.map((k) => (fixed.has(k) ? y[k] : this.tape.read(k, y)));
    DATA.variables.forEach((_, v) => {
      const adjoint = this.tape.partials(v, y);
      for (const e of this.flow.into[v]) {
        const total = adjoint.get(this.tape.variables[DATA.edges[e].source]);
        [this.partials[e], this.sizes[e]] = [total?.read ?? 0, total?.size];
      }
    });
  }

  differentiate({ output, held }) {
    this.leading = this.flow.leadsTo(output);
    this.steps = this.flow.steps(output, this.leading);
    this.places = this.flow.places(this.leading);
    this.partly = this.flow.partly(output, this.leading, held);
    this.adjoints = this.flow.adjoints(output, this.partials, held, this.sizes);
    this.totals = this.adjoints.map((total) => total.read);
  }

  // Where the step stands: what is evaluated, which totals are complete, where the cut is.
  computeStep(state) {
    this.step = this.steps[state.step - 1];
    this.evaluated = new Set();
    this.known = new Set();
    [this.running, this.sums] = [new Map(), new Map()];
    this.used = new Set();
    this.steps.slice(0, state.step).forEach((step) => this.pass(step, state));
    this.cut = state.cut ?? this.ownCut();
    this.computeCut(state);
  }

  pass({ kind, v, e, isLast }, { held, output }) {
    if (kind === "value") this.evaluated.add(v);
    if (kind === "product") this.used.add(e);
    if (kind === "seed" || isLast) this.known.add(v);
    if (kind === "value") return;
    const target = kind === "product" ? DATA.edges[e].target : v;
    if (!this.sums.has(v)) this.sums.set(v, new Total(kind === "seed" ? 1 : 0));
    const isPassed = DATA.scalar && kind === "product" && !(held.has(target) && target !== output);
    if (isPassed) this.sums.get(v).pass(this.adjoints[target], this.partials[e], this.sizes[e]);
    this.running.set(v, DATA.scalar ? this.sums.get(v).read : this.known.has(v) ? this.total(v) : "…");
  }

  // On the way back the cut stands in front of the last variable whose total is complete.
  ownCut() {
    if (!this.known.size) return null;
    const front = Math.min(...this.known);
    return this.places.find((k) => k >= front) ?? null;
  }

  computeCut({ input, output, held }) {
    this.crossed = new Set(this.cut === null ? [] : this.flow.crossing(this.cut, this.leading));
    this.members = [...new Set([...this.crossed].map((e) => DATA.edges[e].target))].sort((a, b) => a - b);
    [this.terms, this.followers, this.sum] = [[], [], 0];
    if (this.cut === null || input >= this.cut || !DATA.scalar) return;
    const stopped = new Set([...held.keys()].filter((v) => v !== output));
    this.terms = this.flow.terms(this.cut, input, { ...this, held: stopped });
    const sum = new Total();
    this.terms.forEach((term) => sum.add(term.product));
    this.sum = sum.read;
    const moving = this.flow.moving(input, stopped);
    const ends = new Set([...this.crossed].map((e) => DATA.edges[e].source));
    this.followers = [...ends].filter((v) => v !== input && moving.has(v)).sort((a, b) => a - b);
  }

  contribution(e) {
    if (!DATA.scalar) return DATA.edges[e].product;
    return product(this.totals[DATA.edges[e].target], this.partials[e]);
  }

  total(v) {
    return DATA.scalar ? this.totals[v] : DATA.variables[v].total;
  }

  // dy/dv, or ∂y/∂v where something between is held; what, where the edge from v to y has another ∂y/∂v.
  towards(v) {
    const kind = this.partly.has(v) ? "partial" : "d";
    const targets = this.flow.out[v].map((e) => DATA.edges[e].target);
    const onward = targets.some((t) => t !== state.output && this.leading.has(t) && !state.held.has(t));
    const isTwice = kind === "partial" && onward && targets.includes(state.output);
    return [kind, state.output, v, isTwice ? held(state).filter((h) => h !== v && h !== state.output) : []];
  }

  // An edge into a held variable has no number: what it says is not in force.
  edgeNumber(e) {
    const { target } = DATA.edges[e];
    return state.held.has(target) && target !== state.output ? null : this.partials[e];
  }
}
