// How much of the course is done: a bar for each lesson.

/**
 * The content of a file as base64.
 * @param {Blob} file
 * @returns {Promise<string>}
 */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).replace(/^[^,]*,/, "")));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

function render({ model, el }) {
  const context = lab({ model, el }, "progress", "Your progress");
  const table = h("table", { class: "sls-bars" });
  const total = h("p", { class: "sls-total", role: "status" });
  const again = button("Read again", () => context.act("reread"), { symbol: "↺", title: "Other notebooks write to the same file" });
  const take = button("Take everything along", () => context.act("take"), { symbol: "⤓", title: "One file with your progress, your answers and the files that you changed" });
  const file = h("input", { type: "file", accept: ".zip", class: "sls-hidden", tabindex: "-1", "aria-label": "A file that was taken along" });
  const bring = button("Bring it here", () => file.click(), { symbol: "⤒", title: "Add what such a file has; nothing that is here is lost" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) context.act("bring", { data: await base64(chosen) });
  });
  const save = ({ name, data }) => name && h("a", { href: `data:application/zip;base64,${data}`, download: name }).click();
  model.on("msg:custom", save);
  context.atEnd(() => model.off("msg:custom", save));
  context.body.append(total, table, tools("Progress", again, take, bring, file));
  context.on("view", ({ rows, note }) => {
    const [passed, count] = ["passed", "count"].map((name) => rows.reduce((sum, row) => sum + row[name], 0));
    total.textContent = `${note ? `${note} ` : ""}${passed} of ${count} exercises passed, ${count ? Math.floor((100 * passed) / count) : 0} %`;
    const head = h("tr", {}, ["Lesson", "Exercises passed", "", "Predictions made"].map((words) => h("th", { scope: "col" }, words || h("span", { class: "sls-hidden" }, "Count"))));
    table.replaceChildren(
      h("thead", {}, head),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, `${row.number} ${row.title}`),
            h("td", {}, h("progress", { max: row.count, value: String(row.passed), "aria-label": `Lesson ${row.number}` })),
            h("td", {}, `${row.passed} of ${row.count}${row.count && row.passed === row.count ? " ✓" : ""}`),
            h("td", {}, `${row.committed} of ${row.predictions}`),
          ),
        ),
      ),
    );
  });
  return context.end;
}

export default { render };
