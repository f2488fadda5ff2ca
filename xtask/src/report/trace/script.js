"use strict";
// Every timeline on the page: a filter, arrows between rows, the keyboard.
for (const root of document.querySelectorAll(".timeline")) timeline(root);

function timeline(root) {
  const words = root.dataset;
  const find = (name) => root.querySelector(name);
  const [scroll, grid, body, detail, filter] =
    [".scroll", ".grid", ".body", ".detail", ".filter"].map(find);
  const [onlyYours, arrows, count] = ["input.only-yours", "input.arrows", ".count"].map(find);
  const rows = Array.from(body.querySelectorAll(".row"));
  const chunks = Array.from(body.querySelectorAll(".chunk"));
  const links = JSON.parse(words.links);
  const lanes = Number(words.lanes);
  // What an execution of threads says of a step is longer than a call.
  const laneWidth = words.things ? (lanes <= 3 ? 400 : 320) : lanes <= 2 ? 420 : lanes <= 4 ? 260 : 170;
  const rowHeight = 26;
  // The number of a row among those that are shown, or -1.
  const place = new Array(rows.length).fill(-1);
  let shown = [];
  let picked = -1;

  grid.style.setProperty("--lane-width", laneWidth + "px");
  grid.style.setProperty("--count", lanes);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const related = new Map();
  for (const link of links) {
    for (const at of [link.from, link.to]) {
      if (!related.has(at)) related.set(at, []);
      related.get(at).push(link);
    }
  }

  const svg = make("svg", { class: "arrows", width: lanes * laneWidth, "aria-hidden": "true" });
  body.append(svg);

  function make(name, attributes) {
    const it = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    return it;
  }

  function apply() {
    const wanted = filter.value.trim().toLowerCase();
    shown = [];
    rows.forEach((row, at) => {
      const fits = (!wanted || texts[at].includes(wanted)) &&
        (!onlyYours?.checked || related.has(at) || !row.matches(".call:not(.yours):not(.marked)"));
      row.hidden = !fits;
      place[at] = fits ? shown.push(at) - 1 : -1;
    });
    for (const chunk of chunks) {
      const height = chunk.querySelectorAll(".row:not([hidden])").length * rowHeight;
      // Fixed, or a chunk that is out of sight keeps the height it had while it was being loaded.
      chunk.style.height = height + "px";
    }
    count.textContent = words.counted.replace("{shown}", shown.length).replace("{all}", rows.length);
    svg.setAttribute("height", shown.length * rowHeight);
    draw();
  }

  // Only what is in sight: ten thousand arrows are no picture.
  function draw() {
    svg.replaceChildren();
    const first = Math.floor(scroll.scrollTop / rowHeight) - 5;
    const last = first + Math.ceil(scroll.clientHeight / rowHeight) + 10;
    const x = (at) => Number(rows[at].dataset.lane) * laneWidth + 8;
    const y = (at) => place[at] * rowHeight + rowHeight / 2;
    const top = Math.max(0, first) * rowHeight;
    const bottom = Math.min(shown.length, last) * rowHeight;
    for (let lane = 0; lane < lanes; lane++) {
      const at = lane * laneWidth + 8;
      svg.append(make("line", { class: "lane", x1: at, x2: at, y1: top, y2: bottom }));
    }
    if (!arrows.checked) return;
    // How long a call kept its process waiting while others went on.
    for (let number = 0; number < Math.min(shown.length, last); number++) {
      const at = shown[number];
      const until = Number(rows[at].dataset.until ?? 0) - 1;
      if (until <= at || place[until] === undefined) continue;
      const end = place[until] >= 0 ? place[until] : number;
      if (end < first || end <= number) continue;
      svg.append(make("line",
        { class: "busy", x1: x(at), x2: x(at), y1: y(at), y2: end * rowHeight + rowHeight / 2 }));
    }
    let drawn = 0;
    for (const { from, to, tie } of links) {
      const [a, b] = [place[from], place[to]];
      if (a < 0 || b < 0 || Math.max(a, b) < first || Math.min(a, b) > last) continue;
      if (++drawn > 400) break;
      const [x1, y1, x2, y2] = [x(from), y(from), x(to), y(to)];
      // Down its own lane's edge, across between two rows, down the other's: through no text.
      const across = y1 + (y2 > y1 ? 1 : -1) * rowHeight / 2;
      const kind = "link " + tie.kind;
      svg.append(make("path", { class: kind, d: `M${x1},${y1} V${across} H${x2} V${y2}` }));
      svg.append(make("path", { class: kind + " head", d: `M${x2},${y2 - 4} l6,4 l-6,4 z` }));
    }
  }

  function told(link, at) {
    const [direction, other] = link.from === at ? [words.leads, link.to] : [words.comes, link.from];
    const kind = words[link.tie.kind].replace("{bytes}", link.tie.bytes);
    const number = rows[other].dataset.step ?? other;
    return anchor("#" + words.id + "-" + other, `${direction} ${number} (${kind})`);
  }

  function anchor(href, text) {
    const a = document.createElement("a");
    [a.href, a.textContent] = [href, text];
    return a;
  }

  function pick(at, focus) {
    if (place[at] === undefined || place[at] < 0) return;
    rows[picked]?.classList.remove("picked");
    rows[picked]?.setAttribute("tabindex", "-1");
    picked = at;
    const row = rows[at];
    row.classList.add("picked");
    row.setAttribute("tabindex", "0");
    const y = place[at] * rowHeight;
    const seen = scroll.clientHeight - 2 * rowHeight;
    if (y < scroll.scrollTop + rowHeight || y > scroll.scrollTop + seen - rowHeight)
      scroll.scrollTop = y - seen / 2;
    if (focus) row.focus({ preventScroll: true });
    const lines = [document.createElement("p"), document.createElement("p")];
    const code = document.createElement("code");
    code.textContent = row.dataset.full ?? row.querySelector(".what").textContent;
    lines[0].append(code);
    const where = row.querySelector(".where").textContent;
    if (where) lines[1].append(where + " ");
    if (row.dataset.manual) lines[1].append(anchor(row.dataset.manual, words.manual));
    for (const link of (related.get(at) ?? []).slice(0, 8)) lines[1].append(told(link, at));
    detail.replaceChildren(...lines);
    if (words.things) remember(at);
  }

  // Memory after a row of an execution of threads: what was written so far, and who knows which value.
  function remember(at) {
    const things = JSON.parse(words.things);
    const threads = JSON.parse(words.threads);
    const histories = things.map((thing) => thing.initial === null ? [] : [thing.initial]);
    const views = threads.map(() => null);
    let [step, written] = [0, -1];
    for (const { dataset } of rows.slice(0, at + 1)) {
      if (dataset.step === undefined) continue;
      step = dataset.step;
      written = -1;
      if (dataset.writes !== undefined) {
        written = Number(dataset.thing);
        histories[written].push(dataset.writes);
      }
      views[dataset.thread] = JSON.parse(dataset.view);
    }
    root.querySelector(".step").textContent = step;
    root.querySelectorAll("table.memory tr").forEach((row, thing) => {
      const values = histories[thing].map((value, message) => {
        const span = element("span", "value", "");
        span.append(element("code", "", value));
        threads.forEach((name, thread) => {
          if (views[thread] && (views[thread][thing] ?? 0) === message)
            span.append(element("span", "knows", name));
        });
        if (thing === written && message === histories[thing].length - 1) span.classList.add("new");
        return span;
      });
      const plain = element("span", "plain", words.plain);
      row.lastElementChild.replaceChildren(...(values.length ? values : [plain]));
    });
  }

  function element(name, kind, text) {
    const it = document.createElement(name);
    [it.className, it.textContent] = [kind, text];
    return it;
  }

  function step(by) {
    const now = picked < 0 ? -1 : place[picked];
    const next = Math.min(shown.length - 1, Math.max(0, now + by));
    if (shown[next] !== undefined) pick(shown[next], true);
  }

  body.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) pick(rows.indexOf(row), true);
  });
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      filter.value = "";
      apply();
      return pick(picked, true);
    }
    if (event.target === filter) {
      if (event.key === "Enter" || event.key === "ArrowDown") step(0);
      return;
    }
    const failed = () => shown.findIndex((at, number) =>
      number > (picked < 0 ? -1 : place[picked]) && rows[at].classList.contains("failed"));
    const page = Math.max(1, Math.floor(scroll.clientHeight / rowHeight) - 3);
    const keys = {
      ArrowDown: () => step(1), j: () => step(1), ArrowUp: () => step(-1), k: () => step(-1),
      PageDown: () => step(page), PageUp: () => step(-page),
      Home: () => step(-rows.length), End: () => step(rows.length),
      "/": () => filter.focus(),
      n: () => { const next = failed(); if (next >= 0) pick(shown[next], true); },
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  filter.addEventListener("input", apply);
  onlyYours?.addEventListener("change", apply);
  arrows.addEventListener("change", draw);
  scroll.addEventListener("scroll", () => requestAnimationFrame(draw));
  root.closest("details")?.addEventListener("toggle", draw);

  function follow() {
    const id = decodeURIComponent(location.hash.slice(1));
    const at = rows.findIndex((row) => row.id === id);
    if (at < 0) return;
    if (place[at] < 0) {
      filter.value = "";
      if (onlyYours) onlyYours.checked = false;
      apply();
    }
    const around = root.closest("details");
    if (around) around.open = true;
    pick(at, true);
  }
  window.addEventListener("hashchange", follow);

  // The calls of the loader and the runtime are of no interest, unless there is nothing else.
  if (onlyYours) onlyYours.checked = rows.some((row) => row.classList.contains("yours"));
  apply();
  if (words.marked !== undefined) pick(Number(words.marked), false);
  else if (shown.length) { rows[shown[0]].setAttribute("tabindex", "0"); picked = shown[0]; }
  follow();
}
