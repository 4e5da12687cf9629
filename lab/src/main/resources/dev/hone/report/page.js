// Puts the page together.
function factList(title, facts) {
  return element("div", {}, element("h3", {}, title), element("dl", {},
    facts.flatMap(fact => [element("dt", {}, fact.name), element("dd", {}, fact.value)])));
}

function machineFacts(setting) {
  const machine = setting.machine;
  const engines = Object.entries(machine.engines).map(([name, version]) => ({ name, value: version }));
  return [
    { name: "processor", value: machine.processor },
    { name: "cores", value: String(machine.cores) },
    { name: "threads used", value: String(setting.threads) },
    { name: "instructions", value: machine.features.join(" ") },
    { name: "system", value: machine.operating_system + ", " + machine.architecture },
    { name: "Java", value: machine.java_runtime },
    ...engines,
    { name: "time", value: machine.time.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC") },
  ].filter(fact => fact.value);
}

/** A sentence of the summary; a word in front that is set apart by spaces is a heading. */
function summaryLine(line) {
  const parts = /^(\S+) {2,}(.*)$/.exec(line);
  return element("li", {}, parts ? [element("b", {}, parts[1]), parts[2]] : line);
}

function opening() {
  const heading = report.heading;
  const content = document.getElementById("content");
  content.append(element("h1", {}, heading.title));
  if (heading.summary.length) {
    section("summary", "Summary", element("div", { class: "summary" },
      element("ul", {}, heading.summary.map(summaryLine))),
    heading.command ? element("div", {}, element("h3", {}, "To repeat it"), element("pre", {}, heading.command)) : null);
  }
  const setting = report.setting;
  section("setting", "Setting", element("div", { class: "facts" },
    setting.model.length ? factList("Model", setting.model) : null,
    setting.data.length ? factList("Data", setting.data) : null,
    factList("Machine", machineFacts(setting))));
}

function themeButton() {
  const button = document.getElementById("theme");
  let dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const show = () => {
    button.textContent = dark ? "Light" : "Dark";
    button.setAttribute("aria-label", dark ? "Show in light colours" : "Show in dark colours");
    button.setAttribute("aria-pressed", String(dark));
  };
  button.addEventListener("click", () => {
    dark = !dark;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    show();
  });
  show();
}

/** On paper nothing can be opened, so short details are; lists of hundreds of steps stay closed. */
function openForPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")].filter(one => !one.querySelector("tbody tr:nth-child(80)"));
    opened.forEach(one => { one.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach(one => { one.open = false; }));
}

themeButton();
opening();
if (report.comparison) {
  candidateSection(report.comparison);
  chartSection(report.comparison);
  sensitivitySection(report.comparison);
}
operatorSection(report.operators);
graphSection(report.graphs);
passSection(report.passes);
openForPrint();
