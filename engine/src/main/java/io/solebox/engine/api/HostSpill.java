package io.solebox.engine.api;

import io.solebox.engine.api.LoadEstimate.DeviceNeed;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.memory.MemoryUse;
import java.util.List;

/**
 * Host memory for what leaves the KV cache of a model that is not there itself.
 *
 * @param memory of this machine
 * @param bytes that the model may take of it
 */
record HostSpill(MemoryLedger memory, long bytes) {
  private MemoryUse use() {
    return new MemoryUse(0, 0, bytes, 0);
  }

  /**
   * @param context the longest sequence, which does not change it
   */
  DeviceNeed need(int context) {
    long free = memory.freeBytes();
    long fitting = bytes <= free ? context : 0;
    return new DeviceNeed(memory.device(), use(), use(), fitting, free, memory.capacityBytes());
  }

  /**
   * @throws SoleboxException {@code OUT_OF_MEMORY} where there is no room now
   */
  void requireRoom() {
    if (bytes > memory.freeBytes()) {
      throw refuse();
    }
  }

  /**
   * Enters it in the ledger.
   *
   * @param owner for people: the model
   * @param others of the same load, which are closed where this is refused
   * @throws SoleboxException as {@link #requireRoom}
   */
  MemoryLedger.Holding reserve(String owner, List<MemoryLedger.Holding> others) {
    return memory
        .reserve(owner, use())
        .orElseThrow(
            () -> {
              others.forEach(MemoryLedger.Holding::close);
              return refuse();
            });
  }

  private SoleboxException refuse() {
    return LoadPlan.refuse(
        memory,
        memory.device(),
        "What leaves the KV cache is to have %s of host memory, of which %s are free."
            .formatted(MemoryUse.mib(bytes), MemoryUse.mib(memory.freeBytes())),
        "Use a smaller --kv-spill, or leave out --kv-spill and --kv-save.");
  }
}
