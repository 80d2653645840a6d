// The page: reads the data, keeps the state, draws, and listens.
import { fitting, toGraph, toScreen, zoomed } from "./camera.js";
import { $, announce, make, name, offer } from "./dom.js";
import { passes, seen, standsFor } from "./filter.js";
import { fresh, loops, paths, searcher } from "./analysis.js";
import { isNode, monthName, months, read } from "./graph.js";
import { legend } from "./legend.js";
import { compose, draw, short, under, CROWD, FONT } from "./picture.js";
import { nodesOf, panel } from "./panel.js";
import { csv, graphml, svg, turtle } from "./save.js";
import { copy, fromHash, same, start, toHash } from "./state.js";
import { table } from "./table.js";
import { timeline } from "./timeline.js";

const LISTED = 40; // new statements in the panel
const data = JSON.parse($("data").textContent);
const graph = read(data), first = start(graph), find = searcher(graph);
const canvas = $("picture"), ctx = canvas.getContext("2d"), size = { width: 0, height: 0 };
const widths = new Map(); // of texts, in pixels
let state = fromHash(location.hash, first), past = [], run = null, camera = null, view = null, picture = null, still = null, moving = false, queued = false, hover = null;

const measure = (text) => {
  if (!widths.has(text)) { ctx.font = FONT; widths.set(text, ctx.measureText(text).width); }
  return widths.get(text);
};
const passing = (edge) => passes(edge, state) && !state.hidden.has(edge.from.id) && !state.hidden.has(edge.to.id);
const thing = (id) => (id === null ? null : graph.byId.get(id) ?? null);

// --- the state and what follows from it --------------------------------------------------------------------------

/** Change the state: `change` gets a copy. Changes one after another with the same `as` are undone as one. */
function set(change, { as = null, fit = false, said = "" } = {}) {
  const next = copy(state);
  change(next);
  if (same(next, state)) return;
  remember(as);
  state = next;
  refresh({ fit, said });
}

function remember(as = null) {
  if (as === null || as !== run) past = [...past.slice(-99), copy(state)];
  run = as;
}

function undo() {
  if (!past.length) return;
  timeOf.stop();
  state = past.pop();
  run = null;
  refresh({ said: "Undone." });
}

function refresh({ fit = false, said = "" } = {}) {
  const ways = currentWays(), told = state.compare ? newOnes() : null;
  view = { ...seen(graph, state, ways ? ways.flat() : (told ?? []).slice(0, LISTED)), chosen: null, bright: null };
  const rep = standsFor(graph, state), chosen = thing(state.chosen);
  view.chosen = chosen && isNode(chosen) ? rep(chosen) : null;
  view.bright = brightOf(chosen, rep, ways, told);
  document.documentElement.dataset.theme = state.dark === null ? "" : state.dark ? "dark" : "light";
  $("undo").disabled = past.length === 0;
  $("all").setAttribute("aria-pressed", String(state.all));
  $("all").textContent = state.all || state.focus ? "First view" : `Show all ${entities(graph.nodes)}`;
  $("all").hidden = graph.first.size >= graph.nodes.length;
  for (const [id, on] of [["rolled", state.rolled], ["grouped", state.colours === "group"], ["dark", isDark()], ["as-table", state.table]]) {
    $(id).setAttribute("aria-pressed", String(on));
  }
  $("sure").value = state.sure;
  $("sure-text").textContent = `${state.sure}%`;
  $("hidden").hidden = state.hidden.size === 0;
  $("hidden").textContent = `Show ${state.hidden.size} hidden`;
  $("unfocus").hidden = state.focus === null && state.opened.size === 0;
  $("legend").toggleAttribute("data-grouped", state.colours === "group");
  legendOf.update(state, view);
  timeOf.update(state, view);
  $("graph").hidden = state.table;
  $("rows").hidden = !state.table;
  if (state.table) tableOf.update(view);
  showPanel(chosen, ways, told);
  const shown = `${entities(view.nodes)} of ${entities(graph.nodes)} entities, ${view.edges.length} of ${graph.edges.length} statements`;
  $("shown").textContent = shown;
  if (said) announce(`${said} ${shown}.`);
  try { history.replaceState(null, "", toHash(state, first) || location.pathname + location.search); } catch { /* in a frame of a notebook */ }
  if (fit || !camera) fitAll();
  later();
}

const entities = (nodes) => [...nodes].filter((node) => node.type.name !== "amount").length;
const isDark = () => state.dark ?? matchMedia("(prefers-color-scheme: dark)").matches;

/** What stays bright: what the reader has chosen with its neighbours, a way, or what is new. Null for all. */
function brightOf(chosen, rep, ways, told) {
  const bright = new Set();
  const add = (edge) => { bright.add(edge).add(rep(edge.from)).add(rep(edge.to)); };
  if (ways?.length) ways.flat().forEach(add);
  else if (ways) return null;
  else if (told) told.forEach(add);
  else if (chosen && isNode(chosen)) {
    bright.add(rep(chosen));
    for (const edge of view.edges) if (edge.from === rep(chosen) || edge.to === rep(chosen)) bright.add(edge).add(edge.from).add(edge.to);
  } else if (chosen) add(chosen);
  else return null;
  return bright;
}

function currentWays() {
  if (state.path) {
    const [a, b] = [thing(state.path.a), thing(state.path.b)];
    const through = (edge) => passing(edge) && !state.path.without.has(edge.relation.name) && edge.to.type.name !== "amount";
    return a && b ? paths(a, b, through, { directed: state.path.directed }) : [];
  }
  return state.loops === null ? null : loops(graph, thing(state.loops), passing);
}

const newOnes = () => fresh(graph.edges.filter(passing), state.compare).sort((a, b) => b.when.localeCompare(a.when));

// --- what the reader can do --------------------------------------------------------------------------------------

const clear = (s) => { s.chosen = null; s.path = null; s.loops = null; s.compare = null; };
const act = {
  choose(id) { set((s) => { clear(s); s.chosen = id; }, { said: spoken(id) }); bringIn(thing(id)); },
  focus(id, hops) { set((s) => { s.focus = id; s.hops = hops; s.all = false; }, { fit: true, said: "Focused." }); },
  open(id) {
    set((s) => s.opened.add(id), { said: "Expanded." });
    if (thing(id).edges.some((edge) => [edge.from, edge.to].some(isOut))) fitAll();
  },
  hide(id) { set((s) => { s.hidden.add(id); clear(s); }, { said: "Hidden." }); },
  pin(id) { set((s) => { if (s.pinned[id]) delete s.pinned[id]; else s.pinned[id] = [thing(id).x, thing(id).y]; }); },
  pathFrom(id) { set((s) => { clear(s); s.path = { a: id, b: "", directed: false, without: new Set() }; }); $("to")?.focus(); },
  loops(id) { set((s) => { clear(s); s.loops = id; }, { fit: false }); },
  bright(way) { view.bright = new Set([...way, ...nodesOf(way)]); fitTo(nodesOf(way)); later(); },
};

function spoken(id) {
  const found = thing(id);
  if (!found) return "";
  return isNode(found) ? `${found.name}, ${found.type.label}, ${found.edges.length} statements.` : `${found.from.name} ${found.relation.label} ${found.to.name}, ${found.status.name}.`;
}

const showing = panel(graph, act);
const legendOf = legend(graph, $("legend"), (facet, { show = [], hide = [] }) => set((s) => {
  for (const value of show) s.off[facet].delete(value);
  for (const value of hide) s.off[facet].add(value);
}, { said: "Filtered." }));
const timeOf = timeline(graph, $("time"), (range) => set((s) => Object.assign(s, range), { as: "time" }));
const tableOf = table($("rows"), act);

function showPanel(chosen, ways, told) {
  showing.about(state.path ? "path" : JSON.stringify([state.loops, state.compare !== null, state.chosen]));
  if (state.path) return showPath(ways);
  if (ways) {
    const through = thing(state.loops), where = through ? ` through ${through.name}` : "";
    return showing.ways(`${ways.length === 30 ? "The first 30" : ways.length} money loop${ways.length === 1 ? "" : "s"}${where}`,
      "Money that comes back: each pays the next, by investing or by buying. Statements that are filtered out do not count.", ways);
  }
  if (told) return showNew(told);
  if (chosen && isNode(chosen)) return showing.entity(chosen, state, view.edges.filter((edge) => [edge.from, edge.to].includes(view.chosen)).length);
  if (chosen) return showing.statement(chosen);
  return showing.show("Who says so?", $("help").content.cloneNode(true));
}

/** A field for the name of an entity. */
function picker(id, label, value, done) {
  const input = make("input", { id, list: "names", autocomplete: "off", value: thing(value)?.name ?? "", onchange: () => {
    const found = find(input.value, 1).nodes[0];
    if (found) done(found.id); else announce(`No entity is called ${input.value}.`);
  } });
  return make("label", { class: "field" }, label, input);
}

function showPath(ways) {
  const { path } = state, put = (change) => set((s) => change(s.path));
  const directed = make("input", { type: "checkbox", onchange: () => put((p) => { p.directed = directed.checked; }) });
  directed.checked = path.directed;
  const without = make("details", { open: path.without.size > 0 }, make("summary", {}, `Relations left out (${path.without.size})`), ...graph.relations.map((relation) => {
    const box = make("input", { type: "checkbox", onchange: () => put((p) => { if (box.checked) p.without.add(relation.name); else p.without.delete(relation.name); }) });
    box.checked = path.without.has(relation.name);
    return make("label", { class: "line" }, box, ` ${relation.label}`);
  }));
  const controls = [picker("from", "From ", path.a, (id) => put((p) => { p.a = id; })), picker("to", "to ", path.b, (id) => put((p) => { p.b = id; })),
    make("label", { class: "line" }, directed, " only along the arrows"), without];
  const [a, b] = [thing(path.a), thing(path.b)];
  const note = !a || !b ? "Choose where the path goes." : ways.length ? "The shortest, by number of statements." : "There is none over what passes the filters, within six steps.";
  showing.ways(a && b && ways.length ? `${ways.length} path${ways.length > 1 ? "s" : ""} of ${ways[0].length} step${ways[0].length > 1 ? "s" : ""}` : "Path", note, ways, controls);
}

function showNew(found) {
  const [after, until] = state.compare;
  const month = (label, value, done) => {
    const input = make("input", { type: "month", value: monthName(value), onchange: () => { const span = months(input.value); if (span) done(span[1]); } });
    return make("label", { class: "field" }, label, input);
  };
  const note = make("p", { class: "note" }, "By the date of the event, or else of the first report.");
  showing.show(`${found.length} new statement${found.length === 1 ? "" : "s"}`, month("After ", after, (m) => set((s) => { s.compare = [m, Math.max(m, s.compare[1])]; })),
    month("up to ", until, (m) => set((s) => { s.compare = [Math.min(m, s.compare[0]), m]; })), note, ...found.slice(0, LISTED).map((edge) => showing.card(edge)),
    found.length > LISTED ? make("p", { class: "note" }, `and ${found.length - LISTED} more`) : null);
}

// --- the picture -------------------------------------------------------------------------------------------------

const place = (node) => state.pinned[node.id] ?? [node.x, node.y];
function fitTo(nodes) { camera = fitting(nodes.map(place), size, (i) => measure(short(nodes[i].name))); }
function fitAll() { fitTo([...view.nodes]); later(); }

function isOut(node) {
  const [x, y] = toScreen(camera, size, ...place(node));
  return x < 20 || y < 20 || x > size.width - 20 || y > size.height - 20;
}

/** Move the picture if what was chosen is not to be seen. */
function bringIn(found) {
  if (!found || !picture) return;
  const rep = standsFor(graph, state), ends = (isNode(found) ? [found] : [found.from, found.to]).map(rep);
  if (ends.some(isOut)) {
    const [x, y] = [0, 1].map((i) => ends.reduce((sum, node) => sum + place(node)[i], 0) / ends.length);
    camera = { ...camera, x, y };
    later();
  }
}

function later() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => { queued = false; paint(); });
}

function paint() {
  if (state.table || !size.width) return;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(size.width * ratio) || canvas.height !== Math.round(size.height * ratio)) {
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
  }
  if (moving && still) return shift(ratio);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  picture = compose(view, camera, size, state, { measure, named: view.bright !== null || view.edges.length <= 40 });
  draw(ctx, picture, view, state);
  still = null;
  if (view.nodes.size <= CROWD) return undefined;
  still = { camera, image: make("canvas", { width: canvas.width, height: canvas.height }) };
  return still.image.getContext("2d").drawImage(canvas, 0, 0);
}

/** While a large picture moves, what was drawn last is moved; it is drawn anew when it rests. */
function shift(ratio) {
  const k = camera.k / still.camera.k, [w, h] = [size.width * ratio, size.height * ratio];
  const [x, y] = [(still.camera.x - camera.x) * camera.k * ratio, (still.camera.y - camera.y) * camera.k * camera.tall * ratio];
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, w, h);
  ctx.drawImage(still.image, w / 2 + x - (w / 2) * k, h / 2 + y - (h / 2) * k, w * k, h * k);
}

let rest = null;
function move(next) {
  camera = next;
  moving = true;
  clearTimeout(rest);
  rest = setTimeout(() => { moving = false; later(); }, 120);
  later();
}

const moveBy = (dx, dy) => move({ ...camera, x: camera.x + dx / camera.k, y: camera.y + dy / (camera.k * camera.tall) });

function resized() {
  const box = canvas.parentElement.getBoundingClientRect(), before = size.width;
  [size.width, size.height] = [box.width, box.height];
  if (size.width && view && !before) fitAll();
  later();
}

// --- pointers, keys, buttons -------------------------------------------------------------------------------------

const pointers = new Map();
let dragged = null, from = null;
const spot = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, spot(event));
  const found = picture && under(picture, ...spot(event), event.pointerType === "touch" ? 14 : 6);
  from = { at: spot(event), found, moved: false };
  dragged = pointers.size === 1 && found && isNode(found) ? found : null;
});
canvas.addEventListener("pointermove", (event) => {
  const at = spot(event), before = pointers.get(event.pointerId);
  if (!before) return hovering(at);
  if (from && !from.moved && Math.hypot(at[0] - from.at[0], at[1] - from.at[1]) > 4) {
    from.moved = true;
    if (dragged) remember();
  }
  if (pointers.size === 2) {
    const [rest_] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
    const span = (p) => Math.hypot(p[0] - rest_[0], p[1] - rest_[1]) || 1;
    move(zoomed(camera, size, span(at) / span(before), (at[0] + rest_[0]) / 2, (at[1] + rest_[1]) / 2));
  } else if (dragged && from.moved) {
    state.pinned[dragged.id] = toGraph(camera, size, ...at);
    moving = false;
    later();
  } else if (from?.moved) moveBy(before[0] - at[0], before[1] - at[1]);
  pointers.set(event.pointerId, at);
  return undefined;
});
const released = (event) => {
  pointers.delete(event.pointerId);
  if (!from) return;
  const { found, moved } = from;
  from = null;
  if (dragged && moved) refresh({ said: "Pinned." });
  else if (!moved && event.type === "pointerup") { if (found) act.choose(found.id); else set(clear); }
  dragged = null;
};
canvas.addEventListener("pointerup", released);
canvas.addEventListener("pointercancel", released);
canvas.addEventListener("dblclick", (event) => { const found = under(picture, ...spot(event)); if (found && isNode(found)) act.open(found.id); });
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  move(zoomed(camera, size, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...spot(event)));
}, { passive: false });

function hovering(at) {
  const found = picture && !moving ? under(picture, ...at) : null, tip = $("tip");
  canvas.style.cursor = found ? "pointer" : "grab";
  if (found === hover && found === null) return;
  hover = found;
  tip.hidden = !found;
  if (!found) return;
  tip.replaceChildren(...(isNode(found) ? [name(found.name), ` · ${found.type.label} · ${found.edges.length}`]
    : [name(found.from.name), ` ${found.relation.label} `, found.to.type.name === "amount" ? "" : name(found.to.name), ` ${found.amount} (${[found.status.name, found.when].filter(Boolean).join(", ")})`]));
  tip.style.left = `${Math.min(at[0] + 14, size.width - 220)}px`;
  tip.style.top = `${Math.min(at[1] + 14, size.height - 50)}px`;
}

/** The nearest node in a direction from the chosen one, or the one nearest to the middle. */
function step(dx, dy) {
  const nodes = [...picture.nodes.values()], here = view.chosen ? picture.nodes.get(view.chosen) : null;
  let best = null, least = Infinity;
  for (const each of nodes) {
    if (each === here || each.node.type.name === "amount") continue;
    const ox = each.x - (here?.x ?? size.width / 2), oy = each.y - (here?.y ?? size.height / 2), along = ox * dx + oy * dy;
    const cost = here ? (along > 0 ? Math.hypot(ox, oy) + 2 * Math.abs(ox * dy - oy * dx) : Infinity) : Math.hypot(ox, oy);
    if (cost < least) { least = cost; best = each.node; }
  }
  if (best) act.choose(best.id);
}

function through(turn) {
  const chosen = thing(state.chosen);
  if (!chosen) return;
  const node = isNode(chosen) ? chosen : null, list = node ? node.edges.filter(passing) : null;
  if (node && list.length) act.choose(list[turn > 0 ? 0 : list.length - 1].id);
  else if (!node) {
    const edges = chosen.from.edges.filter(passing), at = edges.indexOf(chosen);
    act.choose(edges[(at + turn + edges.length) % edges.length].id);
  }
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
$("graph").addEventListener("keydown", (event) => {
  const way = arrows[event.key];
  if (way && event.shiftKey) moveBy(way[0] * 60, way[1] * 60);
  else if (way) step(...way);
  else if (event.key === "+" || event.key === "=") move(zoomed(camera, size, 1.3));
  else if (event.key === "-") move(zoomed(camera, size, 1 / 1.3));
  else if (event.key === "n") through(1);
  else if (event.key === "p") through(-1);
  else if (event.key === "o" && thing(state.chosen) && !isNode(thing(state.chosen))) act.choose(thing(state.chosen).to.id);
  else if (event.key === "Enter") { $("panel-title").focus(); }
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) undo();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "Escape") { if ($("save").open) { $("save").open = false; $("save").firstElementChild.focus(); } else if (!$("found").hidden) closeSearch(); else set(clear, { said: "Nothing chosen." }); return; }
  else if (typing) return;
  else if (event.key === "/") $("search").focus();
  else if (event.key === "0") fitAll();
  else if (event.key === "t") toggle("table");
  else if (event.key === "u") undo();
  else if (event.key === "d") toggle("dark");
  else return;
  event.preventDefault();
});

function toggle(what) {
  if (what === "dark") set((s) => { s.dark = !isDark(); });
  else if (what === "colours") set((s) => { s.colours = s.colours === "type" ? "group" : "type"; });
  else set((s) => { s[what] = !s[what]; });
}

// --- search ------------------------------------------------------------------------------------------------------

const search = $("search"), found = $("found");
function closeSearch() { found.hidden = true; search.setAttribute("aria-expanded", "false"); search.removeAttribute("aria-activedescendant"); }
function pick(id) { search.value = ""; closeSearch(); act.choose(id); $("panel-title").focus(); }
search.addEventListener("input", () => {
  const { nodes, edges } = find(search.value, 8);
  const option = (id, ...inside) => make("li", { role: "option", id: `option-${id}`, "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); pick(id); } }, ...inside);
  found.replaceChildren(...nodes.map((node) => option(node.id, name(node.name), make("small", {}, ` ${node.type.label} · ${node.edges.length}`))),
    ...edges.map((edge) => option(edge.id, name(`${edge.from.name} ${edge.relation.label} ${edge.to.type.name === "amount" ? edge.amount : edge.to.name}`), make("small", {}, ` “${cut(edge.evidence[0].quote, search.value)}”`))));
  if (!found.children.length && search.value.trim()) found.append(make("li", { class: "none" }, "Nothing found"));
  found.hidden = !found.children.length;
  search.setAttribute("aria-expanded", String(!found.hidden));
  announce(search.value.trim() ? `${nodes.length} entities, ${edges.length} sentences found.` : "");
});
search.addEventListener("blur", closeSearch);
search.addEventListener("keydown", (event) => {
  const options = [...found.querySelectorAll('[role="option"]')], at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && options.length) pick(options[Math.max(at, 0)].id.slice("option-".length));
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = options[(at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length];
    options.forEach((each) => each.setAttribute("aria-selected", String(each === next)));
    if (next) { search.setAttribute("aria-activedescendant", next.id); next.scrollIntoView({ block: "nearest" }); }
  } else return;
  event.preventDefault();
});

function cut(text, words) {
  const at = Math.max(text.toLowerCase().indexOf(words.trim().toLowerCase()), 0), begin = Math.max(at - 30, 0);
  return `${begin ? "…" : ""}${text.slice(begin, at + 50)}${text.length > at + 50 ? "…" : ""}`;
}

// --- the buttons -------------------------------------------------------------------------------------------------

const on = (id, work) => $(id).addEventListener("click", work);
on("undo", undo);
on("fit", fitAll);
on("reset", () => { set((s) => { Object.assign(s, copy(first), { dark: s.dark }); }, { fit: true, said: "As at first." }); });
on("all", () => set((s) => { s.all = !(s.all || s.focus); s.focus = null; s.opened = new Set(); }, { fit: true, said: "Changed what is shown." }));
on("unfocus", () => set((s) => { s.focus = null; s.opened = new Set(); }, { fit: true }));
on("hidden", () => set((s) => { s.hidden = new Set(); }));
on("rolled", () => toggle("rolled"));
on("grouped", () => toggle("colours"));
on("dark", () => toggle("dark"));
on("as-table", () => toggle("table"));
on("path", () => act.pathFrom(view.chosen?.id ?? ""));
on("loops", () => set((s) => { clear(s); s.loops = ""; }));
on("new", () => {
  const all = graph.edges.map((edge) => months(edge.when)?.[0]).filter((m) => m !== undefined).sort((a, b) => a - b);
  if (all.length) set((s) => { clear(s); const last = Math.min(all.at(-1), all[Math.floor(all.length * 0.999)]); s.compare = [last - 3, last]; });
});
on("link", () => { Promise.resolve(navigator.clipboard?.writeText(location.href) ?? Promise.reject()).then(() => announce("The address is copied."), () => announce("Copy it from the address bar.")); });
$("sure").addEventListener("input", () => set((s) => { s.sure = Number($("sure").value); }, { as: "sure" }));
document.addEventListener("pointerdown", (event) => { if (!$("save").contains(event.target)) $("save").open = false; });
$("save").addEventListener("click", (event) => {
  const kind = event.target.value, file = `graph.${kind === "turtle" ? "ttl" : kind}`;
  if (!kind) return;
  $("save").open = false;
  if (state.table && (kind === "png" || kind === "svg")) { toggle("table"); resized(); paint(); }
  if (kind === "png") canvas.toBlob((blob) => offer(file, blob));
  else if (kind === "svg") offer(file, svg(picture, state, document.title), "image/svg+xml");
  else if (kind === "csv") offer(file, csv(view), "text/csv;charset=utf-8");
  else if (kind === "turtle") offer(file, turtle(view, data.namespaces), "text/turtle;charset=utf-8");
  else if (kind === "graphml") offer(file, graphml(view), "application/xml");
  announce(`${file} is saved.`);
});
window.addEventListener("hashchange", () => { remember(); state = fromHash(location.hash, first); refresh(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => refresh());
new ResizeObserver(resized).observe(canvas.parentElement);
window.addEventListener("beforeprint", () => { const dark = state.dark; state.dark = false; refresh(); paint(); state.dark = dark; });
window.addEventListener("afterprint", () => refresh());
$("names").append(...[...graph.first].filter((node) => node.type.name !== "amount").map((node) => make("option", { value: node.name })));
resized();
refresh();
document.documentElement.dataset.ready = "true";
