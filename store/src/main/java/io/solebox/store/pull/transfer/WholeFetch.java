package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.ByteSink;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fetches a file from a source that gives no parts: one stream from the beginning, of which the
 * chunks that are here already are passed over. For one thread.
 */
final class WholeFetch {
  private final Outbound outbound;
  private final Work work;
  private final TransferOptions options;
  private final Chunks chunks;
  private long furthest;
  private int failures;

  /** What becomes of the chunks of a stream. */
  interface Chunks {
    /** Whether nothing of this chunk is to be written. */
    boolean isHere(int index);

    /** A chunk that begins to come. */
    Attempt begin(int index);

    /** All of it has come. */
    void done(int index, int crc32c) throws IOException;

    ChunkMap map();
  }

  WholeFetch(Outbound outbound, Work work, TransferOptions options, Chunks chunks) {
    this.outbound = outbound;
    this.work = work;
    this.options = options;
    this.chunks = chunks;
  }

  void run() throws IOException, InterruptedException {
    boolean whole = false;
    while (!whole && work.failure().isEmpty()) {
      ChunkFetch.awaitHours(options.hours(), outbound.patience(), work);
      whole = once();
    }
  }

  private boolean once() throws IOException, InterruptedException {
    Work.Place place = work.place();
    var asked =
        new Verdict.Asked(
            new ByteRange(0, chunks.map().size()), chunks.map().size(), place.etag(), false);
    var answer = new AtomicReference<Optional<Head>>(Optional.empty());
    var stream = new Stream();
    String why = "the stream ends early";
    try {
      outbound.send(
          place.located().ask(),
          head -> {
            answer.set(Optional.of(head));
            return Verdict.of(asked, head) instanceof Verdict.TakeAll
                ? Optional.of(stream)
                : Optional.empty();
          });
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    if (stream.at == chunks.map().size()) {
      return true;
    }
    if (stream.at > furthest) {
      furthest = stream.at;
      failures = 0;
    }
    stream.giveUp();
    Optional<Head> head = answer.get();
    if (head.isPresent() && head.get().status() != 200) {
      why = "it answers " + head.get().status();
    }
    if (++failures >= outbound.patience().tries()) {
      throw Failures.lost(place.located().ask().uri(), failures, why, Optional.empty());
    }
    work.note("Beginning anew: " + why + ".");
    outbound.patience().pause(failures, head.flatMap(Head::askedWait));
    work.resolveAgain(place);
    return false;
  }

  /** The stream on its way, cut into chunks. */
  private final class Stream implements ByteSink {
    private long at;
    private Optional<Attempt> open = Optional.empty();

    @Override
    public boolean take(ByteBuffer bytes) throws IOException, InterruptedException {
      while (bytes.hasRemaining() && at < chunks.map().size()) {
        int index = Math.toIntExact(at / chunks.map().chunkBytes());
        ByteRange range = chunks.map().range(index);
        ByteBuffer part = bytes.slice();
        part.limit((int) Math.min(part.remaining(), range.to() - at));
        int count = part.remaining();
        take(index, part, range.from() == at);
        bytes.position(bytes.position() + count);
        at += count;
        if (at == range.to() && open.isPresent()) {
          open.get().end();
          chunks.done(index, open.get().crc());
          open = Optional.empty();
        }
      }
      return at < chunks.map().size() && options.hours().open();
    }

    private void take(int index, ByteBuffer part, boolean first)
        throws IOException, InterruptedException {
      int count = part.remaining();
      if (first && !chunks.isHere(index)) {
        open = Optional.of(chunks.begin(index));
      }
      if (open.isPresent()) {
        open.get().take(part);
        work.came(count);
      } else {
        options.limit().take(count);
      }
    }

    void giveUp() throws IOException {
      if (open.isPresent()) {
        open.get().requireWritten();
        int index = Math.toIntExact(at / chunks.map().chunkBytes());
        work.came(-(open.get().end() - chunks.map().range(index).from()));
      }
    }
  }
}
