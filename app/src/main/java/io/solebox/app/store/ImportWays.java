package io.solebox.app.store;

import io.solebox.store.intake.ImportWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How files that lie elsewhere become the store's; at most one of them. */
final class ImportWays {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--reflink",
      description = "Share the bytes with the file, on file systems that can (btrfs, XFS, ZFS).")
  private boolean reflink;

  @Option(
      names = "--hardlink",
      description = "Give the file a second name in the store; it becomes read-only.")
  private boolean hardlink;

  @Option(names = "--copy", description = "Copy the file.")
  private boolean copy;

  @Option(names = "--move", description = "Take the file from where it is.")
  private boolean move;

  /**
   * @return empty where none was asked for
   * @throws ParameterException where several were
   */
  Optional<ImportWay> way() {
    List<ImportWay> asked = new ArrayList<>();
    add(asked, reflink, ImportWay.REFLINK);
    add(asked, hardlink, ImportWay.HARDLINK);
    add(asked, copy, ImportWay.COPY);
    add(asked, move, ImportWay.MOVE);
    if (asked.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          "--reflink, --hardlink, --copy and --move exclude each other; choose one");
    }
    return asked.stream().findFirst();
  }

  private static void add(List<ImportWay> asked, boolean isAsked, ImportWay way) {
    if (isAsked) {
      asked.add(way);
    }
  }
}
