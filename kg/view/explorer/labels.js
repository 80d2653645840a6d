// Labels that never collide: each takes the first free place around its node, the most connected nodes first.

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

/** Places for the texts: `things` in the order of their rank, with `x`, `y`, `radius`, `node`; `measure` gives pixels. */
export function placed(things, measure, { height = 15, most = 400, size }) {
  const taken = board(), out = [];
  for (const thing of things) { // what is more connected stands before what is less, and may cover it
    const { x, y, radius, node: { name: text } } = thing;
    taken.take([x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8]);
    if (out.length >= most) continue;
    if (x < -80 || y < -40 || x > size.width + 80 || y > size.height + 40) continue;
    const wide = measure(text), half = wide / 2, low = y + radius + height * 0.75, high = y - radius - height * 0.75;
    const spots = [[x, low], [x, high], [x + radius + half + 4, y], [x - radius - half - 4, y]];
    for (const [cx, cy] of spots) {
      const box = [cx - half - 2, cy - height / 2, cx + half + 2, cy + height / 2];
      if (taken.isFree(box)) { taken.take(box); out.push({ ...thing, text, cx, cy, box }); break; }
    }
  }
  return { labels: out, taken };
}
