// Where the time goes: kinds of steps, layers and single steps, before and after.
function joinByName(first, second, list) {
  const names = [...new Set([...first[list], ...(second ? second[list] : [])].map(group => group.name))];
  const of = (times, name) => times?.[list].find(group => group.name === name) ?? null;
  return names.map(name => ({ name, before: of(first, name), after: of(second, name) }));
}

function timeColumns(first, second) {
  const one = (which, times) => [
    { name: (second ? times.label + " " : "") + "ms", number: true, key: row => row[which]?.ms, cell: row => digits(row[which]?.ms) },
    { name: "share", title: "of the whole run of " + times.label, number: true, key: row => row[which]?.share, cell: row => (row[which] ? percent(row[which].share) : DASH) },
    { name: "steps", number: true, key: row => row[which]?.steps, cell: row => digits(row[which]?.steps) },
    { name: "of the limit", title: "the least time that the machine needs, divided by the time taken", number: true, key: row => row[which]?.rate.share_of_limit, cell: row => (row[which] ? percent(row[which].rate.share_of_limit) : DASH) },
  ];
  const columns = [{ name: "operator", key: row => row.name, cell: row => element("th", { scope: "row" }, row.name) }, ...one("before", first)];
  if (!second) return columns;
  const change = row => (row.before && row.after && row.after.ms > 0 ? row.before.ms / row.after.ms : null);
  return [...columns, ...one("after", second),
    { name: "quicker", title: "times", number: true, key: change, cell: row => times(change(row)) }];
}

function operatorBars(first, second, list, title) {
  const rows = joinByName(first, second, list);
  const sides = second ? ["before", "after"] : ["before"];
  const labels = { before: first.label, after: second?.label };
  const figure = chart(title, "milliseconds", title, (svg, width) => {
    const names = Math.min(width * .35, 14 + 7 * d3.max(rows, row => row.name.length));
    const step = 14 * sides.length + 10;
    svg.attr("height", rows.length * step + 10);
    const x = d3.scaleLinear([0, d3.max(rows, row => Math.max(row.before?.ms ?? 0, row.after?.ms ?? 0))], [names, width - 64]);
    const groups = svg.append("g").selectAll("g").data(rows).join("g").attr("transform", (_, index) => `translate(0,${index * step + 6})`);
    groups.append("text").attr("x", names - 8).attr("y", (step - 10) / 2 + 4).attr("text-anchor", "end").text(row => row.name);
    sides.forEach((side, index) => {
      const bars = groups.filter(row => row[side]).append("g").attr("transform", `translate(0,${index * 14})`);
      bars.append("rect").attr("x", names).attr("height", 12).attr("rx", 2).attr("fill", `var(--${second ? side : "after"})`)
        .attr("width", row => Math.max(1, x(row[side].ms) - names));
      bars.append("text").attr("class", "soft").attr("y", 10).attr("x", row => x(row[side].ms) + 5).text(row => digits(row[side].ms));
      explain(bars, row => row.name + ", " + labels[side] + "\n" + millis(row[side].ms) + ", " + percent(row[side].share) + " of the run, " + row[side].steps + " steps");
    });
  });
  if (second) {
    figure.append(element("ul", { class: "legend" }, sides.map(side =>
      element("li", {}, element("i", { style: `background:var(--${side})` }), labels[side]))));
  }
  return figure;
}

function stepTable(times) {
  return element("details", {}, element("summary", {}, "All " + times.steps.length + " steps of " + times.label),
    sortableTable([
      { name: "step", number: true, key: step => step.step, cell: step => String(step.step) },
      { name: "kind", key: step => step.kind, cell: step => step.kind },
      { name: "layer", number: true, key: step => step.layer, cell: step => (step.layer === null ? "" : String(step.layer)) },
      { name: "node", key: step => step.node, cell: step => element("code", {}, step.node) },
      { name: "ms", number: true, key: step => step.ms, cell: step => digits(step.ms) },
      { name: "waiting ms", number: true, key: step => step.waiting_ms, cell: step => digits(step.waiting_ms) },
      { name: "Gop/s", number: true, key: step => step.rate.giga_operations_per_second, cell: step => (step.rate.giga_operations_per_second > 0 ? digits(step.rate.giga_operations_per_second) : "") },
      { name: "of the limit", number: true, key: step => step.rate.share_of_limit, cell: step => percent(step.rate.share_of_limit) },
      { name: "problem", cell: step => element("code", {}, step.problem) },
    ], times.steps, { label: "Steps of " + times.label }));
}

function operatorSection(all) {
  if (!all.length) return;
  const first = all[0];
  const second = all.length > 1 ? all.at(-1) : null;
  const whole = one => one.label + ": " + millis(one.ms) + " (" + between(one.ms_interval, digits) + ") at " + one.input;
  section("operators", "Operators",
    element("p", {}, "Where the time of a run goes. " + all.map(whole).join("; ") + "."),
    sortableTable(timeColumns(first, second), joinByName(first, second, "kinds"), { label: "Operators" }),
    element("div", { class: "charts", style: "margin-top:1rem" },
      operatorBars(first, second, "kinds", "By kind"), operatorBars(first, second, "layers", "By layer")),
    all.map(stepTable));
}
