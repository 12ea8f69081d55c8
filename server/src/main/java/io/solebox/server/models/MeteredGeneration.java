package io.solebox.server.models;

import io.solebox.engine.generation.Generation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A generation that counts as it is read. Owned by its reader, save for {@link #close}. */
final class MeteredGeneration implements Generation {
  private final Generation generation;
  private final AnswerMeter meter;
  private final long begin = System.nanoTime();
  private final AtomicBoolean counted = new AtomicBoolean();
  private volatile Optional<Thread> reader = Optional.empty();
  private long lastToken;
  private boolean anyToken;
  private boolean closedByReader;

  MeteredGeneration(Generation generation, AnswerMeter meter) {
    this.generation = generation;
    this.meter = meter;
  }

  @Override
  public Event next() throws InterruptedException {
    if (reader.isEmpty()) {
      reader = Optional.of(Thread.currentThread());
    }
    Event event = generation.next();
    switch (event) {
      case Queued _, Prefilling _ -> {}
      case Token _ -> token(System.nanoTime());
      case End(FinishReason reason, Usage usage) -> {
        if (counted.compareAndSet(false, true)) {
          meter.ended(seen(reason), usage, System.nanoTime() - begin);
        }
      }
      case Failed failed -> {
        if (counted.compareAndSet(false, true)) {
          meter.failed(failed.error().code());
        }
      }
    }
    return event;
  }

  private void token(long now) {
    if (anyToken) {
      meter.token(now - lastToken);
    } else {
      meter.firstToken(now - begin);
    }
    anyToken = true;
    lastToken = now;
  }

  /** Whoever closes a generation and reads on has met a stop string. */
  private FinishReason seen(FinishReason reason) {
    return reason == FinishReason.CANCELLED && closedByReader ? FinishReason.STOP : reason;
  }

  @Override
  public void close() {
    if (reader.filter(Thread.currentThread()::equals).isPresent()) {
      closedByReader = true;
    }
    generation.close();
  }

  /** The request is over: what was not read to its end will not be. */
  void settle() {
    if (counted.compareAndSet(false, true)) {
      meter.abandoned();
    }
  }
}
