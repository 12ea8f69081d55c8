package io.solebox.store.pull.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Gives the body of one answer to its sink while it comes, and knows when something came last. */
final class Bodies implements BodyHandler<Void> {
  private final URI uri;
  private final Function<Head, Optional<ByteSink>> decide;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean busy;
  private volatile Optional<IOException> failure = Optional.empty();

  Bodies(URI uri, Function<Head, Optional<ByteSink>> decide) {
    this.uri = uri;
    this.decide = decide;
  }

  /** For how long nothing came; nothing can come while the sink is busy with what came last. */
  long quietNanos() {
    return busy ? 0 : System.nanoTime() - lastNanos;
  }

  /** Why the sink wants no more. */
  Optional<IOException> failure() {
    return failure;
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo info) {
    lastNanos = System.nanoTime();
    Head head = Outbound.head(uri, info.statusCode(), info.headers().map());
    return new Subscriber(decide.apply(head));
  }

  private final class Subscriber implements BodySubscriber<Void> {
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Optional<ByteSink> sink;
    private Optional<Flow.Subscription> subscription = Optional.empty();

    Subscriber(Optional<ByteSink> sink) {
      this.sink = sink;
    }

    @Override
    public CompletionStage<Void> getBody() {
      return over;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
      subscription = Optional.of(granted);
      if (sink.isEmpty()) {
        stop();
      } else {
        granted.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      if (over.isDone()) {
        return;
      }
      busy = true;
      try {
        for (ByteBuffer part : parts) {
          if (!sink.orElseThrow().take(part)) {
            stop();
            return;
          }
        }
        subscription.orElseThrow().request(1);
      } catch (IOException e) {
        fail(e);
      } catch (InterruptedException e) {
        fail(new IOException("interrupted", e));
      } finally {
        lastNanos = System.nanoTime();
        busy = false;
      }
    }

    private void stop() {
      subscription.orElseThrow().cancel();
      over.complete(null);
    }

    private void fail(IOException e) {
      failure = Optional.of(e);
      subscription.orElseThrow().cancel();
      over.completeExceptionally(e);
    }

    @Override
    public void onError(Throwable e) {
      over.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      over.complete(null);
    }
  }
}
