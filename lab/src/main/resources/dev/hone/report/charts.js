// Charts of candidates: score against objective, scores with intervals, latency over length.
const HEIGHT = 340;

// Below this part of the whole range, the scores that keep the constraint would be one heap: the others go to the edge.
const LEAST_SPREAD = 0.4;

const pen = document.createElement("canvas").getContext("2d");

/** How wide a text is in a chart. */
function textWidth(text, bold) {
  pen.font = (bold ? "700" : "400") + " 12px " + getComputedStyle(document.body).fontFamily;
  return pen.measureText(text).width;
}

/** A text cut to a width. */
function shortened(text, width, bold) {
  let cut = text;
  while (cut.length > 1 && textWidth(cut, bold) > width) cut = cut.slice(0, -2) + "\u2026";
  return cut;
}

/** A figure whose drawing is made anew whenever its width changes. */
function chart(title, note, label, draw) {
  const holder = element("div");
  const figure = element("figure", {}, element("figcaption", {}, title, element("span", {}, note)), holder);
  let drawn = 0;
  whenSized(holder, width => {
    if (width !== drawn) {
      drawn = width;
      const svg = d3.create("svg").attr("role", "group").attr("aria-label", label).attr("width", width);
      draw(svg, width);
      holder.replaceChildren(svg.node());
    }
  });
  return figure;
}

const roleColour = role => "var(--" + role + ")";

/** An axis with grid lines; ticks of logarithmic scales are thinned so that they do not touch. */
function axes(svg, frame, x, y, names) {
  svg.append("g").attr("class", "grid").attr("transform", `translate(0,${frame.bottom})`)
    .call(x.axis.tickSize(frame.top - frame.bottom).tickFormat(""));
  svg.append("g").attr("class", "grid").attr("transform", `translate(${frame.left},0)`)
    .call(y.axis.tickSize(frame.left - frame.right).tickFormat(""));
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${frame.bottom})`)
    .call(x.axis.tickSize(0).tickPadding(8).tickFormat(x.format));
  svg.append("g").attr("class", "axis").attr("transform", `translate(${frame.left},0)`)
    .call(y.axis.tickSize(0).tickPadding(8).tickFormat(y.format));
  svg.append("text").attr("class", "soft").attr("x", frame.right).attr("y", frame.bottom + 34)
    .attr("text-anchor", "end").text(names.x);
  svg.append("text").attr("class", "soft").attr("x", 0).attr("y", 12).text(names.y);
}

/** A scale over what is measured, logarithmic where it spans more than a factor of four. */
function spanning(values, range) {
  const [low, high] = d3.extent(values);
  const wide = low > 0 && high / low > 4;
  const room = wide ? 1.15 : Math.max((high - low) * 0.08, Math.abs(high) * 1e-4, 1e-9);
  const scale = wide ? d3.scaleLog([low / room, high * room], range) : d3.scaleLinear([low - room, high + room], range);
  const values5 = wide ? logTicks(low / room, high * room) : scale.ticks(5);
  return { scale, ticks: values5 };
}

/** As many decimal places as tell the ticks apart, in all of them. */
function tickText(ticks) {
  const places = [0, 1, 2, 3, 4, 5].find(count => ticks.every(tick => Math.abs(tick - Number(tick.toFixed(count))) < 1e-9));
  return value => (Math.abs(value) >= 10000 ? digits(value) : fixed(value, places ?? 5));
}

function logTicks(low, high) {
  const steps = high / low > 1000 ? [1] : high / low > 12 ? [1, 3] : [1, 2, 3, 5, 7];
  const ticks = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    ticks.push(...steps.map(step => step * 10 ** decade).filter(tick => tick >= low && tick <= high));
  }
  return ticks;
}

/** Whether there is a number; a score of too few rows is none. */
const isMeasured = estimate => isNumber(estimate?.value);

const ends = estimate => (estimate.interval ? [estimate.interval.low, estimate.interval.high, estimate.value] : [estimate.value]);

/** Moves labels apart that would lie upon each other; those that find no room are left to the tip. */
function placeLabels(points, frame, taken = []) {
  const placed = [...taken];
  for (const point of points) {
    point.label = shortened(point.label, (frame.right - frame.left) / 2, point.row.verdict.chosen);
    const width = textWidth(point.label, point.row.verdict.chosen);
    const right = point.x + 9 + width < frame.right;
    const left = right ? point.x + 9 : point.x - 9 - width;
    for (const shift of [0, 14, -14, 28, -28]) {
      const box = { left, right: left + width, top: point.y + shift - 7, bottom: point.y + shift + 7 };
      const free = placed.every(other => box.right < other.left || box.left > other.right
        || box.bottom < other.top || box.top > other.bottom);
      if (free && box.top > frame.top && box.bottom < frame.bottom) {
        placed.push(box);
        point.at = { x: right ? point.x + 9 : point.x - 9, y: point.y + shift + 4, anchor: right ? "start" : "end" };
        break;
      }
    }
  }
  return points.filter(point => point.at);
}

const rank = row => ["chosen", "original", "front", "other"].indexOf(candidateRole(row));

function describe(comparison, row) {
  const lines = [row.label];
  if (row.score) lines.push(comparison.metric + " " + scoreText(row.score.value) + (row.score.interval ? " (" + between(row.score.interval, scoreText) + ")" : ""));
  if (row.objective) lines.push(comparison.objective.name + " " + digits(row.objective.value) + " " + comparison.objective.unit);
  if (row.difference && row.difference.interval) lines.push(isProven(row.difference) ? "differs from the original" : "no difference from the original shown");
  return lines.join("\n");
}

const LEAST_WORDS = "least that is allowed";
const DOWNWARDS = { draw: (path, size) => {
  const half = Math.sqrt(size) * 0.62;
  path.moveTo(-half, -half);
  path.lineTo(half, -half);
  path.lineTo(0, half);
  path.closePath();
} };

/** The scores that the scale spans: all of them, or those that keep the constraint when the others lie far below. */
function shownScores(comparison, rows) {
  const least = isNumber(comparison.least_score) ? [comparison.least_score] : [];
  const all = [...rows.flatMap(row => ends(row.score)), ...least];
  const allowed = [...rows.filter(row => row.verdict.allowed).flatMap(row => ends(row.score)), ...least];
  const spread = values => d3.max(values) - d3.min(values);
  return allowed.length > least.length && spread(allowed) < LEAST_SPREAD * spread(all) ? allowed : all;
}

function paretoChart(comparison) {
  const rows = comparison.candidates.filter(row => isMeasured(row.score) && isMeasured(row.objective))
    .sort((a, b) => rank(b) - rank(a));
  const objective = comparison.objective;
  const note = objective.name + (objective.higher_is_better ? ": further right is better" : ": further left is better") + "; bars are intervals; the line is the front"
    + (shownScores(comparison, rows).length < rows.flatMap(row => ends(row.score)).length ? "; triangles lie further below" : "");
  return chart(comparison.metric + " against " + objective.name, note, "Scores against " + objective.name, (svg, width) => {
    const frame = { left: 58, right: width - 12, top: 24, bottom: HEIGHT - 42 };
    svg.attr("height", HEIGHT);
    const scores = shownScores(comparison, rows);
    const x = spanning(rows.flatMap(row => ends(row.objective)), [frame.left + 8, frame.right - 8]);
    const y = spanning(scores, [frame.bottom - 8, frame.top + 8]);
    axes(svg, frame, { axis: d3.axisBottom(x.scale).tickValues(x.ticks), format: tickText(x.ticks) },
      { axis: d3.axisLeft(y.scale).tickValues(y.ticks), format: tickText(y.ticks) },
      { x: objective.unit, y: comparison.metric });
    const taken = [];
    if (isNumber(comparison.least_score)) {
      const level = y.scale(comparison.least_score);
      svg.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", level).attr("y2", level)
        .attr("stroke", "var(--bad)").attr("stroke-dasharray", "5 4");
      svg.append("text").attr("x", frame.right - 4).attr("y", level + 14).attr("text-anchor", "end")
        .style("fill", "var(--bad)").attr("class", "halo").text(LEAST_WORDS);
      taken.push({ left: frame.right - 8 - textWidth(LEAST_WORDS), right: frame.right, top: level, bottom: level + 18 });
    }
    const edge = y.scale.range()[0];
    const isBelow = row => y.scale(row.score.value) > edge + 1;
    const height = row => Math.min(edge, y.scale(row.score.value));
    const front = rows.filter(row => row.verdict.front).sort((a, b) => a.objective.value - b.objective.value);
    svg.append("path").attr("fill", "none").attr("stroke", "var(--front)").attr("stroke-opacity", .6).attr("stroke-width", 1.5)
      .attr("d", d3.line(row => x.scale(row.objective.value), height)(front));
    const points = svg.append("g").selectAll("g").data(rows).join("g")
      .attr("transform", row => `translate(${x.scale(row.objective.value)},${height(row)})`)
      .attr("class", "candidate").style("color", row => roleColour(candidateRole(row)));
    errorBars(points, x.scale, row => row.objective, "x");
    errorBars(points.filter(row => !isBelow(row)), y.scale, row => row.score, "y");
    const sign = d3.symbol(row => (isBelow(row) ? DOWNWARDS : d3.symbolCircle), row => (row.verdict.chosen ? 150 : 80));
    points.append("path").attr("d", sign).attr("fill", "currentColor").attr("stroke", "var(--card)").attr("stroke-width", 1.5);
    explain(points, row => describe(comparison, row));
    const labels = placeLabels([...rows].reverse().map(row => ({
      label: isBelow(row) ? scoreText(row.score.value) + " " + row.label : row.label,
      x: x.scale(row.objective.value), y: height(row), row })), frame, taken);
    svg.append("g").attr("aria-hidden", "true").selectAll("text").data(labels).join("text").attr("class", "halo")
      .attr("x", label => label.at.x).attr("y", label => label.at.y).attr("text-anchor", label => label.at.anchor)
      .style("font-weight", label => (label.row.verdict.chosen ? 700 : 400)).text(label => label.label);
  });
}

function errorBars(points, scale, pick, direction) {
  const end = (row, side) => scale(pick(row).interval[side]) - scale(pick(row).value);
  const along = direction === "x" ? ["x1", "x2"] : ["y1", "y2"];
  points.filter(row => pick(row).interval).append("line").attr("stroke", "currentColor").attr("stroke-opacity", .55)
    .attr("stroke-width", 1.5).attr(along[0], row => end(row, "low")).attr(along[1], row => end(row, "high"));
}

function scoreChart(comparison) {
  const rows = comparison.candidates.filter(row => isMeasured(row.score));
  return chart(comparison.metric + " with intervals", "the dotted line is the original", "Scores with intervals", (svg, width) => {
    const names = Math.min(width * .45, 16 + d3.max(rows, row => textWidth(row.label, true)));
    const height = 44 + rows.length * 24;
    const frame = { left: names, right: width - 12, top: 8, bottom: height - 36 };
    svg.attr("height", height);
    const x = spanning(rows.flatMap(row => ends(row.score)), [frame.left + 6, frame.right - 6]);
    const y = d3.scalePoint(rows.map(row => row.label), [frame.top + 10, frame.bottom - 6]);
    svg.append("g").attr("class", "grid").attr("transform", `translate(0,${frame.bottom})`)
      .call(d3.axisBottom(x.scale).tickValues(x.ticks).tickSize(frame.top - frame.bottom).tickFormat(""));
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${frame.bottom})`)
      .call(d3.axisBottom(x.scale).tickValues(x.ticks).tickSize(0).tickPadding(8).tickFormat(tickText(x.ticks)));
    const original = rows.find(row => row.original);
    if (original) {
      const at = x.scale(original.score.value);
      svg.append("line").attr("x1", at).attr("x2", at).attr("y1", frame.top).attr("y2", frame.bottom)
        .attr("stroke", "var(--original)").attr("stroke-dasharray", "2 4");
    }
    svg.append("g").selectAll("text").data(rows).join("text").attr("x", frame.left - 10).attr("y", row => y(row.label) + 4)
      .attr("text-anchor", "end").style("font-weight", row => (row.verdict.chosen ? 700 : 400))
      .text(row => shortened(row.label, names - 14, row.verdict.chosen));
    const points = svg.append("g").selectAll("g").data(rows).join("g")
      .attr("transform", row => `translate(${x.scale(row.score.value)},${y(row.label)})`)
      .style("color", row => roleColour(candidateRole(row)));
    errorBars(points, x.scale, row => row.score, "x");
    points.append("circle").attr("r", 5).attr("fill", "currentColor");
    explain(points, row => describe(comparison, row));
  });
}

function latencyChart(comparison, batch) {
  const rows = comparison.candidates
    .map(row => ({ row, points: row.latency.filter(point => point.batch === batch).sort((a, b) => a.length - b.length) }))
    .filter(line => line.points.length > 1).sort((a, b) => rank(b.row) - rank(a.row));
  if (!rows.length) return null;
  const title = "Latency over length" + (batch === 1 ? "" : ", " + batch + " texts in a call");
  return chart(title, "median milliseconds; bands are intervals; both scales are logarithmic", title, (svg, width) => {
    const room = Math.min(width * .4, 14 + d3.max(rows, line => textWidth(line.row.label, line.row.verdict.chosen)));
    const frame = { left: 52, right: width - room, top: 24, bottom: HEIGHT - 42 };
    svg.attr("height", HEIGHT);
    const all = rows.flatMap(line => line.points);
    const lengths = [...new Set(all.map(point => point.length))].sort((a, b) => a - b);
    const x = d3.scaleLog([lengths[0], lengths.at(-1)], [frame.left + 8, frame.right - 6]);
    const millisOf = point => (point.interval ? [point.interval.low, point.interval.high] : [point.ms]);
    const [low, high] = d3.extent(all.flatMap(millisOf));
    const y = d3.scaleLog([low / 1.15, high * 1.15], [frame.bottom, frame.top]);
    axes(svg, frame, { axis: d3.axisBottom(x).tickValues(lengths), format: value => digits(value, 4) },
      { axis: d3.axisLeft(y).tickValues(logTicks(low / 1.15, high * 1.15)), format: value => digits(value, 2) },
      { x: "tokens", y: "ms" });
    const lines = svg.append("g").selectAll("g").data(rows).join("g").style("color", line => roleColour(candidateRole(line.row)));
    lines.append("path").attr("fill", "currentColor").attr("fill-opacity", .18)
      .attr("d", line => d3.area().x(point => x(point.length)).y0(point => y(millisOf(point)[0])).y1(point => y(millisOf(point).at(-1)))(line.points));
    lines.append("path").attr("fill", "none").attr("stroke", "currentColor")
      .attr("stroke-width", line => (line.row.verdict.chosen ? 2.6 : 1.4))
      .attr("d", line => d3.line(point => x(point.length), point => y(point.ms))(line.points));
    const dots = lines.selectAll("circle").data(line => line.points.map(point => ({ point, row: line.row }))).join("circle")
      .attr("cx", dot => x(dot.point.length)).attr("cy", dot => y(dot.point.ms)).attr("r", 3.5).attr("fill", "currentColor");
    explain(dots, dot => dot.row.label + "\n" + dot.point.length + " tokens: " + millis(dot.point.ms)
      + (dot.point.interval ? " (" + between(dot.point.interval, digits) + ")" : ""));
    const labels = placeLabels([...rows].reverse().map(line => ({
      label: shortened(line.row.label, room - 14, line.row.verdict.chosen),
      x: x(line.points.at(-1).length), y: y(line.points.at(-1).ms), row: line.row })),
    { left: 0, right: 2 * width, top: 0, bottom: frame.bottom + 12 });
    svg.append("g").attr("aria-hidden", "true").selectAll("text").data(labels).join("text").attr("class", "halo")
      .attr("x", label => label.at.x).attr("y", label => label.at.y)
      .style("font-weight", label => (label.row.verdict.chosen ? 700 : 400)).text(label => label.label);
  });
}

function chartSection(comparison) {
  const figures = [];
  if (comparison.candidates.some(row => isMeasured(row.score) && isMeasured(row.objective))) figures.push(paretoChart(comparison));
  if (comparison.candidates.some(row => isMeasured(row.score))) figures.push(scoreChart(comparison));
  const batches = new Set(comparison.candidates.flatMap(row => row.latency.map(point => point.batch)));
  for (const batch of [...batches].sort((a, b) => a - b)) figures.push(latencyChart(comparison, batch));
  const drawn = figures.filter(figure => figure);
  if (!drawn.length) return;
  const legend = element("ul", { class: "legend" }, ["chosen", "original", "front", "other"].map(role =>
    element("li", {}, element("i", { style: "background:" + roleColour(role) }), role === "front" ? "on the front" : role)));
  section("charts", "Charts", legend, element("div", { class: "charts" }, drawn));
}
