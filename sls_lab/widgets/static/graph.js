// Graphs drawn in the browser by Graphviz, compiled to WebAssembly.

/** Graphviz, loaded once a page: Python sends the module as a message, and the browser imports it from memory. */
function loadGraphviz(model) {
  return (globalThis.__slsGraphviz ??= new Promise((done, failed) => {
    const receive = async (message, buffers) => {
      if (!message?.viz) return;
      model.off("msg:custom", receive);
      const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
      try {
        done(await (await import(url)).instance());
      } catch (error) {
        globalThis.__slsGraphviz = undefined;
        failed(error);
      } finally {
        URL.revokeObjectURL(url);
      }
    };
    model.on("msg:custom", receive);
    model.send({ ask: "viz" });
  }));
}

/**
 * A drawing of DOT text in which each node and edge is a button named by its `id` in that text.
 * Kinds come as DOT's `class`, and lab.css gives them their look, in the light and in the dark theme.
 * `onPick(id)` gets what is clicked, or chosen by Enter; the arrow keys walk through nodes and edges.
 * `small` is for a copy beside something else, of what `graph_view(…, compact=True)` makes in Python.
 */
function graphView({ model, label, small = false, onPick = () => {} }) {
  const element = h("div", { class: small ? "sls-graph sls-small" : "sls-graph", role: "group", "aria-label": label });
  let parts = new Map();
  let chosen = [];
  let wanted = 0;

  async function show({ dot, titles = {} }) {
    const mine = ++wanted;
    element.setAttribute("aria-busy", "true");
    const viz = await loadGraphviz(model);
    if (mine !== wanted) return; // a newer graph was asked for meanwhile
    const svg = viz.renderSVGElement(dot);
    svg.setAttribute("role", "presentation");
    for (const title of svg.querySelectorAll("title")) title.remove();
    parts = new Map();
    for (const part of svg.querySelectorAll("g.node, g.edge")) {
      const id = part.id;
      part.removeAttribute("id"); // ids must differ in the whole page
      part.dataset.id = id;
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", parts.size ? "-1" : "0");
      part.setAttribute("aria-pressed", "false");
      part.setAttribute("aria-label", titles[id] ?? [...part.querySelectorAll("text")].map((text) => text.textContent).join(" "));
      if (part.classList.contains("edge")) widen(part);
      parts.set(id, part);
    }
    for (const group of svg.querySelectorAll("g.graph, g.cluster")) group.removeAttribute("id");
    element.replaceChildren(svg);
    element.setAttribute("aria-busy", "false");
    element.dataset.drawn = String(mine);
    choose(chosen);
  }

  /** A thin line is hard to hit: an invisible thick one lies over it. */
  function widen(edge) {
    const line = edge.querySelector("path");
    if (!line) return;
    const wide = line.cloneNode();
    wide.setAttribute("class", "sls-hit");
    edge.append(wide);
  }

  function choose(ids) {
    chosen = ids;
    for (const [id, part] of parts) {
      const here = ids.includes(id);
      part.classList.toggle("sls-chosen", here);
      part.setAttribute("aria-pressed", String(here));
    }
  }

  element.addEventListener("click", (event) => {
    const part = event.target.closest("[data-id]");
    if (part) onPick(part.dataset.id);
  });
  element.addEventListener("keydown", (event) => {
    const part = event.target.closest("[data-id]");
    if (!part || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...parts.values()];
    const now = all.indexOf(part);
    const moves = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: -1 };
    if (event.key === "Enter" || event.key === " ") onPick(part.dataset.id);
    else if (event.key in moves) {
      const next = all.at(moves[event.key] % all.length);
      part.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return { element, show, choose, svg: () => element.querySelector("svg") };
}
