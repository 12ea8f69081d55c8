package io.solebox.server.audit;

import io.solebox.server.http.AuditTrail;
import io.solebox.server.http.Caller;
import java.util.Map;
import java.util.Optional;

/** Writes what callers changed, and whom was refused something, to the log. */
public record RequestAudit(AuditLog log, Refusals refusals) implements AuditTrail {
  @Override
  public void record(
      Optional<Caller> who, String action, String subject, Map<String, String> details) {
    log.append(new Entry(action, actor(who), subject, details));
  }

  @Override
  public void refused(Refused request) {
    refusals.add(request);
  }

  /** By which entries call a caller. */
  public static String actor(Optional<Caller> who) {
    return who.map(Caller::name).filter(name -> !name.isEmpty()).orElse(Entry.THIS_MACHINE);
  }
}
