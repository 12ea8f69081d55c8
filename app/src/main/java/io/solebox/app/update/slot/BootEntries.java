package io.solebox.app.update.slot;

import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel images of the two slots, in {@code EFI/Linux} of the EFI system partition. Only names
 * of the slot that does not run are ever changed, but for a new system's own when it has proved
 * itself or is given up: FAT cannot rename in one step, so a name may be lost with the power, or be
 * there twice.
 */
public final class BootEntries {
  private final Path folder;
  private final SlotDisk disk;

  /**
   * @param folder which is there
   */
  public BootEntries(Path folder, SlotDisk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** All of both slots, the one of the highest generation first. */
  public List<BootEntry> all() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> BootEntry.of(file.getFileName().toString()))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingInt(BootEntry::generation).reversed())
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** The one that counts of a slot: of the highest generation, and the one with a proof. */
  public Optional<BootEntry> of(SlotName slot) {
    return all().stream()
        .filter(entry -> entry.slot() == slot)
        .min(
            Comparator.comparingInt(BootEntry::generation)
                .reversed()
                .thenComparing(entry -> !entry.confirmed()));
  }

  /** Higher than all. */
  int nextGeneration() {
    return all().stream().mapToInt(BootEntry::generation).max().orElse(0) + 1;
  }

  /** Where a slot's kernel is written before it has a name that the firmware sees. */
  Path fresh(SlotName slot) {
    return folder.resolve("solebox-" + slot.word() + ".new");
  }

  Path file(BootEntry entry) {
    return folder.resolve(entry.fileName());
  }

  /** Takes a slot out of the menu, durably, with what was left of an update that was cut. */
  void remove(SlotName slot) throws IOException {
    for (Path file : filesOf(slot)) {
      disk.delete(file);
    }
    disk.delete(fresh(slot));
    disk.forceFolder(folder);
  }

  /** Gives what was written to {@link #fresh} its name; the last step. */
  void add(BootEntry entry) throws IOException {
    disk.move(fresh(entry.slot()), file(entry));
    disk.forceFolder(folder);
  }

  /** Gives an entry another name, and removes others of its slot, which are of a cut rename. */
  void rename(BootEntry from, BootEntry to) throws IOException {
    for (Path file : filesOf(from.slot())) {
      String name = file.getFileName().toString();
      if (!BootEntry.of(name).equals(Optional.of(from))) {
        disk.delete(file);
      }
    }
    for (Path file : filesOf(from.slot())) {
      disk.move(file, file(to));
    }
    disk.forceFolder(folder);
  }

  private List<Path> filesOf(SlotName slot) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file ->
                  BootEntry.of(file.getFileName().toString())
                      .filter(entry -> entry.slot() == slot)
                      .isPresent())
          .sorted()
          .toList();
    }
  }
}
