// The chain rule in words and formulas below the picture, and everything that can be set.

const MOST_ROWS = 24;
const DIFFERS = "Inputs stay as recorded: the page's own numbers differ from the recorded ones.";

function held(state) {
  return [...state.held.keys()].sort((a, b) => a - b);
}

function names(variables) {
  return variables.map((v) => DATA.variables[v].name).join(", ");
}

// In lists: a variable, or the module that it leaves.
function title(v, { variables } = DATA) {
  const { name, module } = variables[v];
  return module === undefined || module === name ? name : `${module} (${name})`;
}

function row(...children) {
  return element("p", {}, ...children);
}

function words(text) {
  return element("span", { class: "note" }, text);
}

function list(variables) {
  return variables.flatMap((v, i) => [i ? ", " : "", symbol(v)]);
}

// --- the step --------------------------------------------------------------------------------

// One step as rows to be seen and one line to be heard.
function told(model, state) {
  const tell = { value: tellValue, seed: tellSeed, product: tellProduct }[model.step.kind];
  return tell(model.step, model, state);
}

function tellValue({ v }, model, state) {
  const { name, equation, input } = DATA.variables[v];
  const number_ = number(model.values[v], { what: `value-${v}` });
  const head = equation === null ? [symbol(v)] : [formula(equation)];
  const said = `${name} = ${shown(model.values[v])}`;
  if (state.held.has(v)) {
    return { rows: [row(symbol(v), sign("equals"), number_), row(words("held constant"))], said: `${said}, held constant` };
  }
  const { module } = DATA.variables[v];
  if (input && module !== undefined) return { rows: [row(head, sign("equals"), number_), row(words(`from the module ${module}`))], said: `${said}, from the module ${module}` };
  if (input) return { rows: [row(head, sign("equals"), number_), row(words("an input"))], said: `${said}, an input` };
  const sources = model.flow.into[v].map((e) => DATA.edges[e].source);
  return { rows: [row(head, sign("equals"), number_), valuesOf(sources, model)], said: `${said}, from ${names(sources)}` };
}

// with h_0 = 0.540, x = 1.000
function valuesOf(variables, model) {
  const each = variables.slice(0, DATA.terms).map((v) => {
    const value = number(model.values[v], { what: `value-${v}` });
    return element("span", { class: "term" }, symbol(v), sign("equals"), value);
  });
  const more = variables.length > DATA.terms ? words(`and ${variables.length - DATA.terms} more`) : null;
  return element("p", { class: "with" }, words("with"), each, more);
}

function tellSeed({ v }, model) {
  const one = DATA.scalar ? 1 : DATA.variables[v].total;
  const rows = [
    row(ratio("d", v, v), sign("equals"), number(one, { what: `total-${v}` })),
    row(words("every derivative starts at the output, with respect to itself")),
  ];
  return { rows, said: `${ratioText("d", v, v)} = ${shown(one)}` };
}

function tellProduct(step, model, state) {
  const { v, e, isLast } = step;
  const { target } = DATA.edges[e];
  const left = ratio(...model.towards(v));
  if (state.held.has(target) && target !== state.output) {
    const what = `${DATA.variables[target].name} is held, so nothing passes back to ${DATA.variables[v].name} through it`;
    return { rows: [row(left, plusEquals(), number(0, { what: `product-${e}` })), row(words(what)), runningSum(step, model, state)], said: what };
  }
  const factors = [ratio(...model.towards(target)), ratio("partial", target, v)];
  const rows = [row(left, plusEquals(), factors, ...productOf(e, model)), runningSum(step, model, state)];
  const head = `${ratioText(...model.towards(v))} += ${ratioText(...model.towards(target))} · ${ratioText("partial", target, v)}`;
  const sum = `${isLast ? wholeText(v, model, state) : "so far"}: ${shown(model.running.get(v))}`;
  return { rows, said: `${head} = ${productText(e, model)}; ${sum}` };
}

function plusEquals() {
  return element("span", { class: "sign onto" }, formula(DATA.signs.plus), formula(DATA.signs.equals));
}

function productOf(e, model) {
  if (!DATA.scalar) return [sign("equals"), number(model.contribution(e))];
  const { target } = DATA.edges[e];
  const factors = [
    number(model.totals[target], { bracketed: true, what: `total-${target}` }),
    sign("times"),
    number(model.partials[e], { bracketed: true, what: `partial-${e}` }),
  ];
  return [sign("equals"), factors, sign("equals"), number(model.contribution(e), { what: `product-${e}` })];
}

function productText(e, model) {
  if (!DATA.scalar) return shown(model.contribution(e));
  const { target } = DATA.edges[e];
  return `${factor(model.totals[target])} · ${factor(model.partials[e])} = ${shown(model.contribution(e))}`;
}

// What a complete sum is: the total derivative, or the partial one with these held.
function wholeText(v, model, state) {
  return model.partly.has(v) ? `partial, with ${names(held(state))} held` : "total";
}

// running sum: 1 · 0.607 + 0.794 · 0.619 = 1.099
function runningSum({ v, sum, isLast }, model, state) {
  const total = number(model.running.get(v), { what: isLast ? `total-${v}` : `sum-${v}` });
  const head = isLast ? [words(`${wholeText(v, model, state)}:`), ratio(...model.towards(v))] : [words("running sum:")];
  const shownTerms = DATA.scalar && sum.length <= DATA.terms ? sumOf(sum, model, state) : [];
  const before = isLast ? sign("equals") : null;
  return row(head, before, shownTerms, shownTerms.length ? sign("equals") : null, total);
}

function sumOf(edges, model, state) {
  const counted = edges.filter((e) => moves(DATA.edges[e].target, state));
  return counted.map((e, i) => {
    const { target } = DATA.edges[e];
    return term(i, [model.totals[target], `total-${target}`], [model.partials[e], `partial-${e}`]);
  });
}

// One product of a sum; each factor with what it is of.
function term(i, ...factors) {
  const [a, b] = factors.map(([x, what]) => number(x, { bracketed: true, what }));
  return element("span", { class: "term" }, i ? sign("plus") : null, a, sign("times"), b);
}

// --- the cut ---------------------------------------------------------------------------------

function showSum(model, state) {
  const place = document.getElementById("sum");
  place.replaceChildren(...(model.cut === null ? [hint()] : sumAtCut(model, state)));
}

function hint() {
  return row(words("The cut moves to the left on the way back. Move it yourself: the sum over the edges it crosses stays the same."));
}

function sumAtCut(model, state) {
  const x = state.input;
  if (x >= model.cut) return [row(words(`${DATA.variables[x].name} lies beyond this cut`))];
  const terms = model.terms.filter(({ h }) => moves(h, state));
  const left = [ratio(...model.towards(x)), sign("equals")];
  if (!DATA.scalar) return [row(left, model.members.slice(0, DATA.terms).map((h, i) => symbolicTerm(h, i, model, state)))];
  const total = number(model.sum, { what: "cut" });
  if (!terms.length) return [row(left, total, words(`every member of the cut is held: ${names(model.members)}`))];
  if (terms.length > DATA.terms) return [row(left, sign("sum"), words(`${terms.length} terms`), sign("equals"), total)];
  const symbols = terms.map(({ h }, i) => symbolicTerm(h, i, model, state));
  const numbers = terms.map(({ h, total, partial }, i) => term(i, [total, `total-${h}`], [partial, `across-${h}`]));
  return [row(left, symbols), row(sign("equals"), numbers, sign("equals"), total, following(model, state))];
}

// A held variable has no derivative, and no term.
function moves(h, state) {
  return !state.held.has(h) || h === state.output;
}

function symbolicTerm(h, i, model, state) {
  const factors = [ratio(...model.towards(h)), ratio("partial", h, state.input)];
  return element("span", { class: "term" }, i ? sign("plus") : null, factors);
}

function following({ followers }, { input }) {
  if (!followers.length) return null;
  return element("span", { class: "note" }, "(", list(followers.slice(0, 4)), followers.length > 4 ? ", … following " : " following ", symbol(input), ")");
}

// --- what can be set -------------------------------------------------------------------------

function inputRows(model, change) {
  const place = document.getElementById("inputs");
  place.replaceChildren();
  model.inputs.forEach((v) => place.append(inputRow(v, model.recorded[v], change)));
  if (!model.isLive) place.replaceChildren(row(words(DATA.still || DIFFERS)));
  document.getElementById("reset").hidden = !model.isLive && !DATA.scalar;
}

function inputRow(v, value, change) {
  const { name } = DATA.variables[v];
  const reach = 2 * Math.max(1, Math.abs(value));
  const most = Number.MAX_VALUE / 4; // a slider's span is a number too
  const within = (x) => Math.min(Math.max(x, -most), most);
  const span = Number.isFinite(value) ? { min: within(value - reach), max: within(value + reach) } : { min: -2, max: 2 };
  const slider = element("input", { type: "range", step: "any", ...span, "aria-label": name, id: `slider-${v}` });
  const box = element("input", { type: "number", step: "any", "aria-label": `${name}, as a number`, id: `box-${v}` });
  slider.addEventListener("input", () => change(v, Number(Number(slider.value).toPrecision(3))));
  const refusal = element("p", { class: "note", role: "status", id: `refusal-${v}` });
  box.addEventListener("input", () => {
    if (box.value !== "" && Number.isFinite(box.valueAsNumber)) change(v, box.valueAsNumber);
    else refuse(v, box);
  });
  box.addEventListener("blur", () => {
    box.value = typed(state.given.get(nodeOf(v)) ?? value);
  });
  return element("div", { class: "setting" }, element("span", { "aria-hidden": "true" }, symbol(v)), slider, box, refusal);
}

// A field for numbers takes finite ones alone; the others stand behind it.
function typed(x) {
  return Number.isFinite(x) ? x : "";
}

// What is no number changes nothing; the last one stays.
function refuse(v, box) {
  box.setAttribute("aria-invalid", "true");
  document.getElementById(`refusal-${v}`).textContent = `That is no finite number: ${DATA.variables[v].name} stays ${shown(model.values[v])}.`;
}

function showInputs(model) {
  for (const v of model.inputs) {
    const [slider, box] = ["slider", "box"].map((kind) => document.getElementById(`${kind}-${v}`));
    if (!slider) return;
    box.removeAttribute("aria-invalid");
    document.getElementById(`refusal-${v}`).textContent = "";
    if (Number.isFinite(model.values[v])) slider.value = model.values[v];
    box.placeholder = shown(model.values[v]);
    if (box !== document.activeElement || box.valueAsNumber !== model.values[v]) box.value = typed(model.values[v]);
  }
}

function options(select, entries, chosen) {
  select.replaceChildren(...entries.map(([value, text]) => element("option", { value }, text)));
  select.value = chosen;
}

function showResult(model, state, actions) {
  const { input, output } = state;
  const x = model.leading.has(input) ? (model.known.has(input) ? model.total(input) : null) : DATA.scalar ? 0 : null;
  const why = model.leading.has(input) ? null : words(`${DATA.variables[output].name} does not depend on ${DATA.variables[input].name}`);
  const rows = [element("p", { class: "result" }, ratio(...model.towards(input)), sign("equals"), number(x, { what: "result" }))];
  if (why) rows.push(row(why));
  rows.push(heldRow(state, actions));
  document.getElementById("result").replaceChildren(...rows);
}

// Which variables are held, each with a button that lets it go.
function heldRow(state, actions) {
  if (!state.held.size) return row(words(DATA.scalar ? "Nothing is held." : ""));
  const buttons = held(state).map((v) => {
    const free = element("button", { type: "button", "aria-label": `let ${DATA.variables[v].name} go` }, symbol(v), " ×");
    free.addEventListener("click", () => actions.hold(v));
    return free;
  });
  return element("p", { class: "holding" }, words("held:"), buttons);
}

// --- one variable or edge, looked at ---------------------------------------------------------

function showCloser(model, state, actions) {
  const { kind, index } = state.inspected;
  const rows = kind === "node" ? closeNode(index, model, state, actions) : closeEdge(index, model, state);
  document.getElementById("closer").replaceChildren(...rows);
  document.getElementById("look").value = `${kind}-${index}`;
}

function closeNode(v, model, state, actions) {
  const { equation } = DATA.variables[v];
  const value = model.evaluated.has(v) ? model.values[v] : null;
  const { into, out } = model.flow;
  return [
    row(equation === null ? symbol(v) : formula(equation), sign("equals"), number(value, { what: `value-${v}` })),
    totalRow(v, model, state),
    partialsTable("partial derivatives in", into[v], model),
    partialsTable("partial derivatives out", [...out[v]].reverse(), model),
    holdButton(v, state, actions),
  ].filter((part) => part !== null);
}

function totalRow(v, model, state) {
  if (!model.leading.has(v)) return row(words(`${DATA.variables[state.output].name} does not depend on it`));
  const x = model.known.has(v) ? model.total(v) : null;
  return row(ratio(...model.towards(v)), sign("equals"), element("span", { class: "total" }, number(x, { what: `total-${v}` })));
}

function partialsTable(title, edges, model) {
  if (!edges.length) return null;
  const rows = edges.slice(0, MOST_ROWS).map((e) => {
    const x = model.evaluated.has(DATA.edges[e].target) ? model.edgeNumber(e) : null;
    return row(partialHead(e), sign("equals"), number(x, { what: `partial-${e}` }));
  });
  const more = edges.length > MOST_ROWS ? words(`and ${edges.length - MOST_ROWS} more`) : null;
  return element("div", { class: "partials" }, element("h3", {}, title), rows, more);
}

// The formula where there is one, else ∂b/∂a.
function partialHead(e) {
  const edge = DATA.edges[e];
  return edge.formula === null ? ratio("partial", edge.target, edge.source) : formula(edge.formula);
}

function holdButton(v, state, actions) {
  if (!canHold(v)) return null;
  const isHeld = state.held.has(v);
  const text = isHeld ? `let ${DATA.variables[v].name} go` : `hold ${DATA.variables[v].name} constant`;
  const button = element("button", { type: "button", id: "hold", "aria-pressed": isHeld }, text);
  button.addEventListener("click", () => actions.hold(v));
  return row(button);
}

function closeEdge(e, model, state) {
  const { source, target } = DATA.edges[e];
  const x = model.evaluated.has(target) ? model.edgeNumber(e) : null;
  const rows = [row(partialHead(e), sign("equals"), number(x, { what: `partial-${e}` }))];
  const how = state.held.has(target) ? "held, so nothing passes" : `how ${DATA.variables[target].name} moves with ${DATA.variables[source].name} when every other variable is held`;
  rows.push(row(words(how)));
  const isKnown = model.known.has(target) && model.leading.has(target) && !state.held.has(target);
  if (isKnown) rows.push(row(words("contributes"), ratio(...model.towards(target)), ratio("partial", target, source), ...productOf(e, model)));
  return rows;
}
