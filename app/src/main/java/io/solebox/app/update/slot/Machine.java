package io.solebox.app.update.slot;

import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.file.BadUpdate;
import io.solebox.app.update.file.TrustedKeys;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a machine that was made from the image has its slots, its boot menu and its keys.
 *
 * @param root {@code /}; in tests a folder that looks like it
 * @param architecture of the machine
 * @param disk how it is changed
 */
public record Machine(Path root, Optional<Architecture> architecture, SlotDisk disk) {
  /** Where the EFI system partition may be mounted, as bootctl(1) looks. */
  private static final List<String> ESP_FOLDERS = List.of("efi", "boot", "boot/efi");

  private static final String KERNELS = "EFI/Linux";

  /** The one that this runs on. */
  public static Machine here() {
    return new Machine(Path.of("/"), Architecture.here(), SlotDisk.SYSTEM);
  }

  /** Whether it has slots at all; others are updated as they were installed. */
  public boolean hasSlots() {
    return Files.exists(partition(SlotName.A)) && Files.exists(partition(SlotName.B));
  }

  Path partition(SlotName slot) {
    return root.resolve("dev/disk/by-partlabel").resolve(slot.partitionLabel());
  }

  /**
   * How much a slot holds.
   *
   * @return bytes
   */
  long bytesOf(SlotName slot) {
    Path partition = partition(slot);
    try (FileChannel channel = FileChannel.open(partition)) {
      return channel.size();
    } catch (IOException e) {
      throw StoreFailure.of(partition, e);
    }
  }

  /**
   * From which slot it runs.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} where there are none, or
   *     that cannot be told
   */
  public SlotName running() {
    if (!hasSlots()) {
      throw BadUpdate.because(
          root.resolve("dev/disk/by-partlabel").toString(),
          "this machine has no two slots for systems, as those made from Solebox's image have",
          "Update it as it was installed: its archive, package or container (docs/install.md).");
    }
    return new RunningSlot(root)
        .find()
        .orElseThrow(
            () ->
                BadUpdate.because(
                    root.resolve("proc/self/mountinfo").toString(),
                    "it cannot be told which of the two slots runs, as not exactly one is mounted",
                    "Unmount the other one, and look whether this system was started from a slot"
                        + " at all."));
  }

  /**
   * The EFI system partition.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} where it is not mounted, or
   *     not for this user to see
   */
  Path esp() {
    return ESP_FOLDERS.stream()
        .map(root::resolve)
        .filter(folder -> Files.isDirectory(folder.resolve(KERNELS)))
        .findFirst()
        .orElseThrow(
            () ->
                BadUpdate.because(
                    root.resolve(ESP_FOLDERS.getFirst()).toString(),
                    "the boot partition is not mounted here, or this user may not look into it",
                    "Do this as root, with the partition SOLEBOX-ESP mounted."));
  }

  /** Its boot menu. */
  BootEntries entries() {
    return new BootEntries(esp().resolve(KERNELS), disk);
  }

  SlotRecords records() {
    return new SlotRecords(esp().resolve("EFI/solebox"), disk);
  }

  /** The keys of its image, and those of whoever runs it; both are root's to say. */
  public TrustedKeys keys() {
    return new TrustedKeys(
        List.of(
            new TrustFolder(root.resolve("usr/lib/solebox")),
            new TrustFolder(root.resolve("etc/solebox"))));
  }

  /** Where root tells everybody how the slots are, until the machine ends. */
  Path statusFile() {
    return root.resolve("run/solebox-update/status.json");
  }
}
