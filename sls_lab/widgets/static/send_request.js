// A form with one string, and what happens when it is sent: the graph lights up hop by hop, each hop with its details.

function render({ model, el }) {
  const context = lab({ model, el }, "send", "Send a request");
  const { body, act, on, root } = context;
  const marked = (pieces) => pieces.map(([text, sent]) => (sent ? h("mark", { class: "sls-mark-sent" }, text) : text));

  const name = freshId("field");
  const label = h("label", { for: name });
  const input = h("input", { id: name, type: "text", class: "sls-send-text", autocomplete: "off", spellcheck: "false" });
  const send = button("Send", () => act("send", { text: input.value }), { symbol: "▶" });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    send.click();
  });
  const samples = h("div", { class: "sls-toolbar", role: "group", "aria-label": "Examples to send" });
  const outcome = h("p", { class: "sls-outcome", role: "status" });
  const graph = graphView({ model, label: "Graph of the events, as far as the request has come", small: true });
  const steps = stepper(context, "hop");
  const list = listBox({ label: "Hops", onPick: (id) => act("go", { to: Number(id) }) });
  const details = h("section", { class: "sls-pane sls-panel sls-happens", "aria-label": "What happens in this hop", "aria-live": "polite" });
  const panes = h("div", { class: "sls-panes sls-hops" }, pane("Hops", list.element), details);
  body.append(
    h("div", { class: "sls-toolbar" }, label, input, send),
    samples,
    graph.element,
    outcome,
    steps.element,
    panes,
  );

  on("view", (view) => {
    label.textContent = `${view.field}, sent to ${view.at}`;
    samples.hidden = !view.samples.length;
    samples.replaceChildren(
      h("span", { class: "sls-toolbar-name" }, "Try"),
      ...view.samples.map((text) => button(h("code", {}, text), () => { input.value = text; input.focus(); })),
    );
    graph.show(view.graph);
  });

  // What was just sent travels hop by hop, and lights up what it has reached.
  let journeys = 0;
  /** The way of the hop `at` from where the request had come with the one before, in its order. */
  const way = ({ ways }, at) => ways[at].filter((part) => !ways[at - 1]?.includes(part)).reverse();
  async function travel(state, from) {
    const mine = ++journeys;
    for (let at = from; at <= state.at; at++) {
      graph.choose(state.ways[at - 1] ?? []);
      await graph.travel(way(state, at));
      if (mine !== journeys) return;
      graph.choose(state.ways[at]);
    }
  }

  let shown = "";
  let { sending, at } = model.get("state");
  on("state", (state) => {
    if (document.activeElement !== input) input.value = state.typed;
    outcome.textContent = state.outcome;
    for (const part of [steps.element, panes]) part.hidden = !state.hops.length;
    if (state.sending !== sending && state.ways.length) travel(state, 0);
    else if (state.at !== at && state.ways.length) travel(state, state.at);
    else graph.choose(state.ways[state.at] ?? []);
    ({ sending, at } = state);
    steps.show(state.at, state.hops.length);
    const titles = JSON.stringify(state.hops.map((hop) => [hop.title, hop.woken]));
    if (titles !== shown) list.show(state.hops.map((hop, number) => ({ id: String(number), text: hop.title, detail: hop.woken })));
    shown = titles;
    list.choose(String(state.at));
    const hop = state.hops[state.at];
    details.replaceChildren(...(hop ? about(hop) : []));
    root.dataset.hops = String(state.hops.length);
    root.dataset.sent = String(state.sending);
  });

  function about(hop) {
    const line = (word, ...inside) => [h("dt", {}, word), h("dd", {}, ...inside)];
    const code = (pieces) => h("code", { class: "sls-value" }, marked(pieces));
    const place = (text) => (text ? h("span", { class: "sls-place" }, text) : null);
    const told = h("dl", { class: "sls-facts" });
    for (const part of hop.received) told.append(...line("receives", code(part)));
    for (const call of hop.calls) {
      told.append(...line("calls", h("code", {}, call.name), " ", place(call.place), h("br"), code(call.arguments)));
      if (call.error) told.append(...line("", call.error));
      for (const delivery of call.deliveries) told.append(...line("", `→ ${delivery}`));
    }
    for (const danger of hop.dangers) {
      told.append(...line("dangerous", h("code", {}, danger.name), ", told and not carried out ", place(danger.place), h("br"), code(danger.value)));
      if (danger.commands.length) {
        const words = (command) => command.map((word, number) => [number ? " " : "", h("span", { class: "sls-word" }, word)]);
        const rows = danger.commands.map((command) => h("li", {}, words(command).flat()));
        told.append(...line("", danger.reads, h("ol", { class: "sls-commands" }, rows)));
      }
    }
    told.append(...line("ends", code(hop.ended)));
    return [h("h4", { class: "sls-title" }, hop.title), told];
  }
  return context.end;
}

export default { render };
