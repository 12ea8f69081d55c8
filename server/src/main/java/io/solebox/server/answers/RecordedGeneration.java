package io.solebox.server.answers;

import io.solebox.engine.generation.Generation;
import java.util.stream.IntStream;

/**
 * A generation that remembers its tokens up to where its reader had enough: what the loop runs past
 * a stop string is another number every time. Owned by its reader, save for {@link #close}.
 */
final class RecordedGeneration implements Generation {
  private final Generation generation;
  private final IntStream.Builder ids = IntStream.builder();
  private volatile boolean closed;

  RecordedGeneration(Generation generation) {
    this.generation = generation;
  }

  @Override
  public Event next() throws InterruptedException {
    boolean counts = !closed;
    Event event = generation.next();
    if (event instanceof Token token && counts) {
      ids.add(token.id());
    }
    return event;
  }

  /** Once, when it is over. */
  int[] ids() {
    return ids.build().toArray();
  }

  @Override
  public void close() {
    closed = true;
    generation.close();
  }
}
