// What the box has measured: devices with values, each with its age or the reason why there is none.

/**
 * @typedef {{value: number, age_ms: number} | {missing: string}} Measured
 * @typedef {{kind: string, id: string, name: string, address?: string, event_reasons?: string[], values: Record<string, Measured>}} Device
 * @typedef {{name: string, state: string, why?: string, age_ms?: number}} Source
 * @typedef {{kind: string, id: string, metric: string, name: string, points: [number, number, number][]}} Series points: seconds since 1970, the mean, the highest
 * @typedef {{at: string, sources: Source[], devices: Device[]}} Snapshot
 */

/** The number, where there is one. @param {Device} device @param {string} metric @returns {number | undefined} */
export function value(device, metric) {
  const measured = device.values[metric];
  return measured && "value" in measured ? measured.value : undefined;
}

/** Why there is none; nothing where the device has no such metric. @param {Device} device @param {string} metric */
export function missing(device, metric) {
  const measured = device.values[metric];
  return measured && "missing" in measured ? measured.missing : undefined;
}

/** What is hottest, with what it may be. @param {Snapshot} now */
export function hottest(now) {
  const all = now.devices.flatMap((device) => [
    { device, metric: "core_celsius", limit: value(device, "slowdown_celsius") },
    { device, metric: "memory_celsius", limit: value(device, "memory_max_celsius") },
    { device, metric: "celsius", limit: value(device, "critical_celsius") },
  ].flatMap((each) => {
    const celsius = value(device, each.metric);
    return celsius === undefined ? [] : [{ ...each, celsius }];
  }));
  return all.sort((a, b) => b.celsius - a.celsius)[0];
}

/** Watts of all that draw and tell it; a plug at the wall counts alone, since all else is behind it. @param {Snapshot} now */
export function watts(now) {
  const drawn = now.devices.flatMap((device) => {
    const power = value(device, "power_watts");
    return power === undefined ? [] : [{ kind: device.kind, power }];
  });
  const wall = drawn.filter((each) => each.kind === "plug");
  const counted = wall.length ? wall : drawn.filter((each) => each.kind !== "hwmon");
  return { sum: counted.length ? counted.reduce((sum, each) => sum + each.power, 0) : undefined, wall: wall.length > 0 };
}

/** What each value was while one looked, the oldest first. */
export class Trail {
  /** @type {Map<string, {at: number, value: number}[]>} */
  #points = new Map();
  #spanMs;

  /** @param {number} spanMs how far back */
  constructor(spanMs) {
    this.#spanMs = spanMs;
  }

  /** @param {string} id of a device @param {string} metric @param {{at: number, value: number}[]} points older than what is there */
  before(id, metric, points) {
    const key = `${id} ${metric}`;
    const known = this.#points.get(key) ?? [];
    const first = known[0]?.at ?? Infinity;
    this.#points.set(key, [...points.filter((point) => point.at < first), ...known]);
  }

  /** @param {Snapshot} now */
  add(now) {
    const at = Date.parse(now.at);
    for (const device of now.devices) {
      for (const metric of Object.keys(device.values)) {
        const measured = value(device, metric);
        if (measured === undefined) continue;
        const key = `${device.id} ${metric}`;
        const points = this.#points.get(key) ?? [];
        points.push({ at, value: measured });
        while (points[0] && points[0].at < at - this.#spanMs) points.shift();
        this.#points.set(key, points);
      }
    }
  }

  /** @param {string} id @param {string} metric */
  of(id, metric) {
    return this.#points.get(`${id} ${metric}`) ?? [];
  }
}

const WIDTH = 100;
const HEIGHT = 28;
const MARGIN = 2;

/**
 * The line of a sparkline, and where its limit lies, in a box of 100 by 28.
 * @param {{at: number, value: number}[]} points @param {number} spanMs @param {number | undefined} limit
 * @returns {{path: string, limit: number | undefined}}
 */
export function spark(points, spanMs, limit) {
  if (!points.length) return { path: "", limit: undefined };
  const values = points.map((point) => point.value);
  const high = Math.max(...values, limit ?? -Infinity);
  const low = Math.min(...values, limit === undefined ? Infinity : limit / 2);
  const range = high - low || 1;
  const last = points[points.length - 1]?.at ?? 0;
  const x = (/** @type {number} */ at) => (WIDTH * (1 - (last - at) / spanMs)).toFixed(1);
  const y = (/** @type {number} */ of) => (HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ((of - low) / range));
  return {
    path: points.map((point, at) => `${at ? "L" : "M"}${x(point.at)} ${y(point.value).toFixed(1)}`).join(" "),
    limit: limit === undefined ? undefined : y(limit),
  };
}

/** Series as one table: all times, and of each series its means, with nothing where it has none. @param {Series[]} series */
export function columns(series) {
  const times = [...new Set(series.flatMap((each) => each.points.map((point) => point[0])))].sort((a, b) => a - b);
  return [times, ...series.map((each) => {
    const means = new Map(each.points.map((point) => [point[0], point[1]]));
    return times.map((time) => means.get(time) ?? null);
  })];
}
