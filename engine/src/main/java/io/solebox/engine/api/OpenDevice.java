package io.solebox.engine.api;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import java.util.Optional;

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

  /** For people: its name, and what it is. */
  String describe() {
    return name + " (" + backend.describe() + ")";
  }

  /**
   * What a load can count on: what nobody of us holds, and nobody else has taken.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where the device is lost
   */
  public long freeBytes() {
    return Math.min(memory.freeBytes(), backend.freeBytes().orElse(Long.MAX_VALUE));
  }

  /** Why it cannot be used any more; empty while it can. */
  Optional<SoleboxException> loss() {
    try {
      freeBytes();
      return Optional.empty();
    } catch (SoleboxException _) {
      // Asking may be how it was found out; a device that comes back does so now.
      return lossAgain();
    }
  }

  private Optional<SoleboxException> lossAgain() {
    try {
      freeBytes();
      return Optional.empty();
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.DEVICE_UNAVAILABLE) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  @Override
  public void close() {
    backend.close();
  }
}
