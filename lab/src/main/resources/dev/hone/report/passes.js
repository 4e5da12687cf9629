// What fired, and what did not and why.
function reasonGroups(refusals) {
  const groups = d3.groups(refusals, refusal => refusal.reason).sort((a, b) => b[1].length - a[1].length);
  return element("ul", {}, groups.map(([reason, places]) => element("li", {}, reason + " ",
    places.length > 3
      ? element("details", {}, element("summary", {}, places.length + " places"),
        element("code", {}, places.map(place => place.node).join("  ")))
      : element("code", {}, places.map(place => place.node).join("  ")))));
}

function passWord(pass) {
  if (pass.fired > 0) return element("span", { class: "tag front" }, "fired " + pass.fired + "\u00d7");
  return element("span", { class: "tag plain" }, pass.refusals.length ? "refused" : "found nothing");
}

function passSection(passes) {
  if (!passes.length) return;
  const fired = passes.filter(pass => pass.fired > 0).length;
  const several = new Set(passes.map(pass => pass.pipeline)).size > 1;
  const pipeline = pass => (several ? element("div", { class: "small soft", style: "font-weight:400" }, pass.pipeline) : null);
  section("passes", "What fired",
    element("p", {}, fired + " of " + passes.length + " passes changed the graph, from " + passes[0].nodes_before
      + " nodes to " + passes.at(-1).nodes_after + ". Where a pass nearly fired, its reason not to is given."),
    sortableTable([
      { name: "no.", number: true, key: pass => passes.indexOf(pass), cell: pass => String(passes.indexOf(pass) + 1) },
      { name: "pass", key: pass => pass.pass, cell: pass => element("th", { scope: "row" }, pass.pass, pipeline(pass)) },
      { name: "did", key: pass => pass.fired, cell: passWord },
      { name: "nodes", number: true, key: pass => pass.nodes_after - pass.nodes_before, cell: pass => (pass.nodes_before === pass.nodes_after ? String(pass.nodes_after) : pass.nodes_before + " \u2192 " + pass.nodes_after) },
      { name: "ms", number: true, key: pass => pass.ms, cell: pass => digits(pass.ms, 2) },
      { name: "did not fire, and why", key: pass => pass.refusals.length, cell: pass => element("td", { class: "refusals" }, pass.refusals.length ? reasonGroups(pass.refusals) : "") },
    ], passes, { label: "Passes" }));
}
