// Shared by all widgets. This file, source.js and graph.js stand before each widget's own script, in one module.
//
// Text reaches the page as text alone (textContent, attributes), never as HTML: it comes from files that may be hostile.

/** An element. `properties` are attributes, `class`, `on<event>` listeners and, as booleans, `hidden` and the like. */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The five steps, and which of them this is. */
function whereWeAre({ steps = [], here = 0, words = "" } = {}) {
  if (!here) return [];
  const marks = steps.map((name, number) => (number + 1 === here ? h("span", { class: "sls-here" }, `${here} ${name}`) : h("span", {}, String(number + 1))));
  return [h("span", { class: "sls-walk", role: "img", "aria-label": words, title: words }, marks)];
}

let counted = 0;
/** An id that nothing else on the page has. */
const freshId = (stem) => `sls-${stem}-${++counted}-${Math.random().toString(36).slice(2, 8)}`;

/**
 * A widget's frame: `root` in the page, a line for the learner, and the two directions of talk with Python.
 * `act(name, arguments)` asks Python to do something; `on(trait, paint)` paints now and whenever the trait changes.
 */
function lab({ model, el }, kind, label) {
  const status = h("p", { class: "sls-status", role: "status" });
  const body = h("div", { class: "sls-body" });
  // Every picture has its text: asked for when it is unfolded, and again when the widget's state has changed.
  const twin = h("pre", { tabindex: "0", "aria-label": `${label} as text` });
  const asText = h("details", { class: "sls-as-text" }, h("summary", {}, "As text"), twin);
  const askForText = () => asText.open && context.act("text");
  asText.addEventListener("toggle", askForText);
  const hear = (message) => message?.text !== undefined && (twin.textContent = message.text);
  model.on("msg:custom", hear);
  // JupyterLab's own keys (a cell above, run, delete …) must not fire while a widget has the focus.
  const root = h(
    "section",
    { class: `sls sls-${kind}`, "aria-label": label, "data-lm-suppress-shortcuts": "true" },
    h("p", { class: "sls-name" }, label, ...whereWeAre(model.get("walk"))),
    body,
    status,
    asText,
  );
  const endings = [() => model.off("msg:custom", hear)];
  el.append(root);
  const context = {
    model,
    root,
    body,
    act(name, values = {}) {
      try {
        model.send({ act: name, with: values });
      } catch {
        // What JupyterLab does after a restart: there is nobody to talk to.
        status.textContent = "The kernel of this widget has ended. Run its cell again.";
      }
    },
    on(trait, paint) {
      const listen = () => paint(model.get(trait));
      model.on(`change:${trait}`, listen);
      endings.push(() => model.off(`change:${trait}`, listen));
      listen();
    },
    /** Paints now and whenever what is chosen changes, or the texts and drawings (`parts`) that it speaks of. */
    onShown(paint) {
      let last = [];
      const look = () => {
        const now = [model.get("state"), model.get("parts")];
        if (now.every((one, number) => one === last[number])) return; // both have changed, and both are painted
        last = now;
        paint(...now);
      };
      for (const trait of ["state", "parts"]) {
        model.on(`change:${trait}`, look);
        endings.push(() => model.off(`change:${trait}`, look));
      }
      look();
    },
    atEnd: (ending) => endings.push(ending),
    end: () => endings.forEach((ending) => ending()),
  };
  context.on("status", (text) => {
    status.textContent = text;
    root.toggleAttribute("data-busy", text.endsWith("…"));
  });
  context.on("state", askForText);
  return context;
}

/** A sentence in which what stands between backquotes is code. */
const withCode = (text) => text.split("`").map((part, number) => (number % 2 ? h("code", {}, part) : part));

/**
 * A button; `symbol` is decoration beside the words, which may be a list with elements.
 * @param {any} words
 * @param {(event: any) => any} onclick
 * @param {Record<string, any>} [options]
 */
function button(words, onclick, { symbol, title, ...attributes } = {}) {
  const inside = [...(symbol ? [h("span", { "aria-hidden": "true" }, symbol), " "] : []), ...[words].flat()];
  return h("button", { type: "button", class: "sls-button", title, onclick, ...attributes }, inside);
}

/**
 * A checkbox with its words.
 * @returns {{element: HTMLElement, set: (value: boolean) => void}}
 */
function checkbox(words, onchange, checked = false) {
  const box = h("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked) });
  const element = h("label", { class: "sls-check" }, box, words);
  return { element, set: (value) => (box.checked = value) };
}

/** A group of controls with a name. */
const tools = (label, ...controls) => h("div", { class: "sls-toolbar", role: "group", "aria-label": label }, controls);

/** A titled part of a widget. */
function pane(title, ...children) {
  const id = freshId("pane");
  return h("section", { class: "sls-pane", "aria-labelledby": id }, h("h4", { id }, title), children);
}

/**
 * A list of which one item is chosen, by mouse or by arrow keys (as the ARIA listbox pattern has it).
 * Items are `{id, text, detail, kind, group}`; `text` may be a list with elements, `kind` decides the look, neighbours of one `group` stand under its name.
 */
function listBox({ label, onPick }) {
  const stem = freshId("list");
  const element = h("div", { class: "sls-list", role: "listbox", tabindex: "0", "aria-label": label });
  let items = [];
  let rows = [];
  let chosen = -1;
  const at = (id) => items.findIndex((item) => item.id === id);
  function choose(id) {
    const number = at(id);
    rows[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const row = rows[number];
    if (!row) return element.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    element.setAttribute("aria-activedescendant", row.id);
    intoView(row, element);
  }
  function pick(number) {
    const item = items[Math.max(0, Math.min(number, items.length - 1))];
    if (!item) return;
    choose(item.id);
    onPick(item.id);
  }
  element.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) pick(rows.indexOf(row));
  });
  element.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: items.length - 1, Enter: chosen };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    pick(moves[event.key]);
  });
  function show(fresh) {
    items = fresh;
    chosen = -1;
    rows = items.map((item, number) =>
      h(
        "div",
        { id: `${stem}-${number}`, role: "option", "aria-selected": "false", class: item.kind && `sls-is-${item.kind}` },
        h("span", { class: "sls-item" }, item.text),
        item.detail ? h("span", { class: "sls-detail" }, item.detail) : null,
      ),
    );
    element.replaceChildren();
    let box = element;
    items.forEach(({ group }, number) => {
      if (group && group !== items[number - 1]?.group) {
        const heading = h("div", { class: "sls-group", "aria-hidden": "true" }, group);
        box = h("div", { role: "group", "aria-label": group }, heading);
        element.append(box);
      }
      box.append(rows[number]);
    });
  }
  return { element, show, choose };
}

/** Tabs as the ARIA pattern has them: arrow keys move, the panel follows. `tabs` are `{id, label, panel}`. */
function tabList({ label, tabs, onPick }) {
  const buttons = tabs.map(({ id, label: words, panel }) => {
    panel.id ||= freshId("panel");
    const tab = h("button", { type: "button", role: "tab", id: freshId("tab"), "aria-controls": panel.id }, words);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => onPick(id));
    return tab;
  });
  const element = h("div", { class: "sls-tabs", role: "tablist", "aria-label": label }, buttons);
  element.addEventListener("keydown", (event) => {
    const now = buttons.indexOf(event.target);
    const moves = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 };
    if (now < 0 || !(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons.at(moves[event.key] % buttons.length);
    next.focus();
    next.click();
  });
  function choose(id) {
    tabs.forEach((tab, number) => {
      const here = tab.id === id;
      buttons[number].setAttribute("aria-selected", String(here));
      buttons[number].tabIndex = here ? 0 : -1;
      tab.panel.hidden = !here;
    });
  }
  return { element, choose };
}

/**
 * A `because` chain: `{text, place, id}`; those with an `id` can be picked to see the text they speak of, and `chosen`
 * is the id of the one that is looked at. The keyboard keeps its place while the chain stays the same.
 */
function reasonList({ label, onPick = (_id) => {} }) {
  const element = h("ol", { class: "sls-because", "aria-label": label });
  let shown;
  let buttons = [];
  function show(reasons, chosen = null) {
    if (JSON.stringify(reasons) !== shown) {
      shown = JSON.stringify(reasons);
      buttons = [];
      element.replaceChildren(
        ...reasons.map(({ text, place, id }) => {
          const where = place ? h("span", { class: "sls-place" }, place) : null;
          if (id === undefined || id === null) return h("li", {}, withCode(text), where);
          const control = button(withCode(text), () => onPick(id), { title: `Show ${place}` });
          buttons.push([id, control]);
          return h("li", {}, control, where);
        }),
      );
    }
    for (const [id, control] of buttons) control.setAttribute("aria-pressed", String(id === chosen));
  }
  return { element, show };
}

/**
 * First, previous, next, last and play, for whatever has steps. Left and right arrow, Home, End and the space bar do
 * the same anywhere in the widget but where text is typed or a list has the focus. Python holds the place.
 */
function stepper(context, noun) {
  const { root, act } = context;
  let at = 0;
  let count = 0;
  let asked = null; // where Python was asked to go: the next click counts from there, however long the answer takes
  let timer;
  const place = h("span", { class: "sls-step-place", "aria-live": "polite" });
  const to = (number) => {
    const wanted = Math.max(0, Math.min(number, count - 1));
    if (wanted !== at) at = asked = wanted;
    act("go", { to: wanted });
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.setAttribute("aria-pressed", "false");
    play.lastChild.textContent = "Play";
  };
  const start = () => {
    timer = setInterval(() => (at + 1 < count ? to(at + 1) : stop()), 1500);
    play.setAttribute("aria-pressed", "true");
    play.lastChild.textContent = "Pause";
    to(at + 1 < count ? at + 1 : 0);
  };
  const play = button("Play", () => (timer ? stop() : start()), { symbol: "▶", "aria-pressed": "false" });
  const moves = {
    Home: () => to(0),
    ArrowLeft: () => to(at - 1),
    ArrowRight: () => to(at + 1),
    End: () => to(count - 1),
    " ": () => play.click(),
  };
  const hand = (key) => () => (stop(), moves[key]());
  const first = button("First", hand("Home"), { symbol: "|◀" });
  const previous = button("Previous", hand("ArrowLeft"), { symbol: "◀" });
  const next = button("Next", hand("ArrowRight"), { symbol: "▶" });
  const last = button("Last", hand("End"), { symbol: "▶|" });
  root.addEventListener("keydown", (event) => {
    const own = "input, textarea, select, [role=listbox], [role=tab], [contenteditable], pre, button";
    const typing = event.target.closest(own);
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (typing && !(typing.matches("button:not([role=tab])") && event.key !== " ")) return;
    event.preventDefault();
    if (event.key === " ") play.click();
    else hand(event.key)();
  });
  context.atEnd(stop);
  const element = tools(`Move through the ${noun}s`, first, previous, play, next, last, place);
  function show(now, all) {
    count = all;
    if (asked === now || asked >= count) asked = null;
    if (asked === null) at = now;
    place.textContent = count ? `${noun} ${now + 1} of ${count}` : `no ${noun}s`;
    for (const [control, off] of [[first, at <= 0], [previous, at <= 0], [next, at + 1 >= count], [last, at + 1 >= count]]) {
      // A button that becomes useless keeps the focus, so that the keyboard is not lost.
      control.setAttribute("aria-disabled", String(off));
    }
    if (at + 1 >= count && timer) stop();
  }
  return { element, show };
}

/** Scroll `box`, and nothing around it, so that `inner` is seen; once it is in the page, where it is not yet. */
function intoView(inner, box) {
  if (!box.clientHeight) {
    const watch = new ResizeObserver(() => {
      if (!box.clientHeight) return;
      watch.disconnect();
      if (box.contains(inner)) intoView(inner, box);
    });
    return watch.observe(box);
  }
  const one = inner.getBoundingClientRect();
  const all = box.getBoundingClientRect();
  if (one.top < all.top || one.bottom > all.bottom) box.scrollTop += one.top - all.top - all.height / 3;
  // The beginning of the lines is the best place to read from, wherever that shows what is looked for.
  if (one.left - all.left + box.scrollLeft < all.width - 40) box.scrollLeft = 0;
  else if (one.left < all.left || one.left > all.right - 40) box.scrollLeft += one.left - all.left - all.width / 4;
}
