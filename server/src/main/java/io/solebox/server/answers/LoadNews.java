package io.solebox.server.answers;

import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.models.LoadListener;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells a client that waits for its stream how far its model is. The stream begins with the first
 * that is told, or with the first ping that is due, so that what goes wrong before still has a
 * status of its own. Owned by the request's thread.
 */
public final class LoadNews implements LoadListener {
  /** Writes into a stream what has changed. */
  @FunctionalInterface
  public interface Writer {
    /**
     * @param stage for people
     * @param fraction 0 to 1
     */
    void write(String model, String stage, double fraction, EventStream out);
  }

  private final Exchange exchange;
  private final EventStream.Framing framing;
  private final Duration silence;
  private final Consumer<EventStream> begins;
  private final Writer writer;
  private final long begin = System.nanoTime();
  private Optional<EventStream> stream = Optional.empty();
  private Optional<News> told = Optional.empty();

  private record News(String stage, double fraction) {}

  private LoadNews(
      Exchange exchange,
      EventStream.Framing framing,
      Duration silence,
      Consumer<EventStream> begins,
      Writer writer) {
    this.exchange = exchange;
    this.framing = framing;
    this.silence = silence;
    this.begins = begins;
    this.writer = writer;
  }

  /** For who has asked to hear of it. */
  public static LoadListener told(Exchange exchange, EventStream.Framing framing, Writer writer) {
    return new LoadNews(exchange, framing, Duration.ZERO, _ -> {}, writer);
  }

  /** For who hears pings alone, as comments between events. */
  public static LoadListener pings(Exchange exchange) {
    return pings(exchange, EventStream.Framing.EVENTS, _ -> {});
  }

  /**
   * For who hears pings alone.
   *
   * @param begins says what these are in a stream that begins
   */
  public static LoadListener pings(
      Exchange exchange, EventStream.Framing framing, Consumer<EventStream> begins) {
    return new LoadNews(exchange, framing, exchange.pingTime(), begins, (_, _, _, _) -> {});
  }

  @Override
  public void loading(String model, String stage, double fraction) {
    if (stream.isEmpty() && System.nanoTime() - begin < silence.toNanos()) {
      return;
    }
    if (stream.isEmpty()) {
      stream = Optional.of(exchange.startStream(framing));
      begins.accept(stream.get());
    }
    News news = new News(stage, fraction);
    if (!told.equals(Optional.of(news))) {
      told = Optional.of(news);
      writer.write(model, stage, fraction, stream.get());
    }
  }
}
