"use strict";
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const form = document.getElementById("form");
  const saved = document.getElementById("saved");
  const controls = [...form.querySelectorAll("[data-field]")];
  const draft = `flowgrade ${facts.assignment} ${facts.student} ${facts.purpose}`;
  const NUMERAL = "[+\\-\u2212]?\\s*(?:\\d[\\d\\s._,']*|[.,]\\d+)(?:\\s*(?:[eE]|[x\u00d7*\u00b7]\\s*10\\s*(?:\\^|\\*\\*))\\s*[+\\-\u2212]?\\d+)?";
  const NUMBER = new RegExp(`^\\(?\\s*${NUMERAL}\\s*\\)?(?:\\s*/\\s*${NUMERAL})?\\s*[%\u00b0]?$`);
  const FORMULA = /^[\p{L}\p{M}\d\s+\-\u2212*/^().,_=\u00b7\u00d7\u221a\u00b2\u00b3{}\\|\u2070-\u209f]+$/u;

  // what is odd about an answer, or "" ; nothing here knows what is right
  const odd = {
    number: (text) => (NUMBER.test(text) ? "" : "This does not read as a number, such as 0.4919, \u22121.2e\u22123 or 3/7."),
    formula: (text) => {
      if (!FORMULA.test(text)) return "This holds characters that no formula has.";
      const open = text.split("(").length - text.split(")").length;
      return open === 0 ? "" : open > 0 ? "A parenthesis is not closed." : "A parenthesis closes that was not opened.";
    },
    array: (text, control) => {
      const found = (text.match(/(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?/g) || []).length;
      const open = text.split("[").length - text.split("]").length;
      if (open !== 0) return "The square brackets do not match.";
      return found === Number(control.dataset.count) ? "" : `${found} numbers are there, ${control.dataset.count} are asked for.`;
    },
  };
  const digits = (text) => {
    if (/[/%]/.test(text)) return null;
    const mantissa = text.split(/[eEx\u00d7*\u00b7]/)[0].replace(/[^\d]/g, "").replace(/^0+/, "");
    return mantissa.length;
  };
  const say = (control) => {
    const text = control.value.trim();
    const place = document.getElementById(`${control.id}-said`);
    const trouble = text ? odd[control.dataset.kind](text, control) : "";
    let note = trouble;
    if (!trouble && text && control.dataset.kind === "number") {
      const count = digits(text);
      const wanted = Number(control.dataset.digits);
      if (count !== null && count < wanted) note = `${count} significant digit${count === 1 ? "" : "s"}; ${wanted} are asked for.`;
    }
    place.textContent = note;
    place.className = note ? "said odd" : "said";
    control.setAttribute("aria-invalid", trouble ? "true" : "false");
    return !trouble;
  };
  const answers = () => {
    const found = {};
    for (const c of controls) {
      if (c.value.trim()) (found[c.dataset.question] ??= {})[c.dataset.field] = c.value.trim();
    }
    return found;
  };
  const keep = () => { try { localStorage.setItem(draft, JSON.stringify(answers())); } catch { /* no storage: no draft */ } };
  const restore = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(draft) || "{}");
      for (const c of controls) c.value = kept[c.dataset.question]?.[c.dataset.field] ?? "";
    } catch { /* no storage: no draft */ }
    for (const c of controls) say(c);
  };

  for (const c of controls) {
    c.addEventListener("change", () => say(c));
    c.addEventListener("input", () => { keep(); if (c.getAttribute("aria-invalid") === "true") say(c); });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const strange = controls.filter((c) => !say(c));
    const empty = controls.filter((c) => !c.value.trim()).length;
    const text = JSON.stringify({ assignment: facts.assignment, student: facts.student, purpose: facts.purpose, answers: answers() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
    const plain = (name) => name.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 60) || "answers";
    link.download = `${plain(facts.student)}-${plain(facts.assignment)}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
    const left = [empty ? `${empty} field${empty === 1 ? " is" : "s are"} empty` : "", strange.length ? `${strange.length} cannot be read` : ""];
    saved.textContent = `Saved as ${link.download}. ${left.filter(Boolean).join(", ")}${left.some(Boolean) ? "." : ""}`;
  });
  restore();
})();
