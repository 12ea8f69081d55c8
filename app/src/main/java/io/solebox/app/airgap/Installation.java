package io.solebox.app.airgap;

import io.solebox.app.airgap.AirGap.SecondWall;
import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.InheritedFiles;
import io.solebox.app.airgap.kernel.Kernel;
import io.solebox.app.airgap.kernel.Landlock;
import io.solebox.app.airgap.kernel.Seccomp;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Closes the gap: the first thing that a process does, before it has opened anything. What is asked
 * for and cannot be had ends it; what was asked for where possible goes on, and says so.
 */
public final class Installation {
  private Installation() {}

  /**
   * Closes it as wished.
   *
   * @throws SoleboxException {@code NO_AIR_GAP} if it is required and cannot be had
   */
  public static AirGap of(AirGapWish wish) {
    return switch (wish) {
      case NONE -> new AirGap.Open();
      case IF_POSSIBLE -> close();
      case REQUIRED ->
          switch (close()) {
            case AirGap.Leaky(List<String> reasons) -> throw refusal(reasons);
            case AirGap gap -> gap;
          };
    };
  }

  private static AirGap close() {
    Optional<Architecture> architecture = Architecture.ofSystem();
    if (architecture.isEmpty()) {
      return new AirGap.Leaky(
          List.of(
              "there is none for %s on %s"
                  .formatted(System.getProperty("os.name"), System.getProperty("os.arch"))));
    }
    Kernel kernel = Kernel.of(architecture.get());
    var missing = new ArrayList<>(inherited(kernel));
    Optional<String> filter = Seccomp.forbidPrivileges(kernel);
    SecondWall second = second(kernel);
    filter.or(() -> Seccomp.install(kernel)).ifPresent(missing::add);
    return missing.isEmpty()
        ? new AirGap.Closed(architecture.get().word(), second)
        : new AirGap.Leaky(missing);
  }

  private static List<String> inherited(Kernel kernel) {
    try {
      return InheritedFiles.waysOut(kernel);
    } catch (IOException e) {
      return List.of("nobody can say what is open already: " + e.getMessage());
    }
  }

  private static SecondWall second(Kernel kernel) {
    return switch (Landlock.install(kernel)) {
      case Landlock.Outcome.Holds(int abi, List<String> refuses) ->
          new SecondWall.Stands(abi, refuses);
      case Landlock.Outcome.None(String reason) -> new SecondWall.Missing(reason);
    };
  }

  private static SoleboxException refusal(List<String> reasons) {
    return new SoleboxException(
        ErrorCode.NO_AIR_GAP,
        AirGapWish.OPTION,
        "This process cannot be kept apart: " + String.join("; ", reasons) + ".",
        "Start it without such descriptors, on a kernel with seccomp filters; or let it start as it"
            + " can, with "
            + AirGapWish.OPTION_IF_POSSIBLE
            + ".");
  }
}
