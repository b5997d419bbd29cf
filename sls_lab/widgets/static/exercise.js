// One exercise: a question, a place to answer, and what came of the answer.

/** The little Markdown of lesson files, as Python took it apart. */
function prose(parts) {
  const tags = { code: "code", em: "em", strong: "strong" };
  const inline = (pieces) => pieces.map(([kind, text]) => (tags[kind] ? h(tags[kind], {}, text) : text));
  return parts.map((block) => {
    if (block.pre !== undefined) {
      const code = h("pre", { class: "sls-code", tabindex: "0" });
      showCode(code, block);
      return code;
    }
    if (block.li) return h("ul", {}, block.li.map((item) => h("li", {}, inline(item))));
    return h("p", {}, inline(block.p));
  });
}

// Each kind of answer: an element, `get` and `set` the answer, and `lock` it once it is given.

function chooseAnswer({ options, several }) {
  const name = freshId("choice");
  const boxes = options.map(([key, pieces]) => {
    const box = h("input", { type: several ? "checkbox" : "radio", name, value: key });
    const words = prose([{ p: pieces }])[0];
    return { key, box, element: h("label", { class: "sls-option" }, box, h("span", {}, ...words.childNodes)) };
  });
  // JupyterLab takes the arrow keys for itself before the browser moves among the choices.
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const now = boxes.findIndex(({ box }) => box === event.target);
    if (!step || now < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const { box } = boxes.at((now + step) % boxes.length);
    box.focus();
    if (!several) box.checked = true;
  };
  const legend = several ? "Choose all that are right" : "Choose one";
  const element = h("fieldset", { class: "sls-options", onkeydown: move }, h("legend", {}, legend), boxes.map((one) => one.element));
  return {
    element,
    get: () => boxes.filter(({ box }) => box.checked).map(({ key }) => key),
    set: (answer) => boxes.forEach(({ key, box }) => (box.checked = (answer ?? []).includes(key))),
    lock: (locked) => boxes.forEach(({ box }) => (box.disabled = locked)),
  };
}

/** A few words, or one of some options: an answer that is committed to and not judged. */
function commitment(task, commit) {
  if (task.options.length) return chooseAnswer(task);
  const field = h("input", { type: "text", size: 40, spellcheck: "false", autocomplete: "off", maxlength: 200 });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") commit();
  });
  return {
    element: h("label", { class: "sls-words" }, `Your answer (${task.asks})`, field),
    get: () => field.value,
    set: (answer) => (field.value = answer ?? ""),
    lock: (locked) => (field.readOnly = locked),
  };
}

function orderAnswer({ lines, extra, python }) {
  const pieces = new Map(lines);
  const text = new Map(lines.map(([number, parts]) => [number, parts.map(([, words]) => words).join("")]));
  let used = [];
  let locked = false;
  let dragged = null;
  const told = h("p", { class: "sls-hidden", "aria-live": "polite" });
  const pool = h("ul", { class: "sls-parsons", "aria-label": "Lines that are not used" });
  const program = h("ol", { class: "sls-parsons sls-program", "aria-label": "Your lines, in order" });
  const element = h(
    "div",
    { class: "sls-panes sls-even" },
    pane(extra ? "Not used (some do not belong)" : "Not used yet", pool),
    pane("Your order", program),
    told,
  );
  const place = (number, at) => {
    if (locked) return;
    used = used.filter((one) => one !== number);
    if (at !== null) used.splice(at, 0, number);
    told.textContent = at === null ? "taken out" : `line ${used.indexOf(number) + 1} of ${used.length}`;
    paint();
    element.querySelector(`[data-number="${number}"]`)?.focus();
  };
  function row(number) {
    const at = used.indexOf(number);
    const controls =
      at < 0
        ? [button("Use", () => place(number, used.length), { "aria-label": `Use: ${text.get(number)}` })]
        : [
            button("↑", () => place(number, Math.max(0, at - 1)), { "aria-label": `Move up: ${text.get(number)}` }),
            button("↓", () => place(number, at + 1), { "aria-label": `Move down: ${text.get(number)}` }),
            button("Take out", () => place(number, null), { "aria-label": `Take out: ${text.get(number)}` }),
          ];
    if (locked) controls.forEach((control) => control.setAttribute("disabled", ""));
    const inside = prose([{ p: pieces.get(number) }])[0].childNodes;
    const line = h("span", { class: python ? "sls-line sls-is-code" : "sls-line", tabindex: "0", "data-number": number, role: "group", "aria-label": text.get(number) }, ...inside);
    line.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: at - 1, ArrowDown: at + 1 };
      if (event.altKey && event.key in moves && at >= 0) place(number, Math.max(0, moves[event.key]));
      else if (event.key === "Enter") place(number, at < 0 ? used.length : null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    const item = h("li", { draggable: locked ? "false" : "true" }, h("span", { class: "sls-toolbar" }, controls), line);
    item.addEventListener("dragstart", (event) => {
      dragged = number;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", text.get(number));
    });
    item.addEventListener("dragover", (event) => event.preventDefault());
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (dragged !== null && dragged !== number) place(dragged, at < 0 ? null : at);
      dragged = null;
    });
    return item;
  }
  for (const [list, at] of [[pool, () => null], [program, () => used.length]]) {
    list.addEventListener("dragover", (event) => event.preventDefault());
    list.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged !== null) place(dragged, at());
      dragged = null;
    });
  }
  function paint() {
    pool.replaceChildren(...lines.map(([number]) => number).filter((number) => !used.includes(number)).map(row));
    program.replaceChildren(...used.map(row));
  }
  paint();
  return {
    element,
    get: () => used,
    set: (answer) => {
      used = [...(answer ?? [])];
      paint();
    },
    lock: (now) => {
      locked = now;
      paint();
    },
  };
}

function blankAnswer({ pieces, sizes }, commit) {
  const gaps = [];
  const inside = pieces.map((piece, number) => {
    if (number % 2 === 0) return piece;
    const gap = h("input", { type: "text", "aria-label": `Gap ${piece}`, size: sizes[piece], spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
    gap.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") commit();
    });
    gaps.push([piece, gap]);
    return gap;
  });
  return {
    element: h("div", { class: "sls-gaps" }, inside),
    get: () => Object.fromEntries(gaps.map(([name, gap]) => [name, gap.value])),
    set: (answer) => gaps.forEach(([name, gap]) => (gap.value = answer?.[name] ?? "")),
    lock: (locked) => gaps.forEach(([, gap]) => (gap.readOnly = locked)),
  };
}

function lineAnswer({ sources, count }) {
  let picked = [];
  let locked = false;
  let shown = 0;
  const list = h("span", { class: "sls-picked", role: "status" });
  const view = sourceView({ label: "Pick a line", onPick: (id) => pick(Number(id)) });
  const file = h("select", { "aria-label": "File" }, sources.map((one, number) => h("option", { value: number }, one.file)));
  const field = h("input", { type: "text", inputmode: "numeric", size: 5, "aria-label": "Line number" });
  const enter = button("Pick this line", () => pick(Number(field.value)));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") enter.click();
  });
  file.addEventListener("change", () => open(Number(file.value)));
  const here = () => picked.filter(([name]) => name === sources[shown].file).map(([, line]) => String(line));
  function paint() {
    view.choose(here(), { scroll: false });
    const places = picked.map(([name, line]) => `${name}:${line}`).join(", ");
    list.textContent = places ? `picked: ${places}` : `nothing picked yet${count > 1 ? ` (${count} places)` : ""}`;
  }
  function open(number) {
    shown = number;
    file.value = String(number);
    view.show(sources[number]);
    paint();
  }
  function pick(line) {
    if (locked || !Number.isInteger(line) || line < 1) return;
    const name = sources[shown].file;
    const again = picked.some(([one, other]) => one === name && other === line);
    picked = picked.filter(([one, other]) => one !== name || other !== line);
    if (!again) picked = count > 1 ? [...picked, [name, line]] : [[name, line]];
    paint();
  }
  const controls = tools("Pick a line", sources.length > 1 ? file : null, h("label", { class: "sls-check" }, "Line", field), enter, list);
  open(0);
  return {
    element: h("div", { class: "sls-pick" }, controls, view.element),
    get: () => picked,
    set: (answer) => {
      picked = answer ?? [];
      if (picked.length) open(Math.max(0, sources.findIndex((one) => one.file === picked[0][0])));
      paint();
      requestAnimationFrame(() => view.choose(here()));
    },
    lock: (now) => {
      locked = now;
      field.disabled = enter.disabled = now;
    },
  };
}

function editAnswer({ texts, expected }, commit, context) {
  const files = Object.keys(texts);
  let now = { ...texts };
  let open = files[0];
  const text = textEditor({ context, label: "Text of the file", onRun: commit });
  const keep = () => (now[open] = text.get());
  const file = h("select", { "aria-label": "File" }, files.map((name) => h("option", { value: name }, name)));
  const show = (name) => {
    open = file.value = name;
    text.set(now[name], name);
  };
  file.addEventListener("change", () => {
    const name = file.value;
    keep();
    show(name);
  });
  const reset = button("Reset", () => (now = { ...texts }) && show(open), { symbol: "↺", title: "Bring back the text as it was" });
  const name = files.length > 1 ? file : h("span", { class: "sls-file" }, files[0]);
  show(open);
  return {
    element: h(
      "div",
      { class: "sls-pick" },
      h("p", { class: "sls-toolbar-name" }, "What is expected"),
      h("ul", {}, expected.map((pieces) => h("li", {}, ...prose([{ p: pieces }])[0].childNodes))),
      tools("File", name, reset),
      text.element,
    ),
    get: () => {
      keep();
      return Object.fromEntries(files.filter((one) => now[one] !== texts[one]).map((one) => [one, now[one]]));
    },
    set: (answer) => {
      now = { ...texts, ...(answer ?? {}) };
      show(answer && !(open in answer) ? (Object.keys(answer)[0] ?? open) : open);
    },
    lock: (locked) => text.lock(locked),
  };
}

function extractAnswer({ function: name, samples, sources, hidden, driver }, id) {
  const parts = sources.map((source, number) => {
    const view = sourceView({ label: `Sample ${number + 1}` });
    view.show(source);
    return [view.element, h("p", {}, "Expected: ", h("code", { class: "sls-expected" }, samples[number].expected))];
  });
  const call = `check_exercise("${id}", ${name})`;
  const given = driver ? "" : " It is given the text of the sample.";
  const more = hidden ? ` It is also tried on ${hidden} samples that are not shown.` : "";
  const how = h("p", {}, "Write the function in a cell, then run ", h("code", {}, call), `.${given}${more}`);
  return { element: h("div", { class: "sls-pick" }, how, parts.flat()), get: () => null, set: () => {}, lock: () => {}, elsewhere: true };
}

/** A solution: changes to files as their difference, anything else as code. */
function solved({ changes, code }) {
  const shown = h("pre", { class: changes.length ? "sls-code sls-diff" : "sls-code", tabindex: "0" });
  if (changes.length) showDifference(shown, changes);
  else showCode(shown, code);
  return shown;
}

/** The learner's answer beside what it is compared with. */
function compared({ sides, found, expected }) {
  if (!sides.length || !expected.length) return [];
  return [h("dl", { class: "sls-facts" }, h("dt", {}, sides[0]), h("dd", {}, prose(found)), h("dt", {}, sides[1]), h("dd", {}, prose(expected)))];
}

function render({ model, el }) {
  const { id, kind, stage, stars, title, prompt, task, hints } = model.get("view");
  const asked = kind === "prediction" || kind === "recall"; // committed to, and not judged
  const context = lab({ model, el }, asked ? `exercise sls-is-${kind}` : "exercise", asked ? title : `Exercise ${id}`);
  const { body, act, on } = context;
  const commit = () => {
    if (check.hidden) return;
    badge.textContent = "… checking";
    badge.className = "sls-badge";
    act("commit", { answer: answer.get() });
  };
  const makers = { choice: chooseAnswer, order: orderAnswer, blank: blankAnswer, line: lineAnswer, prediction: commitment, recall: commitment };
  const answer = kind === "extractor" ? extractAnswer(task, id) : (makers[kind] ?? editAnswer)(task, commit, context);

  const badge = h("span", { class: "sls-badge" });
  const head = h("div", { class: "sls-toolbar sls-apart" }, h("h4", {}, title), h("span", {}, h("span", { class: "sls-stars", role: "img", "aria-label": `${stars} of 3 stars`, title: "how hard it is" }, "★".repeat(stars) + "☆".repeat(3 - stars)), h("span", { class: "sls-stage" }, stage), asked ? null : badge));
  const check = button(kind === "choice" || asked ? "Commit my answer" : "Check my answer", commit, { symbol: "✓" });
  check.classList.add("sls-main");
  const again = button("Try again", () => act("again"), { symbol: "↺" });
  const hint = button("", () => act("hint"), { symbol: "☼" });
  const solve = button("Show the solution", () => act("solution"), { symbol: "★" });
  const use = button("Put the solution in", () => {
    if (model.get("state").verdict) act("again");
    answer.lock(false);
    answer.set(model.get("state").solution_answer);
  });
  const verdict = h("div", { class: "sls-verdict", role: "status", tabindex: "-1" });
  const help = h("div", { class: "sls-help" });
  const solution = h("div", { class: "sls-help" });
  const holds = h("p", { class: "sls-holds", role: "status" });
  if (asked) body.append(...prose(prompt), answer.element, tools("Answer", check, badge, holds), verdict);
  else body.append(head, ...prose(prompt), answer.element, tools("Answer", check, again, hint, solve, holds), verdict, help, solution);

  // What was told of one answer is not told of another: while the answer differs, the verdict is marked as old.
  let told = null;
  let judged = "";
  let first = true; // what was judged before the page came is not looked for
  let passed = false;
  const label = () => {
    const old = told !== null && !answer.elsewhere && JSON.stringify(answer.get()) !== judged;
    verdict.classList.toggle("sls-is-old", old);
    badge.textContent = old ? "○ changed since" : told ? told.word : passed ? "✓ passed before" : "○ not answered";
    badge.className = `sls-badge sls-is-${told && !old ? told.result : passed && !old ? "right" : "blank"}`;
  };
  for (const event of ["input", "click", "drop", "keyup"]) answer.element.addEventListener(event, () => setTimeout(label));

  let before = -1;
  on("state", (state) => {
    told = state.verdict;
    passed = state.passed;
    // A wrong answer can be changed at once. A right one stays until asked again, and a commitment is one.
    const committed = told !== null && (told.result === "right" || told.result === "committed");
    if (state.checks !== before || told === null) {
      if (told) answer.set(state.answer);
      judged = JSON.stringify(answer.get());
      verdict.className = `sls-verdict${told ? ` sls-is-${told.result}` : ""}`;
      verdict.replaceChildren(
        ...(told
          ? [
              asked && committed ? "" : h("p", { class: "sls-verdict-word" }, told.word),
              ...(asked ? [...compared(told), ...prose(told.explanation)] : [...prose(told.explanation), ...compared(told)]),
            ]
          : []),
      );
    }
    if (told && !first && state.checks !== before) verdict.scrollIntoView({ block: "nearest" });
    first = false;
    before = state.checks;
    holds.textContent = state.held ? "The output of this cell opens when you commit." : "";
    answer.lock(committed);
    const hadFocus = document.activeElement === check;
    check.hidden = committed || Boolean(answer.elsewhere);
    again.hidden = !committed || Boolean(answer.elsewhere);
    if (hadFocus && check.hidden) (asked ? verdict : again).focus();
    label();
    hint.replaceChildren(h("span", { "aria-hidden": "true" }, "☼"), ` Hint (${state.hints.length} of ${hints} used)`);
    hint.setAttribute("aria-disabled", String(state.hints.length >= hints));
    help.replaceChildren(...state.hints.map((parts, number) => h("div", { class: "sls-hint-box" }, h("strong", {}, `Hint ${number + 1}. `), prose(parts))));
    solution.replaceChildren(
      ...(state.solution === null
        ? []
        : [
            h("p", { class: "sls-toolbar-name" }, "Solution"),
            solved(state.solution),
            answer.elsewhere ? null : tools("Solution", use),
          ].filter(Boolean)),
    );
  });
  return context.end;
}

export default { render };
