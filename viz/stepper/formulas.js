// Formulas in the page: outlines drawn once and used again, fractions put together from symbols.

const SVG = "http://www.w3.org/2000/svg";

// An element; text and names become text nodes, never markup.
function element(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function drawn(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null));
  return made;
}

// A typeset formula in a line of text; em is the size of its letters.
function formula(number) {
  const [width, above, below] = DATA.formulas[number];
  const box = `0 ${-100 * above} ${100 * width} ${100 * (above + below)}`;
  const size = { width: `${width}em`, height: `${above + below}em` };
  const made = drawn("svg", { class: "formula", viewBox: box, ...size }, use(number, 0, 0, 100));
  made.style.verticalAlign = `${-below}em`;
  return made;
}

function use(number, x, y, size) {
  return drawn("use", { href: `#f-${number}`, transform: `translate(${x} ${y}) scale(${size / 100})` });
}

function symbol(v) {
  return formula(DATA.variables[v].symbol);
}

function sign(name) {
  return element("span", { class: `sign ${name}` }, formula(DATA.signs[name]));
}

// dy/dx or ∂y/∂x as a fraction that a screen reader reads as one; in brackets with what is held behind.
function ratio(kind, top, bottom, still = []) {
  const half = (place, v) => element("span", { class: place }, formula(DATA.signs[kind]), formula(DATA.variables[v].under));
  const said = { class: "ratio", role: "img", "aria-label": ratioText(kind, top, bottom, still) };
  const fraction = element("span", said, half("top", top), half("bottom", bottom));
  if (!still.length) return fraction;
  return element("span", { class: "bracketed" }, sign("open"), fraction, sign("close"), element("sub", {}, list(still)));
}

function ratioText(kind, top, bottom, still = []) {
  const text = [top, bottom].map((v) => differential(kind === "d" ? "d" : "∂", DATA.variables[v].name)).join("/");
  return still.length ? `(${text}) holding ${names(still)}` : text;
}

// A name of several words stands in brackets.
function differential(letter, name) {
  return name.includes(" ") ? `${letter}(${name})` : `${letter}${name}`;
}

// A number, with all its digits for whoever wants them.
function number(x, { bracketed = false, what = "" } = {}) {
  const text = bracketed ? factor(x) : shown(x);
  const isWords = typeof x === "string";
  return element("span", { class: isWords ? "words" : "number", "data-of": what, "data-value": x ?? "" }, text);
}
