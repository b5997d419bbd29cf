// How much of the course is done: a bar for each lesson.

function render({ model, el }) {
  const context = lab({ model, el }, "progress", "Your progress");
  const table = h("table", { class: "sls-bars" });
  const total = h("p", { class: "sls-total", role: "status" });
  context.body.append(total, table, tools("Progress", button("Read again", () => context.act("reread"), { symbol: "↺", title: "Other notebooks write to the same file" })));
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
