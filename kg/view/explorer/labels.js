// Labels that never collide: each takes a free place around its node, the most connected nodes first.
import { at } from "./geometry.js";

/** A grid of the boxes that are taken, so that a new one is held against its neighbours alone. */
function board(cell = 64) {
  const cells = new Map();
  const keys = function* ([left, top, right, bottom]) {
    for (let x = Math.floor(left / cell); x <= Math.floor(right / cell); x += 1) {
      for (let y = Math.floor(top / cell); y <= Math.floor(bottom / cell); y += 1) yield x * 100_003 + y;
    }
  };
  return {
    take(box) { for (const key of keys(box)) { if (!cells.has(key)) cells.set(key, []); cells.get(key).push(box); } },
    isFree(box) {
      for (const key of keys(box)) {
        for (const taken of cells.get(key) ?? []) {
          if (box[0] < taken[2] && taken[0] < box[2] && box[1] < taken[3] && taken[1] < box[3]) return false;
        }
      }
      return true;
    },
  };
}

/** What tells how often lines cross a box: points along them, in cells. */
export function crossings(ways) {
  const cells = new Map(), cell = 32, key = (x, y) => Math.floor(x / cell) * 100_003 + Math.floor(y / cell);
  for (const way of ways) {
    const steps = Math.ceil(Math.hypot(way.end[0] - way.start[0], way.end[1] - way.start[1]) / 6);
    for (let step = 0; step <= steps; step += 1) {
      const [x, y] = at(way, step / (steps || 1)), where = key(x, y);
      if (!cells.has(where)) cells.set(where, []);
      cells.get(where).push([x, y, way]);
    }
  }
  return ([left, top, right, bottom], own = null) => {
    const found = new Set();
    for (let x = left; x < right + cell; x += cell) {
      for (let y = top; y < bottom + cell; y += cell) {
        for (const [px, py, way] of cells.get(key(x, y)) ?? []) if (way !== own && px > left && px < right && py > top && py < bottom) found.add(way);
      }
    }
    return found.size;
  };
}

/** The first of the boxes that is free, of those that cost the least; -1 if none is free. */
export function best(boxes, taken, cost) {
  let found = -1, least = Infinity;
  for (let i = 0; i < boxes.length && least > 0; i += 1) {
    const here = taken.isFree(boxes[i]) ? cost(boxes[i]) : Infinity;
    if (here < least) { least = here; found = i; }
  }
  return found;
}

/** Places for the texts that are not cut by a border: `things` in the order of their rank, with `x`, `y`, `radius`, `node`; `measure` gives pixels. */
export function placed(things, measure, { height = 15, most = 400, size, crossed = () => 0 }) {
  const taken = board(), out = [], cost = (box) => (box[0] < 0 || box[1] < 0 || box[2] > size.width || box[3] > size.height ? Infinity : crossed(box));
  for (const thing of things) { // what is more connected stands before what is less, and may cover it
    const { x, y, radius, node: { name: text } } = thing;
    taken.take([x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8]);
    if (out.length >= most) continue;
    const wide = measure(text), half = wide / 2, low = y + radius + height * 0.75, high = y - radius - height * 0.75;
    const spots = [[x, low], [x, high], [x + radius + half + 4, y], [x - radius - half - 4, y]];
    const boxes = spots.map(([cx, cy]) => [cx - half - 2, cy - height / 2, cx + half + 2, cy + height / 2]);
    const found = best(boxes, taken, cost);
    if (found < 0) continue;
    taken.take(boxes[found]);
    out.push({ ...thing, text, cx: spots[found][0], cy: spots[found][1], box: boxes[found] });
  }
  return { labels: out, taken };
}
