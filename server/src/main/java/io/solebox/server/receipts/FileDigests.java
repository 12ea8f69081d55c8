package io.solebox.server.receipts;

import io.solebox.engine.api.SourceFile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What files hold, by SHA-256. A store knows that of its own; of others it is found out once, in
 * the background, as long as path, size, time of the last change and inode stay the same. Safe for
 * many threads.
 */
public final class FileDigests {
  private static final int STEP = 1 << 20;

  private final Function<Path, Optional<String>> known;
  private final Clock clock;
  private final Map<SourceFile, Job> jobs = new ConcurrentHashMap<>();

  /**
   * @param known digests that somebody vouches for, in 64 hexadecimal digits, by the path without
   *     symbolic links
   */
  public FileDigests(Function<Path, Optional<String>> known, Clock clock) {
    this.known = known;
    this.clock = clock;
  }

  /**
   * Of one file.
   *
   * @param at when it was found out; empty where the store has it
   */
  public record FileDigest(String sha256, Optional<Instant> at) {}

  /** One file that is being read. */
  private static final class Job {
    private final CompletableFuture<FileDigest> result = new CompletableFuture<>();
    private volatile long done;
  }

  /**
   * Waits for a digest, which is begun where nobody has.
   *
   * @param patience how long at most
   * @return empty where it takes longer; it goes on
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} where it is another file by now; {@code
   *     IO_ERROR}
   */
  public Optional<FileDigest> await(SourceFile file, long patience, TimeUnit unit)
      throws InterruptedException {
    Optional<String> kept = known.apply(file.path());
    if (kept.isPresent()) {
      return Optional.of(new FileDigest(kept.get(), Optional.empty()));
    }
    Job job = jobs.computeIfAbsent(file, this::begin);
    try {
      return Optional.of(job.result.get(patience, unit));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      jobs.remove(file, job); // the next may have more luck
      if (e.getCause() instanceof SoleboxException why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** How much of it is read, of 1; empty where nobody reads it. */
  public OptionalDouble fraction(SourceFile file) {
    return Optional.ofNullable(jobs.get(file))
        .map(job -> OptionalDouble.of((double) job.done / Math.max(1, file.bytes())))
        .orElse(OptionalDouble.empty());
  }

  private Job begin(SourceFile file) {
    Job job = new Job();
    Thread.ofPlatform().daemon().name("solebox-digest").start(() -> run(file, job));
    return job;
  }

  private void run(SourceFile file, Job job) {
    try {
      requireSame(file);
      String sha256 = read(file, job);
      requireSame(file);
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      job.result.complete(new FileDigest(sha256, Optional.of(now)));
    } catch (RuntimeException | Error e) {
      job.result.completeExceptionally(e);
    }
  }

  /** What was loaded is what is read here. */
  private static void requireSame(SourceFile file) {
    SourceFile now = SourceFile.of(file.path());
    boolean same =
        now.bytes() == file.bytes()
            && now.modified().equals(file.modified())
            && now.identity().equals(file.identity());
    if (!same) {
      throw new SoleboxException(
          ErrorCode.MODEL_FILE_CHANGED,
          file.path().toString(),
          "The file is another one than was loaded, so nobody can say what that one held.",
          "Unload the model, and ask again.");
    }
  }

  private static String read(SourceFile file, Job job) {
    MessageDigest digest = Digests.sha256();
    ByteBuffer step = ByteBuffer.allocate(STEP);
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      for (int n = channel.read(step); n >= 0; n = channel.read(step.clear())) {
        digest.update(step.flip());
        job.done += n;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.path().toString(),
          "The file cannot be read (%s).".formatted(e),
          "Check its permissions.",
          e);
    }
  }
}
