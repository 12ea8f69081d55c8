package io.solebox.app.airgap.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A second wall ({@code linux/landlock.h}), of another part of the kernel: for the thread that puts
 * it up and all that it begins, so for what Solebox runs and not for the JVM's own threads. Beside
 * what it is told to refuse, it keeps them from looking into processes outside ({@code ptrace},
 * {@code /proc/PID/mem}).
 */
public final class Landlock {
  private static final int VERSION = 1; // LANDLOCK_CREATE_RULESET_VERSION
  private static final int ERRATA = 2; // LANDLOCK_CREATE_RULESET_ERRATA

  /** Signals between threads of one process count as of one process. */
  private static final int SIGNALS_MENDED = 1 << 1;

  private static final int ABI_REFER = 2;
  private static final int ABI_TCP = 4;
  private static final int ABI_SCOPE = 6;

  private static final long EXECUTE = 1;

  /** Without it nothing could be moved between folders. */
  private static final long REFER = 1 << 13;

  private static final long CONNECT_TCP = 1 << 1;
  private static final long ABSTRACT_UNIX_SOCKETS = 1;
  private static final long SIGNALS = 1 << 1;

  private static final int PATH_BENEATH = 1; // LANDLOCK_RULE_PATH_BENEATH
  private static final int PATH_BENEATH_BYTES = 12; // packed
  private static final int AT_FDCWD = -100;
  private static final long O_PATH_CLOEXEC = 0x20_0000 | 0x8_0000;

  private final Kernel kernel;

  /** What is refused, as bits of the kernel's, and in words. */
  private record Rules(long files, long network, long scope, List<String> words) {}

  private Landlock(Kernel kernel) {
    this.kernel = kernel;
  }

  /** What became of it. */
  public sealed interface Outcome {
    /**
     * It holds.
     *
     * @param abi the kernel's version of it
     * @param refuses what it refuses, in words
     */
    record Holds(int abi, List<String> refuses) implements Outcome {}

    /** There is none, and why. */
    record None(String reason) implements Outcome {}
  }

  /** Puts up what this kernel has of it. */
  public static Outcome install(Kernel kernel) {
    return new Landlock(kernel).install();
  }

  private Outcome install() {
    long abi = kernel.call("landlock_create_ruleset", 0, 0, VERSION);
    if (abi < 0) {
      return new Outcome.None("the kernel has none, or it is switched off: " + Errors.name(abi));
    }
    if (abi < ABI_REFER) {
      return new Outcome.None("that of this kernel would keep files from being moved");
    }
    Rules rules = rules((int) abi);
    try (Arena arena = Arena.ofConfined()) {
      long ruleset = create(rules, (int) abi, arena);
      if (ruleset < 0) {
        return new Outcome.None("landlock_create_ruleset: " + Errors.name(ruleset));
      }
      try {
        long result = allowMoves(ruleset, arena);
        result = result < 0 ? result : kernel.call("landlock_restrict_self", ruleset, 0);
        return result < 0
            ? new Outcome.None("landlock_restrict_self: " + Errors.name(result))
            : new Outcome.Holds((int) abi, rules.words());
      } finally {
        kernel.call("close", ruleset);
      }
    }
  }

  private Rules rules(int abi) {
    var words = new ArrayList<>(List.of("looking into other processes", "executing files"));
    long network = 0;
    long scope = 0;
    if (abi >= ABI_TCP) {
      network = CONNECT_TCP;
      words.add("TCP connections");
    }
    if (abi >= ABI_SCOPE) {
      scope = ABSTRACT_UNIX_SOCKETS;
      words.add("abstract Unix sockets of others");
      long errata = kernel.call("landlock_create_ruleset", 0, 0, ERRATA);
      if (errata > 0 && (errata & SIGNALS_MENDED) != 0) {
        scope |= SIGNALS;
        words.add("signals to others");
      }
    }
    return new Rules(EXECUTE | REFER, network, scope, List.copyOf(words));
  }

  private long create(Rules rules, int abi, Arena arena) {
    // Older kernels refuse a longer structure than theirs.
    int longs = abi < ABI_TCP ? 1 : abi < ABI_SCOPE ? 2 : 3;
    MemorySegment attributes = arena.allocate(3L * Long.BYTES, Long.BYTES);
    attributes.setAtIndex(ValueLayout.JAVA_LONG, 0, rules.files());
    attributes.setAtIndex(ValueLayout.JAVA_LONG, 1, rules.network());
    attributes.setAtIndex(ValueLayout.JAVA_LONG, 2, rules.scope());
    return kernel.call(
        "landlock_create_ruleset", attributes.address(), (long) longs * Long.BYTES, 0);
  }

  private long allowMoves(long ruleset, Arena arena) {
    long root =
        kernel.call("openat", AT_FDCWD, arena.allocateFrom("/").address(), O_PATH_CLOEXEC, 0);
    if (root < 0) {
      return root;
    }
    MemorySegment rule = arena.allocate(PATH_BENEATH_BYTES, Long.BYTES);
    rule.set(ValueLayout.JAVA_LONG, 0, REFER);
    rule.set(ValueLayout.JAVA_INT, Long.BYTES, (int) root);
    long result = kernel.call("landlock_add_rule", ruleset, PATH_BENEATH, rule.address(), 0);
    kernel.call("close", root);
    return result;
  }
}
