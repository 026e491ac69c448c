// Numbers as they are shown: the digits that viz.labels.number writes into pictures.

const DIGITS = 3;
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// exact: a short decimal stays as it is (1, 0.1, 0.14641); anything but a number is shown as text.
function shown(x, exact = true) {
  if (typeof x !== "number") return x ?? "—";
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const isPlain = x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e6);
  return (isPlain ? decimal(x, exact) : scientific(x)).replace("-", "−");
}

function scientific(x) {
  const [mantissa, exponent] = x.toExponential(DIGITS - 1).split("e");
  return `${mantissa}×10${[...String(Number(exponent))].map((c) => RAISED[c]).join("")}`;
}

function decimal(x, exact) {
  const leading = x === 0 ? 0 : -1 - Number(x.toExponential().split("e")[1]);
  const text = (exact && short(x)) || x.toFixed(DIGITS + Math.max(leading, 0));
  return Number(text) === 0 ? text.replace("-", "") : text;
}

// All of a number with few decimals, if that is all of it.
function short(x) {
  for (let decimals = 0; decimals <= DIGITS + 2; decimals += 1) {
    const text = x.toFixed(decimals);
    if (Math.abs(Number(text) - x) <= 1e-12 * Math.abs(x)) return text;
  }
  return "";
}

// In a product a negative number stands in brackets.
function factor(x) {
  const text = shown(x);
  return text.startsWith("−") ? `(${text})` : text;
}
