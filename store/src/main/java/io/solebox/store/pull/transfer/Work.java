package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.Ask;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** What the threads of one transfer share: what is to be done, and from where. */
final class Work {
  /**
   * Where the bytes come from now.
   *
   * @param etag of that host, once it gave one
   */
  record Place(Origin.Located located, Optional<String> etag) {}

  private final Origin origin;
  private final Deque<Integer> todo = new ArrayDeque<>();
  private final List<String> notes = new ArrayList<>();
  private final AtomicLong here = new AtomicLong();
  private Place place;
  private Optional<Throwable> failure = Optional.empty();
  private boolean whole;
  private boolean over;

  Work(Origin origin, Origin.Located first) {
    this.origin = origin;
    this.place = new Place(first, Optional.empty());
  }

  synchronized void add(Collection<Integer> chunks) {
    todo.addAll(chunks);
    notifyAll();
  }

  /** Puts a chunk in front that turned out not to be there. */
  synchronized void again(int chunk) {
    todo.addFirst(chunk);
    notifyAll();
  }

  /** The next chunk, waited for; empty when there is nothing for this kind of worker any more. */
  synchronized OptionalInt next() throws InterruptedException {
    while (todo.isEmpty() && !over && !whole && failure.isEmpty()) {
      wait();
    }
    return over || whole || failure.isPresent()
        ? OptionalInt.empty()
        : OptionalInt.of(todo.removeFirst());
  }

  synchronized int left() {
    return todo.size();
  }

  /** The source gives no parts: whoever fetches chunks stops. */
  synchronized void takeWhole() {
    if (!whole) {
      whole = true;
      notes.add(
          "The source cannot give parts of a file; it comes in one stream from its beginning.");
    }
    notifyAll();
  }

  synchronized boolean isWhole() {
    return whole;
  }

  synchronized void end() {
    over = true;
    notifyAll();
  }

  synchronized void fail(Throwable cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
    notifyAll();
  }

  synchronized Optional<Throwable> failure() {
    return failure;
  }

  /** Wakes whoever waits for a chunk. */
  synchronized void changed() {
    notifyAll();
  }

  synchronized Place place() {
    return place;
  }

  /** The host of this place gave the bytes with this tag. */
  synchronized void learn(Place at, Optional<String> etag) {
    if (place == at && place.etag().isEmpty() && etag.isPresent()) {
      place = new Place(at.located(), etag);
    }
  }

  /** The same is to be had at another address. */
  synchronized void moved(Place at, Ask ask) {
    if (place == at) {
      Origin.Located now = at.located();
      place = new Place(new Origin.Located(ask, now.bytes(), now.identity()), Optional.empty());
    }
  }

  /**
   * Asks the source for a fresh address, unless somebody has done so since.
   *
   * @throws SourceChangedException if something else stands there now
   */
  synchronized void resolveAgain(Place bad) throws IOException, InterruptedException {
    if (!place.located().equals(bad.located())) {
      return;
    }
    Origin.Located fresh = origin.locate();
    Origin.Located old = place.located();
    if (fresh.bytes() != old.bytes() || !fresh.identity().equals(old.identity())) {
      throw new SourceChangedException(
          "The source has another file there now, of %d bytes instead of %d."
              .formatted(fresh.bytes(), old.bytes()));
    }
    place = new Place(fresh, Optional.empty());
  }

  /** More bytes are here, or fewer. */
  void came(long bytes) {
    here.addAndGet(bytes);
  }

  long here() {
    return here.get();
  }

  synchronized void note(String text) {
    notes.add(text);
  }

  synchronized List<String> takeNotes() {
    List<String> taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }
}
