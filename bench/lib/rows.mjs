// A row of the table: one test of one model, peer and Solebox in turn.
import { medianOf, relativeRange, spread } from "./statistics.mjs";

/** Bandwidths that differ by more make a row void: a neighbour was busy meanwhile. */
const VOID_RANGE = 0.15;

/**
 * Measures a row. A repetition is a run of the peer and one of Solebox, with the bandwidth measured
 * before, between and after. While the bandwidths differ too much, repetitions are added, and those
 * count whose bandwidths are closest to each other: speeds have no say in it.
 *
 * @param sides {peer, solebox}: each measures one run of a test on a model; solebox the bandwidth, too
 * @param notify takes what was measured, as it comes
 */
export async function measureRow(sides, model, test, { repetitions, retries, threads }, notify) {
  const all = [];
  let bandwidth = await sides.solebox.bandwidth();
  let chosen;
  do {
    const repetition = await repeat(sides, model, test, bandwidth, (text) => notify(`run ${all.length + 1}: ${text}`));
    bandwidth = repetition.bandwidths.at(-1);
    all.push(repetition);
    chosen = steadiest(all, repetitions);
  } while (all.length < repetitions || (isVoid(chosen) && all.length < repetitions * (1 + retries)));
  return row(sides, model, test, chosen, { measured_repetitions: all.length, threads });
}

async function repeat({ peer, solebox }, model, test, before, notify) {
  const theirs = await peer.measure(model, test);
  notify(`${peer.name} ${theirs.tokensPerSecond.toFixed(1)} tokens/s`);
  const between = await solebox.bandwidth();
  const ours = await solebox.measure(model, test);
  notify(`Solebox ${ours.tokensPerSecond.toFixed(1)} tokens/s`);
  const after = await solebox.bandwidth();
  return {
    bandwidths: [before, between, after],
    peer: { ...theirs, bandwidth: (before + between) / 2 },
    solebox: { ...ours, bandwidth: (between + after) / 2 },
  };
}

/** Those `count` repetitions whose bandwidths have the least range; all, if there are fewer. */
export function steadiest(all, count) {
  if (all.length <= count) {
    return all;
  }
  const ranges = all.map((repetition) => ({ repetition, ...spread(repetition.bandwidths) }));
  // Whichever has the lowest bandwidth of the best choice, the others are those with the least maxima above it.
  const choices = ranges
    .map(({ min }) => ranges.filter((other) => other.min >= min).sort((a, b) => a.max - b.max).slice(0, count))
    .filter((choice) => choice.length === count)
    .map((choice) => choice.map(({ repetition }) => repetition));
  return choices.reduce((best, choice) => (range(choice) < range(best) ? choice : best));
}

function bandwidthOf(repetitions) {
  return spread(repetitions.flatMap(({ bandwidths }) => bandwidths));
}

function range(repetitions) {
  return relativeRange(bandwidthOf(repetitions));
}

function isVoid(repetitions) {
  return range(repetitions) > VOID_RANGE;
}

function row({ peer }, model, test, repetitions, more) {
  const of = (side, field) => repetitions.map((repetition) => repetition[side][field]);
  const [theirs, ours] = ["peer", "solebox"].map((side) => spread(of(side, "tokensPerSecond")));
  const bytesPerToken = medianOf(of("solebox", "bytesPerToken"));
  // Both read the same weights and a KV cache of the same type. Each run is held against the bandwidth around it.
  const share = (side) =>
    bytesPerToken === null
      ? null
      : spread(repetitions.map(({ [side]: run }) => (run.tokensPerSecond * bytesPerToken) / run.bandwidth)).median;
  const fields = {
    model: model.shape,
    format: model.format,
    test: test.name,
    peer: peer.name,
    peer_median: theirs.median,
    solebox_median: ours.median,
    ratio: ours.median / theirs.median,
    bandwidth_share: share("solebox"),
    peer_bandwidth_share: share("peer"),
    peer_min: theirs.min,
    peer_max: theirs.max,
    solebox_min: ours.min,
    solebox_max: ours.max,
    bandwidth_bytes_per_second: bandwidthOf(repetitions),
    decode_bytes_per_token: bytesPerToken,
    void: isVoid(repetitions),
    repetitions: repetitions.length,
    ...more,
    peer_samples_in_javascript: peer.samplesInJavaScript === true && test.kind !== "prefill",
  };
  for (const side of ["solebox", "peer"]) {
    fields[`${side}_resident_bytes`] = medianOf(of(side, "residentBytes"));
    fields[`${side}_load_seconds`] = medianOf(of(side, "loadSeconds"));
  }
  return fields;
}
