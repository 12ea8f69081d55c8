package io.solebox.engine.api;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.memory.MemoryLedger;

/**
 * A device that was opened, and who holds its memory.
 *
 * @param name as in {@code --device}
 */
public record OpenDevice(String name, Backend backend, MemoryLedger memory)
    implements AutoCloseable {
  static final String CPU = "cpu";

  public boolean isCpu() {
    return name.equals(CPU);
  }

  /** What a load can count on: what nobody of us holds, and nobody else has taken. */
  public long freeBytes() {
    return Math.min(memory.freeBytes(), backend.freeBytes().orElse(Long.MAX_VALUE));
  }

  @Override
  public void close() {
    backend.close();
  }
}
