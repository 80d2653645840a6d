// Where the reader looks: `x`, `y` of the graph in the middle of the canvas, `k` pixels across for a unit of the graph,
// `tall` times as many down, as what fills a canvas of another shape may be stretched a little.

const STRETCH = 1.6;
const MANY = 300; // points beyond which their labels are not shown anyhow, so that they need no room

export const toScreen = (camera, size, x, y) => [(x - camera.x) * camera.k + size.width / 2, (y - camera.y) * camera.k * camera.tall + size.height / 2];
export const toGraph = (camera, size, x, y) => [(x - size.width / 2) / camera.k + camera.x, (y - size.height / 2) / (camera.k * camera.tall) + camera.y];

/** A camera that shows all of the points, `[x, y]`, with their labels, whose widths `measure` gives by the point's number. */
export function fitting(points, size, measure, { closest = 1.4 } = {}) {
  if (!points.length) return { x: 0, y: 0, k: 1, tall: 1 };
  const labelled = points.length <= MANY;
  const across = points.map(([x], i) => ({ at: x, room: labelled ? measure(i) / 2 + 8 : 30 })), down = points.map(([, y]) => ({ at: y, room: labelled ? 38 : 30 }));
  const [wide, high] = [Math.min(nearest(across, size.width), closest), Math.min(nearest(down, size.height), closest)];
  const kx = Math.min(wide, high * STRETCH), ky = Math.min(high, wide * STRETCH);
  return { x: middle(across, kx), y: middle(down, ky), k: kx, tall: ky / kx };
}

/** How many pixels a unit can have such that all things, each with its room on both sides, are within a length. */
function nearest(things, length) {
  let k = 12;
  for (let turn = 0; turn < 8; turn += 1) {
    const [first, last] = outermost(things, k), free = Math.max(length - first.room - last.room, 40), wide = last.at - first.at;
    if (wide * k <= free) break;
    k = free / wide;
  }
  return k;
}

function outermost(things, k) {
  let [first, last] = [things[0], things[0]];
  for (const each of things) {
    if (each.at * k - each.room < first.at * k - first.room) first = each;
    if (each.at * k + each.room > last.at * k + last.room) last = each;
  }
  return [first, last];
}

function middle(things, k) {
  const [first, last] = outermost(things, k);
  return (first.at + last.at) / 2 + (last.room - first.room) / (2 * k);
}

/** The camera nearer to or farther from the graph, with one point of the canvas kept where it is. */
export function zoomed(camera, size, factor, x = size.width / 2, y = size.height / 2) {
  const [gx, gy] = toGraph(camera, size, x, y), k = Math.min(Math.max(camera.k * factor, 0.005), 12);
  return { ...camera, x: gx - (x - size.width / 2) / k, y: gy - (y - size.height / 2) / (k * camera.tall), k };
}

/** Nodes and lines grow a little as one comes nearer. */
export const scale = (camera) => Math.min(Math.max(Math.sqrt(camera.k * Math.sqrt(camera.tall)) * 1.1, 0.28), 1.7);
