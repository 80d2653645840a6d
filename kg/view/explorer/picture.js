// The picture: what stands where in pixels, and its drawing on a canvas.
import { scale, toScreen } from "./camera.js";
import { colour } from "./dom.js";
import { arrow, at, corners, distance, line, loop } from "./geometry.js";
import { best, crossings, placed } from "./labels.js";

const SCREENFUL = 150; // nodes up to which none is drawn too small for its shape to be told
const FEW = 60; // edges up to which texts keep off lines
const SPOTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73]; // of a line, where its words may stand
const MANY = 2_500; // edges above which arrow heads and rounded lines give way to speed
export const CROWD = 3_000; // nodes above which all are drawn as dots of their colour
export const FONT = "13px system-ui, sans-serif";
const SMALL = "11.5px system-ui, sans-serif";

export const palette = () => Object.fromEntries(["ground", "ink", "soft", "accent", "faint"].map((n) => [n, colour(`--${n}`)]));

/** Everything in pixels: nodes with their radius, edges with their lines, labels where there is room. */
export function compose(view, camera, size, state, { measure, named = true }) {
  const s = Math.max(scale(camera), view.nodes.size <= SCREENFUL ? 0.4 : 0), many = view.edges.length > MANY;
  const pin = (node) => state.pinned[node.id] ?? [node.x, node.y];
  const nodes = new Map();
  for (const node of view.nodes) {
    const [x, y] = toScreen(camera, size, ...pin(node));
    nodes.set(node, { node, x, y, radius: Math.max(node.size * s * 0.75, 2), bright: isBright(view, node) });
  }
  const inside = (a) => a.x > -60 && a.y > -60 && a.x < size.width + 60 && a.y < size.height + 60;
  const edges = [];
  for (const edge of view.edges) {
    const a = nodes.get(edge.from), b = nodes.get(edge.to);
    if (!inside(a) && !inside(b) && !crosses(a, b, size)) continue;
    const way = a === b ? loop([a.x, a.y], a.radius) : line([a.x, a.y], [b.x, b.y], many ? 0 : edge.bend, a.radius + 1, b.radius + (many ? 0 : 2));
    edges.push({ edge, way, width: edge.width * Math.max(s, 0.5), bright: isBright(view, edge) });
  }
  const ranked = [...nodes.values()].filter(inside).sort((a, b) => rank(view, b) - rank(view, a) || a.node.place - b.node.place);
  const lines = edges.length <= FEW ? edges : edges.filter(({ bright }) => named && bright), crossed = lines.length <= FEW ? crossings(lines.map(({ way }) => way)) : undefined;
  const { labels, taken } = placed(ranked, (text) => measure(short(text)), { size, most: 300, crossed: edges.length <= FEW ? crossed : undefined });
  return { nodes, edges, labels, notes: named ? notes(edges, taken, crossed, measure) : [], many, size };
}

export const short = (text) => (text.length <= 28 ? text : `${text.slice(0, 27).trimEnd()}…`);
const isBright = (view, thing) => !view.bright || view.bright.has(thing.own ?? thing) || view.bright.has(thing);
const rank = (view, placed) => (placed.node === view.chosen ? 1e9 : 0) + (view.bright?.has(placed.node) ? 1e6 : 0) + placed.node.edges.length;
const crosses = (a, b, size) => Math.min(a.x, b.x) < size.width && Math.max(a.x, b.x) > 0 && Math.min(a.y, b.y) < size.height && Math.max(a.y, b.y) > 0;

/** Relation and sum on the lines that the reader looks at, where there is room and the fewest other lines run. */
function notes(edges, taken, crossed, measure) {
  const looked = edges.filter((each) => each.bright), out = [];
  if (looked.length > 40) return out;
  for (const { edge, way } of looked) {
    const text = [edge.relation.label, edge.amount].filter(Boolean).join(" "), half = measure(text) * 0.45;
    if (Math.hypot(way.end[0] - way.start[0], way.end[1] - way.start[1]) < half * 1.3) continue;
    const spots = SPOTS.map((t) => at(way, t)), boxes = spots.map(([x, y]) => [x - half, y - 8, x + half, y + 8]), found = best(boxes, taken, (box) => crossed(box, way));
    if (found < 0) continue;
    taken.take(boxes[found]);
    const [x, y] = spots[found];
    out.push({ text, x, y, colour: edge.relation.colour });
  }
  return out;
}

/** Draw it. `ctx` is in CSS pixels. */
export function draw(ctx, picture, view, state) {
  const { ground, ink, soft } = palette();
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, picture.size.width, picture.size.height);
  drawEdges(ctx, picture, false);
  drawEdges(ctx, picture, true);
  if (picture.nodes.size > CROWD) drawCrowd(ctx, picture, state);
  for (const each of picture.nodes.values()) if (picture.nodes.size <= CROWD || each.node === view.chosen) drawNode(ctx, each, view, state, { ground, ink });
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.font = SMALL;
  for (const note of picture.notes) written(ctx, note.text, note.x, note.y, note.colour, ground);
  ctx.font = FONT;
  for (const label of picture.labels) {
    ctx.globalAlpha = label.bright ? 1 : 0.3;
    written(ctx, short(label.text), label.cx, label.cy, label.node.type.name === "amount" ? soft : ink, ground);
  }
  ctx.globalAlpha = 1;
}

function written(ctx, text, x, y, fill, ground) {
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = ground;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = fill;
  ctx.fillText(text, x, y);
}

/** Edges of one look are drawn in one stroke, as far as that goes. */
function drawEdges(ctx, { edges, many }, bright) {
  const looks = new Map();
  for (const each of edges) {
    if (each.bright !== bright) continue;
    const width = many ? Math.round(each.width) || 1 : each.width, key = `${each.edge.relation.colour} ${width} ${each.edge.status.name}`;
    if (!looks.has(key)) looks.set(key, { colour: each.edge.relation.colour, width, dashes: each.edge.status.dashes, ways: [] });
    looks.get(key).ways.push(each);
  }
  ctx.globalAlpha = bright ? (many ? 0.55 : 0.9) : 0.1;
  for (const { colour: shade, width, dashes, ways } of looks.values()) {
    ctx.strokeStyle = ctx.fillStyle = shade;
    ctx.lineWidth = width;
    ctx.setLineDash(many ? [] : dashes.map((length) => length * Math.max(1, width / 3)));
    ctx.beginPath();
    for (const { way } of ways) {
      ctx.moveTo(...way.start);
      if (way.straight) ctx.lineTo(...way.end); else ctx.quadraticCurveTo(...way.control, ...way.end);
    }
    ctx.stroke();
    ctx.setLineDash([]);
    if (many) continue;
    for (const { edge, way } of ways) {
      if (!edge.relation.symmetric && edge.to.type.name !== "amount") fillShape(ctx, arrow(way, width), [0, 0]);
      if (isStruck(edge)) strike(ctx, way, width);
    }
  }
  ctx.globalAlpha = 1;
}

/** What has ended or is denied is struck through. */
export const isStruck = (edge) => edge.status.name === "ended" || edge.status.name === "denied";

function strike(ctx, way, width) {
  const [[ax, ay], [bx, by]] = bar(way, width);
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.stroke();
}

/** The two ends of a short bar across the middle of a line. */
export function bar({ start, end, middle }, width) {
  const dx = end[0] - start[0], dy = end[1] - start[1], length = Math.hypot(dx, dy) || 1, half = 6 + width;
  const [ox, oy] = [((dx - dy) / length) * half * 0.7, ((dy + dx) / length) * half * 0.7];
  return [[middle[0] - ox, middle[1] - oy], [middle[0] + ox, middle[1] + oy]];
}

export const shadeOf = (node, state) => (state.colours === "group" && node.type.name !== "amount" ? node.shade : node.type.colour);

/** So many nodes that their shapes are not told apart: squares, of one colour in one stroke. */
function drawCrowd(ctx, { nodes, size }, state) {
  const looks = new Map();
  for (const each of nodes.values()) {
    if (each.x < -20 || each.y < -20 || each.x > size.width + 20 || each.y > size.height + 20) continue;
    const key = `${shadeOf(each.node, state)} ${each.bright ? 1 : 0.22}`;
    if (!looks.has(key)) looks.set(key, []);
    looks.get(key).push(each);
  }
  for (const [key, all] of looks) {
    const [shade, alpha] = key.split(" ");
    ctx.globalAlpha = Number(alpha);
    ctx.fillStyle = shade;
    ctx.beginPath();
    for (const { x, y, radius } of all) ctx.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function drawNode(ctx, { node, x, y, radius, bright }, view, state, { ground, ink }) {
  ctx.globalAlpha = bright ? 1 : 0.22;
  const shade = shadeOf(node, state), hollow = node.type.shape === "box";
  ctx.fillStyle = hollow ? ground : shade;
  ctx.strokeStyle = node === view.chosen ? ink : hollow ? shade : ground;
  ctx.lineWidth = node === view.chosen ? 3 : 1.2;
  fillShape(ctx, corners(node.type.shape, radius), [x, y], radius);
  ctx.stroke();
  if (state.pinned[node.id]) { ctx.fillStyle = ground; fillShape(ctx, [], [x, y], radius / 3); }
  ctx.globalAlpha = 1;
}

function fillShape(ctx, points, [x, y], radius = 0) {
  ctx.beginPath();
  if (!points.length) ctx.arc(x, y, radius, 0, 2 * Math.PI);
  else points.forEach(([px, py], i) => (i ? ctx.lineTo(x + px, y + py) : ctx.moveTo(x + px, y + py)));
  ctx.closePath();
  ctx.fill();
}

/** What lies under a point: a node before an edge. */
export function under(picture, x, y, reach = 6) {
  let best = null, least = reach;
  for (const each of picture.nodes.values()) {
    const away = Math.hypot(each.x - x, each.y - y) - each.radius;
    if (away < least) { least = away; best = each.node; }
  }
  if (best) return best;
  for (const { edge, way, width } of picture.edges) {
    const [ax, ay] = way.start, [bx, by] = way.end;
    if (x < Math.min(ax, bx, way.control[0]) - 8 || x > Math.max(ax, bx, way.control[0]) + 8) continue;
    if (y < Math.min(ay, by, way.control[1]) - 8 || y > Math.max(ay, by, way.control[1]) + 8) continue;
    const away = distance(way, x, y) - width / 2;
    if (away < least) { least = away; best = edge.own ?? edge; }
  }
  return best;
}
