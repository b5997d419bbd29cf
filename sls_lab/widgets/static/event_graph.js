// The event graph with its edges as a list, and what is chosen with both files.

function render({ model, el }) {
  const context = lab({ model, el }, "events", "Event graph");
  const { body, act, on } = context;
  const pick = (part) => act("pick", { part });
  const graph = graphView({ model, label: "Graph of the events", onPick: pick });

  // Switches.
  const kinds = { permissions: "permissions", filters: "filters", environment: "environment variables" };
  /** @type {[string, ReturnType<typeof checkbox>][]} */
  const ignore = Object.entries(kinds).map(([kind, words]) => [kind, checkbox(words, (on) => act("ignore", { kind, on }))]);
  const everything = checkbox("", (on) => act("everything", { on }));
  const count = h("span");
  everything.element.append(count);
  const only = h("select", { "aria-label": "Which handlers", onchange: () => narrow() });
  const far = h(
    "select",
    { "aria-label": "How far", onchange: () => narrow() },
    h("option", { value: "" }, "up to the next handlers"),
    h("option", { value: "far" }, "all the way"),
  );
  const narrow = () => act("only", { handler: only.value, far: Boolean(far.value) });
  const store = (format) => graph.save(`${model.get("view").name}-events`, format);
  const bar = h(
    "div",
    { class: "sls-toolbar" },
    tools("Knowledge to ignore", h("span", { class: "sls-toolbar-name" }, "Ignore"), ...ignore.map(([, box]) => box.element)),
    tools("What to show", h("span", { class: "sls-toolbar-name" }, "Show"), everything.element, only, far),
    tools(
      "Size of the drawing",
      button("Larger", () => graph.zoom(1.25), { symbol: "+", title: "Larger (key +)" }),
      button("Smaller", () => graph.zoom(0.8), { symbol: "−", title: "Smaller (key -)" }),
      button("Fit", () => graph.zoom(), { symbol: "↔", title: "Show the whole drawing (key 0)" }),
    ),
  );
  const storing = tools(
    "Store the drawing",
    button("SVG", () => store("svg"), { symbol: "↓", title: "Store the drawing as SVG" }),
    button("PNG", () => store("png"), { symbol: "↓", title: "Store the drawing as PNG" }),
  );

  // What the ignored knowledge keeps away.
  const notice = h("div", { class: "sls-notice", role: "status" });
  const sample = (look, words) => h("span", {}, h("i", { class: `sls-line-${look}`, "aria-hidden": "true" }), words);
  const failing = sample("failing", "wakes no handler");
  const fresh = sample("new", "+ false edge");
  const legend = h(
    "p",
    { class: "sls-legend" },
    sample("certain", "certain"),
    sample("uncertain", "not certain"),
    failing,
    fresh,
    sample("open", "public entry"),
    sample("resource", "resource"),
  );

  // What is chosen.
  const list = listBox({ label: "All edges", onPick: pick });
  const more = h("p", { class: "sls-hint" });
  const title = h("h4", { class: "sls-title", tabindex: "-1" });
  const facts = h("dl", { class: "sls-facts" });
  const groups = h("div", { class: "sls-groups" });
  const why = h("h5");
  const reasons = reasonList({ label: "Reasons", onPick: (number) => act("reason", { number }) });
  const both = button("Show call and trigger", () => act("reason", { number: null }), { symbol: "↩" });
  const panel = h("section", { class: "sls-pane sls-panel", "aria-label": "What is chosen", "aria-live": "polite" });
  const hint = h("p", { class: "sls-hint" }, "Pick an arrow or a box in the graph, or an edge in the list: both files show where it comes from, and why.");
  panel.append(hint, title, facts, groups, why, reasons.element, both);
  const code = sourceView({ label: "Code", onPick: (mark) => act("mark", { mark }) });
  const template = sourceView({ label: "Template", onPick: (mark) => act("mark", { mark }) });
  const files = h("div", { class: "sls-files" }, pane("Code", code.element), pane("Template", template.element));
  body.append(
    bar,
    notice,
    h(
      "div",
      { class: "sls-panes sls-one-screen" },
      h("div", { class: "sls-body" }, graph.element, pane("Edges", list.element, more)),
      h("div", { class: "sls-body" }, files, panel),
    ),
    h("div", { class: "sls-toolbar sls-apart" }, legend, storing),
  );

  on("view", (view) => {
    for (const [kind, box] of ignore) box.set(view.ignored.includes(kind));
    everything.set(view.everything);
    count.textContent = `events that wake no handler (${view.failing})`;
    only.replaceChildren(h("option", { value: "" }, "all handlers"), ...view.handlers.map(([value, words]) => h("option", { value }, `only around ${words}`)));
    only.value = view.only;
    far.value = view.far ? "far" : "";
    far.hidden = !view.only;
    failing.hidden = !view.everything;
    fresh.hidden = !view.notice;
    if (view.graph) graph.show(view.graph);
    else graph.clear(view.instead);
    list.show(view.rows);
    more.textContent = view.more ? `and ${view.more} more: show one handler to see its edges.` : "";
    notice.hidden = !view.notice;
    if (view.notice) {
      const { text, rows, more: left, doubt } = view.notice;
      notice.replaceChildren(
        h("p", {}, text),
        h("ul", {}, rows.map(([id, words]) => h("li", {}, button(words, () => pick(id), { symbol: "+" }))), left ? h("li", {}, left) : null),
        h("p", {}, doubt),
      );
    }
    list.choose(model.get("state").row);
  });

  const seen = {};
  let followed = model.get("state").row; // the edge along which a dot has gone
  context.onShown((state, parts) => {
    const told = state.panel;
    graph.choose(state.parts);
    if (state.row && state.row !== followed) graph.travel(state.parts);
    followed = state.row;
    list.choose(state.row);
    hint.hidden = Boolean(told);
    for (const part of [title, facts, groups, why, reasons.element, both]) part.hidden = !told;
    files.hidden = !told || !(parts.code || parts.template);
    if (!told) return;
    if (title.textContent !== told.title && groups.contains(document.activeElement)) title.focus();
    title.textContent = told.title;
    facts.replaceChildren(...told.facts.flatMap(([name, words]) => [h("dt", {}, name), h("dd", {}, words)]));
    groups.replaceChildren(
      ...told.groups.map(([name, rows]) => {
        const item = ([words, id]) => h("li", {}, id ? button(words, () => pick(id)) : words);
        return h("div", {}, h("h5", {}, name), rows.length ? h("ul", {}, rows.map(item)) : h("p", { class: "sls-hint" }, "nothing"));
      }),
    );
    why.textContent = told.why;
    why.hidden = !told.reasons.length;
    reasons.show(told.reasons, told.reason);
    both.hidden = told.reason === null;
    for (const [view, source, name] of [[code, parts.code, "code"], [template, parts.template, "template"]]) {
      view.element.parentElement.hidden = !source;
      if (source && seen[name] !== source) view.show(source);
      seen[name] = source;
      view.choose(state.chosen, { related: state.related });
    }
  });
  return context.end;
}

export default { render };
