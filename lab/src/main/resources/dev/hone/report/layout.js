// What of a graph is seen while some layers are folded, and where it lies.
const NODE_ROOM = 18;
const HULL_ROOM = 12;
const FOLD_WIDTH = 74;

// Keeping the nodes of a layer together takes dagre seconds in large graphs, where layers follow each other anyway.
const MOST_GROUPED = 160;

const layerOf = node => node.layer ?? null;

/** The layers of a picture, in order, each with its nodes and their time. */
function layersOf(picture) {
  const layers = new Map();
  picture.nodes.forEach((node, index) => {
    const number = layerOf(node);
    if (number === null) return;
    if (!layers.has(number)) layers.set(number, { number, nodes: [], ms: null });
    const layer = layers.get(number);
    layer.nodes.push(index);
    if (isNumber(node.ms)) layer.ms = (layer.ms ?? 0) + node.ms;
  });
  return new Map([...layers].sort((a, b) => a[0] - b[0]));
}

/** The items to draw and the edges between them: a folded layer is one item, other nodes are one each. */
function visibleItems(picture, layers, folded) {
  const key = index => {
    const layer = layerOf(picture.nodes[index]);
    return layer !== null && folded.has(layer) ? "layer " + layer : "node " + index;
  };
  const items = new Map();
  const edges = new Map();
  picture.nodes.forEach((node, index) => {
    const own = key(index);
    if (!items.has(own)) items.set(own, itemOf(own, node, index, layers));
    for (const input of node.inputs ?? []) {
      const from = key(input);
      if (from !== own) edges.set(from + ">" + own, { from, to: own });
    }
  });
  return { items, edges: [...edges.values()], key };
}

function itemOf(key, node, index, layers) {
  const folded = key.startsWith("layer");
  const layer = folded ? layers.get(layerOf(node)) : null;
  const title = folded ? "+ layer " + layer.number : node.operator === "input" ? node.name : node.operator;
  const type = folded ? layer.nodes.length + " nodes" : node.type;
  const ms = folded ? layer.ms : node.ms ?? null;
  const lines = [title, type, ...(isNumber(ms) ? [millis(ms)] : [])];
  const width = Math.max(74, NODE_ROOM + Math.max(title.length * 7.1, type.length * 6.1));
  return { key, index, layer, node: folded ? null : node, ms, lines, width, height: 12 + 15 * lines.length };
}

/** Gives each item its place; returns the extent of all, and the frames of the layers that are not folded. */
function layOut(visible, folded) {
  const hulls = new Set();
  const grouped = visible.items.size <= MOST_GROUPED;
  const plan = new dagre.graphlib.Graph({ compound: grouped });
  plan.setGraph({ rankdir: "TB", nodesep: 16, ranksep: 26, edgesep: 10, marginx: FOLD_WIDTH, marginy: 14, ranker: "tight-tree" });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const item of visible.items.values()) {
    plan.setNode(item.key, { width: item.width, height: item.height });
    const layer = item.node ? layerOf(item.node) : null;
    if (layer !== null && !folded.has(layer)) {
      hulls.add(layer);
      if (grouped) {
        plan.setNode("hull " + layer, {});
        plan.setParent(item.key, "hull " + layer);
      }
    }
  }
  visible.edges.forEach(edge => plan.setEdge(edge.from, edge.to));
  dagre.layout(plan);
  for (const item of visible.items.values()) {
    const { x, y } = plan.node(item.key);
    item.x = x;
    item.y = y;
  }
  for (const edge of visible.edges) edge.points = plan.edge(edge.from, edge.to).points;
  const frames = [...hulls].map(layer => frameOf(layer, visible.items));
  return { width: plan.graph().width, height: plan.graph().height, frames };
}

/** The frame around the nodes of a layer. */
function frameOf(layer, items) {
  const inside = [...items.values()].filter(item => item.node && layerOf(item.node) === layer);
  const left = d3.min(inside, item => item.x - item.width / 2) - HULL_ROOM;
  const right = d3.max(inside, item => item.x + item.width / 2) + HULL_ROOM;
  const top = d3.min(inside, item => item.y - item.height / 2) - HULL_ROOM;
  const bottom = d3.max(inside, item => item.y + item.height / 2) + HULL_ROOM;
  return { layer, left, top, width: right - left, height: bottom - top };
}
