package io.solebox.app.update.slot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From which slot this system runs: the one whose partition is mounted, at {@code /} or below an
 * overlay, itself or behind a device mapper (dm-verity). As the kernel says it, in {@code
 * /proc/self/mountinfo} (proc_pid_mountinfo(5)) and {@code /sys/dev/block}.
 */
final class RunningSlot {
  private static final Pattern MOUNT = Pattern.compile("\\d+ \\d+ (\\d+:\\d+) \\S+ \\S+ .*");

  private final Path root;

  /**
   * @param root {@code /}
   */
  RunningSlot(Path root) {
    this.root = root;
  }

  /** Empty where it cannot be told, as on a machine without slots. */
  Optional<SlotName> find() {
    Set<SlotName> mounted = EnumSet.noneOf(SlotName.class);
    try (Stream<String> mounts = Files.lines(root.resolve("proc/self/mountinfo"))) {
      for (String mount : mounts.toList()) {
        Matcher matcher = MOUNT.matcher(mount);
        if (matcher.matches()) {
          labels(root.resolve("sys/dev/block").resolve(matcher.group(1)))
              .forEach(label -> SlotName.ofPartition(label).ifPresent(mounted::add));
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return mounted.size() == 1 ? Optional.of(mounted.iterator().next()) : Optional.empty();
  }

  /** Of a block device, and of those that it is made of. */
  private static List<String> labels(Path device) throws IOException {
    List<String> labels = new ArrayList<>(labelOf(device));
    Path parts = device.resolve("slaves");
    if (Files.isDirectory(parts)) {
      try (Stream<Path> all = Files.list(parts)) {
        for (Path part : all.toList()) {
          labels.addAll(labelOf(part));
        }
      }
    }
    return labels;
  }

  private static List<String> labelOf(Path device) throws IOException {
    Path about = device.resolve("uevent");
    if (!Files.exists(about)) {
      return List.of();
    }
    return Files.readAllLines(about).stream()
        .filter(line -> line.startsWith("PARTNAME="))
        .map(line -> line.substring("PARTNAME=".length()))
        .toList();
  }
}
