// The view of a graph: pan, zoom, search, fold, select.
const LEAST_LEGIBLE = 0.6;

/** The slowest node and the slowest layer of all graphs, so that colours mean the same in each. */
function slowest(pictures) {
  const nodes = d3.max(pictures.flatMap(picture => picture.nodes.map(node => node.ms)), ms => ms) ?? 0;
  const layers = d3.max(pictures.flatMap(picture => [...layersOf(picture).values()].map(layer => layer.ms))) ?? 0;
  return { nodes, layers };
}

class GraphPane {
  constructor(pictures, first, limits) {
    this.pictures = pictures;
    this.limits = limits;
    this.root = element("div", { class: "pane" });
    this.search = element("input", { type: "search", placeholder: "operator, name or shape", "aria-label": "Search the graph" });
    this.found = element("span", { class: "soft small", role: "status" });
    this.inspector = element("div", { class: "inspect", tabindex: 0, role: "region", "aria-live": "polite", "aria-label": "What is selected" });
    this.svg = d3.create("svg").attr("tabindex", 0).attr("role", "group");
    this.view = this.svg.append("g");
    this.zoom = d3.zoom().scaleExtent([0.03, 3])
      .filter(event => (event.type === "wheel" ? event.ctrlKey || event.metaKey || this.svg.node().contains(document.activeElement) : !event.button))
      .on("zoom", event => this.view.attr("transform", event.transform));
    this.svg.call(this.zoom).on("dblclick.zoom", null).on("keydown", event => this.key(event));
    this.root.append(this.controls(first), element("div", { class: "canvas" }, this.svg.node()), this.inspector);
    this.show(first);
    // Until the page has given the drawing a width, nothing can be fitted into it.
    let fitted = false;
    whenSized(this.svg.node(), () => {
      if (!fitted) this.start();
      fitted = true;
    });
    window.addEventListener("beforeprint", () => this.fit());
  }

  controls(first) {
    const button = (text, label, action) => {
      const made = element("button", { type: "button", "aria-label": label, title: label }, text);
      made.addEventListener("click", action);
      return made;
    };
    const choice = element("select", { "aria-label": "Graph" }, this.pictures.map((picture, index) =>
      element("option", { value: index, selected: index === first }, picture.label + " (" + picture.nodes.length + " nodes)")));
    choice.addEventListener("change", () => {
      this.show(Number(choice.value));
      this.start();
    });
    this.search.addEventListener("input", () => this.find(0));
    this.search.addEventListener("keydown", event => {
      if (event.key === "Enter") this.find(event.shiftKey ? -1 : 1);
    });
    return element("div", { class: "controls" }, choice, this.search, this.found,
      button("Fold all", "Fold all layers", () => this.fold(new Set(this.layers.keys()))),
      button("Unfold all", "Unfold all layers", () => this.fold(new Set())),
      button("+", "Zoom in", () => this.svg.call(this.zoom.scaleBy, 1.4)),
      button(MINUS, "Zoom out", () => this.svg.call(this.zoom.scaleBy, 1 / 1.4)),
      button("Fit", "Fit the whole graph", () => this.fit()));
  }

  show(index) {
    this.picture = this.pictures[index];
    this.layers = layersOf(this.picture);
    this.readers = this.picture.nodes.map(() => []);
    this.picture.nodes.forEach((node, at) => new Set(node.inputs ?? []).forEach(input => this.readers[input].push(at)));
    this.folded = new Set([...this.layers.keys()].slice(1));
    this.matches = [];
    this.at = 0;
    this.search.value = "";
    this.found.textContent = "";
    this.svg.attr("aria-label", "Graph " + this.picture.label
      + ". Arrow keys go along edges, Enter folds and unfolds layers, plus and minus zoom, 0 fits.");
    this.draw();
    this.select(null);
  }

  fold(folded) {
    this.folded = folded;
    this.draw();
    this.select(null);
    this.start();
  }

  /** Folds or unfolds one layer, which stays where it is on the screen. */
  toggle(layer) {
    const before = this.placeOf(layer);
    if (!this.folded.delete(layer)) this.folded.add(layer);
    this.draw();
    const after = this.placeOf(layer);
    this.svg.call(this.zoom.translateBy, before.x - after.x, before.y - after.y);
    const key = this.folded.has(layer) ? "layer " + layer : "node " + this.layers.get(layer).nodes[0];
    this.select(key);
    this.focus(key);
  }

  /** The middle of the upper edge of a layer's box. */
  placeOf(layer) {
    const item = this.visible.items.get("layer " + layer);
    if (item) return { x: item.x, y: item.y - item.height / 2 };
    const frame = this.extent.frames.find(one => one.layer === layer);
    return { x: frame.left + frame.width / 2, y: frame.top };
  }

  draw() {
    this.visible = visibleItems(this.picture, this.layers, this.folded);
    this.extent = layOut(this.visible, this.folded);
    this.view.selectAll("*").remove();
    this.drawHulls();
    const line = d3.line(point => point.x, point => point.y).curve(d3.curveBasis);
    this.view.append("g").selectAll("path").data(this.visible.edges).join("path").attr("class", "edge")
      .attr("d", edge => line(edge.points)).attr("marker-end", "url(#arrow)");
    const nodes = this.view.append("g").selectAll("g").data([...this.visible.items.values()]).join("g")
      .attr("class", item => "node" + (item.layer ? " layer" : "") + (item.node?.operator === "input" ? " input" : ""))
      .attr("data-key", item => item.key).attr("data-name", item => item.node?.name ?? null)
      .attr("data-layer", item => item.layer?.number ?? null)
      .attr("transform", item => `translate(${item.x},${item.y})`)
      .attr("tabindex", -1).attr("role", "button").attr("aria-label", item => item.lines.join(", "))
      .style("--heat", item => this.heat(item))
      .on("click", (_, item) => this.activate(item));
    nodes.append("rect").attr("x", item => -item.width / 2).attr("y", item => -item.height / 2)
      .attr("width", item => item.width).attr("height", item => item.height).attr("rx", 5);
    nodes.selectAll("text").data(item => item.lines.map((text, row) => ({ text, row, item }))).join("text")
      .attr("class", line => (line.row === 0 ? "name" : "type")).attr("y", line => 18 + 15 * line.row - line.item.height / 2)
      .text(line => line.text);
    this.nodes = nodes;
    this.mark();
  }

  drawHulls() {
    const hulls = this.view.append("g").selectAll("g").data(this.extent.frames).join("g").attr("class", "hull")
      .attr("transform", frame => `translate(${frame.left},${frame.top})`);
    hulls.append("rect").attr("width", frame => frame.width).attr("height", frame => frame.height).attr("rx", 8);
    const folds = hulls.append("g").attr("class", "fold").attr("data-fold", frame => frame.layer)
      .attr("transform", `translate(${-FOLD_WIDTH + 1},10)`).on("click", (_, frame) => this.toggle(frame.layer));
    folds.append("rect").attr("width", FOLD_WIDTH).attr("height", 22).attr("rx", 4);
    folds.append("text").attr("x", 8).attr("y", 15).text(frame => MINUS + " layer " + frame.layer);
    folds.append("title").text(frame => "Fold layer " + frame.layer);
  }

  heat(item) {
    const most = item.layer ? this.limits.layers : this.limits.nodes;
    return isNumber(item.ms) && most > 0 ? Math.round(1000 * item.ms / most) / 1000 : 0;
  }

  activate(item) {
    if (item.layer) this.toggle(item.layer.number);
    else {
      this.select(item.key);
      this.focus(item.key);
    }
  }

  /** Marks an item and tells about it; null tells how to use the view. */
  select(key) {
    this.selected = key;
    this.mark();
    const item = key === null ? null : this.visible.items.get(key);
    this.inspector.replaceChildren(item ? (item.layer ? this.aboutLayer(item.layer) : this.aboutNode(item)) : this.hint());
  }

  mark() {
    const matching = new Set(this.matches.map(index => this.visible.key(index)));
    this.nodes.classed("selected", item => item.key === this.selected).classed("match", item => matching.has(item.key));
    this.view.selectAll("path.edge").classed("near", edge => edge.from === this.selected || edge.to === this.selected);
  }

  hint() {
    const ramp = this.limits.nodes > 0
      ? element("p", { class: "soft small" }, "Time:", element("span", { class: "ramp" }), "up to " + millis(this.limits.nodes)
        + " for a node, " + millis(this.limits.layers) + " for a layer. What has no time is part of another step or was not run.") : null;
    return element("div", {}, element("p", { class: "soft small" },
      "Drag to move; the wheel zooms once the graph was clicked. Select a node for its shapes and times, a layer to fold it."), ramp);
  }

  aboutLayer(layer) {
    return element("dl", {}, element("dt", {}, "layer"), element("dd", {}, String(layer.number)),
      element("dt", {}, "nodes"), element("dd", {}, String(layer.nodes.length)),
      element("dt", {}, "time"), element("dd", {}, millis(layer.ms)));
  }

  aboutNode(item) {
    const node = item.node;
    const total = d3.sum(this.picture.nodes, one => one.ms);
    const link = index => {
      const made = element("button", { type: "button" }, this.picture.nodes[index].name);
      made.addEventListener("click", () => this.reveal(index));
      return element("div", {}, made, " " + this.picture.nodes[index].type);
    };
    const rows = [
      ["name", element("code", { class: "name" }, node.name)],
      ["operator", node.operator + (node.attributes ? " \u00b7 " + node.attributes : "")],
      ["shape", element("span", { class: "shape" }, node.type)],
      ["time", isNumber(node.ms) ? millis(node.ms) + (total > 0 ? ", " + percent(node.ms / total) + " of all" : "") : null],
      ["step", node.problems?.length ? node.problems.map(problem => element("div", {}, element("code", {}, problem))) : null],
      ["layer", layerOf(node) === null ? null : String(layerOf(node))],
      ["reads", node.inputs?.length ? node.inputs.map(link) : null],
      ["constants", node.constants?.length ? node.constants.map(constant => element("div", {}, constant)) : null],
      ["read by", this.readers[item.index].length ? this.readers[item.index].map(link) : null],
      ["given away as", node.outputs?.length ? node.outputs.join(", ") : null],
    ];
    return element("dl", {}, rows.filter(row => row[1] !== null).flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)]));
  }

  /** Selects a node and brings it into the middle; a layer that hides it is unfolded. */
  reveal(index) {
    const layer = layerOf(this.picture.nodes[index]);
    if (layer !== null && this.folded.delete(layer)) this.draw();
    const item = this.visible.items.get("node " + index);
    this.select(item.key);
    const scale = Math.max(0.7, d3.zoomTransform(this.svg.node()).k);
    this.svg.call(this.zoom.scaleTo, scale).call(this.zoom.translateTo, item.x, item.y);
  }

  find(move) {
    const wanted = this.search.value.trim().toLowerCase();
    const has = node => [node.name, node.operator, node.type].some(text => text.toLowerCase().includes(wanted));
    this.matches = wanted === "" ? [] : this.picture.nodes.flatMap((node, index) => (has(node) ? [index] : []));
    const count = this.matches.length;
    this.at = move === 0 || count === 0 ? 0 : (this.at + move + count) % count;
    this.found.textContent = wanted === "" ? "" : count ? this.at + 1 + " of " + count : "nothing found";
    if (count) this.reveal(this.matches[this.at]);
    else this.mark();
  }

  focus(key) {
    this.nodes.filter(item => item.key === key).node()?.focus({ preventScroll: true });
  }

  key(event) {
    const item = d3.select(event.target).datum();
    const here = item?.key ? item : this.visible.items.get(this.selected) ?? this.visible.items.values().next().value;
    const actions = {
      ArrowDown: () => this.go(this.visible.edges.find(edge => edge.from === here.key)?.to),
      ArrowUp: () => this.go(this.visible.edges.find(edge => edge.to === here.key)?.from),
      ArrowLeft: () => this.go(this.beside(here, -1)),
      ArrowRight: () => this.go(this.beside(here, 1)),
      Enter: () => this.enter(here),
      " ": () => this.enter(here),
      "+": () => this.svg.call(this.zoom.scaleBy, 1.4),
      "-": () => this.svg.call(this.zoom.scaleBy, 1 / 1.4),
      0: () => this.fit(),
    };
    if (actions[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      actions[event.key]();
    }
  }

  /** Folds the layer of a node, or unfolds the layer. */
  enter(item) {
    const layer = item.layer?.number ?? layerOf(item.node);
    if (layer !== null) this.toggle(layer);
    else this.select(item.key);
  }

  /** The nearest item to the left or right. */
  beside(here, direction) {
    const others = [...this.visible.items.values()].filter(item => (item.x - here.x) * direction > 1);
    return d3.least(others, item => Math.abs(item.x - here.x) + 3 * Math.abs(item.y - here.y))?.key;
  }

  go(key) {
    if (key === undefined) return;
    const item = this.visible.items.get(key);
    this.select(key);
    this.svg.call(this.zoom.translateTo, item.x, item.y);
    this.focus(key);
  }

  /** The upper part in a size that can be read. */
  start() {
    const width = this.svg.node().clientWidth;
    const scale = Math.max(LEAST_LEGIBLE, Math.min(1, width / this.extent.width));
    this.svg.call(this.zoom.transform, d3.zoomIdentity.translate((width - this.extent.width * scale) / 2, 0).scale(scale));
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.svg.node();
    const scale = Math.min(1.2, width / this.extent.width, height / this.extent.height);
    this.svg.call(this.zoom.transform, d3.zoomIdentity
      .translate((width - this.extent.width * scale) / 2, (height - this.extent.height * scale) / 2).scale(scale));
  }
}

function graphSection(pictures) {
  if (!pictures.length) return;
  const limits = slowest(pictures);
  const arrow = d3.create("svg").attr("width", 0).attr("height", 0).attr("aria-hidden", "true").style("position", "absolute");
  arrow.append("marker").attr("id", "arrow").attr("viewBox", "0 0 8 8").attr("refX", 7).attr("refY", 4)
    .attr("markerWidth", 7).attr("markerHeight", 7).attr("orient", "auto").append("path").attr("d", "M0,0 L8,4 L0,8 z").attr("fill", "var(--edge)");
  const shown = pictures.length === 1 ? [0] : [0, pictures.length - 1];
  section("graph", pictures.length === 1 ? "Graph" : "Graphs", arrow.node(),
    element("div", { class: "panes" }, shown.map(index => new GraphPane(pictures, index, limits).root)));
}
