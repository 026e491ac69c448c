// The flow graph: variables in order of evaluation, edges with partial derivatives, and the chain rule.

class Flow {
  constructor(count, edges) {
    this.count = count;
    this.edges = edges;
    this.into = Array.from({ length: count }, () => []);
    this.out = Array.from({ length: count }, () => []);
    edges.forEach((edge, e) => {
      this.into[edge.target].push(e);
      this.out[edge.source].unshift(e); // edges come by target: the last one first, as adjoints arrive
    });
  }

  // The variables from which edges lead to the output, and the output itself.
  leadsTo(output) {
    const found = new Set([output]);
    for (const v of found) for (const e of this.into[v]) found.add(this.edges[e].source);
    return found;
  }

  // The variables that move when x moves, those in `held` apart.
  moving(x, held) {
    const found = new Set([x]);
    for (const v of found) {
      for (const e of this.out[v]) {
        if (!held.has(this.edges[e].target)) found.add(this.edges[e].target);
      }
    }
    return found;
  }

  // dy/dv for every variable v; a held one keeps its own and passes nothing further back.
  // sizes: how large the terms of each partial derivative are, where it is but rounding.
  adjoints(output, partials, held, sizes = []) {
    const g = Array.from({ length: this.count }, (_, v) => new Total(v === output ? 1 : 0));
    for (let v = output; v >= 0; v -= 1) {
      if (held.has(v) && v !== output) continue;
      for (const e of this.into[v]) g[this.edges[e].source].pass(g[v], partials[e], sizes[e]);
    }
    return g;
  }

  // The variables for which something downstream is held: theirs is a partial derivative.
  partly(output, leading, held) {
    const found = new Set();
    for (let v = output; v >= 0; v -= 1) {
      if (!leading.has(v)) continue;
      const stopped = (held.has(v) && v !== output) || found.has(v);
      if (stopped) for (const e of this.into[v]) found.add(this.edges[e].source);
    }
    return found;
  }

  // Every evaluation, then the seed, then every contribution, to one variable after the other.
  steps(output, leading) {
    const order = [...leading].sort((a, b) => a - b);
    const found = order.map((v) => ({ kind: "value", v }));
    found.push({ kind: "seed", v: output });
    for (const v of order.slice(0, -1).reverse()) {
      const edges = this.out[v].filter((e) => leading.has(this.edges[e].target));
      edges.forEach((e, i) => {
        found.push({ kind: "product", v, e, sum: edges.slice(0, i + 1), isLast: i === edges.length - 1 });
      });
    }
    return found;
  }

  // Where a cut can stand: in front of each computed variable that leads to the output.
  places(leading) {
    return [...leading].filter((v) => this.into[v].length > 0).sort((a, b) => a - b);
  }

  // The edges across the cut in front of variable k.
  crossing(k, leading) {
    const found = [];
    this.edges.forEach(({ source, target }, e) => {
      if (source < k && target >= k && leading.has(target)) found.push(e);
    });
    return found;
  }

  // The terms of dy/dx = Σ (dy/dh)·(∂h/∂x) over the variables h in which the crossing edges end.
  terms(k, x, { leading, totals, partials, held, sizes }) {
    const ends = new Set(this.crossing(k, leading).map((e) => this.edges[e].target));
    const members = [...ends].sort((a, b) => a - b);
    const still = new Set([...held, ...members]);
    return members.map((h) => {
      const partial = held.has(h) ? 0 : this.adjoints(h, partials, still, sizes)[x].read;
      return { h, total: totals[h], partial, product: product(totals[h], partial) };
    });
  }
}
