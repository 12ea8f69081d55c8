package io.solebox.app.update.slot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What starts a machine, after systemd-boot(7) and systemd's "Automatic Boot Assessment": of the
 * files {@code *.efi} in {@code EFI/Linux}, those without tries left come last; before that counts
 * their name, the highest first by the version order of UAPI.10; and of one that counts tries one
 * is taken off, by a rename, before it is started. Knows nothing of Solebox's names.
 */
final class Firmware {
  private static final Pattern NAME =
      Pattern.compile("(.*?)(?:\\+(\\d+)(?:-(\\d+))?)?\\.efi", Pattern.CASE_INSENSITIVE);

  private static final Pattern RUNS = Pattern.compile("\\d+|[a-z]+");

  private final FakeMachine machine;
  private final List<String> versions;

  /**
   * @param versions of the systems that there are
   */
  Firmware(FakeMachine machine, String... versions) {
    this.machine = machine;
    this.versions = List.of(versions);
  }

  private record Entry(Path file, String id, int left, int done) {
    boolean bad() {
      return left == 0;
    }
  }

  /**
   * Starts the machine.
   *
   * @return the version that runs; empty where it would not start
   */
  Optional<String> start() throws IOException {
    List<Entry> menu = new ArrayList<>();
    try (Stream<Path> files = Files.list(machine.kernels())) {
      files.forEach(file -> read(file).ifPresent(menu::add));
    }
    menu.sort(
        Comparator.comparing(Entry::bad)
            .thenComparing(Comparator.comparing(Entry::id, Firmware::compare).reversed()));
    if (menu.isEmpty()) {
      return Optional.empty();
    }
    Entry first = menu.getFirst();
    byte[] kernel = Files.readAllBytes(first.file());
    if (first.left() > 0) {
      Files.move(
          first.file(),
          first
              .file()
              .resolveSibling(
                  "%s+%d-%d.efi".formatted(first.id(), first.left() - 1, first.done() + 1)));
    }
    for (String version : versions) {
      if (Arrays.equals(kernel, FakeMachine.kernel(version, ""))) {
        return started(version);
      }
    }
    return Optional.empty(); // half a kernel
  }

  private Optional<String> started(String version) throws IOException {
    byte[] system = FakeMachine.system(version);
    for (SlotName slot : SlotName.values()) {
      byte[] bytes = Files.readAllBytes(machine.partition(slot));
      if (Arrays.equals(system, Arrays.copyOf(bytes, system.length))) {
        machine.runFrom(slot);
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  private static Optional<Entry> read(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    int left = name.group(2) == null ? -1 : Integer.parseInt(name.group(2));
    int done = name.group(3) == null ? 0 : Integer.parseInt(name.group(3));
    return Optional.of(new Entry(file, name.group(1).toLowerCase(Locale.ROOT), left, done));
  }

  /** Runs of digits and letters, one after the other; digits are higher than letters. */
  static int compare(String one, String two) {
    List<String> ones = RUNS.matcher(one).results().map(r -> r.group()).toList();
    List<String> twos = RUNS.matcher(two).results().map(r -> r.group()).toList();
    for (int i = 0; i < Math.min(ones.size(), twos.size()); i++) {
      boolean digits = Character.isDigit(ones.get(i).charAt(0));
      boolean otherDigits = Character.isDigit(twos.get(i).charAt(0));
      int order =
          digits && otherDigits
              ? Integer.compare(Integer.parseInt(ones.get(i)), Integer.parseInt(twos.get(i)))
              : digits != otherDigits
                  ? Boolean.compare(digits, otherDigits)
                  : ones.get(i).compareTo(twos.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ones.size(), twos.size());
  }
}
