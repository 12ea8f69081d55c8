package io.solebox.engine.api;

import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.engine.spill.MeasuredCosts;
import io.solebox.engine.spill.PrefixFolder;
import io.solebox.engine.spill.SpillFile;
import io.solebox.engine.spill.SpillPlaces;
import io.solebox.engine.spill.SpillStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Opens where that goes which leaves the KV cache of a model. */
record SpillStores(Prepared own, LoadOptions options, Optional<Path> path) {
  /** Who goes on with a conversation mostly does so sooner. */
  private static final Duration SAVE_AFTER = Duration.ofSeconds(30);

  /**
   * A store, as the options want it.
   *
   * @param notes gets what people should know
   * @throws SoleboxException {@code IO_ERROR} where a folder cannot be used
   */
  SpillStore open(List<String> notes) {
    SpillOptions spill = options.spill();
    if (!SequencePools.keepsPrefixes(own.source().graph())) {
      if (!spill.equals(SpillOptions.NONE)) {
        notes.add("--kv-spill and --kv-save change nothing: this model keeps no prefixes.");
      }
      return SpillStore.off();
    }
    Optional<PrefixFolder> folder = folder(notes);
    Optional<SpillFile> file;
    try {
      file = spill.disk().map(disk -> file(disk, notes));
    } catch (RuntimeException e) {
      folder.ifPresent(PrefixFolder::close);
      throw e;
    }
    long readBytes = SpillOptions.readBytes(largestPlace());
    var places = new SpillPlaces(spill.memoryBytes(), file, folder, SAVE_AFTER, readBytes);
    return new SpillStore(own.plan(), new MeasuredCosts(), places);
  }

  private Optional<PrefixFolder> folder(List<String> notes) {
    Optional<SaveOptions> save = options.spill().save();
    if (save.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    var saved = new SavedPrefixes(path.get(), options);
    Optional<PrefixFolder> folder = saved.open(save.get(), own.reserved());
    notes.addAll(
        folder
            .map(PrefixFolder::notes)
            .orElse(
                List.of(
                    "Its prefixes are not saved: another process, or another load, does that"
                        + " already.")));
    return folder;
  }

  private static SpillFile file(SpillDisk disk, List<String> notes) {
    SpillFile file = SpillFile.open(disk.folder(), disk.bytes(), disk.trouble());
    try {
      long free = Files.getFileStore(disk.folder()).getUsableSpace();
      if (free < disk.bytes()) {
        notes.add(
            "--kv-spill-disk is %s, but %s has %s free: what finds no room there is computed again."
                .formatted(MemoryUse.mib(disk.bytes()), disk.folder(), MemoryUse.mib(free)));
      }
    } catch (IOException e) {
      notes.add("How much room %s has is not known (%s).".formatted(disk.folder(), e));
    }
    return file;
  }

  /** Bytes of the largest block or snapshot. */
  private long largestPlace() {
    Plan plan = own.plan();
    long snapshot = plan.slots() > 0 ? plan.bytes(new KeptPlace.Slot(0)) : 0;
    return IntStream.range(0, plan.kvBlocks().size())
        .mapToLong(group -> plan.bytes(new KeptPlace.Block(group, 0)))
        .reduce(snapshot, Math::max);
  }
}
