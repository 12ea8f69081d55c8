package io.solebox.server;

import io.solebox.server.audit.AuditHeads;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import io.solebox.server.audit.Link;
import io.solebox.server.audit.Refusals;
import io.solebox.server.audit.RequestAudit;
import io.solebox.server.http.AuditTrail;
import io.solebox.server.http.Faults;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The audit log of a server that runs: its start, what has changed since the last, its end. */
final class ServerAudit implements AutoCloseable {
  private static final String START = "server.start";

  private final AuditLog log;
  private final Faults faults;
  private final AuditHeads heads;
  private final Refusals refusals;

  /**
   * Writes that the server starts.
   *
   * @param settings as {@link ServerSettings} has them
   * @param airGapped whether the kernel keeps the process from reaching others
   */
  ServerAudit(AuditLog log, Map<String, String> settings, boolean airGapped, Faults faults) {
    this.log = log;
    this.faults = faults;
    Optional<Link> before = log.last(START);
    log.append(new Entry(START, Entry.SERVER, SoleboxServer.version(), settings));
    before.ifPresent(link -> compare(link.entry().details(), settings));
    if (airGapped) {
      log.append(new Entry("airgap.on", Entry.SERVER, SoleboxServer.version()));
    }
    log.sign();
    this.refusals = new Refusals(log, faults);
    this.heads = new AuditHeads(log, faults);
  }

  private void compare(Map<String, String> before, Map<String, String> now) {
    var names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    names.remove("clock"); // the log's own word
    for (String name : names) {
      Optional<String> old = Optional.ofNullable(before.get(name));
      Optional<String> its = Optional.ofNullable(now.get(name));
      if (!old.equals(its)) {
        Map<String, String> details = new LinkedHashMap<>();
        old.ifPresent(text -> details.put("before", text));
        its.ifPresent(text -> details.put("now", text));
        log.append(new Entry("settings.change", Entry.SERVER, name, details));
      }
    }
  }

  AuditTrail trail() {
    return new RequestAudit(log, refusals);
  }

  /** Writes what the server did by itself. */
  void tell(String action, String subject, Map<String, String> details) {
    log.append(new Entry(action, Entry.SERVER, subject, details));
  }

  /** Writes that the server has ended, and signs that. */
  @Override
  public void close() {
    refusals.close();
    try {
      log.append(new Entry("server.stop", Entry.SERVER, SoleboxServer.version(), Map.of()));
    } catch (RuntimeException e) {
      faults.problem(e, ""); // the end goes on
    }
    heads.close();
  }
}
