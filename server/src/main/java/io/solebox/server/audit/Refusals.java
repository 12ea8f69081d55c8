package io.solebox.server.audit;

import io.solebox.server.http.AuditTrail.Refused;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Requests that were refused, on their way to the log: one entry a minute for each who is refused,
 * with a count. Whoever asks for refusals fills neither the memory nor the disk: only so many are
 * told apart in a minute, and fewer when that goes on; the others share an entry. A thread of its
 * own writes them. Safe for many threads.
 */
public final class Refusals implements AutoCloseable {
  /** Told apart in a minute. */
  static final int MOST = 50;

  /** Entries that are written without delay; from then on one a minute. */
  static final int STORE = 500;

  static final String ACTION = "request.refused";
  static final String OTHERS = "(others)";

  private static final String NOBODY = "(unknown)";
  private static final int MOST_CODES = 8;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AuditLog log;
  private final Faults faults;
  private final Thread thread;
  private Map<Who, Map<String, Long>> counts = new LinkedHashMap<>(); // guarded by this
  private int store = STORE; // of entries; guarded by this

  /** Who is refused. */
  private record Who(String name, String address, String key) {
    private static final Who OTHER = new Who(NOBODY, OTHERS, "");
  }

  /** Begins. */
  public Refusals(AuditLog log, Faults faults) {
    this.log = log;
    this.faults = faults;
    this.thread = Thread.ofVirtual().name("audit-refusals").start(this::run);
  }

  /** Counts one; returns at once. */
  void add(Refused request) {
    String name = request.who().map(Caller::name).filter(n -> !n.isEmpty()).orElse(NOBODY);
    Who who = new Who(name, request.address(), request.key());
    synchronized (this) {
      boolean room = counts.containsKey(who) || counts.size() < Math.min(MOST, store) - 1;
      count(counts.computeIfAbsent(room ? who : Who.OTHER, _ -> new TreeMap<>()), request.code());
    }
  }

  private static void count(Map<String, Long> codes, String code) {
    boolean room = codes.containsKey(code) || codes.size() < MOST_CODES;
    codes.merge(room ? code : "other", 1L, Long::sum);
  }

  /** Writes what has come since the last time; what cannot be written is told as a fault. */
  void write() {
    Map<Who, Map<String, Long>> written;
    synchronized (this) {
      written = counts;
      counts = new LinkedHashMap<>();
      store = Math.min(STORE, Math.max(0, store - written.size()) + 1);
    }
    try {
      written.forEach((who, codes) -> log.append(entry(who, codes)));
    } catch (RuntimeException e) {
      faults.problem(e, "");
    }
  }

  private static Entry entry(Who who, Map<String, Long> codes) {
    Map<String, String> details = new HashMap<>();
    details.put("count", Long.toString(codes.values().stream().mapToLong(n -> n).sum()));
    details.put(
        "codes",
        codes.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" ")));
    if (!who.key().isEmpty()) {
      details.put("key", who.key());
    }
    return new Entry(ACTION, who.name(), who.address(), details);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(MINUTE);
        write();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** Writes the last ones. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }
}
