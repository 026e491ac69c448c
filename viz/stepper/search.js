// Finding a variable by its name, in this picture and in those of the other modules.

const MOST_FOUND = 8;

// Without case and accents: "y" finds ŷ, as does what the author typed.
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// The best first: the whole name, then its beginning, then a part; this picture before the others.
function matches(query, here) {
  const wanted = plain(query.trim());
  if (!wanted) return [];
  const found = [];
  PAGE.views.forEach((view, k) => {
    view.variables.forEach(({ typed = "" }, v) => {
      const name = title(v, view);
      const rank = Math.min(...[name, typed].map((text) => rankOf(plain(text), wanted)));
      if (rank === Infinity) return;
      found.push({ k, v, name, rank: 2 * rank + (k === here ? 0 : 1) });
    });
  });
  found.sort((a, b) => a.rank - b.rank);
  return found.filter((a, i) => a.k === here || !found.slice(0, i).some((b) => b.name === a.name)).slice(0, MOST_FOUND);
}

function rankOf(text, wanted) {
  if (!text.includes(wanted)) return Infinity;
  return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2;
}

class Search {
  constructor(show) {
    [this.box, this.list] = ["find", "found"].map((id) => document.getElementById(id));
    this.show = show;
    this.box.addEventListener("input", () => this.look());
    this.box.addEventListener("focus", () => this.look());
    this.box.parentElement.addEventListener("keydown", (event) => this.onKey(event));
    this.box.parentElement.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.box.parentElement.contains(relatedTarget)) this.close();
    });
  }

  look() {
    const found = matches(this.box.value, state.view);
    const rows = found.map((match) => element("li", {}, this.button(match)));
    const isLost = !found.length && this.box.value.trim() !== "";
    if (isLost) rows.push(element("li", { class: "note", role: "status" }, "no variable has this in its name"));
    this.list.replaceChildren(...rows);
    this.list.hidden = !rows.length;
  }

  button({ k, v, name }) {
    const { module } = PAGE.views[k];
    const where = k === state.view ? null : words(module ? ` in ${module}` : " among the modules");
    const made = element("button", { type: "button" }, element("span", {}, name), where);
    made.addEventListener("click", () => {
      this.close();
      this.show(k, v);
    });
    return made;
  }

  close() {
    this.list.hidden = true;
  }

  // Enter takes the first, arrows go through the list, Escape leaves it.
  onKey(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const moves = {
      ArrowDown: () => buttons[Math.min(at + 1, buttons.length - 1)]?.focus(),
      ArrowUp: () => (at > 0 ? buttons[at - 1] : this.box).focus(),
      Escape: () => (this.close(), this.box.blur()),
      Enter: () => (at < 0 ? buttons[0] : buttons[at])?.click(),
    };
    if (!moves[event.key]) {
      if (event.target !== this.box) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }
}
