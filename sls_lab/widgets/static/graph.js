// Graphs drawn in the browser by Graphviz, compiled to WebAssembly.

/**
 * Graphviz, loaded once a page: Python sends the module as a message, and the browser imports it from memory.
 * A widget that comes while another waits for it waits too, but not for ever: that one's kernel may be gone.
 */
async function loadGraphviz(model) {
  const shared = (globalThis.__slsGraphviz ??= { asked: [] });
  if (!shared.viz && shared.asked.length) {
    await Promise.any([...shared.asked, new Promise((done) => setTimeout(done, 3000))]);
  }
  if (!shared.viz) {
    shared.asked.push(askForGraphviz(model, shared));
    await Promise.any(shared.asked);
  }
  return shared.viz;
}

function askForGraphviz(model, shared) {
  return new Promise((done, failed) => {
    const receive = async (message, buffers) => {
      if (!message?.viz) return;
      model.off("msg:custom", receive);
      const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
      try {
        shared.viz ??= await (await import(url)).instance();
        done();
      } catch (error) {
        failed(error);
      } finally {
        URL.revokeObjectURL(url);
      }
    };
    model.on("msg:custom", receive);
    model.send({ ask: "viz" });
  });
}

const READABLE = 0.6; // a drawing is scrolled rather than made smaller than this
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "paint-order"];

/**
 * A drawing of DOT text in which each node and edge is a button named by its `id` in that text.
 * Kinds come as DOT's `class`, and lab.css gives them their look, in the light and in the dark theme.
 * `onPick(id)` gets what is clicked, or chosen by Enter; the arrow keys walk through nodes and edges.
 * The drawing fits its pane as far as it stays readable, and turns where it is seen larger so, also when the pane's size
 * changes; the keys + - 0 and `zoom(factor)` change its size. `travel(ids)` has a dot go along arrows.
 * `small` is for a copy beside something else, of what `graph_view(…, compact=True)` makes in Python.
 */
function graphView({ model, label, small = false, onPick = (_id) => {} }) {
  const element = h("div", { class: small ? "sls-graph sls-small" : "sls-graph", role: "group", "aria-label": label });
  let parts = new Map();
  let chosen = [];
  let wanted = 0;
  let shown;
  let layouts = []; // functions that give the <svg> from left to right, and from top to bottom where that is wanted
  let drawing = null; // the <svg> that is shown, its natural size, and its size now (0 while it fits the pane)
  /** @type {[number, number]} */
  let natural = [0, 0];
  let size = 0;
  let whole = false; // all of the drawing is wanted, however small
  // Larger type around it allows a larger drawing.
  const type = () => parseFloat(getComputedStyle(element).fontSize) / 14 || 1;
  const smallest = small ? READABLE * 0.65 : READABLE;

  async function show({ dot, titles = {} }) {
    const mine = ++wanted;
    if (dot === shown) return;
    element.setAttribute("aria-busy", "true");
    try {
      const viz = await loadGraphviz(model);
      if (mine !== wanted) return; // a newer graph was asked for meanwhile
      layouts = arrangements(viz, dot, titles);
      drawing = null;
      turn();
      shown = dot;
    } catch (error) {
      clear(`The graph could not be drawn: ${error.message}`);
    }
    element.setAttribute("aria-busy", "false");
    element.dataset.drawn = String(mine);
  }

  /** The ways to lay the graph out; each is done once, and when it is asked for. */
  function arrangements(viz, dot, titles) {
    // A big graph is laid out with less effort, so that the page does not stand still.
    const big = dot.length > 20_000;
    const graphAttributes = big ? { nslimit: 2, nslimit1: 2, searchsize: 10, mclimit: 0.3 } : {};
    const texts = [dot];
    if (!big) texts.push(dot.replace("rankdir=LR", "rankdir=TB ranksep=0.18")); // its first place is the graph's own attribute
    const known = texts.map(() => null);
    return texts.map((text, number) => () => (known[number] ??= prepared(viz.renderSVGElement(text, { graphAttributes }), titles)));
  }

  /** Show the graph from left to right, or from top to bottom where it is seen larger so. */
  function turn() {
    if (!layouts.length) return;
    const [across, down] = layouts;
    if (drawing && (size || room() <= 0)) return fit(); // the reader has chosen a size for what is shown
    let best = across();
    if (down && scaleFor(best) < 1 && scaleFor(down()) > scaleFor(best)) best = down();
    if (best === drawing) fit();
    else draw(best);
  }

  /**
   * The size that Graphviz gave a drawing (in points), in pixels.
   * @returns {[number, number]}
   */
  const points = (svg) => [(svg.viewBox.baseVal.width * 4) / 3, (svg.viewBox.baseVal.height * 4) / 3];
  const room = () => element.clientWidth - 4;
  /** The scale at which a drawing is seen whole. */
  function scaleFor(svg) {
    if (room() <= 0) return 1;
    const [width, height] = points(svg);
    const tall = (parseFloat(getComputedStyle(element).maxHeight) || element.clientHeight) - 4;
    return Math.min(room() / width, tall / height, 1.25 * type());
  }

  /** What Graphviz drew, with buttons for its nodes and edges. */
  function prepared(svg, titles) {
    svg.setAttribute("role", "presentation");
    for (const title of svg.querySelectorAll("title")) title.remove();
    for (const text of svg.querySelectorAll("g.edge text")) text.setAttribute("x", Number(text.getAttribute("x")) + 3); // off the line
    svg.querySelectorAll("g.node, g.edge").forEach((part, number) => {
      const id = part.id;
      part.removeAttribute("id"); // ids must differ in the whole page
      part.dataset.id = id;
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", number ? "-1" : "0");
      part.setAttribute("aria-pressed", "false");
      part.setAttribute("aria-label", titles[id] ?? [...part.querySelectorAll("text")].map((text) => text.textContent).join(" "));
      if (part.classList.contains("edge")) widen(part);
    });
    for (const group of svg.querySelectorAll("g.graph, g.cluster")) group.removeAttribute("id");
    return svg;
  }

  function draw(svg) {
    const focused = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
    const held = parts.get(focused) === document.activeElement;
    natural = points(svg);
    parts = new Map([...svg.querySelectorAll("g.node, g.edge")].map((part) => [part.dataset.id, part]));
    drawing = svg;
    size = 0;
    element.replaceChildren(svg);
    fit();
    choose(chosen);
    if (held) parts.get(focused)?.focus();
    // A big drawing begins with its topmost node, not with the empty corner beside it.
    if (!chosen.length && parts.size) intoView(topmost([...parts.values()]), element);
  }

  function topmost(shown) {
    const places = shown.map((part) => [part, part.getBoundingClientRect()]);
    return places.reduce((best, one) => (one[1].top < best[1].top ? one : best))[0];
  }

  /** Show a sentence in place of a graph. */
  function clear(words) {
    wanted++;
    shown = undefined;
    drawing = null;
    layouts = [];
    parts = new Map();
    element.replaceChildren(h("p", { class: "sls-hint" }, words));
  }

  /** A thin line is hard to hit: an invisible thick one lies over it. */
  function widen(edge) {
    const line = edge.querySelector("path");
    if (!line) return;
    const wide = line.cloneNode();
    wide.setAttribute("class", "sls-hit");
    edge.append(wide);
  }

  /** Graphviz guesses how wide text is; what is wider in the reader's font is pressed into its node. */
  function press() {
    for (const part of element.querySelectorAll("g.node")) {
      const room = part.querySelector("polygon, path, ellipse")?.getBBox().width - 12;
      for (const text of part.querySelectorAll("text:not([textLength])")) {
        if (text.getComputedTextLength() <= room) continue;
        text.setAttribute("textLength", room);
        text.setAttribute("lengthAdjust", "spacingAndGlyphs");
      }
    }
  }

  function fit() {
    if (!drawing || room() <= 0) return;
    if (!drawing.dataset.pressed) press();
    drawing.dataset.pressed = "yes";
    const scale = size || (whole ? scaleFor(drawing) : Math.max(scaleFor(drawing), smallest));
    drawing.style.width = `${natural[0] * scale}px`;
    drawing.style.height = `${natural[1] * scale}px`;
  }

  /** Make the drawing larger or smaller around its middle; without a factor all of it is seen. */
  function zoom(factor) {
    if (!drawing) return;
    const before = drawing.getBoundingClientRect().width;
    whole = !factor;
    size = factor ? Math.max(0.1, Math.min((before / natural[0]) * factor, 6)) : 0;
    const [x, y] = [element.scrollLeft + element.clientWidth / 2, element.scrollTop + element.clientHeight / 2];
    turn();
    const grown = drawing.getBoundingClientRect().width / before;
    element.scrollTo(x * grown - element.clientWidth / 2, y * grown - element.clientHeight / 2);
  }

  new ResizeObserver(turn).observe(element);

  let journey = 0;
  /** A dot goes along these arrows, one after the other, as an event does. Nothing moves where the reader wants that. */
  async function travel(ids) {
    const mine = ++journey;
    for (const dot of element.querySelectorAll(".sls-traveller")) dot.remove();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const id of ids) {
      const line = parts.get(id)?.querySelector("path:not(.sls-hit)");
      if (!line || !parts.get(id).classList.contains("edge")) continue;
      const dot = document.createElementNS(drawing.namespaceURI, "circle");
      dot.setAttribute("class", "sls-traveller");
      dot.setAttribute("r", "7");
      dot.style.offsetPath = `path("${line.getAttribute("d")}")`;
      drawing.querySelector("g").append(dot); // above all nodes
      try {
        await dot.animate([{ offsetDistance: "0%" }, { offsetDistance: "100%" }], { duration: 450, easing: "ease-in-out" }).finished;
      } catch {
        return; // the drawing has gone, and the dot with it
      } finally {
        dot.remove();
      }
      if (mine !== journey) return;
    }
  }

  function choose(ids) {
    chosen = ids;
    for (const [id, part] of parts) {
      const here = ids.includes(id);
      part.classList.toggle("sls-chosen", here);
      part.setAttribute("aria-pressed", String(here));
    }
    const first = parts.get(ids[0]);
    if (first) intoView(first, element);
  }

  element.addEventListener("click", (event) => {
    const part = event.target.closest("[data-id]");
    if (part) onPick(part.dataset.id);
  });
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const part = event.target.closest("[data-id]");
    const sizes = { "+": 1.25, "=": 1.25, "-": 0.8, 0: undefined };
    const all = [...parts.values()];
    const now = all.indexOf(part);
    const moves = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: -1 };
    if (event.key in sizes) zoom(sizes[event.key]);
    else if (!part) return;
    else if (event.key === "Enter" || event.key === " ") onPick(part.dataset.id);
    else if (event.key in moves) {
      const next = all.at(moves[event.key] % all.length);
      part.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** The drawing as a file: SVG text whose look needs no style sheet, in the colours of the page's theme. */
  function picture() {
    const copy = drawing.cloneNode(true);
    const originals = drawing.querySelectorAll("*");
    const hits = copy.querySelectorAll(".sls-hit");
    copy.querySelectorAll("*").forEach((part, number) => {
      const look = getComputedStyle(originals[number]);
      for (const name of LOOKS) part.setAttribute(name, look.getPropertyValue(name));
      for (const { name } of [...part.attributes]) {
        if (/^(role|tabindex|class|style|aria-.*|data-.*)$/.test(name)) part.removeAttribute(name);
      }
      if (part.localName !== "text") return;
      // Whatever font the reader of the file has, the text keeps its width.
      part.setAttribute("textLength", originals[number].getComputedTextLength());
      part.setAttribute("lengthAdjust", "spacingAndGlyphs");
      part.setAttribute("style", `font-size-adjust: ${look.fontSizeAdjust}`);
    });
    for (const hit of hits) hit.remove();
    for (const name of ["role", "style", "data-pressed"]) copy.removeAttribute(name);
    copy.setAttribute("width", natural[0]);
    copy.setAttribute("height", natural[1]);
    const page = document.createElementNS(copy.namespaceURI, "rect");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", getComputedStyle(element).backgroundColor]]) {
      page.setAttribute(name, value);
    }
    copy.prepend(page);
    return new XMLSerializer().serializeToString(copy);
  }

  /** Store the drawing as `name`.svg or `name`.png, by the browser alone. */
  async function save(name, format) {
    if (!drawing) return;
    const text = new Blob([picture()], { type: "image/svg+xml" });
    download(`${name}.${format}`, format === "svg" ? text : await pixels(text, natural));
  }

  return { element, show, clear, choose, travel, zoom, save, svg: () => drawing };
}

/** An SVG picture of this size as PNG, twice as fine as it is on screen (as far as browsers go). */
async function pixels(svg, [width, height]) {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, 8000 / Math.max(width, height));
    const canvas = h("canvas", { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Have the browser store a file. */
function download(name, blob) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
