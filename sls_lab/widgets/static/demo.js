// The control of the demonstration: which application, and which of its steps.

function render({ model, el }) {
  const context = lab({ model, el }, "demo", "Live demonstration");
  const { body, act, on, root } = context;
  const choice = h("select", { "aria-label": "Application", onchange: () => act("load", { name: choice.value }) });
  const folder = h("input", { type: "text", "aria-label": "Folder of another application", placeholder: "a folder of your own" });
  const open = button("Open", () => folder.value.trim() && act("folder", { path: folder.value.trim() }));
  folder.addEventListener("keydown", (event) => event.key === "Enter" && open.click());
  const told = h("p", { class: "sls-outcome" });
  const tabs = model.get("view").tabs.map((tab) => ({ ...tab, panel: h("p", { class: "sls-about" }, tab.about) }));
  const list = tabList({ label: "Steps", tabs, onPick: (id) => act("tab", { tab: id }) });
  body.append(
    h("div", { class: "sls-one-line" }, tools("What to show", choice, folder, open), told),
    list.element,
    ...tabs.map((tab) => tab.panel),
  );
  on("view", ({ apps }) => {
    choice.replaceChildren(...apps.map((name) => h("option", { value: name }, name)));
    choice.value = model.get("state").app;
  });
  on("state", (state) => {
    choice.value = state.app;
    told.textContent = state.outcome;
    list.choose(state.tab);
    root.dataset.shown = `${state.app}/${state.tab}`;
  });
  return context.end;
}

export default { render };
