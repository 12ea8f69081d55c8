package io.solebox.app.airgap.prove;

import io.solebox.app.console.Console;
import io.solebox.app.console.Table;
import java.util.List;
import java.util.Map;

/** A proof for people. */
final class Shown {
  private Shown() {}

  static void print(Console console, Proof proof) {
    Table.lines(proof.table()).forEach(console::println);
    Map<String, Object> facts = proof.facts();
    console.println("");
    console.println(
        "Solebox %s, Linux %s, %s%s, seccomp, %s, %s"
            .formatted(
                facts.get("version"),
                facts.get("kernel"),
                facts.get("architecture"),
                Boolean.TRUE.equals(facts.get("as_root")) ? ", as root" : "",
                landlock(facts),
                facts.get("made")));
    if (proof.through() == 0) {
      console.println(
          "held: all %d ways, of which %d lead out of a process without the gap on this machine"
              .formatted(proof.held(), proof.telling()));
    } else {
      console.println("NOT HELD: %d ways lead out:".formatted(proof.through()));
      proof.rows().stream()
          .filter(row -> row.with() instanceof Answer.Through)
          .forEach(row -> console.println("  " + row.what()));
    }
  }

  private static String landlock(Map<String, Object> facts) {
    if (facts.get("landlock_refuses") instanceof List<?> refuses) {
      return "Landlock " + facts.get("landlock_abi") + " (" + refuses.size() + " rules)";
    }
    return "no Landlock";
  }
}
