package io.solebox.server;

import io.solebox.engine.api.Ingredients;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.SourceFile;
import io.solebox.engine.api.Speculation;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Arithmetic;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.SpillStats;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A model that answers with what the last line of its prompt says (the one before an opened {@code
 * <think>}), one byte a token, at a speed that a test chooses. {@code !forever} never ends, {@code
 * !fail} breaks off after three tokens, {@code !bug} throws what no caller expects.
 */
final class EchoModel implements LoadedModel {
  static final int CONTEXT = 2000;
  static final double BYTES_PER_TOKEN = 1000;
  static final ModelInfo INFO = info("echo", 1, Optional.empty(), List.of());

  private static ModelInfo info(
      String architecture, int width, Optional<Pooling> pooling, List<String> labels) {
    return new ModelInfo(
        "Echo",
        architecture,
        "F32",
        257,
        1028,
        CONTEXT,
        257,
        1,
        width,
        pooling,
        labels,
        false,
        OptionalDouble.empty(),
        List.of());
  }

  private static final ChatTemplate TEMPLATE =
      ChatTemplates.compile(
          """
          {%- for message in messages %}
          {%- if not loop.first and loop.previtem.role == message.role %}
          {{- raise_exception('Conversation roles must alternate.') }}
          {%- endif %}
          {{- message.role ~ '\\n' ~ message.content ~ '\\n' }}
          {%- endfor %}
          """,
          "echo");

  /** Of a model that thinks; its answers begin in their reasoning where that is enabled. */
  private static final ChatTemplate THINKING =
      ChatTemplates.compile(
          """
          {%- for message in messages %}
          {{- message.role ~ '\n' ~ (message.reasoning_content | default('')) ~ message.content ~ '\n' }}
          {%- endfor %}
          {%- if enable_thinking %}{{ '<think>\n' }}{% endif %}
          """,
          "thinking");

  /** Of a model that calls tools, and is shown documents; its calls stand between tags. */
  private static final ChatTemplate CALLING =
      ChatTemplates.compile(
          """
          {%- if tools %}{{- 'tools\n' ~ (tools | tojson) ~ '\n' }}{% endif %}
          {%- if documents %}{{- 'documents\n' ~ (documents | tojson) ~ '\n' }}{% endif %}
          {%- for message in messages %}
          {%- if message.tool_calls %}
          {%- for call in message.tool_calls %}
          {{- '<tool_call>{"name": "' ~ call.function.name ~ '", "arguments": ' }}
          {{- (call.function.arguments | tojson) ~ '}</tool_call>\n' }}
          {%- endfor %}
          {%- else %}
          {{- message.role ~ '\n' ~ message.content ~ '\n' }}
          {%- endif %}
          {%- endfor %}
          {%- if enable_thinking %}{{- '<think>\n' }}{% endif %}
          """,
          "calling");

  private final Tokenizer tokenizer = new EchoTokenizer();
  private final Structures structures = new Structures(tokenizer);
  private final AtomicInteger running = new AtomicInteger();
  private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Requester> requesters = new CopyOnWriteArrayList<>();
  private final ModelInfo info;
  private final Optional<ChatTemplate> template;
  private final Semaphore slots = new Semaphore(1000);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger encoded = new AtomicInteger();
  private volatile long prefillMillis;
  private volatile long tokenMillis;
  private volatile Optional<Drafts> drafts = Optional.empty();
  private volatile Optional<SoleboxException> failure = Optional.empty();
  private volatile Optional<Ingredients> ingredients = Optional.empty();

  EchoModel(boolean chat) {
    this(chat ? Optional.of(TEMPLATE) : Optional.empty());
  }

  private EchoModel(Optional<ChatTemplate> template) {
    this(INFO, template);
  }

  private EchoModel(ModelInfo info, Optional<ChatTemplate> template) {
    this.info = info;
    this.template = template;
  }

  /** One whose template is of the family that thinks between {@code <think>} and its end. */
  static EchoModel thinking() {
    return new EchoModel(Optional.of(THINKING));
  }

  /** One that is shown tools, and whose template is of the family that calls and thinks in tags. */
  static EchoModel calling() {
    return new EchoModel(Optional.of(CALLING));
  }

  /** One that is shown tools, and calls them in a way that nobody knows. */
  static EchoModel callingOtherwise() {
    String source = CALLING.source().replace("tool_call>", "own_call>");
    return new EchoModel(Optional.of(ChatTemplates.compile(source, "otherwise")));
  }

  /** One that makes vectors [4] of texts, or scores them by the letters x that they have. */
  static EchoModel pooling(String architecture, Pooling pooling, String... labels) {
    return new EchoModel(
        info(architecture, 4, Optional.of(pooling), List.of(labels)), Optional.empty());
  }

  /** Of the next answers so many ids were guessed. */
  void guessed(int drafted, int accepted) {
    drafts = Optional.of(new Drafts(drafted, accepted));
  }

  /** How long the next answers take. */
  void pace(long prefill, long token) {
    prefillMillis = prefill;
    tokenMillis = token;
  }

  /** Of how many texts it has made vectors. */
  int encoded() {
    return encoded.get();
  }

  /** From now on so many answers run at once, and the others wait. */
  void slots(int count) {
    slots.drainPermits();
    slots.release(count);
  }

  /** From now on it is of a file, and can have receipts. */
  void madeOf(Path file) {
    ingredients =
        Optional.of(
            new Ingredients(
                List.of(SourceFile.of(file)),
                List.of(),
                Map.of(),
                KvType.F16,
                Activations.AUTO,
                CONTEXT,
                new Speculation.Off(),
                List.of(new Arithmetic("an echo", true))));
  }

  /** What it was asked for last. */
  GenerationRequest lastRequest() {
    return requests.getLast();
  }

  /** What it was asked for. */
  List<GenerationRequest> requests() {
    return requests;
  }

  /** Who asked for logits, scores or vectors. */
  List<Requester> requesters() {
    return requesters;
  }

  /** Remembers none of them any more. */
  void forgetRequests() {
    requests.clear();
    requesters.clear();
  }

  /** Answers that hold a slot. */
  int running() {
    return running.get();
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Structures structures() {
    return structures;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return template;
  }

  @Override
  public Optional<Ingredients> ingredients() {
    return ingredients;
  }

  @Override
  public int contextTokens() {
    return CONTEXT;
  }

  @Override
  public Generation submit(GenerationRequest request) {
    int[] prompt = request.prompt();
    SamplingParams params = request.sampling();
    if (prompt.length >= CONTEXT) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "",
          "The prompt has " + prompt.length + " tokens, the context " + CONTEXT + ".",
          "Shorten it.");
    }
    String[] lines = tokenizer.decode(prompt, true).split("\n");
    boolean opened = lines.length > 1 && lines[lines.length - 1].equals("<think>");
    String answer = lines[lines.length - (opened ? 2 : 1)];
    if (answer.equals("!bug")) {
      throw new IllegalStateException("secret trace");
    }
    int room =
        request.shift().isPresent()
            ? params.maxTokens()
            : Math.min(params.maxTokens(), CONTEXT - prompt.length);
    requests.add(request);
    Echo echo = new Echo(answer, prompt.length, room, request);
    if (slots.tryAcquire()) {
      running.incrementAndGet();
      Thread.ofVirtual().start(echo::run);
    } else {
      waiting.incrementAndGet();
      Thread.ofVirtual().start(echo::waitAndRun);
    }
    return echo;
  }

  private final class Echo implements Generation {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore closed = new Semaphore(0);
    private final String answer;
    private final int promptTokens;
    private final int room;
    private final SamplingParams params;
    private final Optional<TokenConstraint> constraint;
    private final Optional<ContextShift> shift;

    Echo(String answer, int promptTokens, int room, GenerationRequest request) {
      this.answer = answer;
      this.promptTokens = promptTokens;
      this.room = room;
      this.params = request.sampling();
      this.constraint = request.constraint();
      this.shift = request.shift();
    }

    /** As an engine would drop them of an answer of {@code done} tokens. */
    private int dropped(int done) {
      return shift
          .map(
              it -> {
                int over = Math.max(0, promptTokens + done - it.window());
                return Math.ceilDiv(over, it.discard()) * it.discard();
              })
          .orElse(0);
    }

    /**
     * What must be said in place of what would be: the only id that is allowed, or the last that is
     * where {@code wanted} is not.
     *
     * @throws SoleboxException {@code NOTHING_ALLOWED}, as the engine has it
     */
    private OptionalInt forced(int wanted) {
      if (constraint.isEmpty()) {
        return OptionalInt.empty();
      }
      TokenMask mask = constraint.get().allowed();
      int[] allowed = IntStream.range(' ', EchoTokenizer.END + 1).filter(mask::allows).toArray();
      if (allowed.length == 0 && !mask.allows('\n')) {
        throw new SoleboxException(
            ErrorCode.NOTHING_ALLOWED, "", "No token is allowed.", "Ask for something else.");
      }
      boolean only = allowed.length + (mask.allows('\n') ? 1 : 0) == 1;
      if (only || !mask.allows(wanted)) {
        return OptionalInt.of(allowed.length == 0 ? '\n' : allowed[allowed.length - 1]);
      }
      return OptionalInt.empty();
    }

    void waitAndRun() {
      slots.acquireUninterruptibly();
      waiting.decrementAndGet();
      running.incrementAndGet();
      run();
    }

    void run() {
      int done = 0;
      FinishReason reason = FinishReason.LENGTH;
      try {
        boolean forever = answer.equals("!forever");
        boolean endless = forever || params.ignoreEndOfGeneration();
        byte[] bytes = (forever ? "la " : answer).getBytes(StandardCharsets.UTF_8);
        int length = endless ? Integer.MAX_VALUE : bytes.length;
        if (waited(prefillMillis)) {
          reason = FinishReason.CANCELLED;
          return;
        }
        int at = 0;
        while (done < room) {
          int wanted =
              at == length ? EchoTokenizer.END : Byte.toUnsignedInt(bytes[at % bytes.length]);
          OptionalInt forced = forced(wanted);
          if (wanted == EchoTokenizer.END && forced.isEmpty()) {
            reason = FinishReason.STOP;
            return;
          }
          if (done == 3 && answer.equals("!fail")) {
            events.add(
                new Failed(
                    new SoleboxException(ErrorCode.IO_ERROR, "", "The disk is gone.", "Find it.")));
            return;
          }
          if (waited(done == 0 ? 0 : tokenMillis)) {
            reason = FinishReason.CANCELLED;
            return;
          }
          int id = forced.orElse(wanted);
          at += forced.isPresent() ? 0 : 1;
          if (params.stopIds().contains(id) || id == EchoTokenizer.END) {
            reason = FinishReason.STOP;
            return;
          }
          events.add(new Token(id, logprobs(id)));
          constraint.ifPresent(it -> it.said(id));
          done++;
        }
      } catch (InterruptedException e) {
        reason = FinishReason.CANCELLED;
      } catch (SoleboxException e) {
        events.add(new Failed(e));
      } finally {
        running.decrementAndGet();
        slots.release();
        events.add(
            new End(
                reason,
                new Usage(
                    promptTokens,
                    4,
                    done,
                    1_000_000,
                    2_000_000,
                    3_000_000,
                    drafts,
                    dropped(done))));
      }
    }

    /** Whether it was closed meanwhile. */
    private boolean waited(long millis) throws InterruptedException {
      return closed.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    private Optional<Logprobs> logprobs(int id) {
      if (params.logprobs().isEmpty()) {
        return Optional.empty();
      }
      Candidate[] top = {new Candidate(id, -0.25f), new Candidate('?', Float.NEGATIVE_INFINITY)};
      return Optional.of(
          new Logprobs(
              -0.25f, Arrays.asList(top).subList(0, Math.min(2, params.logprobs().getAsInt()))));
    }

    @Override
    public Event next() throws InterruptedException {
      return events.take();
    }

    @Override
    public void close() {
      closed.release();
    }
  }

  /** Finds every token as likely as any other. */
  @Override
  public void logits(int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    requesters.add(who);
    Thread.sleep(prefillMillis);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(ValueLayout.JAVA_FLOAT, tokenizer.vocabSize());
      for (int i = from; i < ids.length; i++) {
        sink.accept(i, row);
      }
    }
  }

  /** Finds every token as likely as any other. */
  @Override
  public float[] score(int[] ids, int from, Requester who) throws InterruptedException {
    requesters.add(who);
    Thread.sleep(prefillMillis);
    float[] logprobs = new float[ids.length - from];
    Arrays.fill(logprobs, (float) -Math.log(tokenizer.vocabSize()));
    return logprobs;
  }

  @Override
  public List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException {
    requesters.add(who);
    encoded.addAndGet(sequences.size());
    Thread.sleep(prefillMillis);
    return sequences.stream().map(ids -> states(ids, rows)).toList();
  }

  private float[][] states(int[] ids, HiddenRows rows) {
    if (info.pooling().orElseThrow() == Pooling.RANK) {
      return new float[][] {{Arrays.stream(ids).filter(id -> id == 'x').count() - 1}};
    }
    float[][] states =
        Arrays.stream(ids)
            .mapToObj(id -> new float[] {1, id % 2, id % 3, id % 5})
            .toArray(float[][]::new);
    return switch (rows) {
      case FIRST -> new float[][] {states[0]};
      case LAST -> new float[][] {states[states.length - 1]};
      case ALL -> states;
    };
  }

  @Override
  public LoopStats stats() {
    return new LoopStats(
        running.get(),
        waiting.get(),
        running.get(),
        0,
        8,
        0,
        0,
        0,
        SpillStats.NONE,
        Optional.empty());
  }

  /** From now on it says of itself that it does not answer any more, or that all is well. */
  void failure(Optional<SoleboxException> error) {
    failure = error;
  }

  @Override
  public Optional<SoleboxException> failure() {
    return failure;
  }

  @Override
  public List<MemoryLedger.Holding> memory() {
    return List.of();
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public String device() {
    return "a test";
  }

  @Override
  public void close() {}
}
