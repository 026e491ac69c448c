// Numbers as they are shown: the digits that viz.formulas.numbers.number writes into pictures.

const DIGITS = 3;
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// A short decimal stays as it is (1, 0.1, 0.14641); anything but a number is shown as text.
function shown(x) {
  if (typeof x !== "number") return x ?? "—";
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const isPlain = x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e6);
  return (isPlain ? decimal(x) : scientific(x)).replace("-", "−");
}

function scientific(x) {
  const [whole] = x.toExponential(100).split("e");
  const [usual, exponent] = x.toExponential(DIGITS - 1).split("e");
  const mantissa = evenTie(whole, DIGITS - 1) ?? usual;
  return `${mantissa}×10${[...String(Number(exponent))].map((c) => RAISED[c]).join("")}`;
}

function decimal(x) {
  const leading = x === 0 ? 0 : -1 - Number(x.toExponential().split("e")[1]);
  const decimals = DIGITS + Math.max(leading, 0);
  const text = short(x) || (evenTie(x.toFixed(100), decimals) ?? x.toFixed(decimals));
  return Number(text) === 0 ? text.replace("-", "") : text;
}

// Half way between two decimals Python takes the even one, JavaScript the larger: 1.5625 is 1.562.
function evenTie(text, decimals) {
  const end = text.indexOf(".") + 1 + decimals;
  const isTie = /^50*$/.test(text.slice(end));
  return isTie && "02468".includes(text[end - 1]) ? text.slice(0, end) : null;
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
