package io.solebox.server.http;

import java.util.Map;
import java.util.Optional;

/** Remembers what callers changed, and who was refused. Safe for many threads. */
public interface AuditTrail {
  /** One that remembers nothing, for a server that keeps nothing. */
  AuditTrail NONE =
      new AuditTrail() {
        @Override
        public void record(
            Optional<Caller> who, String action, String subject, Map<String, String> details) {}

        @Override
        public void refused(Refused request) {}
      };

  /**
   * Returns when it is on disk.
   *
   * @param who empty where no caller is known
   * @param action dotted words, as in {@code model.delete}
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR} if it could not be written
   */
  void record(Optional<Caller> who, String action, String subject, Map<String, String> details);

  /**
   * A request that was refused to who sent it.
   *
   * @param who empty where no caller is known
   * @param address from where it came
   * @param key the beginning of the key that it brought, as far as it may be shown; or empty
   * @param code the error's
   */
  record Refused(Optional<Caller> who, String address, String key, String code) {}

  /** Returns at once; it is on disk within minutes, together with others like it. */
  void refused(Refused request);
}
