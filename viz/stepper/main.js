// The page: what is set, what follows from it, and showing both.

const PAGE = JSON.parse(document.getElementById("data").textContent);
const PAUSE = 1600;
const find = (id) => document.getElementById(id);

// One picture at a time: all modules closed, or one of them opened.
let DATA = viewOf(PAGE.start);
let INPUTS = inputsOf(DATA);

function viewOf(k) {
  const { views, ...shared } = PAGE;
  const variables = views[k].variables.map((variable) => ({ ...variable, value: read(variable.value) }));
  const edges = views[k].edges.map((edge) => ({ ...edge, partial: read(edge.partial) }));
  return { ...shared, ...views[k], variables, edges };
}

function inputsOf({ variables }) {
  return new Set(variables.flatMap(({ input }, v) => (input ? [v] : [])));
}

// JSON has no nan and no infinity: they travel as text.
function read(x) {
  return PAGE.scalar && x !== null ? Number(x) : x;
}

function canHold(v) {
  return DATA.scalar && !INPUTS.has(v) && v !== DATA.output;
}

// A variable's place on the tape, which is the same in every picture.
function nodeOf(v) {
  return DATA.tape ? DATA.tape.variables[v] : v;
}

const state = { view: PAGE.start, given: new Map(), held: new Map(), output: DATA.output, input: DATA.input, step: 1, cut: null, inspected: { kind: "node", index: DATA.output }, timer: null };
let model = new Model();

const actions = {
  go(step) {
    state.step = Math.min(Math.max(step, 1), model.steps.length);
    state.cut = null;
    if (state.step === model.steps.length) actions.pause();
    update();
    picture.follow(model.step.v);
  },
  change(v, x) {
    state.given.set(nodeOf(v), x);
    recompute();
  },
  hold(v) {
    if (!state.held.delete(v)) state.held.set(v, model.values[v]);
    recompute();
  },
  choose(output, input) {
    const share = (state.step - 1) / (model.steps.length - 1);
    Object.assign(state, { output, input, cut: null });
    model.differentiate(state);
    state.step = Math.round(share * (model.steps.length - 1)) + 1;
    update();
  },
  drag(places) {
    state.cut = places.find((k) => model.places.includes(k)) ?? state.cut;
    update();
  },
  inspect(kind, index) {
    state.inspected = { kind, index };
    update();
  },
  // Another picture of the same graph; what was moved and held stays so, as far as it is there.
  open(k) {
    const share = (state.step - 1) / Math.max(model.steps.length - 1, 1);
    const held = new Map([...state.held].map(([v, x]) => [nodeOf(v), x]));
    [DATA, state.view] = [viewOf(k), k];
    INPUTS = inputsOf(DATA);
    const there = DATA.variables.map((_, v) => v).filter((v) => held.has(nodeOf(v)) && DATA.tape);
    const { output, input } = DATA;
    Object.assign(state, { output, input, cut: null, held: new Map(there.map((v) => [v, held.get(nodeOf(v))])), inspected: { kind: "node", index: output } });
    model = new Model();
    picture = new Picture(actions, k);
    fillLists();
    inputRows(model, actions.change);
    model.evaluate(state);
    model.differentiate(state);
    actions.go(1 + Math.round(share * (model.steps.length - 1)));
  },
  openModule(name) {
    const k = PAGE.views.findIndex(({ module }) => module === name);
    if (k >= 0 && k !== state.view) actions.open(k);
  },
  find(k, v) {
    if (k !== state.view) actions.open(k);
    actions.inspect("node", v);
    picture.point(v);
  },
  play() {
    if (state.timer !== null) return actions.pause();
    if (state.step === model.steps.length) actions.go(1);
    state.timer = setInterval(() => actions.go(state.step + 1), PAUSE);
    return showPlaying();
  },
  pause() {
    clearInterval(state.timer);
    state.timer = null;
    showPlaying();
  },
  reset() {
    state.given.clear();
    state.held = new Map();
    state.cut = null;
    recompute();
  },
};

let picture = new Picture(actions, PAGE.start);

// The settings changed: everything follows.
function recompute() {
  model.evaluate(state);
  model.differentiate(state);
  update();
}

// The step, the cut or what is looked at changed: the numbers stay.
function update() {
  model.computeStep(state);
  picture.show(model, state);
  showSteps();
  showCut();
  showSum(model, state);
  showInputs(model);
  showResult(model, state, actions);
  showCloser(model, state, actions);
}

function showSteps() {
  const { rows, said } = told(model, state);
  const phase = model.step.kind === "value" ? "forward" : "backward";
  find("chain").replaceChildren(...rows);
  speak(`${phase}, step ${state.step} of ${model.steps.length}: ${said}`);
  find("count").textContent = `${phase} ${state.step}/${model.steps.length}`;
  find("steps").max = model.steps.length;
  find("steps").value = state.step;
  find("steps").setAttribute("aria-valuetext", `${phase}, step ${state.step} of ${model.steps.length}`);
  find("back").disabled = find("first").disabled = state.step === 1;
  find("next").disabled = find("last").disabled = state.step === model.steps.length;
}

// A status that is set again is read again: only a change is said.
function speak(text) {
  if (find("said").textContent !== text) find("said").textContent = text;
}

function showCut() {
  find("cut").max = Math.max(model.places.length - 1, 0);
  find("cut").disabled = model.places.length === 0;
  const place = model.cut === null ? model.places.length - 1 : model.places.indexOf(model.cut);
  find("cut").value = place;
  find("cut").setAttribute("aria-valuetext", model.cut === null ? "not yet drawn" : `at ${names(model.members)}; sum ${shown(model.sum)}`);
}

function showPlaying() {
  const isPlaying = state.timer !== null;
  find("play").setAttribute("aria-pressed", isPlaying);
  find("play").querySelector("span").textContent = isPlaying ? "pause" : "play";
}

function fillLists() {
  const variables = DATA.variables.map((_, v) => [v, title(v)]);
  options(find("output"), DATA.scalar ? variables : [variables[DATA.output]], state.output);
  options(find("input"), variables, state.input);
  const nodes = DATA.variables.map((_, v) => [`node-${v}`, title(v)]);
  const edges = DATA.edges.map(({ source, target }, e) => [`edge-${e}`, `${title(source)} → ${title(target)}`]);
  options(find("look"), [...nodes, ...edges], `node-${state.inspected.index}`);
  find("notes").replaceChildren(...DATA.notes.map((note) => element("p", { class: "note" }, note)));
  find("help-hold").hidden = !DATA.variables.some((_, v) => canHold(v));
  find("help-cut").hidden = !DATA.lines.length;
  find("help-open").hidden = PAGE.views.length < 2;
  showModules();
}

// All closed, then the modules around one that have a picture, and the one itself.
function wayTo(module) {
  const parts = module ? module.split(".") : [];
  const around = ["", ...parts.map((_, i) => parts.slice(0, i + 1).join("."))];
  return around.filter((name) => PAGE.views.some((view) => view.module === name));
}

// The way from the closed model to the module that is opened; each part leads back to it.
function showModules() {
  const crumbs = wayTo(DATA.module).map((name, i) => {
    const isHere = name === DATA.module;
    const made = element("button", { type: "button", ...(isHere ? { "aria-current": "true" } : {}) }, name || "all modules closed");
    made.addEventListener("click", () => {
      actions.openModule(name);
      find("modules").querySelector("[aria-current]").focus();
    });
    return [i ? element("span", { class: "note", "aria-hidden": "true" }, " › ") : null, made];
  });
  find("modules").replaceChildren(...crumbs.flat().filter((part) => part !== null));
  find("modules").hidden = PAGE.views.length < 2;
}

function listen() {
  const on = (id, event, react) => find(id).addEventListener(event, react);
  on("first", "click", () => actions.go(1));
  on("back", "click", () => actions.go(state.step - 1));
  on("next", "click", () => actions.go(state.step + 1));
  on("last", "click", () => actions.go(model.steps.length));
  on("play", "click", actions.play);
  on("reset", "click", actions.reset);
  on("steps", "input", () => actions.go(find("steps").valueAsNumber));
  on("cut", "input", () => actions.drag([model.places[find("cut").valueAsNumber]]));
  on("output", "change", () => actions.choose(Number(find("output").value), state.input));
  on("input", "change", () => actions.choose(state.output, Number(find("input").value)));
  on("look", "change", () => {
    const [kind, index] = find("look").value.split("-");
    actions.inspect(kind, Number(index));
  });
  document.addEventListener("keydown", onKey);
}

// Keys move the steps unless a field of its own has the focus.
function onKey(event) {
  if (event.target.closest("input, select") || event.altKey || event.ctrlKey || event.metaKey) return;
  const moves = {
    ArrowRight: () => actions.go(state.step + 1),
    ArrowLeft: () => actions.go(state.step - 1),
    Home: () => actions.go(1),
    End: () => actions.go(model.steps.length),
    " ": () => actions.play(),
    "/": () => find("find").select(),
    Escape: () => actions.openModule(wayTo(DATA.module).at(-2) ?? ""),
  };
  if (!moves[event.key] || (event.key === " " && event.target.closest("button"))) return;
  event.preventDefault();
  moves[event.key]();
}

const search = new Search(actions.find);
DATA.hold.filter(canHold).forEach((v) => state.held.set(v, model.recorded[v]));
fillLists();
inputRows(model, actions.change);
listen();
recompute();
// For the console, with all digits: stepper.numbers(), stepper.open(stepper.modules()[1])
globalThis.stepper = {
  numbers: () => ({ values: model.values, partials: model.partials, totals: DATA.variables.map((_, v) => model.total(v)), sum: model.sum, cut: model.cut, isLive: model.isLive }),
  variables: () => DATA.variables.map((_, v) => title(v)),
  modules: () => PAGE.views.map(({ module }) => module),
  open: (module) => actions.openModule(module),
};
