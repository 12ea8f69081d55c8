package io.solebox.app.bench;

import io.solebox.app.bench.report.Spread;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the server adds to the engine: the time from the end of the step that makes a token to the
 * client's socket, and how many tokens pass through it at most. The engine alone is measured beside
 * it, read by a thread of this process.
 */
final class HttpBench {
  /**
   * Of a step while single tokens are timed: that of a fast model, and longer than any hand-over.
   */
  static final Duration STEP = Duration.ofMillis(1);

  /** What the script's context has room for. */
  static final int MOST_TOKENS = 400;

  private static final int ANSWERS = 5;
  private static final int PROMPT_TOKENS = 8;
  private static final String PROMPT = "piece10 piece11 piece12";

  private final ScriptedServer server;
  private final Lengths lengths;

  /**
   * How much is measured.
   *
   * @param tokens of each answer
   * @param repetitions of five answers one after the other, and of windows with many clients
   * @param warmUp until the compiler is through with what runs all the time
   * @param window of time in which tokens are counted
   */
  record Lengths(int tokens, int repetitions, Duration warmUp, Duration window) {
    static Lengths of(int tokens, int repetitions) {
      return new Lengths(tokens, repetitions, Duration.ofSeconds(2), Duration.ofSeconds(3));
    }
  }

  /** One way from the engine to a reader of its tokens. */
  private interface Reader extends AutoCloseable {
    void answer(TokenSink sink) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  /** Opens one for each client. */
  private interface Readers {
    Reader open(int client) throws IOException;
  }

  HttpBench(ScriptedServer server, Lengths lengths) {
    this.server = server;
    this.lengths = lengths;
  }

  HttpReport run(List<Integer> clients) throws IOException, InterruptedException {
    List<HttpReport.Times> times = times();
    List<HttpReport.Rate> rates = new ArrayList<>();
    for (int count : clients) {
      rates.add(
          new HttpReport.Rate(
              count, rates(count, this::engine), rates(count, _ -> http(StreamApi.CHAT))));
    }
    return new HttpReport(lengths.tokens(), times, rates);
  }

  /** Of the engine and each stream, in turn, so that what disturbs one disturbs all. */
  private List<HttpReport.Times> times() throws IOException, InterruptedException {
    Map<String, Reader> readers = new LinkedHashMap<>();
    Map<String, List<Long>> delays = new LinkedHashMap<>();
    try {
      readers.put(HttpReport.ENGINE, engine(0));
      for (StreamApi api : StreamApi.values()) {
        readers.put(api.title(), http(api));
      }
      for (Reader reader : readers.values()) {
        warmUp(reader);
      }
      server.clock().pace(STEP);
      for (int i = 0; i < lengths.repetitions() * ANSWERS; i++) {
        for (var reader : readers.entrySet()) {
          delays
              .computeIfAbsent(reader.getKey(), _ -> new ArrayList<>())
              .addAll(delays(reader.getValue()));
        }
      }
    } finally {
      server.clock().pace(Duration.ZERO);
      for (Reader reader : readers.values()) {
        reader.close();
      }
    }
    return delays.entrySet().stream()
        .map(e -> HttpReport.Times.of(e.getKey(), e.getValue()))
        .toList();
  }

  private Reader engine(int client) {
    var params =
        SamplingParams.builder()
            .maxTokens(lengths.tokens())
            .temperature(0)
            .ignoreEndOfGeneration(true)
            .build();
    int[] prompt = new int[PROMPT_TOKENS];
    Arrays.fill(prompt, PROMPT_TOKENS + client);
    GenerationRequest request = GenerationRequest.of(prompt, params).withUser("bench" + client);
    return new Reader() {
      @Override
      public void answer(TokenSink sink) throws InterruptedException {
        try (Generation generation = server.model().submit(request)) {
          HttpBench.read(generation, sink);
        }
      }

      @Override
      public void close() {}
    };
  }

  private static void read(Generation generation, TokenSink sink) throws InterruptedException {
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {
          // Only tokens count.
        }
        case Generation.Token _ -> sink.token(System.nanoTime());
        case Generation.End _ -> {
          return;
        }
        case Generation.Failed(SoleboxException error) -> throw error;
      }
    }
  }

  private Reader http(StreamApi api) throws IOException {
    var client = new LoopbackClient(server.port(), ScriptedServer.MARK);
    String body = api.body(ScriptedServer.MODEL, PROMPT, lengths.tokens());
    return new Reader() {
      @Override
      public void answer(TokenSink sink) throws IOException {
        client.stream(api.path(), body, sink);
      }

      @Override
      public void close() throws IOException {
        client.close();
      }
    };
  }

  /** From the end of each step to its token at the reader, in nanoseconds. */
  private List<Long> delays(Reader reader) throws IOException, InterruptedException {
    List<Long> delays = new ArrayList<>();
    server.clock().clear();
    reader.answer(delays::add);
    long[] made = server.clock().tokenNanos();
    if (made.length != delays.size()) {
      throw new IllegalStateException(
          made.length + " tokens were made, and " + delays.size() + " came");
    }
    for (int t = 0; t < made.length; t++) {
      delays.set(t, delays.get(t) - made[t]);
    }
    return delays;
  }

  private void warmUp(Reader reader) throws IOException, InterruptedException {
    long end = System.nanoTime() + lengths.warmUp().toNanos();
    while (System.nanoTime() < end) {
      reader.answer(_ -> {});
    }
  }

  /** Tokens per second of all clients together, in each of several windows of time. */
  private Spread rates(int clients, Readers readers) throws IOException, InterruptedException {
    var passed = new LongAdder();
    var over = new AtomicBoolean();
    List<Double> rates = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        int client = i;
        running.add(
            threads.submit(
                () -> {
                  try (Reader reader = readers.open(client)) {
                    while (!over.get()) {
                      reader.answer(_ -> passed.increment());
                    }
                  }
                  return null;
                }));
      }
      try {
        Thread.sleep(lengths.warmUp());
        for (int i = 0; i < lengths.repetitions(); i++) {
          long tokensBefore = passed.sum();
          long start = System.nanoTime();
          Thread.sleep(lengths.window());
          rates.add((passed.sum() - tokensBefore) * 1e9 / (System.nanoTime() - start));
        }
      } finally {
        over.set(true);
      }
    }
    for (Future<?> client : running) {
      require(client);
    }
    return new Spread(rates);
  }

  private static void require(Future<?> client) throws IOException, InterruptedException {
    try {
      client.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case SoleboxException known -> throw known;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
