// The interpreter: evaluates the recorded operations at any inputs, and differentiates each
// variable's own equation. RULES holds the operations, written by the engine's own records.

class Tape {
  // nodes: a number, or [rule, operand, …]; sums: what each rule is; variables: the node of each variable
  constructor({ nodes, sums }, variables, inputs) {
    this.nodes = nodes;
    this.sums = sums;
    this.variables = variables;
    this.isVariable = new Set(variables);
    this.regions = variables.map((node, v) => (inputs.has(v) ? [] : this.region(node)));
  }

  // Every node's value, where some nodes have the values given in `fixed`.
  evaluate(fixed) {
    const y = [];
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
    const adjoint = new Map([[this.variables[v], new Total(1)]]);
    for (const k of this.regions[v]) {
      const [rule, ...operands] = this.nodes[k];
      const xs = operands.map((x) => y[x]);
      RULES[rule].partials.forEach((partial, i) => {
        if (!adjoint.has(operands[i])) adjoint.set(operands[i], new Total());
        if (partial && adjoint.has(k)) adjoint.get(operands[i]).pass(adjoint.get(k), partial(y[k], ...xs));
      });
    }
    return adjoint;
  }

  kind(k) {
    return Array.isArray(this.nodes[k]) ? this.sums[this.nodes[k][0]] : "";
  }

  // A node's number as it is read: 0 where a sum is nothing but the rounding of its terms.
  read(k, y) {
    return this.isRounding(k, y) ? 0 : y[k];
  }

  isRounding(k, y) {
    if (this.kind(k).includes("+")) return this.isRoundedSum(k, y);
    const walk = new Set(["*", "/"].includes(this.kind(k)) ? [k] : []);
    for (const node of walk) {
      if (this.kind(node).includes("+") && y[node] !== 0 && this.isRoundedSum(node, y)) return true;
      const [, ...factors] = this.kind(node) === "*" ? this.nodes[node] : this.kind(node) === "/" ? this.nodes[node].slice(0, 2) : [];
      if (walk.size < MOST_FACTORS) factors.forEach((x) => walk.add(x));
    }
    return false;
  }

  isRoundedSum(k, y) {
    const terms = this.terms(k, y);
    return Math.abs(y[k]) <= terms.length * Number.EPSILON * Math.max(...terms.map(Math.abs));
  }

  // The numbers that a sum of sums adds up, as far as the variables.
  terms(start, y) {
    const [found, walk] = [[], new Set([start])];
    for (const k of walk) {
      const [, ...operands] = this.kind(k).includes("+") && (k === start || !this.isVariable.has(k)) ? this.nodes[k] : [];
      if (!operands.length) found.push(y[k]);
      else if (this.kind(k) === "*+") {
        found.push(y[operands[0]] * y[operands[1]]);
        walk.add(operands[2]);
      } else operands.forEach((x) => walk.add(x));
    }
    return found;
  }
}

const MOST_FACTORS = 50;
const SUSPICIOUS = 1e-6; // a larger derivative is taken for one at once

// A sum of contributions, which reads 0 where it is nothing but their rounding.
class Total {
  constructor(sum = 0) {
    [this.sum, this.count, this.largest] = [sum, 0, 0];
  }

  add(term, size = Math.abs(term)) {
    this.sum += term;
    this.count += 1;
    this.largest = Math.max(this.largest, size);
  }

  // A contribution through a factor; of one that is itself but rounding, what was rounded counts.
  pass(adjoint, factor, size = Math.abs(factor)) {
    this.add(product(adjoint.read, factor), adjoint.size * size);
  }

  get isRounding() {
    const size = Math.abs(this.sum);
    return size < SUSPICIOUS && size <= this.count * Number.EPSILON * this.largest;
  }

  get read() {
    return this.isRounding ? 0 : this.sum;
  }

  get size() {
    return this.isRounding ? this.largest : Math.abs(this.sum);
  }
}

// A zero comes from a path that is masked out, and stays zero whatever pole lies behind it.
function product(g, d) {
  return g === 0 || d === 0 ? 0 : g * d;
}
