// The interpreter: evaluates the recorded operations at any inputs, and differentiates each
// variable's own equation. RULES holds the operations, written by the engine's own records.

class Tape {
  // nodes: a number, or [rule, operand, …]; variables: the node of each variable
  constructor({ nodes, variables }, inputs) {
    this.nodes = nodes;
    this.variables = variables;
    this.isVariable = new Set(variables);
    this.regions = variables.map((node, v) => (inputs.has(v) ? [] : this.region(node)));
  }

  // Every node's value, where the variables in `given` have the values given.
  evaluate(given) {
    const y = [];
    const fixed = new Map([...given].map(([v, x]) => [this.variables[v], x]));
    this.nodes.forEach((node, k) => {
      y.push(fixed.has(k) ? fixed.get(k) : this.value(node, y));
    });
    return y;
  }

  value(node, y) {
    if (!Array.isArray(node)) return Number(node);
    const [rule, ...operands] = node;
    return RULES[rule].value(...operands.map((k) => y[k]));
  }

  // The operations of one variable's own equation, last one first.
  region(start) {
    const found = new Set([start]);
    for (const k of found) {
      for (const x of this.nodes[k].slice(1)) {
        if (Array.isArray(this.nodes[x]) && !this.isVariable.has(x)) found.add(x);
      }
    }
    return [...found].sort((a, b) => b - a);
  }

  // ∂v/∂x for every node x of variable v's own equation, with all other variables held.
  partials(v, y) {
    const adjoint = new Map([[this.variables[v], 1]]);
    for (const k of this.regions[v]) {
      const [rule, ...operands] = this.nodes[k];
      const xs = operands.map((x) => y[x]);
      RULES[rule].partials.forEach((partial, i) => {
        const c = partial && adjoint.has(k) ? product(adjoint.get(k), partial(y[k], ...xs)) : 0;
        adjoint.set(operands[i], (adjoint.get(operands[i]) ?? 0) + c);
      });
    }
    return adjoint;
  }
}

// A zero comes from a path that is masked out, and stays zero whatever pole lies behind it.
function product(g, d) {
  return g === 0 || d === 0 ? 0 : g * d;
}
