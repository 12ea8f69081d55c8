package io.solebox.server.http;

import java.util.Map;
import java.util.Optional;

/** Remembers what callers changed. Safe for many threads. */
@FunctionalInterface
public interface AuditTrail {
  /** One that remembers nothing, for a server that keeps nothing. */
  AuditTrail NONE = (who, action, subject, details) -> {};

  /**
   * Returns when it is on disk.
   *
   * @param who empty where no caller is known
   * @param action dotted words, as in {@code model.delete}
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR} if it could not be written
   */
  void record(Optional<Caller> who, String action, String subject, Map<String, String> details);
}
