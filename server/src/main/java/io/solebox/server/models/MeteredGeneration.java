package io.solebox.server.models;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A generation that counts as it is read, and to its end if its reader goes before. Owned by its
 * reader, save for {@link #close} and {@link #settle}.
 */
final class MeteredGeneration implements Generation {
  private final Generation generation;
  private final GenerationRequest request;
  private final boolean pays;
  private final AnswerMeter meter;
  private final long number;
  private final long begin = System.nanoTime();
  private final AtomicBoolean counted = new AtomicBoolean();
  private volatile Optional<Thread> reader = Optional.empty();
  private final ReentrantLock reading = new ReentrantLock(); // for the two who may read
  private long lastToken; // guarded by reading, as the next three
  private boolean anyToken;
  private volatile int tokens; // written by who reads, as the next
  private volatile Optional<Prefilling> prompt = Optional.empty(); // as it was heard last
  private volatile int ahead; // as it was heard last
  private volatile boolean stopped;
  private boolean over;
  private boolean closedByReader;

  /**
   * @param pays whether its prompt counts, and not as that of another answer
   */
  MeteredGeneration(
      Generation generation, GenerationRequest request, boolean pays, AnswerMeter meter) {
    this.generation = generation;
    this.request = request;
    this.pays = pays;
    this.meter = meter;
    this.number = meter.ongoing().next();
  }

  @Override
  public Event next() throws InterruptedException {
    if (reader.isEmpty()) {
      reader = Optional.of(Thread.currentThread());
    }
    reading.lock();
    try {
      Event event = generation.next();
      switch (event) {
        case Queued(int before) -> ahead = before;
        case Prefilling prefilling -> prompt = Optional.of(prefilling);
        case Token _ -> token(System.nanoTime());
        case End(FinishReason reason, Usage usage) -> {
          rest(usage);
          if (counted.compareAndSet(false, true)) {
            meter.ended(seen(reason), usage, System.nanoTime() - begin);
          }
        }
        case Failed failed -> {
          over();
          if (counted.compareAndSet(false, true)) {
            meter.failed(failed.error().code());
          }
        }
      }
      return stopped && event instanceof End end && end.reason() == FinishReason.CANCELLED
          ? new Failed(stoppedByOther())
          : event;
    } finally {
      reading.unlock();
    }
  }

  long number() {
    return number;
  }

  /** How far it is; empty while it waits for its turn. */
  Optional<Ongoing> ongoing() {
    int generated = tokens;
    int length = request.prompt().length;
    return generated == 0 && prompt.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Ongoing(
                number,
                request.sampling(),
                length,
                prompt.map(Prefilling::cached).orElse(0),
                generated > 0 ? length : prompt.map(Prefilling::computed).orElse(0),
                generated));
  }

  /** How it goes, whether it is its turn already or not. */
  RunningAnswer running() {
    return new RunningAnswer(
        number,
        meter.account().holder().payer(),
        Duration.ofNanos(System.nanoTime() - begin),
        ongoing().isEmpty() ? OptionalInt.of(ahead) : OptionalInt.empty(),
        request.prompt().length,
        ongoing().map(Ongoing::cached).orElse(0),
        ongoing().map(Ongoing::processed).orElse(0),
        tokens);
  }

  /** Ends it for somebody who is not its reader; whoever reads hears of it as a failure. */
  void stop() {
    stopped = true;
    generation.close();
  }

  private static SoleboxException stoppedByOther() {
    return new SoleboxException(
        ErrorCode.CANCELLED,
        "",
        "An administrator has ended this answer.",
        "Ask again, or ask whoever runs this server.");
  }

  /** What was generated and came as no token of its own, as behind a stop string. */
  private void rest(Usage usage) {
    over();
    if (pays) {
      meter.cached(usage.cachedTokens());
    }
    meter.generated(Math.max(0, usage.completionTokens() - tokens));
  }

  private void over() {
    over = true;
    meter.ongoing().remove(this);
  }

  private void token(long now) {
    tokens++;
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

  /**
   * The request is over: what was not read to its end will not be, but its tokens are counted, also
   * those that the loop had made before it heard of that.
   */
  void settle() {
    if (counted.compareAndSet(false, true)) {
      meter.abandoned();
      generation.close();
      Thread.ofVirtual().name("settle").start(this::countRest);
    }
  }

  private void countRest() {
    reading.lock();
    try {
      int unread = 0;
      while (!over) {
        switch (generation.next()) {
          case Queued _, Prefilling _ -> {}
          case Token _ -> unread++;
          case End(FinishReason _, Usage usage) -> rest(usage);
          case Failed _ -> {
            over();
            meter.generated(unread);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reading.unlock();
    }
  }
}
