// The rewriting, one change at a time: before and after, why, and the node that was synthesised.

function render({ model, el }) {
  const context = lab({ model, el }, "rewriting", "Rewriting, change by change");
  const { body, act, on } = context;
  const steps = stepper(context, "change");
  const kind = h("span", { class: "sls-badge" });
  const headline = h("span", { class: "sls-headline" });
  const purpose = h("p", {});
  const unseen = h("div", {});
  const before = sourceView({ label: "Before", tall: true, onPick: (id) => act("mark", { mark: id }) });
  const place = sourceView({ label: "The place that the reason speaks of", tall: true });
  const back = button("Back to the file", () => act("back"), { symbol: "↩" });
  const elsewhere = h("div", { class: "sls-pane" }, back, place.element);
  const after = sourceView({ label: "After", tall: true, onPick: (id) => act("mark", { mark: id }) });
  const diff = h("pre", { class: "sls-code sls-diff", tabindex: "0", role: "group", "aria-label": "Difference" });
  const all = listBox({ label: "All changes", onPick: (id) => act("item", { item: id }) });
  const reasons = reasonList({ label: "Reasons", onPick: (id) => act("reason", { number: id }) });
  const why = h("div", { class: "sls-roll", tabindex: "0", role: "group", "aria-label": "Reasons" }, reasons.element);
  const node = h("div", { class: "sls-node" });
  const left = pane("Before: your file", before.element, elsewhere);
  const leftTitle = left.querySelector("h4");
  const analyser = checkbox("", (to) => act("analyser", { on: to }));
  const hidden = h("span", {});
  analyser.element.append(hidden);
  const files = h("div", { class: "sls-panes sls-even" }, left, pane("After: with the changes so far", after.element));
  const difference = h("div", {}, diff);
  const tabs = tabList({
    label: "How to show the change",
    tabs: [
      { id: "files", label: "Before and after", panel: files },
      { id: "diff", label: "Difference", panel: difference },
    ],
    onPick: (id) => act("tab", { to: id }),
  });
  body.append(
    steps.element,
    h("div", { class: "sls-card" }, h("p", {}, kind, headline, " "), purpose),
    unseen,
    h("div", { class: "sls-one-line" }, tabs.element, tools("What is shown", analyser.element)),
    files,
    difference,
    h(
      "div",
      { class: "sls-panes sls-three" },
      pane("All changes", all.element),
      pane("Why", why),
      pane("The node that was synthesised", node),
    ),
  );
  let view = { items: [], count: 0 };
  let seen = {};
  const code = (label, text) => [
    h("p", { class: "sls-label" }, label),
    h("pre", { class: "sls-code", tabindex: "0", role: "group", "aria-label": label }, colouring(text.text, text.colours)(0, text.text.length)),
  ];
  function paint(state, parts) {
    const { change } = parts;
    steps.show(state.at, view.count);
    kind.textContent = change ? change.words : "no change";
    kind.className = `sls-badge sls-kind-${change ? change.kind : "none"}`;
    headline.textContent = state.file + (change && change.woken.length ? ` → wakes ${change.woken.join(", ")}` : "");
    purpose.textContent = change ? change.purpose : state.empty;
    if (parts !== seen) {
      before.show(parts.before);
      after.show(parts.after);
      if (parts.place) place.show(parts.place);
      paintDifference(parts);
    }
    seen = parts;
    before.element.hidden = Boolean(parts.place);
    elsewhere.hidden = !parts.place;
    leftTitle.textContent = parts.place ? "The place that the reason speaks of" : "Before: your file";
    const chosen = state.chosen === null ? [] : [state.chosen];
    tabs.choose(state.tab);
    before.choose(chosen);
    after.choose(chosen, { related: state.earlier });
    if (parts.place) place.choose(["place"]);
    all.choose(state.chosen ?? `file:${state.file}`);
    reasons.show(change ? change.reasons : [], state.reason);
  }
  function paintDifference({ diff: lines, change }) {
    if (lines.length) showDifference(diff, lines);
    else diff.replaceChildren("No difference.\n");
    node.replaceChildren(
      ...(change ? change.nodes.flatMap(({ source, tree }) => [...code("As source", source), ...code("As a tree", tree)]) : []),
    );
  }
  on("view", (fresh) => {
    view = fresh;
    all.show(view.items);
    analyser.set(view.analyser);
    hidden.textContent = `Show what is written for the analyser alone (changes: ${view.hidden})`;
    unseen.replaceChildren(...view.unseen.map((words) => h("p", { class: "sls-trouble" }, words)));
    unseen.hidden = !view.unseen.length;
    paint(model.get("state"), model.get("parts"));
  });
  context.onShown(paint);
  return context.end;
}

export default { render };
