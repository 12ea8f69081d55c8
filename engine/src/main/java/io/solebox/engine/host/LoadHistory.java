package io.solebox.engine.host;

/**
 * What a model has been through since its host began.
 *
 * @param loads that were completed
 * @param loadNanos all of these together, from the turn of the first to a model that answers
 * @param failures loads that were refused or broke off
 * @param unloads for whatever reason
 */
public record LoadHistory(long loads, long loadNanos, long failures, long unloads) {
  static final LoadHistory NONE = new LoadHistory(0, 0, 0, 0);

  LoadHistory loaded(long nanos) {
    return new LoadHistory(loads + 1, loadNanos + nanos, failures, unloads);
  }

  LoadHistory failed() {
    return new LoadHistory(loads, loadNanos, failures + 1, unloads);
  }

  LoadHistory unloaded() {
    return new LoadHistory(loads, loadNanos, failures, unloads + 1);
  }
}
