package io.solebox.app.update.slot;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel image in {@code EFI/Linux}, of which all that matters stands in its name: {@code
 * solebox-GENERATION-SLOT+LEFT-DONE.efi}, as systemd's "Automatic Boot Assessment" counts tries.
 *
 * <p>The firmware's menu starts the one of the highest generation that has tries left or needs
 * none; one without any comes last. The image that a disk begins with has no generation.
 *
 * @param generation by which entries are put in order
 * @param slot that it starts
 * @param triesLeft how often it may still be tried; empty for one that has proved itself
 * @param triesDone how often it was
 */
public record BootEntry(int generation, SlotName slot, OptionalInt triesLeft, int triesDone) {
  /** So often a new system is tried. */
  public static final int TRIES = 3;

  private static final Pattern NAME =
      Pattern.compile("solebox-(?:(\\d{1,8})-)?([ab])(?:\\+(\\d{1,4})(?:-(\\d{1,4}))?)?\\.efi");

  /** Of a file's name, which FAT may give back in capitals; empty for others' files. */
  public static Optional<BootEntry> of(String fileName) {
    Matcher name = NAME.matcher(fileName.toLowerCase(Locale.ROOT));
    if (!name.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new BootEntry(
            number(name, 1).orElse(0),
            SlotName.of(name.group(2)).orElseThrow(),
            number(name, 3),
            number(name, 4).orElse(0)));
  }

  private static OptionalInt number(Matcher name, int group) {
    return name.group(group) == null
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(name.group(group)));
  }

  /** What {@link #of} reads. */
  public String fileName() {
    String start = generation == 0 ? "" : generation + "-";
    String tries =
        triesLeft.isEmpty()
            ? ""
            : "+" + triesLeft.getAsInt() + (triesDone == 0 ? "" : "-" + triesDone);
    return "solebox-" + start + slot.word() + tries + ".efi";
  }

  /** Whether it has proved itself. */
  public boolean confirmed() {
    return triesLeft.isEmpty();
  }

  /** Whether all its tries have failed. */
  public boolean failed() {
    return triesLeft.isPresent() && triesLeft.getAsInt() == 0;
  }

  BootEntry asConfirmed() {
    return new BootEntry(generation, slot, OptionalInt.empty(), 0);
  }

  BootEntry asFailed() {
    return new BootEntry(generation, slot, OptionalInt.of(0), triesDone);
  }

  /** The same, to be tried first from now on. */
  BootEntry asTrial(int laterGeneration) {
    return trial(laterGeneration, slot);
  }

  static BootEntry trial(int generation, SlotName slot) {
    return new BootEntry(generation, slot, OptionalInt.of(TRIES), 0);
  }
}
