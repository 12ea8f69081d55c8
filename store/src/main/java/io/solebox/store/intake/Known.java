package io.solebox.store.intake;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.foreign.ForeignModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Finds bytes on this machine that would be fetched otherwise. */
public final class Known {
  private final BlobStore blobs;
  private final ForeignModels foreign;

  public Known(BlobStore blobs, ForeignModels foreign) {
    this.blobs = blobs;
    this.foreign = foreign;
  }

  /**
   * A blob of these bytes.
   *
   * @param from where they were; empty for the store itself
   */
  public record Found(Path blob, Optional<Path> from) {}

  /**
   * Finds a blob, or makes one of a file that another program keeps, by the cheapest way that is
   * safe. What only seems to be the file by its name or size is read and left alone.
   *
   * @param partial which has claimed the digest
   * @param bytes how many they are
   * @param progress hears how many bytes were read of such files
   * @return empty where they are nowhere
   */
  public Optional<Found> bring(Partial partial, Digest digest, long bytes, LongConsumer progress) {
    try {
      Optional<Path> blob = blobs.find(digest);
      if (blob.isPresent() && Files.size(blob.get()) == bytes) {
        return Optional.of(new Found(blob.get(), Optional.empty()));
      }
      var intake = new Intake(partial, Optional.empty(), progress);
      for (Path candidate : foreign.candidates(digest, bytes)) {
        Optional<Intake.Taken> taken = take(intake, candidate);
        if (taken.filter(file -> file.digest().equals(digest)).isPresent()) {
          Path made = blobs.install(taken.get().file(), digest);
          return Optional.of(new Found(made, Optional.of(candidate)));
        }
        if (taken.isPresent()) {
          Files.delete(taken.get().file());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of(blobs.root(), e);
    }
  }

  /** A file that cannot be taken is no reason not to fetch it. */
  private static Optional<Intake.Taken> take(Intake intake, Path candidate) {
    try {
      return Optional.of(intake.take(candidate));
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }
}
