// A template with all that is declared in it, and how its values come to be.

const templateLetter = (kind, letter) => h("b", { class: `sls-letter sls-is-${kind}`, "aria-hidden": "true" }, letter);

/** A text of which parts are not known: each of those is framed, and its title says what it stands for. */
function partlyKnown(parts) {
  const pieces = parts.map(({ text, hole }) => (hole ? h("span", { class: "sls-hole", title: `not known: ${hole}` }, text) : text));
  return h("code", { class: "sls-value" }, pieces.length ? pieces : h("i", {}, "empty text"));
}

function render({ model, el }) {
  const context = lab({ model, el }, "template", "Template explorer");
  const { body, act, on } = context;
  const { kinds } = model.get("view");
  // `${…}` stands in most lines and has a frame of its own: a letter for it would only be noise.
  const letters = Object.fromEntries(kinds.filter(({ kind }) => kind !== "value").map(({ kind, letter }) => [kind, letter]));
  const letterOf = Object.fromEntries(kinds.map(({ kind, letter }) => [kind, letter]));
  const file = h("select", { "aria-label": "File", onchange: () => act("open", { file: file.value }) });
  const pick = (id) => act("pick", { id });
  const source = sourceView({
    label: "Template",
    tall: true,
    letters,
    onPick: (_, ids) => {
      const id = ids.find((each) => !each.startsWith("place:"));
      if (id) pick(id);
    },
  });
  const functions = listBox({ label: "Functions", onPick: pick });
  const remarks = listBox({ label: "Diagnostics of the templates", onPick: pick });
  const functionsTitle = h("span");
  const remarksPane = pane("Diagnostics of the templates", remarks.element);
  const legend = h("div", { class: "sls-toolbar sls-kinds", role: "group", "aria-label": "What is marked" });
  const boxes = new Map();
  const steps = stepper(context, "step");
  const now = h("p", { class: "sls-now", "aria-live": "polite" });
  const stepList = h("ol", { class: "sls-steps" });
  const stepsPane = pane("Step by step", steps.element, now, stepList);
  const facts = h("div", { class: "sls-pane" });
  const about = h("div", { class: "sls-pane" }, facts, stepsPane);
  const files = tools("File", h("span", {}, "File"), file);
  body.append(
    files,
    legend,
    h(
      "div",
      { class: "sls-panes" },
      h("div", { class: "sls-pane" }, source.element),
      h("div", { class: "sls-pane" }, pane(functionsTitle, functions.element), about, remarksPane),
    ),
  );

  let shown = ""; // what of the text is on screen: nothing is drawn twice
  function drawSource({ file: name, places, hidden }) {
    const view = model.get("view").sources[name];
    const wanted = JSON.stringify([name, places, hidden]);
    if (shown === wanted) return;
    shown = wanted;
    const marks = view.marks.filter(([, kind]) => !hidden.includes(kind));
    const extra = places.map(([start, end], number) => [`place:${number}`, "", start, end, ""]);
    source.show({ ...view, marks: [...marks, ...extra] });
  }

  const placeWords = (place) => (place ? h("span", { class: "sls-place" }, place) : null);
  const reasonsOf = (because, label) => {
    const list = reasonList({ label });
    list.show(because);
    return list.element;
  };
  const folded = (summary, ...children) => h("details", {}, h("summary", {}, summary), children);
  const entryLook = { public: "public: anyone can wake it", internal: "internal: woken from within", external: "external: woken from elsewhere" };

  function functionParts(it) {
    const { handler, entry } = it;
    return [
      h(
        "dl",
        { class: "sls-facts" },
        h("dt", {}, "Handler"),
        h(
          "dd",
          {},
          h("code", {}, handler.written),
          handler.place ? button(handler.place, () => act("handler"), { symbol: "→", title: "Have the other widgets look at the handler" }) : null,
          handler.unseen ? h("p", { class: "sls-trouble" }, `Not analysed: ${handler.unseen}`) : null,
        ),
        h("dt", {}, "Entry"),
        h("dd", {}, h("span", { class: `sls-entry sls-entry-${entry.kind}` }, entryLook[entry.kind]), reasonsOf(entry.because, "Why")),
        h("dt", {}, "Runtime"),
        h("dd", {}, it.runtime),
        h("dt", {}, "Deployed as"),
        h("dd", {}, partlyKnown(it.value)),
      ),
      ...it.groups.map(groupPart),
    ];
  }

  const groupPart = ({ title, items, none, note }) =>
    pane(
      title,
      note ? h("p", { class: "sls-trouble" }, note) : null,
      items.length ? h("ul", { class: "sls-things" }, items.map(thingPart)) : h("p", { class: "sls-detail" }, none),
    );

  const thingButton = (words, onclick) => h("button", { type: "button", class: "sls-thing", onclick }, words);

  const thingPart = ({ id, text, value, more, because }) =>
    h(
      "li",
      {},
      h(
        "div",
        {},
        thingButton([templateLetter(id.split(":")[0], letterOf[id.split(":")[0]]), " ", text], () => pick(id)),
        value ? [" = ", partlyKnown(value)] : null,
      ),
      more.map((words) => h("span", { class: "sls-detail" }, words)),
      because.length > 1 ? folded(`why: ${because.length} reasons`, reasonsOf(because, `Why ${text}`)) : null,
    );

  function valueParts(it) {
    const owners = it.owners.flatMap(({ id, text }, number) => [number ? ", " : "", thingButton(text, () => pick(id))]);
    return [
      ...it.words.map((words) => h("p", { class: "sls-detail" }, words)),
      owners.length ? h("p", {}, "Belongs to ", owners) : null,
      it.value ? h("p", { class: "sls-outcome" }, "Value: ", partlyKnown(it.value)) : null,
      it.unknown ? h("p", { class: "sls-trouble" }, it.unknown) : null,
      ...it.holes.map((words) => h("p", { class: "sls-detail" }, words)),
      ...it.remarks.map((words) => h("p", { class: "sls-trouble" }, words)),
    ];
  }

  function drawSteps(all, at) {
    stepsPane.hidden = all.length < 2;
    steps.show(at, all.length);
    const reached = all[at]?.now;
    now.hidden = !reached;
    now.replaceChildren("now ", h("code", { class: "sls-value" }, reached ?? ""));
    stepList.replaceChildren(
      ...all.map(({ text, place }, number) =>
        h("li", { "aria-current": number === at ? "step" : null }, thingButton(text, () => act("go", { to: number })), placeWords(place)),
      ),
    );
  }

  function drawDetail(it, at) {
    // What is drawn anew loses the focus: a control with the same words gets it back.
    const held = about.contains(document.activeElement) ? document.activeElement : null;
    if (it) {
      const title = h("span", { class: "sls-heading" }, templateLetter(it.kind, it.letter), h("span", {}, it.title, placeWords(it.place)));
      facts.replaceChildren(pane(title, ...(it.kind === "function" ? functionParts(it) : valueParts(it))));
    } else facts.replaceChildren(h("p", { class: "sls-detail" }, "Pick a function, or a marked place in the template, to see what it means."));
    drawSteps(it?.steps ?? [], at);
    if (held && !held.isConnected) [...about.querySelectorAll("button, summary")].find((one) => one.textContent === held.textContent)?.focus();
  }

  on("view", ({ files: names, kinds: counts, functions: all, diagnostics }) => {
    file.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    files.hidden = names.length < 2;
    legend.replaceChildren(
      h("span", {}, "Mark"),
      ...counts
        .filter(({ count }) => count)
        .map(({ kind, words, letter, count }) => {
          const sample = h("span", {}, templateLetter(kind, letter), " ", h("span", { class: `sls-mark-${kind}` }, words), ` (${count})`);
          const box = checkbox(sample, (value) => act("mark", { kind, shown: value }), true);
          boxes.set(kind, box);
          return box.element;
        }),
    );
    functionsTitle.textContent = `Functions (${all.length})`;
    functions.show(all);
    remarks.show(diagnostics);
    remarksPane.hidden = !diagnostics.length;
    shown = "";
  });
  on("state", (state) => {
    file.value = state.file;
    for (const [kind, box] of boxes) box.set(!state.hidden.includes(kind));
    drawSource(state);
    const places = state.places.map((_, number) => `place:${number}`);
    source.choose(state.at === null ? [] : [`place:${state.at}`], { related: places });
    functions.choose(state.item);
    remarks.choose(state.item);
    drawDetail(state.detail, state.step);
  });
  return context.end;
}

export default { render };
