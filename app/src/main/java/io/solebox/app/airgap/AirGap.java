package io.solebox.app.airgap;

import java.util.List;
import java.util.Optional;

/** Whether the kernel keeps this process from reaching anything outside it. */
public sealed interface AirGap {
  /** Nobody asked for it. */
  record Open() implements AirGap {}

  /**
   * It does, until the process ends.
   *
   * @param architecture whose system calls are filtered
   * @param landlock what the second wall refuses, in words, or why there is none
   */
  record Closed(String architecture, SecondWall landlock) implements AirGap {}

  /**
   * It was asked for where possible, and is not, or not wholly.
   *
   * @param reasons what is missing
   */
  record Leaky(List<String> reasons) implements AirGap {
    public Leaky {
      reasons = List.copyOf(reasons);
    }
  }

  /** Landlock, beside the filter. */
  sealed interface SecondWall {
    record Stands(int abi, List<String> refuses) implements SecondWall {
      public Stands {
        refuses = List.copyOf(refuses);
      }
    }

    record Missing(String reason) implements SecondWall {}

    private String told() {
      return switch (this) {
        case Stands(int abi, var _) -> "Landlock " + abi;
        case Missing(String reason) -> "no Landlock: " + reason;
      };
    }
  }

  /** Of a gap that is closed, a line for whoever looks after a server. */
  default Optional<String> told() {
    return switch (this) {
      case Closed(String architecture, SecondWall landlock) ->
          Optional.of(
              "Air-gapped: the kernel lets nothing out but answers to who connects (seccomp for "
                  + architecture
                  + ", "
                  + landlock.told()
                  + ").");
      case Open _, Leaky _ -> Optional.empty();
    };
  }

  /** Why this process opens no connection; empty where it may. */
  default Optional<String> closedBecause() {
    return switch (this) {
      case Open _ -> Optional.empty();
      case Closed _ -> Optional.of("this process is air-gapped, and the kernel lets nothing out");
      // Who asked for a gap wants no connection, whatever the kernel could do.
      case Leaky _ -> Optional.of("an air gap was asked for");
    };
  }
}
