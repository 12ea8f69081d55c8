package io.solebox.store.pull.transfer;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Brings one file here: in chunks over several connections, noted in a {@link Journal} when they
 * are on the disk, hashed from the beginning while they come. It owns {@code data} and {@code
 * journal} in a folder that it is given, and can be ended at any moment, by whatever: the next one
 * in the same folder goes on. Nothing is believed because it is there.
 */
public final class Transfer {
  private static final String DATA = "data";
  private static final String JOURNAL = "journal";

  /** How often everything may be fetched again because the whole is wrong. */
  private static final int MOST_ROUNDS = 2;

  private static final long REPORT_MILLIS = 100;

  private final Path folder;
  private final Origin origin;
  private final Outbound outbound;
  private final TransferOptions options;
  private final TransferProgress progress;
  private final LongFunction<ChunkMap> cut;

  public Transfer(
      Path folder,
      Origin origin,
      Outbound outbound,
      TransferOptions options,
      TransferProgress progress) {
    this(folder, origin, outbound, options, progress, ChunkMap::of);
  }

  /** With chunks of a size of one's own. */
  Transfer(
      Path folder,
      Origin origin,
      Outbound outbound,
      TransferOptions options,
      TransferProgress progress,
      LongFunction<ChunkMap> cut) {
    this.cut = cut;
    this.folder = folder;
    this.origin = origin;
    this.outbound = outbound;
    this.options = options;
    this.progress = progress;
  }

  /** How much of a file an earlier transfer, or one that another process is at, has noted. */
  public static long bytesDone(Path folder) throws IOException {
    return Journal.bytesDone(folder.resolve(JOURNAL));
  }

  /** A file that is here and is what it should be. */
  public record Fetched(Path file, Digest digest) {}

  /**
   * Fetches what is missing, and returns when the file is whole and verified.
   *
   * @throws SoleboxException {@code DISK_FULL} before anything is fetched, and otherwise as the
   *     source is; what has come is kept
   * @throws SourceChangedException if the source has another file now
   * @throws InterruptedException if somebody wants it to end; what has come is kept
   */
  public Fetched fetch(Origin.Located first) throws InterruptedException {
    Path data = folder.resolve(DATA);
    ChunkMap map = cut.apply(first.bytes());
    try (FileChannel file =
            FileChannel.open(
                data,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Journal journal = Journal.open(folder.resolve(JOURNAL), first.identity().key(), map)) {
      file.truncate(first.bytes()); // of another file there may be more
      var round = new Round(file, map, journal, new Work(origin, first));
      Digest digest = round.fetchMissing();
      for (int again = 0; !matches(first.identity(), data, digest); again++) {
        if (again == MOST_ROUNDS) {
          journal.forgetAll();
          throw Failures.otherBytes(first.ask().uri(), first.identity());
        }
        progress.note(
            "All of it came, but it is not what the source names; its pieces are fetched again to"
                + " find those that are wrong.");
        digest = new Round(file, map, journal, new Work(origin, origin.locate())).compare();
      }
      return new Fetched(data, digest);
    } catch (IOException e) {
      throw StoreFailure.of(data, e);
    }
  }

  private static boolean matches(Identity identity, Path data, Digest digest) throws IOException {
    return switch (identity) {
      case Identity.Sha256(Digest wanted) -> wanted.equals(digest);
      case Identity.GitBlob blob -> blob.matches(data);
    };
  }

  /** One time of bringing chunks here. */
  private final class Round {
    private final FileChannel file;
    private final ChunkMap map;
    private final Journal journal;
    private final Work work;
    private final List<Thread> threads = new ArrayList<>();
    private Optional<Digest> digest = Optional.empty();

    Round(FileChannel file, ChunkMap map, Journal journal, Work work) {
      this.file = file;
      this.map = map;
      this.journal = journal;
      this.work = work;
    }

    Digest fetchMissing() throws IOException, InterruptedException {
      List<Integer> missing =
          IntStream.range(0, map.count()).filter(i -> journal.crcOf(i).isEmpty()).boxed().toList();
      long bytes = missing.stream().mapToLong(i -> map.range(i).bytes()).sum();
      RoomCheck.require(folder, bytes, options.space());
      work.came(map.size() - bytes);
      work.add(missing);
      return run();
    }

    /** Fetches all again, until one piece is other than it was or none is left. */
    Digest compare() throws IOException, InterruptedException {
      work.came(map.size());
      for (int i = 0; i < map.count(); i++) {
        if (refetch(i)) {
          Digest now = Digest.of(data(), _ -> {});
          if (i == map.count() - 1 || matches(work.place().located().identity(), data(), now)) {
            return now;
          }
        }
        report();
      }
      return Digest.of(data(), _ -> {});
    }

    private Path data() {
      return folder.resolve(DATA);
    }

    /** Whether the chunk was another one. */
    private boolean refetch(int index) throws IOException, InterruptedException {
      int before = journal.crcOf(index).orElseThrow();
      OptionalInt crc = new ChunkFetch(outbound, work, file, options, map.range(index)).run();
      if (crc.isEmpty()) {
        throw Failures.otherBytes(
            work.place().located().ask().uri(), work.place().located().identity());
      }
      work.came(-map.range(index).bytes());
      done(index, crc.getAsInt());
      return crc.getAsInt() != before;
    }

    private Digest run() throws IOException, InterruptedException {
      try {
        start("hash", () -> digest = new PrefixHasher(file, map, journal, work).run());
        int workers = Math.min(options.connections(), Math.max(1, work.left()));
        for (int i = 0; i < workers; i++) {
          start("chunks-" + i, this::fetchChunks);
        }
        await();
        return digest.orElseThrow();
      } finally {
        work.end();
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
          thread.join();
        }
      }
    }

    private void await() throws IOException, InterruptedException {
      Thread hasher = threads.getFirst();
      boolean whole = false;
      while (hasher.isAlive()) {
        hasher.join(REPORT_MILLIS);
        report();
        if (work.isWhole() && !whole) {
          whole = true;
          start("whole", () -> new WholeFetch(outbound, work, options, new Written()).run());
        }
      }
      report();
      Optional<Throwable> failure = work.failure();
      if (failure.isPresent()) {
        switch (failure.get()) {
          case IOException e -> throw e;
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          default -> throw new IllegalStateException(failure.get());
        }
      }
    }

    private void report() {
      work.takeNotes().forEach(progress::note);
      progress.bytes(work.here());
    }

    /** What may fail on a thread. */
    private interface Task {
      void run() throws IOException, InterruptedException;
    }

    private void start(String name, Task task) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("pull-" + name)
              .start(
                  () -> {
                    try {
                      task.run();
                    } catch (Throwable e) {
                      work.fail(e);
                    }
                  }));
    }

    private void fetchChunks() throws IOException, InterruptedException {
      for (OptionalInt next = work.next(); next.isPresent(); next = work.next()) {
        var fetch = new ChunkFetch(outbound, work, file, options, map.range(next.getAsInt()));
        OptionalInt crc = fetch.run();
        if (crc.isPresent()) {
          done(next.getAsInt(), crc.getAsInt());
        } else {
          work.came(-fetch.bytesHere());
        }
      }
    }

    private void done(int index, int crc) throws IOException {
      file.force(false);
      journal.done(index, crc);
      work.changed();
    }

    /** The chunks of a stream, for who fetches it whole. */
    private final class Written implements WholeFetch.Chunks {
      @Override
      public boolean isHere(int index) {
        return journal.crcOf(index).isPresent();
      }

      @Override
      public Attempt begin(int index) {
        return new Attempt(
            file, new CRC32C(), map.range(index), options.limit(), options.hours()::open);
      }

      @Override
      public void done(int index, int crc32c) throws IOException {
        Round.this.done(index, crc32c);
      }

      @Override
      public ChunkMap map() {
        return map;
      }
    }
  }
}
