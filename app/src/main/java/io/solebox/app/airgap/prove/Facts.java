package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.airgap.AirGap.SecondWall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a proof says of this machine and of the wall, beside what was tried. */
final class Facts {
  private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ROOT = "\nUid:\t0\t";

  private Facts() {}

  /** The wall around this process, with how many of its threads it holds. */
  static Map<String, Object> ofWall(AirGap.Closed gap) throws IOException {
    Threads threads = Threads.now();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("architecture", gap.architecture());
    facts.put("threads", threads.all());
    facts.put("filtered_threads", threads.filtered());
    switch (gap.landlock()) {
      case SecondWall.Stands(int abi, List<String> refuses) -> {
        facts.put("landlock_abi", abi);
        facts.put("landlock_refuses", refuses);
      }
      case SecondWall.Missing(String reason) -> facts.put("landlock_missing", reason);
    }
    return facts;
  }

  /**
   * All of a proof.
   *
   * @param inside whether the process that serves tried, and no other
   * @param wall as {@link #ofWall} says it, of the process that tried
   */
  static Map<String, Object> of(String version, boolean inside, Map<String, Object> wall)
      throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("made", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("version", version);
    facts.put("kernel", Files.readString(RELEASE).strip());
    facts.put("as_root", Files.readString(STATUS).contains(ROOT));
    facts.put("inside_the_server", inside);
    facts.putAll(wall);
    return facts;
  }

  /** One more row: whether all threads are behind the wall. */
  static Proof.Row threads(Map<String, Object> wall) {
    Object all = wall.get("threads");
    Object filtered = wall.get("filtered_threads");
    String said = "%s of %s threads are filtered".formatted(filtered, all);
    return new Proof.Row(
        "threads",
        "a thread that the filter does not hold",
        new Answer.NotTried("no thread is filtered"),
        filtered.equals(all) ? new Answer.Held(said) : new Answer.Through(said));
  }
}
