// A flow from source to sink, one step at a time; and what is found without the rewriting.

function render({ model, el }) {
  const context = lab({ model, el }, "taint", "Taint trace, step by step");
  const { body, act, on } = context;
  const answer = h("div", { class: "sls-card sls-answer" });
  const select = h("select", { "aria-label": "Flow", onchange: () => act("flow", { number: Number(select.value) }) });
  const title = h("h4", { class: "sls-flow-title" });
  const facts = h("p", { class: "sls-flow-facts" });
  const remedyWords = h("p", {});
  const remedyTitle = h("summary", {});
  const remedy = h("details", { class: "sls-remedy" }, remedyTitle, remedyWords);
  const way = tools("The handlers on the way");
  const steps = stepper(context, "step");
  const role = h("span", { class: "sls-badge" });
  const place = h("span", { class: "sls-headline" });
  const words = h("p", { class: "sls-what" });
  const value = h("p", { class: "sls-seen" });
  const look = button("Show the values", () => act("values"), { title: "Replay an attack on a simulated cloud, and see the value at each step" });
  const outcome = h("p", { class: "sls-hint" });
  const seeing = h("div", { class: "sls-body" }, tools("Values", look), outcome);
  const source = sourceView({ label: "Code", tall: true, onPick: (id) => act("go", { to: Number(id.slice(5)) }) });
  const graph = graphView({ model, label: "Event graph", small: true, onPick: (part) => act("part", { part }) });
  const graphPane = pane("In the event graph", graph.element);
  const all = listBox({ label: "All steps", onPick: (id) => act("go", { to: Number(id) }) });
  const walk = h(
    "div",
    { class: "sls-body" },
    h("div", { class: "sls-one-line" }, steps.element, remedy),
    h("div", { class: "sls-card sls-now-step", "aria-live": "polite" }, h("p", {}, role, place), words, value),
    h("div", { class: "sls-panes" }, pane("In the code", source.element), h("div", { class: "sls-body" }, graphPane, pane("All steps", all.element))),
    seeing,
  );
  const nothing = h("p", { class: "sls-label" }, "There is no flow to step through.");
  const stepping = h("div", { class: "sls-body" }, walk, nothing);
  const comparing = h("div", { class: "sls-body" });
  const tabs = tabList({
    label: "What to show",
    tabs: [
      { id: "steps", label: "Step by step", panel: stepping },
      { id: "compare", label: "Before and after the rewriting", panel: comparing },
    ],
    onPick: (id) => {
      tabs.choose(id); // at once: Python may have to trace first
      act("tab", { to: id });
    },
  });
  const flow = h("div", { class: "sls-flow" }, select, title, facts);
  const table = h("div", { class: "sls-roll", tabindex: "0", role: "group", "aria-label": "What was looked at" });
  const lookedAt = h("details", {}, h("summary", {}, "What was looked at"), table);
  body.append(answer, flow, h("div", { class: "sls-one-line" }, tabs.element, way), stepping, comparing, lookedAt);
  let view = { flows: [] };
  let drawn = "";
  let read = null;
  let listed = -1;
  let travelled = `${model.get("state").flow} ${model.get("state").at}`;

  const cells = (tag, texts) => h("tr", {}, texts.map((text) => h(tag, tag === "th" ? { scope: "col" } : {}, text)));
  const grid = (titles, rows) => h("table", { class: "sls-table" }, h("thead", {}, cells("th", titles)), h("tbody", {}, rows));

  function paintFlow(number) {
    const shown = view.flows[number];
    flow.hidden = !shown;
    walk.hidden = !shown;
    nothing.hidden = Boolean(shown);
    if (!shown || listed === number) return;
    listed = number;
    select.value = String(number);
    title.textContent = `${shown.title}: ${shown.source} → ${shown.sink}`;
    facts.replaceChildren(
      h("span", { class: `sls-badge sls-severity-${shown.severity}` }, shown.facts[0]),
      shown.facts.slice(1).join(" · "),
      ...(shown.link ? [" · ", h("a", { href: shown.link, target: "_blank", rel: "noreferrer" }, shown.cwe)] : shown.cwe ? [` · ${shown.cwe}`] : []),
    );
    remedyTitle.textContent = shown.aside ? "Why it is set aside" : "Remedy";
    remedyWords.textContent = shown.aside || shown.remedy;
    remedy.hidden = !remedyWords.textContent;
    remedy.open = Boolean(shown.aside);
    all.show(
      shown.steps.map((step, at) => ({
        id: String(at),
        text: [`${at + 1}. `, h("span", { class: `sls-role-${step.role}` }, step.role), `: ${step.text}`],
        detail: `${step.handler}, ${step.place}`,
        kind: step.role,
      })),
    );
  }

  function paintWay(shown, at) {
    const here = shown.route.findLastIndex((stop) => stop.step <= at);
    way.replaceChildren(
      ...shown.route.flatMap((stop, number) => [
        number ? h("span", { class: "sls-hop", "aria-hidden": "true" }, shown.steps[at].woken && number === here + 1 ? "⟹" : "→") : null,
        button(stop.handler, () => act("go", { to: stop.step }), { "aria-current": number === here ? "step" : null, title: `Go to the first step in ${stop.handler}` }),
      ]).filter(Boolean),
    );
  }

  function paintComparison(comparison) {
    if (!comparison) {
      const waiting = "Pysa traces the files as they are written, without the rewriting. This takes some seconds …";
      return comparing.replaceChildren(h("p", { role: "status", class: "sls-headline" }, waiting));
    }
    const side = (words, { count, words: said, run, flows }) =>
      h(
        "section",
        { class: "sls-card sls-side", "aria-label": words },
        h("h4", {}, words),
        h("p", { class: "sls-count" }, count === null ? "?" : String(count), h("span", {}, count === 1 ? " flow" : " flows")),
        said ? h("p", {}, said) : null,
        run ? h("p", { class: "sls-label" }, run) : null,
        flows.length ? h("ul", {}, flows.map((one) => h("li", {}, one))) : null,
      );
    const rows = comparison.pairs.map((pair) =>
      h(
        "tr",
        {},
        h("td", {}, pair.title),
        h(
          "td",
          { class: "sls-stack" },
          h("p", {}, h("strong", { "aria-hidden": "true" }, pair.found ? "✓ " : "✗ "), withCode(pair.without)),
          pair.call ? h("pre", { class: "sls-code sls-wrapped", tabindex: "0", role: "group", "aria-label": "The call at which the trace ends" }, pair.call) : null,
          pair.end === null ? null : button("Show where it ends", () => act("end", { flow: pair.flow, step: pair.end })),
        ),
        h("td", {}, h("strong", { "aria-hidden": "true" }, "✓ "), pair.with),
      ),
    );
    comparing.replaceChildren(
      h("div", { class: "sls-panes sls-even" }, side("Before: the files as they are written", comparison.without), side("After: with the rewriting", comparison.with)),
      ...(rows.length ? [grid(["Flow", "Before the rewriting", "After the rewriting"], rows)] : []),
    );
  }

  function lookAtGraph() {
    const part = graph.element.querySelector(".sls-chosen");
    if (part) intoView(part, graph.element);
  }

  function paint(state, parts) {
    paintFlow(state.flow);
    tabs.choose(state.tab);
    way.hidden = state.tab !== "steps" || !view.flows.length;
    paintComparison(parts.comparison);
    const shown = view.flows[state.flow];
    steps.show(state.at, shown ? shown.steps.length : 0);
    if (!shown || !parts.source) return;
    const step = shown.steps[state.at];
    role.textContent = step.role;
    role.className = `sls-badge sls-role-${step.role}`;
    place.textContent = step.woken ? `${step.handler} → ${step.woken}, ${step.place}` : `${step.handler}, ${step.place}`;
    words.replaceChildren(...withCode(step.words));
    value.hidden = !state.seen;
    value.replaceChildren(...(state.value ? ["the value seen here: ", h("code", {}, state.value)] : ["no value was seen here"]));
    seeing.hidden = !view.seeable;
    look.hidden = Boolean(state.seen);
    outcome.textContent = state.seen;
    outcome.hidden = !state.seen;
    paintWay(shown, state.at);
    all.choose(String(state.at));
    if (parts.source !== read) source.show(parts.source);
    read = parts.source;
    source.choose([state.chosen], { related: state.earlier });
    graphPane.hidden = !parts.graph;
    if (parts.graph) {
      graph.choose(state.parts);
      const here = `${state.flow} ${state.at}`;
      if (step.woken && here !== travelled) graph.travel(state.parts);
      travelled = here;
      if (parts.graph.dot !== drawn) graph.show(parts.graph).then(lookAtGraph);
      else lookAtGraph();
      drawn = parts.graph.dot;
    }
  }

  on("view", (fresh) => {
    view = fresh;
    listed = -1;
    answer.replaceChildren(
      h("p", { class: `sls-headline sls-answer-${view.answer}` }, view.words),
      h("p", {}, view.sentence),
      ...[view.run, view.gone].filter(Boolean).map((text) => h("p", { class: text === view.gone ? "sls-headline sls-gone" : "sls-label" }, text)),
    );
    select.replaceChildren(
      ...view.flows.map((one, number) =>
        h("option", { value: String(number) }, `${number + 1}. ${one.title}: ${one.source} → ${one.sink} (${one.aside ? "set aside" : one.severity})`),
      ),
    );
    select.hidden = view.flows.length < 2;
    title.hidden = view.flows.length > 1;
    tabs.element.hidden = !view.comparable;
    lookedAt.hidden = !view.handlers.length;
    lookedAt.open = view.flows.every((one) => one.aside);
    table.replaceChildren(grid(view.titles, view.handlers.map((row) => cells("td", row))));
    paint(model.get("state"), model.get("parts"));
  });
  context.onShown(paint);
  return context.end;
}

export default { render };
