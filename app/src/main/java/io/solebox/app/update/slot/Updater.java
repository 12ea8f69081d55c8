package io.solebox.app.update.slot;

import io.solebox.app.update.file.BadUpdate;
import io.solebox.app.update.file.Manifest;
import io.solebox.app.update.file.Part;
import io.solebox.app.update.file.UpdateFile;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Installs updates to the slot that does not run, and decides between the slots. Whenever the power
 * fails, the slot that runs is still whole and in the boot menu, and the other one is in the menu
 * only while it is whole. Takes root, and one process at a time.
 */
public final class Updater {
  private static final int PIECE_BYTES = 1 << 20;

  private final Machine machine;
  private final String version;

  /**
   * @param version of the program that runs
   */
  public Updater(Machine machine, String version) {
    this.machine = machine;
    this.version = version;
  }

  /**
   * Installs: checks all of the file first, takes the other slot out of the boot menu, writes its
   * root, reads that back, and puts it into the menu as the last step. It is tried at the next
   * start, and does not count until {@link #confirm}.
   *
   * @param allowOlder whether it may be an older version than the one that runs
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} for what may not be
   *     installed here and now, {@code DISK_FULL} where the boot partition has no room, with
   *     nothing changed; {@code IO_ERROR} where writing failed, with the other slot out of the menu
   */
  public void install(UpdateFile file, boolean allowOlder, Progress progress) {
    SlotName target = target(file, allowOlder);
    file.check(progress);
    Manifest manifest = file.manifest();
    BootEntries entries = machine.entries();
    try {
      int generation = entries.nextGeneration();
      entries.remove(target);
      machine.records().remove(target);
      machine.disk().overwrite(machine.partition(target), counted(file, manifest.root(), progress));
      requireWritten(machine.partition(target), manifest.root(), progress);
      machine.disk().write(entries.fresh(target), file.bytesOf(manifest.kernel()));
      requireWritten(entries.fresh(target), manifest.kernel(), progress);
      machine.records().write(target, manifest);
      entries.add(BootEntry.trial(generation, target));
    } catch (IOException e) {
      throw StoreFailure.of(machine.partition(target), e);
    }
  }

  /**
   * Whether it may be installed here and now, without reading the parts.
   *
   * @return the slot for it
   * @throws io.solebox.engine.error.SoleboxException as {@link #install}
   */
  public SlotName target(UpdateFile file, boolean allowOlder) {
    Manifest manifest = file.manifest();
    String place = file.place();
    manifest.requireFor(machine.architecture(), place);
    requireVersion(manifest, place, allowOlder);
    SlotName running = machine.running();
    SlotName target = running.other();
    requireProvedItself(running);
    if (manifest.root().bytes() > machine.bytesOf(target)) {
      throw BadUpdate.because(
          place,
          "its system takes %d bytes, and slot %s has %d"
              .formatted(manifest.root().bytes(), target.word(), machine.bytesOf(target)),
          "This disk was made with smaller slots: save a backup ('solebox state backup'), write"
              + " the new image to the disk, and restore.");
    }
    requireRoomForKernel(manifest, target);
    return target;
  }

  private void requireVersion(Manifest manifest, String place, boolean allowOlder) {
    switch (manifest.orderTo(version)) {
      case NEWER -> {}
      case SAME ->
          throw BadUpdate.because(
              place,
              "it brings version %s, which runs already".formatted(version),
              "There is nothing to do.");
      case OLDER -> {
        if (!allowOlder) {
          throw BadUpdate.because(
              place,
              "it brings version %s, which is older than %s, the one that runs"
                  .formatted(manifest.version(), version),
              "Get a newer one; --allow-older takes it all the same.");
        }
      }
    }
  }

  /** Else the slot that would be written over is the only one that is known to start. */
  private void requireProvedItself(SlotName running) {
    if (machine.entries().of(running).filter(BootEntry::confirmed).isEmpty()) {
      throw BadUpdate.because(
          "slot " + running.word(),
          "the system that runs has not proved itself yet, and the other slot is what it would go"
              + " back to",
          "Wait until it has ('solebox update status'), or let it be: 'solebox update confirm'.");
    }
  }

  private void requireRoomForKernel(Manifest manifest, SlotName target) {
    Path esp = machine.esp();
    try {
      long freed = 0;
      for (BootEntry entry : machine.entries().all()) {
        freed += entry.slot() == target ? Files.size(machine.entries().file(entry)) : 0;
      }
      long room = Files.getFileStore(esp).getUsableSpace() + freed;
      if (manifest.kernel().bytes() > room) {
        throw new SoleboxException(
            ErrorCode.DISK_FULL,
            esp.toString(),
            "the update's kernel takes %d bytes, and the boot partition has room for %d"
                .formatted(manifest.kernel().bytes(), room),
            "Remove files from it that are not Solebox's.");
      }
    } catch (IOException e) {
      throw StoreFailure.of(esp, e);
    }
  }

  private ReadableByteChannel counted(UpdateFile file, Part part, Progress progress) {
    return new CountedChannel(
        file.bytesOf(part), done -> progress.report("writing", (double) done / part.bytes()));
  }

  /** Reads back what was written, which is also what finds a file that was changed meanwhile. */
  private static void requireWritten(Path file, Part part, Progress progress) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    long rest = part.bytes();
    try (FileChannel written = FileChannel.open(file)) {
      while (rest > 0) {
        piece.clear().limit((int) Math.min(piece.capacity(), rest));
        int read = written.read(piece);
        if (read < 0) {
          break;
        }
        rest -= read;
        sha256.update(piece.flip());
        progress.report("reading back", 1 - (double) rest / part.bytes());
      }
    }
    if (!Digest.ofFinished(sha256).equals(part.digest())) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "the %s that was read back is not the one that was signed".formatted(part.kind().word()),
          "Try again; if that happens twice, the disk is failing, or something changes the file.");
    }
  }

  /**
   * Lets the system that runs count, so that it is started from now on.
   *
   * @return whether it did not count before
   */
  public boolean confirm() {
    SlotName running = machine.running();
    BootEntry entry = entryOf(running);
    if (entry.confirmed()) {
      return false;
    }
    rename(entry, entry.asConfirmed());
    return true;
  }

  /**
   * Lets the other slot's system be started next: it is tried as a new one is. Of a system that has
   * not proved itself, it is given up and the one before comes back.
   *
   * @return the slot that comes
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} where there is none that
   *     could
   */
  public SlotName rollBack() {
    SlotName running = machine.running();
    BootEntry other =
        machine
            .entries()
            .of(running.other())
            .filter(entry -> !entry.failed())
            .orElseThrow(
                () ->
                    BadUpdate.because(
                        "slot " + running.other().word(),
                        "there is no system in it that could be started",
                        "Install an update of the version that you want, with --allow-older."));
    BootEntry now = entryOf(running);
    if (now.confirmed()) {
      rename(other, other.asTrial(machine.entries().nextGeneration()));
    } else {
      rename(now, now.asFailed());
    }
    return other.slot();
  }

  private BootEntry entryOf(SlotName running) {
    return machine
        .entries()
        .of(running)
        .orElseThrow(
            () ->
                BadUpdate.because(
                    "slot " + running.word(),
                    "it runs, and there is no kernel image for it on the boot partition",
                    "Do not restart before an update or the image's own files are there again."));
  }

  private void rename(BootEntry from, BootEntry to) {
    try {
      machine.entries().rename(from, to);
    } catch (IOException e) {
      throw StoreFailure.of(machine.entries().file(from), e);
    }
  }
}
