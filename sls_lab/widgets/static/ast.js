// Python source beside its syntax tree.

/**
 * The tree of a table of nodes (columns `class`, `field`, `index`, `parent`, `label`), with the keys of the ARIA tree
 * pattern. Rows are made when their parent is opened, so that thousands of nodes cost nothing before.
 */
function nodeTree({ label, onPick, onHover }) {
  const element = h("div", { class: "sls-tree", role: "tree", "aria-label": label });
  let table = null;
  let kids = [];
  let rows = new Map();
  let open = new Set();
  let chosen = -1;

  const held = (node) => {
    if (!node) return "";
    const index = table.index[node];
    return table.fields[table.field[node]] + (index < 0 ? "" : `[${index}]`);
  };
  const nameOf = (node) => table.classes[table.class[node]];

  function makeRow(node, level) {
    const line = h(
      "span",
      { class: "sls-tree-line" },
      h("span", { class: "sls-tree-mark", "aria-hidden": "true" }),
      node ? h("span", { class: "sls-tree-field" }, held(node)) : null,
      h("span", { class: "sls-tree-class" }, nameOf(node)),
      table.label[node] ? h("code", {}, table.label[node]) : null,
    );
    const words = [held(node), nameOf(node), table.label[node]].filter(Boolean).join(" ");
    const row = h(
      "div",
      {
        role: "treeitem",
        "aria-level": String(level),
        "aria-selected": "false",
        "aria-expanded": kids[node].length ? "false" : null,
        "aria-label": words,
        tabindex: "-1",
        "data-node": String(node),
      },
      line,
    );
    rows.set(node, row);
    return row;
  }

  function expand(node) {
    if (!kids[node].length || open.has(node)) return;
    open.add(node);
    const row = rows.get(node);
    row.setAttribute("aria-expanded", "true");
    if (row.children.length > 1) row.lastChild.hidden = false;
    else row.append(h("div", { role: "group" }, kids[node].map((kid) => makeRow(kid, Number(row.getAttribute("aria-level")) + 1))));
  }

  function collapse(node) {
    if (!open.delete(node)) return;
    rows.get(node).setAttribute("aria-expanded", "false");
    rows.get(node).lastChild.hidden = true;
  }

  function show(fresh) {
    table = fresh;
    kids = table.parent.map(() => []);
    for (let node = 1; node < table.parent.length; node++) kids[table.parent[node]].push(node);
    [rows, open, chosen] = [new Map(), new Set(), -1];
    element.replaceChildren(makeRow(0, 1));
    rows.get(0).tabIndex = 0;
    expand(0);
  }

  function choose(node) {
    if (!table || node >= kids.length) return;
    const above = [];
    for (let at = node; at; at = table.parent[at]) above.push(table.parent[at]);
    above.reverse().forEach(expand);
    const old = rows.get(chosen);
    old?.setAttribute("aria-selected", "false");
    for (const row of [old, rows.get(0)]) if (row) row.tabIndex = -1;
    const row = rows.get(node);
    row.setAttribute("aria-selected", "true");
    row.tabIndex = 0;
    chosen = node;
    if (element.contains(document.activeElement)) row.focus({ preventScroll: true });
    // In the next frame, so that fresh rows are laid out once, with all else that a click changes.
    requestAnimationFrame(() => intoView(row.firstChild, element));
  }

  const beside = (node, by) => kids[table.parent[node]][kids[table.parent[node]].indexOf(node) + by];
  function below(node) {
    if (open.has(node)) return kids[node][0];
    for (let at = node; at; at = table.parent[at]) if (beside(at, 1) !== undefined) return beside(at, 1);
    return node;
  }
  function last(node) {
    while (open.has(node)) node = kids[node].at(-1);
    return node;
  }
  const above = (node) => (node ? (beside(node, -1) === undefined ? table.parent[node] : last(beside(node, -1))) : 0);

  element.addEventListener("click", (event) => {
    const row = event.target.closest("[role=treeitem]");
    if (!row) return;
    const node = Number(row.dataset.node);
    if (event.target.closest(".sls-tree-mark")) return open.has(node) ? collapse(node) : expand(node);
    onPick(node);
    rows.get(node).focus({ preventScroll: true });
  });
  element.addEventListener("mouseover", (event) => {
    const row = event.target.closest(".sls-tree-line")?.parentElement;
    onHover(row ? [Number(row.dataset.node)] : []);
  });
  element.addEventListener("mouseleave", () => onHover([]));
  element.addEventListener("keydown", (event) => {
    const row = event.target.closest("[role=treeitem]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const node = Number(row.dataset.node);
    const moves = {
      ArrowDown: () => below(node),
      ArrowUp: () => above(node),
      ArrowRight: () => (open.has(node) ? kids[node][0] : (expand(node), node)),
      ArrowLeft: () => (open.has(node) ? (collapse(node), node) : table.parent[node]),
      Home: () => 0,
      End: () => last(0),
      Enter: () => node,
      " ": () => node,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = moves[event.key]();
    if (next !== chosen || event.key === "Enter" || event.key === " ") onPick(next);
  });
  return { element, show, choose };
}

function render({ model, el }) {
  const context = lab({ model, el }, "ast", "AST explorer");
  const { root, body, act, on } = context;
  const file = h("select", { "aria-label": "File", onchange: () => act("open", { file: file.value }) });
  const source = sourceView({ label: "Python source", tall: true, onPick: (_, around) => pickAround(around) });
  const tree = nodeTree({ label: "Syntax tree", onPick: select, onHover: (nodes) => source.hover(nodes) });
  const parent = button("Parent", () => climb(), { symbol: "↑", title: "The node around this one (Alt and arrow up)" });
  const edit = button("Edit", () => act("edit", { on: edit.getAttribute("aria-pressed") !== "true" }), { symbol: "✎", "aria-pressed": "false" });
  const reset = button("Reset", () => act("reset"), { symbol: "↺", title: "Bring back the text that was given" });
  const choices = h("datalist", { id: freshId("classes") });
  const query = h("input", { type: "search", "aria-label": "Node class to search for", placeholder: "ast.Call", list: choices.id, autocomplete: "off", spellcheck: "false" });
  const counted = h("span", { class: "sls-step-place", role: "status" });
  const previous = button("Previous", () => act("next", { by: -1 }), { symbol: "◀" });
  const next = button("Next", () => act("next", { by: 1 }), { symbol: "▶" });
  const find = () => act("find", { query: query.value });

  const writing = textEditor({ context, label: "Python source, to change" });
  const error = h("p", { class: "sls-trouble", role: "alert" });
  const about = h("div", { class: "sls-pane" });
  const fields = h("div", { class: "sls-pane" });
  const code = h("pre", { class: "sls-code", tabindex: "0", "aria-label": "The node turned back into code" });
  const dump = h("pre", { class: "sls-code", tabindex: "0", "aria-label": "The node as ast.dump shows it" });
  const panels = [h("div", {}, fields), h("div", {}, code), h("div", {}, dump)];
  const tabs = tabList({
    label: "The node as",
    tabs: ["fields", "code", "dump"].map((id, number) => ({ id, label: ["Fields", "As code", "As dump"][number], panel: panels[number] })),
    onPick: (tab) => act("tab", { tab }),
  });
  const treePane = pane("Syntax tree", tree.element);
  const nodePane = h("div", { class: "sls-pane" }, about, tabs.element, panels);
  const searching = tools("Search", h("span", {}, "Find all"), query, choices, button("Find", find), previous, next, counted);
  body.append(
    tools("Source", file, parent, edit, reset),
    searching,
    error,
    h("div", { class: "sls-panes sls-even" }, h("div", { class: "sls-pane" }, source.element, writing.element), h("div", { class: "sls-pane" }, treePane, nodePane)),
  );

  // What is chosen is shown at once; Python says what there is to say about it, and answers may come late.
  let wanted = 0;
  let innermost = null;
  let found = [];
  let table = null;
  let asked = false;
  let painted = null;
  function paint(node) {
    const now = JSON.stringify([node, found]);
    if (now === painted) return;
    painted = now;
    source.choose([node], { related: found });
    tree.choose(node);
  }
  function select(node) {
    wanted = node;
    asked = true;
    paint(node);
    act("select", { node });
  }
  const climb = () => table && select(table.parent[wanted]);
  /** A click chooses the innermost node; each further one at the same place the node around. */
  function pickAround(around) {
    const again = around[0] === innermost && around.includes(wanted);
    innermost = around[0];
    const outer = around[around.indexOf(wanted) + 1];
    select(again && outer !== undefined ? outer : innermost);
  }

  query.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (query.value === model.get("state").query && found.length) act("next", { by: event.shiftKey ? -1 : 1 });
    else find();
  });
  root.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "ArrowUp" || writing.element.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    climb();
  });
  let timer;
  writing.element.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => act("type", { text: writing.get() }), 250);
  });
  context.atEnd(() => clearTimeout(timer));

  const nodeButton = ({ node, text }) => h("button", { type: "button", class: "sls-thing", onclick: () => select(node) }, text);
  const between = (items, mark) => items.flatMap((item, at) => (at ? [mark, item] : [item]));

  function valueOf({ nodes, more, text, words }) {
    return [
      ...between(nodes.map(nodeButton), ", "),
      more ? ` and ${more} more` : "",
      text ? h("code", {}, text) : "",
      ...words.map((each) => h("span", { class: "sls-detail" }, withCode(each))),
    ];
  }

  function drawDetail(it) {
    const held = nodePane.contains(document.activeElement) ? document.activeElement : null;
    const link = h("a", { href: it.link, target: "_blank", rel: "noopener noreferrer" }, `ast.${it.class} in Python's documentation`);
    about.replaceChildren(
      h("h4", {}, it.class, it.held ? h("span", { class: "sls-place" }, it.held) : null),
      h("p", {}, ...withCode(it.sentence), " ", link),
      it.path.length ? h("p", { class: "sls-path" }, between(it.path.map(nodeButton), " › ")) : "",
      it.source ? h("pre", { class: "sls-code", tabindex: "0", "aria-label": "Source of the node" }, it.source) : "",
    );
    const rows = it.fields.map((field) =>
      h("tr", {}, h("th", { scope: "row" }, field.name), h("td", {}, h("code", {}, field.type)), h("td", {}, valueOf(field))),
    );
    const heads = ["field", "type", "value"].map((words) => h("th", { scope: "col" }, words));
    fields.replaceChildren(
      rows.length ? h("table", { class: "sls-table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)) : h("p", {}, "This node has no fields."),
      it.positions.length ? h("p", {}, between(it.positions.map(({ name, value }) => h("code", { class: "sls-value" }, `${name} = ${value}`)), " ")) : "",
      it.note ? h("p", { class: "sls-detail" }, it.note) : "",
    );
    if (held && !held.isConnected) tree.element.querySelector("[aria-selected=true]")?.focus({ preventScroll: true });
  }

  on("view", (view) => {
    table = view.table;
    file.replaceChildren(...view.files.map((name) => h("option", { value: name }, name)));
    file.hidden = view.files.length < 2;
    if (!choices.children.length) choices.append(...view.classes.map((name) => h("option", { value: `ast.${name}` })));
    const marks = [];
    for (let node = 1; table && node < table.parent.length; node++) {
      if (table.start[node] < 0) continue;
      const title = `${table.classes[table.class[node]]} ${table.label[node]}`.trim();
      // The arrow keys stop at what has nothing inside: names and values.
      marks.push([node, "", table.start[node], table.end[node], title]);
    }
    if (table) {
      const inner = new Set(table.parent);
      for (const mark of marks) if (!inner.has(mark[0])) mark[1] = "node";
      tree.show(table);
    } else tree.element.replaceChildren();
    source.show({ file: view.file, text: view.text, colours: view.colours, marks });
    [innermost, painted] = [null, null];
    asked = false;
  });
  on("state", (state) => {
    const { editing } = state;
    file.value = model.get("view").file;
    if (editing && writing.element.hidden) writing.set(model.get("view").raw, model.get("view").file);
    writing.element.hidden = !editing;
    source.element.hidden = editing;
    edit.setAttribute("aria-pressed", String(editing));
    error.textContent = state.error;
    error.hidden = !state.error;
    treePane.classList.toggle("sls-stale", Boolean(state.error));
    nodePane.classList.toggle("sls-stale", Boolean(state.error));
    treePane.firstChild.textContent = state.error ? "Syntax tree of the last text that parses" : "Syntax tree";
    found = state.found;
    if (document.activeElement !== query) query.value = state.query;
    const at = found.indexOf(state.node);
    counted.textContent = !state.query ? "" : at < 0 ? `${found.length} found` : `${at + 1} of ${found.length} found`;
    for (const control of [previous, next]) control.setAttribute("aria-disabled", String(!found.length));
    nodePane.hidden = !state.detail;
    if (asked && state.node !== wanted) return; // the answer to an earlier click
    asked = false;
    wanted = state.node;
    paint(wanted);
    if (state.detail) drawDetail(state.detail);
    showCode(code, state.code);
    showCode(dump, state.dump);
    tabs.choose(state.tab);
  });
  return context.end;
}

export default { render };
