// One file of the application, to change and to analyse again.

function render({ model, el }) {
  const context = lab({ model, el }, "editor", "Editor");
  const { body, act, on } = context;
  const file = h("select", { "aria-label": "File", onchange: () => act("open", { file: file.value }) });
  const gutter = h("div", { class: "sls-gutter", "aria-hidden": "true" });
  const text = h("textarea", { "aria-label": "Text of the file", spellcheck: "false", autocapitalize: "off", wrap: "off" });
  const changed = h("span", { class: "sls-step-place" });
  const reset = button("Reset", () => act("reset"), { symbol: "↺", title: "Bring back the original of every file" });
  const again = button("Analyse again", () => act("analyse", { file: file.value, text: text.value }), { symbol: "▶" });
  again.classList.add("sls-main");
  body.append(
    toolbar("File and analysis", file, again, reset, changed),
    h("div", { class: "sls-edit" }, gutter, text),
  );
  const number = () => {
    const count = text.value.split("\n").length;
    text.rows = Math.max(count, 3);
    gutter.replaceChildren(...Array.from({ length: count }, (_, line) => h("span", {}, String(line + 1))));
  };
  text.addEventListener("input", number);
  text.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      again.click();
    }
  });
  on("view", ({ files }) => {
    file.replaceChildren(...files.map((name) => h("option", { value: name }, name)));
    file.value = model.get("state").file;
  });
  on("state", (state) => {
    file.value = state.file;
    if (text.value !== state.text) {
      text.value = state.text;
      number();
    }
    changed.textContent = state.changed ? "● changed, in a copy" : "as in the folder";
  });
  return context.end;
}

export default { render };
