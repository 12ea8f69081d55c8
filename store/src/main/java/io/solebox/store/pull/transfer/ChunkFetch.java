package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.ByteSink;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.http.Redirects;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/** Fetches one chunk, whatever the answers are, as {@link Verdict} says. For one thread. */
final class ChunkFetch {
  /** Answers in a row that are none to the question, until nobody is believed any more. */
  private static final int MOST_FAULTS = 2;

  private static final int MOST_HOPS = 10;

  private final Outbound outbound;
  private final Work work;
  private final FileChannel file;
  private final TransferOptions options;
  private final ByteRange chunk;
  private final CRC32C crc = new CRC32C();
  private long at;
  private int failures;
  private int faults;
  private int hops;
  private boolean refused;

  ChunkFetch(
      Outbound outbound, Work work, FileChannel file, TransferOptions options, ByteRange chunk) {
    this.outbound = outbound;
    this.work = work;
    this.file = file;
    this.options = options;
    this.chunk = chunk;
    this.at = chunk.from();
  }

  /**
   * Writes the chunk.
   *
   * @return its CRC-32C; empty where the source gives no parts, or somebody else failed
   * @throws io.solebox.engine.error.SoleboxException when the source cannot be brought to give it
   */
  OptionalInt run() throws IOException, InterruptedException {
    while (at < chunk.to() && !work.isWhole() && work.failure().isEmpty()) {
      awaitHours(options.hours(), outbound.patience(), work);
      once();
    }
    return at < chunk.to() ? OptionalInt.empty() : OptionalInt.of((int) crc.getValue());
  }

  /** What this chunk has brought so far. */
  long bytesHere() {
    return at - chunk.from();
  }

  static void awaitHours(Hours hours, Patience patience, Work work) throws InterruptedException {
    if (!hours.open()) {
      work.note("Waiting for the hours in which it may go on: " + hours + ".");
      while (!hours.open()) {
        // In short steps: the clock may be set, and the machine may sleep.
        patience.sleeper().sleep(Duration.ofSeconds(10));
      }
    }
  }

  private void once() throws IOException, InterruptedException {
    Work.Place place = work.place();
    var range = new ByteRange(at, chunk.to());
    Ask ask = place.located().ask().with("Range", range.header());
    if (place.etag().isPresent()) {
      ask = ask.with("If-Range", place.etag().get());
    }
    var asked = new Verdict.Asked(range, place.located().bytes(), place.etag(), refused);
    var attempt = new Attempt(file, crc, range, options.limit(), options.hours()::open);
    var verdict = new AtomicReference<Optional<Verdict>>(Optional.empty());
    Optional<IOException> lost = Optional.empty();
    try {
      outbound.send(
          ask,
          head -> {
            Verdict found = Verdict.of(asked, head);
            verdict.set(Optional.of(found));
            return found instanceof Verdict.Take ? taking(place, head, attempt) : Optional.empty();
          });
    } catch (IOException e) {
      lost = Optional.of(e);
    }
    progressed(attempt.end());
    attempt.requireWritten();
    boolean answered = verdict.get().filter(v -> !(v instanceof Verdict.Take)).isPresent();
    if (lost.isPresent() && !answered) {
      failed(place, reason(lost.get()), Optional.empty(), lost);
    } else {
      act(place, verdict.get().orElseThrow());
    }
  }

  private Optional<ByteSink> taking(Work.Place place, Head head, Attempt attempt) {
    work.learn(place, head.strongTag());
    return Optional.of(
        bytes -> {
          int size = bytes.remaining();
          boolean more = attempt.take(bytes);
          work.came(size - bytes.remaining());
          return more;
        });
  }

  private void progressed(long now) {
    if (now > at) {
      at = now;
      failures = 0;
      faults = 0;
      hops = 0;
      refused = false;
    }
  }

  private void act(Work.Place place, Verdict verdict) throws IOException, InterruptedException {
    Ask ask = place.located().ask();
    switch (verdict) {
      case Verdict.Take _ -> endedEarly(place);
      case Verdict.TakeAll _ -> work.takeWhole();
      case Verdict.Discard(String fault) -> fault(place, fault);
      case Verdict.Compare _ -> fault(place, "it says that the file ends before these bytes");
      case Verdict.OtherObject(String why) -> fault(place, why);
      case Verdict.Expired _ -> {
        refused = true;
        work.resolveAgain(place);
      }
      case Verdict.Wait(String why, Optional<Duration> asked) ->
          failed(place, why, asked, Optional.empty());
      case Verdict.Follow(String location) -> {
        if (++hops > MOST_HOPS) {
          throw Failures.lies(ask.uri(), "it is redirected in a circle");
        }
        work.moved(place, ask.redirected(Redirects.target(ask.uri(), location)));
      }
      case Verdict.Gone _ -> throw Failures.gone(ask.uri());
      case Verdict.Refused(int status) -> throw Failures.refused(ask.uri(), status);
    }
  }

  /** The body was shorter than it said or than was asked for; of none at all there is no end. */
  private void endedEarly(Work.Place place) throws IOException, InterruptedException {
    if (at < chunk.to() && options.hours().open() && ++failures > 1) {
      failed(place, "its answers end at once", Optional.empty(), Optional.empty());
    }
  }

  private void fault(Work.Place place, String fault) throws IOException, InterruptedException {
    if (++faults >= MOST_FAULTS) {
      throw Failures.lies(place.located().ask().uri(), fault);
    }
    work.note("A wrong answer was thrown away: " + fault + ".");
    work.resolveAgain(place);
  }

  private void failed(
      Work.Place place, String why, Optional<Duration> asked, Optional<IOException> cause)
      throws InterruptedException {
    Patience patience = outbound.patience();
    if (++failures >= patience.tries()) {
      throw Failures.lost(place.located().ask().uri(), failures, why, cause);
    }
    work.note("Trying again: " + why + ".");
    patience.pause(failures, asked);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
