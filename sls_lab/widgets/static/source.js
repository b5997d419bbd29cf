// Source text with marked stretches: one view for all widgets.

/**
 * What gives stretches of a text their colours of code, asked for from its beginning to its end: `colour(start, end)` is
 * a list of strings and elements. `runs` has three numbers for each colour: after how many UTF-16 units it begins, how
 * many it has, and which of `kinds` it is.
 */
function colouring(text, { kinds = [], runs = [] } = {}) {
  let next = 0; // the run that is looked at, and where it begins
  let begin = runs.length ? runs[0] : Infinity;
  return (start, end) => {
    const pieces = [];
    let at = start;
    while (begin < end) {
      const stop = begin + runs[next + 1];
      const [from, to] = [Math.max(at, begin), Math.min(stop, end)];
      if (from > at) pieces.push(text.slice(at, from));
      if (to > from) pieces.push(h("span", { class: `sls-is-${kinds[runs[next + 2]]}-token` }, text.slice(from, to)));
      at = Math.max(at, to);
      if (stop > end) break; // the rest of it belongs to what comes next
      next += 3;
      begin = next < runs.length ? stop + runs[next] : Infinity;
    }
    if (at < end) pieces.push(text.slice(at, end));
    return pieces;
  };
}

/** How many lines of a long text stand in one block. */
const LINES_TOGETHER = 64;

/**
 * Shows `{file, text, marks, colours}`, each mark `[id, kind, start, end, title]` in UTF-16 units; marks may nest and overlap.
 * With `origins`, a line number or null for each line, the gutter also says which line of another text each line was.
 * The text is cut into flat segments, each knowing the marks around it, so that 2,000 lines stay quick.
 * `onPick(id, ids)` gets the innermost mark at a click and all around it, innermost first. With the focus in the text,
 * the left and right arrow keys move from mark to mark and Enter picks. Kinds that have one of `letters` get it beside
 * the number of the line they begin in.
 */
function sourceView({ label = "Source", onPick = (_id, _ids) => {}, tall = false, letters = {} } = {}) {
  const name = h("p", { class: "sls-file" });
  const gutter = h("div", { class: "sls-gutter", "aria-hidden": "true" });
  const hint = h("p", { class: "sls-hidden", id: freshId("hint") }, "Left and right arrow keys move between marked places, Enter picks one.");
  const code = h("pre", { tabindex: "0", role: "group", "aria-label": label, "aria-describedby": hint.id });
  const band = h("div", { class: "sls-band", hidden: true });
  const scroller = h("div", { class: "sls-scroll" }, band, gutter, code);
  const told = h("p", { class: "sls-hidden", "aria-live": "polite" });
  const element = h("div", { class: tall ? "sls-source sls-tall" : "sls-source" }, name, scroller, hint, told);
  let marks = [];
  let segments = []; // {start, end, nodes, around: [marks, innermost first], kinds, title}
  const owners = new WeakMap(); // which segment a node belongs to
  let built = { text: null, file: "", blocks: [], margin: "" }; // what is in the page
  let byId = new Map();
  let stops = []; // the marks in the order of their places
  let cursor = -1;
  const painted = { hover: [], chosen: [], cursor: [], related: [] };
  let lines = [];

  function show(source) {
    name.textContent = source.origins ? `${source.file} (your line | line here)` : source.file;
    marks = source.marks.map(([id, kind, start, end, title], number) => ({ id, kind, start, end, title, number }));
    byId = new Map();
    for (const mark of marks) byId.set(mark.id, [...(byId.get(mark.id) ?? []), mark]);
    const order = marks.filter((mark) => mark.end > mark.start).sort((a, b) => a.start - b.start || b.end - a.end || a.number - b.number);
    stops = order.filter((mark) => mark.kind);
    lines = [0];
    for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) lines.push(at + 1);
    // Of a long text, the browser lays out and paints only the blocks that are in sight, and only those whose marks differ
    // are made anew.
    const starts = lines.length > 200 ? lines.filter((_, line) => line % LINES_TOGETHER === 0) : [0];
    const edges = [...new Set([0, source.text.length, ...starts, ...order.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
    for (const look of Object.keys(painted)) paint(look, []);
    segments = [];
    const parts = []; // the segments, by block
    let open = [];
    let coming = 0;
    for (let number = 0; number + 1 < edges.length; number++) {
      const [start, end] = [edges[number], edges[number + 1]];
      open = open.filter((mark) => mark.end > start);
      while (coming < order.length && order[coming].start <= start) open.push(order[coming++]);
      const around = open.slice().sort((a, b) => a.end - a.start - (b.end - b.start) || b.number - a.number);
      const kinds = [...new Set(around.filter((mark) => mark.kind).map((mark) => `sls-mark-${mark.kind}`))].join(" ");
      const title = around.find((mark) => mark.title)?.title;
      const segment = { start, end, nodes: [], around, kinds, title };
      segments.push(segment);
      if (start === starts[parts.length]) parts.push([]);
      parts.at(-1).push(segment);
    }
    const same = built.text === source.text && built.file === source.file;
    const colour = colouring(source.text, source.colours);
    const blocks = parts.map((own, number) => {
      const look = JSON.stringify(own.map(({ start, end, around, kinds, title }) => [start, end, Boolean(around.length), kinds, title]));
      const before = built.blocks[number];
      if (!same || before.look !== look) return { look, segments: own, element: makeBlock(source.text, own, colour, starts.length > 1) };
      own.forEach((segment, at) => (segment.nodes = before.segments[at].nodes));
      return { look, segments: own, element: before.element };
    });
    for (const segment of segments) for (const node of segment.nodes) owners.set(node, segment);
    if (!same) code.replaceChildren(...blocks.map(({ element }) => element));
    else blocks.forEach(({ element }, number) => element !== built.blocks[number].element && built.blocks[number].element.replaceWith(element));
    const lettered = stops.filter((mark) => letters[mark.kind]);
    const margin = JSON.stringify([lines.length, source.origins, lettered.map(({ kind, start }) => [kind, start])]);
    if (margin !== built.margin) {
      gutter.replaceChildren(...lines.map((_, number) => h("span", ...numbered(number, source.origins))));
      lettered.forEach(addLetter);
    }
    built = { text: source.text, file: source.file, blocks, margin };
    cursor = -1;
    element.dataset.segments = segments.length;
  }

  /** The element for some segments, which of a long text is as large as they will be, also while it is not in sight. */
  function makeBlock(text, own, colour, long) {
    const first = lineOf(own[0].start);
    const ends = lines.slice(first + 1, first + LINES_TOGETHER + 1);
    const count = Math.min(LINES_TOGETHER, lines.length - first);
    const widths = long ? Array.from({ length: count }, (_, line) => (ends[line] ?? text.length + 1) - 1 - lines[first + line]) : [];
    const size = { class: "sls-block", style: `--sls-lines: ${count}; --sls-width: ${Math.max(...widths)}` };
    return h("span", long ? size : {}, own.flatMap((segment) => piecesOf(text, segment, colour)));
  }

  function piecesOf(text, segment, colour) {
    const { start, end, around, kinds, title } = segment;
    if (!around.length) return colour(start, end);
    const look = { class: kinds, "data-segment": start, title };
    let at = start;
    // Line ends and indentation have no look of their own.
    return text.slice(start, end).split(/(\n[ \t]*)/).flatMap((words) => {
      const inside = colour(at, (at += words.length));
      if (!words || words.startsWith("\n")) return inside;
      segment.nodes.push(h("span", look, inside));
      return segment.nodes.at(-1);
    });
  }

  const numbered = (number, origins) => {
    const origin = origins?.[number];
    if (origin === undefined) return [{}, String(number + 1)];
    const words = origin ? `line ${number + 1} here is line ${origin} in your file` : `line ${number + 1} was added`;
    const wide = `min-width: ${String(lines.length).length}ch`; // one column, whatever a number's length
    return [{ title: words }, h("i", {}, origin ? String(origin) : "+"), h("b", { style: wide }, String(number + 1))];
  };

  function addLetter({ kind, start }) {
    const row = gutter.children[lineOf(start)];
    if (!row.querySelector(`.sls-is-${kind}`)) row.lastChild.before(h("b", { class: `sls-letter sls-is-${kind}` }, letters[kind]));
  }

  const lineOf = (offset) => {
    let [low, high] = [0, lines.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (lines[middle] <= offset) low = middle;
      else high = middle;
    }
    return low;
  };

  /** A stretch of very many lines gets one band behind it, not a look of its own for each of thousands of pieces. */
  function drawBand(mark) {
    band.hidden = !mark;
    if (!mark) return;
    const first = lineOf(mark.start);
    band.style.setProperty("--sls-first", first);
    band.style.setProperty("--sls-lines", lineOf(Math.max(mark.start, mark.end - 1)) - first + 1);
  }

  function paint(look, chosen) {
    for (const node of painted[look]) node.classList.remove(`sls-${look}`);
    painted[look] = [];
    const long = (mark) => lineOf(mark.end) - lineOf(mark.start) > 150;
    if (look === "chosen") drawBand(chosen.find(long));
    for (const mark of chosen) {
      if (long(mark)) continue;
      let [low, high] = [0, segments.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (segments[middle].start < mark.start) low = middle + 1;
        else high = middle;
      }
      for (; low < segments.length && segments[low].end <= mark.end; low++) {
        painted[look].push(...segments[low].nodes);
      }
      if (look === "chosen") {
        for (let line = lineOf(mark.start); line <= lineOf(Math.max(mark.start, mark.end - 1)); line++) painted[look].push(gutter.children[line]);
      }
    }
    for (const node of painted[look]) node.classList.add(`sls-${look}`);
  }

  /** Highlight the marks with these ids and bring the first into view; `related` ones get a fainter look. */
  function choose(ids, { related = [], scroll = true } = {}) {
    const chosen = ids.flatMap((id) => byId.get(id) ?? []);
    paint("related", related.flatMap((id) => byId.get(id) ?? []));
    paint("chosen", chosen);
    const first = painted.chosen.find((node) => code.contains(node));
    if (scroll && (first || !band.hidden)) intoView(first ?? band, scroller);
  }

  const at = (event) => {
    const node = event.target.closest?.("[data-segment]");
    return node ? owners.get(node) : null;
  };
  const pick = (around) => around.length && onPick(around[0].id, around.map((mark) => mark.id));
  code.addEventListener("mouseover", (event) => paint("hover", at(event)?.around.slice(0, 1) ?? []));
  code.addEventListener("mouseleave", () => paint("hover", []));
  // A second click soon after the first is a click, too, and no choice of a word.
  code.addEventListener("mousedown", (event) => event.detail > 1 && event.preventDefault());
  code.addEventListener("click", (event) => {
    const segment = at(event);
    if (segment && String(getSelection()) === "") pick(segment.around);
  });
  code.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" && stops[cursor]) {
      event.preventDefault();
      event.stopPropagation();
      return onPick(stops[cursor].id, [stops[cursor].id]);
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !stops.length) return;
    event.preventDefault();
    event.stopPropagation();
    cursor = (cursor + step + stops.length) % stops.length;
    const mark = stops[cursor];
    paint("cursor", [mark]);
    told.textContent = `Line ${lineOf(mark.start) + 1}: ${mark.title || code.textContent.slice(mark.start, Math.min(mark.end, mark.start + 80))}`;
    if (painted.cursor[0]) intoView(painted.cursor[0], scroller);
  });
  code.addEventListener("blur", () => paint("cursor", []));

  /** Give the marks with these ids the look of what the pointer is on. */
  const hover = (ids) => paint("hover", ids.flatMap((id) => byId.get(id) ?? []));

  return { element, show, choose, hover };
}

/** What one Tab puts before a line. */
const UNIT = "    ";

/** Code with its colours, as Python's `coloured_code` gives it, in place of what `element` holds. */
function showCode(element, { text, colours }) {
  element.replaceChildren(...colouring(text, colours)(0, text.length));
}

/** The lines of a difference, as Python's `difference_view` gives them, in place of what `element` holds. */
function showDifference(element, lines) {
  element.replaceChildren(
    ...lines.map(([look, line, colours]) => h("span", { class: `sls-diff-${look}` }, colouring(line, colours)(0, line.length), "\n")),
  );
}

/**
 * Text to type in, with line numbers and the colours of code. Control-Enter calls `onRun`; JupyterLab's own keys stay
 * outside. `lock(true)` lets it be read alone. Tab and Shift-Tab indent the chosen lines, Enter keeps the indentation;
 * after Escape, Tab leaves the box as everywhere. `wrong({line: words})` marks the lines at which something is wrong.
 *
 * What is seen is a coloured copy above the letters of the box. Python colours the text, soon after it has changed;
 * until it answers, what was typed has no colour and the rest keeps its own.
 */
function textEditor({ context, label, onRun = () => {} }) {
  const gutter = h("div", { class: "sls-gutter", "aria-hidden": "true" });
  const keys = h("p", { class: "sls-hidden", id: freshId("keys") }, "Tab indents. To leave the box, press Escape and then Tab.");
  const text = h("textarea", { "aria-label": label, "aria-describedby": keys.id, spellcheck: "false", autocapitalize: "off", wrap: "off" });
  const letters = h("pre", { "aria-hidden": "true" });
  const element = h("div", { class: "sls-edit" }, gutter, h("div", { class: "sls-typed" }, text, letters), keys);
  let leaving = false; // Escape was pressed last
  let file = "";
  let painted = { text: "", kinds: [], runs: [] };
  const asker = freshId("colours");
  let asked = 0; // how often Python was asked: an answer to an earlier text is of no use
  let waiting;
  const number = () => {
    const count = text.value.split("\n").length;
    text.rows = Math.max(count, 3);
    if (gutter.childElementCount !== count) gutter.replaceChildren(...Array.from({ length: count }, (_, line) => h("span", {}, String(line + 1))));
  };
  function paint(colours) {
    painted = { text: text.value, ...colours };
    letters.replaceChildren(...colouring(text.value, painted)(0, text.value.length), "\n");
    follow();
  }
  const follow = () => letters.style.setProperty("--sls-scrolled", `${-text.scrollLeft}px`);
  const ask = () => {
    clearTimeout(waiting);
    element.dataset.colours = "wanted";
    try {
      context.model.send({ ask: "colours", file, text: text.value, number: `${asker}-${++asked}` });
    } catch {
      // Without a kernel the text has no new colours.
    }
  };
  const hear = (message) => {
    if (message?.number !== `${asker}-${asked}`) return;
    paint(message.coloured);
    element.dataset.colours = "shown";
  };
  context.model.on("msg:custom", hear);
  context.atEnd(() => (clearTimeout(waiting), context.model.off("msg:custom", hear)));
  text.addEventListener("scroll", follow);
  text.addEventListener("input", () => {
    number();
    paint(movedColours(painted, text.value));
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  text.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      leaving = true;
      return;
    }
    const stays = !leaving && !text.readOnly;
    if (!["Shift", "Tab"].includes(event.key)) leaving = false;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun();
    } else if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !stays) return;
    else if (event.key === "Tab") {
      event.preventDefault();
      indent(event.shiftKey);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const line = text.value.slice(text.value.lastIndexOf("\n", text.selectionStart - 1) + 1, text.selectionStart);
      insert(`\n${line.match(/^[ \t]*/)[0]}${/:\s*$/.test(line) ? UNIT : ""}`);
    }
  });
  text.addEventListener("blur", () => (leaving = false));
  // The browser's own command keeps what can be undone.
  const insert = (words) => document.execCommand(words ? "insertText" : "delete", false, words);
  function indent(back) {
    const { value, selectionStart: start, selectionEnd: end } = text;
    if (start === end && !back) {
      const column = start - value.lastIndexOf("\n", start - 1) - 1;
      return insert(UNIT.slice(column % UNIT.length));
    }
    const first = value.lastIndexOf("\n", start - 1) + 1;
    const stop = value.indexOf("\n", Math.max(start, end - 1));
    const last = stop < 0 ? value.length : stop;
    const lines = value.slice(first, last).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^(\t| {1,4})/, "") : line && UNIT + line));
    if (moved.join("\n") === lines.join("\n")) return;
    text.setSelectionRange(first, last);
    insert(moved.join("\n"));
    const [before, after] = [moved[0].length - lines[0].length, moved.join("\n").length - (last - first)];
    text.setSelectionRange(Math.max(first, start + before), Math.max(first, end + after));
  }
  return {
    element,
    get: () => text.value,
    set: (value, name = file) => {
      if (text.value === value && file === name && gutter.childElementCount) return;
      file = name;
      text.value = value;
      number();
      paint({});
      ask();
    },
    lock: (locked) => (text.readOnly = locked),
    wrong: (told) => {
      [...gutter.children].forEach((row, line) => {
        row.classList.toggle("sls-is-wrong-line", line + 1 in told);
        row.title = told[line + 1] ?? "";
      });
      const row = gutter.children[Math.min(...Object.keys(told).map(Number)) - 1];
      if (row) intoView(row, element);
    },
  };
}

/** The colours of a text after a change in one place: those before and after it stay, those that it touches are lost. */
function movedColours({ text: old, kinds = [], runs = [] }, text) {
  let head = 0;
  while (head < Math.min(old.length, text.length) && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, text.length) - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  const moved = [];
  let [at, last] = [0, 0];
  for (let run = 0; run < runs.length; run += 3) {
    const start = at + runs[run];
    at = start + runs[run + 1];
    const by = at <= head ? 0 : start >= old.length - tail ? text.length - old.length : null;
    if (by === null) continue;
    moved.push(start + by - last, runs[run + 1], runs[run + 2]);
    last = at + by;
  }
  return { kinds, runs: moved };
}
