package io.solebox.app.update.slot;

import io.solebox.app.update.file.Manifest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.StoreFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What was installed to a slot, beside its kernel: only to be told, and never what decides. The
 * slot that a disk begins with has none.
 */
final class SlotRecords {
  private final Path folder;
  private final SlotDisk disk;

  /**
   * @param folder which is made with the first one
   */
  SlotRecords(Path folder, SlotDisk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  Path file(SlotName slot) {
    return folder.resolve("slot-" + slot.word() + ".json");
  }

  /** Empty where nothing is said, or nothing that can be read. */
  Optional<Manifest> of(SlotName slot) {
    try {
      return Optional.of(Manifest.read(Files.readAllBytes(file(slot)), file(slot).toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of(file(slot), e);
    } catch (SoleboxException e) {
      return Optional.empty(); // of a later version of Solebox, or half-written
    }
  }

  void write(SlotName slot, Manifest manifest) throws IOException {
    Files.createDirectories(folder);
    disk.write(file(slot), Channels.newChannel(new ByteArrayInputStream(manifest.json())));
    disk.forceFolder(folder);
  }

  void remove(SlotName slot) throws IOException {
    if (Files.isDirectory(folder)) {
      disk.delete(file(slot));
      disk.forceFolder(folder);
    }
  }
}
