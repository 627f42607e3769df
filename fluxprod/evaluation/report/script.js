"use strict";

// tables: a click on a heading sorts by it, a second click reverses the order
const rank = cell => cell.dataset.n === undefined ? null : Number(cell.dataset.n);
function compare(a, b) {
  const x = rank(a), y = rank(b);
  if (x !== null && y !== null) return x - y;
  if (x !== null || y !== null) return x === null ? 1 : -1;
  return a.textContent.localeCompare(b.textContent);
}
document.querySelectorAll("th button").forEach(button => button.addEventListener("click", () => {
  const head = button.parentElement, table = head.closest("table"), body = table.tBodies[0];
  const up = head.getAttribute("aria-sort") !== "ascending";
  table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const at = head.cellIndex;
  const rows = [...body.rows].sort((a, b) => compare(a.cells[at], b.cells[at]));
  body.append(...(up ? rows : rows.reverse()));
}));

// figures: fitted to the page, or at full size
document.querySelectorAll(".enlarge").forEach(button => button.addEventListener("click", () => {
  const image = button.closest("figure").querySelector(".image");
  const full = image.classList.toggle("full");
  button.setAttribute("aria-pressed", full);
  if (full) image.tabIndex = 0; else image.removeAttribute("tabindex");
}));

// charts: drawn shortly before they scroll into view, and again after each choice
function list(table, csv, chosen) {
  const [heads, ...rows] = csv.trim().split("\n").map(line => line.split(","));
  const kept = rows.filter(row => row[0] === chosen.region
    && (chosen.first === undefined || Number(row[1].slice(0, 4)) >= chosen.first)
    && (chosen.last === undefined || Number(row[1].slice(0, 4)) <= chosen.last));
  table.replaceChildren();
  const head = table.createTHead().insertRow(), body = table.createTBody();
  heads.slice(1).forEach(text => {
    head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: text.replace("_", " ") }));
  });
  kept.forEach(row => {
    const line = body.insertRow();
    row.slice(1).forEach(text => { line.insertCell().textContent = text.replace(/^-(?=\d)/, "\u2212"); });
  });
}
async function draw(chart) {
  const plot = chart.querySelector(".plot"), { aspect, least, renderer } = plot.dataset;
  const spec = JSON.parse(chart.querySelector("script").textContent), chosen = {};
  chart.querySelectorAll("select").forEach(choice => {
    const parameter = spec.params.find(one => one.name === choice.dataset.parameter);
    chosen[parameter.name] = parameter.value = JSON.parse(choice.value);
  });
  spec.height = Math.max(Number(least), Math.round(aspect * plot.clientWidth));
  const table = chart.querySelector(".values table");
  if (table) list(table, Object.values(spec.datasets)[0], chosen);
  await vegaEmbed(plot, spec, { renderer, actions: false });
}
const near = new IntersectionObserver(entries => entries.filter(one => one.isIntersecting)
  .forEach(one => { near.unobserve(one.target); draw(one.target); }), { rootMargin: "600px" });
document.querySelectorAll(".chart").forEach(chart => {
  near.observe(chart);
  chart.addEventListener("change", () => draw(chart));
});

const contents = document.querySelector("nav details");
contents.open = matchMedia("(min-width: 75rem)").matches;
addEventListener("beforeprint", () => document.querySelectorAll("details")
  .forEach(details => { details.open = true; }));
