// One file of the application, to change and to analyse again.

function render({ model, el }) {
  const context = lab({ model, el }, "editor", "Editor");
  const { body, act, on } = context;
  const file = h("select", { "aria-label": "File", onchange: () => act("open", { file: file.value }) });
  const text = textEditor({ context, label: "Text of the file", onRun: () => again.click() });
  const changed = h("span", { class: "sls-step-place" });
  const reset = button("Reset", () => act("reset"), { symbol: "↺", title: "Bring back the original of every file" });
  const again = button("Analyse again", () => act("analyse", { file: file.value, text: text.get() }), { symbol: "▶" });
  again.classList.add("sls-main");
  function tell(state) {
    const typed = text.get() !== state.text;
    changed.textContent = typed ? "○ not analysed yet" : state.changed ? "● changed, in a copy" : "as in the folder";
  }
  body.append(
    tools("File and analysis", file, again, reset, changed),
    text.element,
  );
  on("view", ({ files }) => {
    file.replaceChildren(...files.map((name) => h("option", { value: name }, name)));
    file.value = model.get("state").file;
  });
  on("state", (state) => {
    file.value = state.file;
    text.set(state.text, state.file);
    text.wrong(state.wrong);
    tell(state);
    context.root.dataset.answer = state.answer ?? "";
  });
  text.element.addEventListener("input", () => tell(model.get("state")));
  return context.end;
}

export default { render };
