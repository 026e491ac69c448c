// Functions that JavaScript lacks, or that it answers otherwise than Python does.

function power(a, n) {
  return a === 1 || (a === -1 && Math.abs(n) === Infinity) ? 1 : a ** n;
}

function maximum(a, b) {
  return a >= b || a !== a ? a : b;
}

function minimum(a, b) {
  return a <= b || a !== a ? a : b;
}

// Python's remainder: it has the sign of the divisor.
function modulo(a, b) {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

// The nearest whole number, the even one of two.
function rint(x) {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

function logaddexp(a, b) {
  return a === b ? a + Math.LN2 : maximum(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

// The error function: its series of positive terms near 0, a continued fraction of 1 − erf beyond.
function erf(x) {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size > 3) return Math.sign(x) * (1 - erfcFraction(size));
  let sum = x;
  for (let k = 1, term = x; Math.abs(term) > 1e-17 * Math.abs(sum); k += 1) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcFraction(x) {
  let tail = x;
  for (let k = 60; k > 0; k -= 1) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (tail * Math.sqrt(Math.PI));
}
