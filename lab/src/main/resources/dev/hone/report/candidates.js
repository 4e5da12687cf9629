// The table of candidates.
// Scores are parts of one, or points of a hundred.
const SCORE_PLACES = d3.max(report.comparison?.candidates ?? [], row => Math.abs(row.score?.value ?? 0)) > 1.5 ? 2 : 4;

const scoreText = value => fixed(value, SCORE_PLACES);

/** Whether a difference is one: its interval does not hold zero. */
const isProven = difference => Boolean(difference && difference.interval
  && (difference.interval.low > 0 || difference.interval.high < 0));

function candidateRole(row) {
  if (row.verdict.chosen) return "chosen";
  if (row.original) return "original";
  return row.verdict.front ? "front" : "other";
}

function candidateHead(row) {
  const tags = [];
  if (row.verdict.chosen) tags.push(element("span", { class: "tag chosen" }, "chosen"));
  if (row.original) tags.push(element("span", { class: "tag plain" }, "original"));
  if (row.verdict.front) tags.push(element("span", { class: "tag front" }, "front"));
  if (!row.verdict.allowed) tags.push(element("span", { class: "tag bad" }, "breaks the constraint"));
  const reasons = row.verdict.reasons.length
    ? element("ul", { class: "reasons" }, row.verdict.reasons.map(reason => element("li", {}, reason))) : null;
  return element("th", { scope: "row" }, row.label + " ", element("div", {}, tags),
    element("div", { class: "small soft", style: "font-weight:400" }, row.applied.join(" \u00b7 ")), reasons);
}

function differenceCell(row) {
  const difference = row.difference;
  if (!difference) return numberCell(row.original ? "" : DASH);
  const chance = isNumber(difference.probability) ? ", p " + digits(difference.probability, 2) : "";
  const said = difference.interval && !isProven(difference) ? element("span", { class: "interval" }, "no difference shown") : null;
  const cell = numberCell(signed(difference.value, SCORE_PLACES), between(difference.interval, scoreText) + chance);
  if (said) cell.append(said);
  return cell;
}

function latencyColumns(rows) {
  const shapes = new Map();
  for (const row of rows) {
    for (const point of row.latency) shapes.set(point.batch + "\u00d7" + point.length, point);
  }
  const at = (row, shape) => row.latency.find(point => point.batch + "\u00d7" + point.length === shape);
  return [...shapes.keys()].sort((a, b) => compare(a, b)).map(shape => ({
    name: shape + " ms", title: "median latency, sequences \u00d7 tokens", number: true,
    key: row => at(row, shape)?.ms,
    cell: row => {
      const point = at(row, shape);
      return point ? numberCell(digits(point.ms), between(point.interval, digits)) : numberCell(DASH);
    },
  }));
}

/** How many times better than the original's a candidate's objective is. */
function gain(comparison, row) {
  const own = row.objective?.value;
  const first = comparison.candidates.find(candidate => candidate.original)?.objective?.value;
  if (!isNumber(own) || !isNumber(first)) return null;
  return comparison.objective.higher_is_better ? own / first : first / own;
}

function estimateColumn(name, pick, show, title) {
  return {
    name, title, number: true, key: row => pick(row)?.value,
    cell: row => (pick(row) ? numberCell(show(pick(row).value), between(pick(row).interval, show)) : numberCell(DASH)),
  };
}

function candidateSection(comparison) {
  const rows = comparison.candidates;
  const known = pick => rows.some(row => pick(row) !== null && pick(row) !== undefined);
  const objective = comparison.objective;
  const columns = [
    { name: "candidate", key: row => row.label, cell: candidateHead },
    {
      name: comparison.metric, number: true, key: row => row.score?.value,
      cell: row => {
        if (!row.score) return numberCell(DASH);
        const cell = numberCell(scoreText(row.score.value), between(row.score.interval, scoreText));
        cell.append(element("span", { class: "interval" }, digits(row.score.rows, 6) + " rows"));
        return cell;
      },
    },
    { name: "difference", title: "from the original, on the same rows", number: true, key: row => row.difference?.value, cell: differenceCell },
    estimateColumn(objective.name + (objective.unit === "\u00d7" ? "" : ", " + objective.unit), row => row.objective, value => (objective.unit === "\u00d7" ? times(value) : digits(value)), "what is to become better"),
    ...(objective.unit === "\u00d7" ? [] : [{ name: "gain", title: "times better than the original", number: true, key: row => gain(comparison, row), cell: row => times(gain(comparison, row)) }]),
  ];
  if (known(row => row.cost.ms_per_text)) {
    columns.push(estimateColumn("ms a text", row => row.cost.ms_per_text, value => digits(value), "one text at a time"));
  }
  columns.push(...latencyColumns(rows));
  if (known(row => row.cost.texts_per_second)) {
    columns.push(estimateColumn("texts/s", row => row.cost.texts_per_second, value => digits(value)));
  }
  if (known(row => row.cost.model_bytes)) {
    columns.push({ name: "size", title: "on disk", number: true, key: row => row.cost.model_bytes, cell: row => bytes(row.cost.model_bytes) });
  }
  if (known(row => row.cost.memory_bytes)) {
    columns.push({ name: "memory", title: "at the peak", number: true, key: row => row.cost.memory_bytes, cell: row => bytes(row.cost.memory_bytes) });
  }
  section("candidates", "Candidates",
    element("p", {}, comparison.constraint + (comparison.constraint.endsWith(".") ? "" : ".")),
    sortableTable(columns, rows, { label: "Candidates", row: row => ({ class: row.verdict.chosen ? "chosen" : null }) }));
}

function sensitivitySection(comparison) {
  if (!comparison.sensitivities.length) return;
  section("sensitivity", "Sensitivity",
    element("p", {}, "What happens when one operator alone is lowered."),
    sortableTable([
      { name: "operator", key: row => row.place, cell: row => element("th", { scope: "row" }, row.place) },
      { name: "lowered to", key: row => row.lowered, cell: row => row.lowered },
      { name: "error", title: "largest difference of the answers, relative to the largest value", number: true, key: row => row.error, cell: row => digits(row.error) },
      { name: "effect on " + comparison.metric, number: true, key: row => row.effect?.value, cell: row => differenceCell({ difference: row.effect }) },
    ], comparison.sensitivities, { label: "Sensitivity" }));
}
