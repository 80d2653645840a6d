// What the reader has set: one plain object, so that it can be undone, kept in the address and started from.

const FACETS = ["type", "relation", "status"];

/** The state at first. Sets hold names, ids or numbers; `from` and `to` are months. */
export function start(graph) {
  return {
    off: { type: new Set(), relation: new Set(), status: new Set(graph.statuses.filter((s) => !s.shown).map((s) => s.name)) },
    sure: 0, from: null, to: null, undated: true, all: false, focus: null, hops: 1, opened: new Set(), hidden: new Set(), pinned: {},
    chosen: null, path: null, loops: null, compare: null, rolled: false, colours: "type", table: false, dark: null,
  };
}

const plainly = (state) => JSON.stringify(state, (key, value) => (value instanceof Set ? { set: [...value].sort() } : value));
const lively = (text) => JSON.parse(text, (key, value) => (value && Array.isArray(value.set) ? new Set(value.set) : value));

/** A part of the address that brings the state back: only what is not as at first. */
export function toHash(state, first) {
  const before = JSON.parse(plainly(first));
  const told = Object.entries(JSON.parse(plainly(state))).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]));
  return told.length ? "#" + told.map(([key, value]) => `${key}=${encodeURIComponent(JSON.stringify(value))}`).join("&") : "";
}

/** The state of an address; what is unknown or malformed in it is passed over. */
export function fromHash(hash, first) {
  const state = lively(plainly(first));
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key, ...rest] = part.split("=");
    if (!Object.hasOwn(state, key)) continue;
    try {
      const value = lively(decodeURIComponent(rest.join("=")));
      if (fits(value, state[key], key)) state[key] = value;
    } catch { /* not ours, or cut short */ }
  }
  return state;
}

function fits(value, before, key) {
  if (key === "off") return FACETS.every((facet) => value?.[facet] instanceof Set);
  if (before instanceof Set) return value instanceof Set;
  if (key === "pinned") return value !== null && Object.values(value).every((p) => Array.isArray(p) && p.every(Number.isFinite));
  if (key === "path") return value === null || ["a", "b"].every((end) => typeof value[end] === "string") && value.without instanceof Set;
  if (key === "compare") return value === null || (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite));
  if (["focus", "chosen", "loops"].includes(key)) return value === null || typeof value === "string";
  if (["from", "to"].includes(key)) return value === null || Number.isFinite(value);
  if (key === "dark") return value === null || typeof value === "boolean";
  return typeof value === typeof before;
}

export const copy = (state) => lively(plainly(state));
export const same = (one, other) => plainly(one) === plainly(other);
