package io.solebox.clients;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A model that follows a {@link Script}, or makes vectors, if it is made for that. It says what a
 * constraint wants. The vocabulary is another model's.
 *
 * @param pooling empty for one that answers
 * @param holds by their words: a permit lets one step of what is held go on
 */
record ScriptedModel(LoadedModel of, Optional<Pooling> pooling, Map<String, Semaphore> holds)
    implements LoadedModel {
  /** Room for the instructions of agents; nothing is computed. */
  private static final int CONTEXT = 1 << 18;

  private static final ChatTemplate TEMPLATE =
      ChatTemplates.compile(
          """
          {%- if tools %}{{- 'tools: ' + (tools | tojson) + '\\n' }}{% endif %}
          {%- for message in messages %}
          {%- if message.role == 'tool' %}
          {{- '<tool_response>' + message.content + '</tool_response>\\n' }}
          {%- else %}
          {{- '[[' + message.role + ']] ' }}
          {%- if message.reasoning_content %}{{- '<think>' + message.reasoning_content + '</think>' }}{% endif %}
          {{- message.content or '' }}
          {%- for call in message.tool_calls or [] %}
          {{- '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
          {{- call.function.arguments | tojson }}
          {{- '}\\n</tool_call>' }}
          {%- endfor %}
          {{- '\\n' }}
          {%- endif %}
          {%- endfor %}
          {%- if add_generation_prompt %}{{- '[[assistant]] ' }}{% endif %}
          """,
          "scripted");

  @Override
  public ModelInfo info() {
    ModelInfo own = of.info();
    return new ModelInfo(
        "scripted",
        own.architecture(),
        own.format(),
        own.parameters(),
        own.fileBytes(),
        CONTEXT,
        own.vocabSize(),
        own.numLayers(),
        4,
        pooling,
        List.of(),
        false,
        own.temperature(),
        List.of());
  }

  @Override
  public Structures structures() {
    return of.structures();
  }

  @Override
  public Tokenizer tokenizer() {
    return of.tokenizer();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return Optional.of(TEMPLATE);
  }

  @Override
  public int contextTokens() {
    return CONTEXT;
  }

  @Override
  public Generation submit(GenerationRequest request) {
    String prompt = tokenizer().decode(request.prompt(), true);
    String script = Script.next(prompt);
    List<Generation.Event> events = new ArrayList<>();
    int prompted = request.prompt().length;
    Script.go(prompt).map(this::holdOf).ifPresent(Semaphore::release);
    Optional<Semaphore> hold = Script.hold(prompt).map(this::holdOf);
    if (hold.isPresent()) {
      events.add(new Generation.Queued(1));
      events.add(new Generation.Prefilling(prompted / 2, 0, prompted));
    }
    int tokens = 0;
    boolean whole;
    if (request.constraint().isEmpty()) {
      int[] ids = tokenizer().encode(script, Specials.PARSE, false);
      tokens = Math.min(ids.length, request.sampling().maxTokens());
      whole = tokens == ids.length;
      Arrays.stream(ids, 0, tokens).forEach(id -> events.add(token(request, id)));
    } else {
      StringBuilder text = new StringBuilder();
      while (tokens < request.sampling().maxTokens() && !text.toString().equals(script)) {
        int id = next(request, script.substring(text.length()));
        request.constraint().ifPresent(constraint -> constraint.said(id));
        text.append(tokenizer().decode(new int[] {id}, true));
        events.add(token(request, id));
        tokens++;
      }
      whole = text.toString().equals(script);
    }
    Generation.FinishReason reason =
        whole ? Generation.FinishReason.STOP : Generation.FinishReason.LENGTH;
    return new Said(events, reason, prompted, Script.pace(prompt), hold);
  }

  private Semaphore holdOf(String word) {
    return holds.computeIfAbsent(word, _ -> new Semaphore(0));
  }

  /** One with the probabilities that were asked for: its own is a half, others' a quarter. */
  private static Generation.Token token(GenerationRequest request, int id) {
    if (request.sampling().logprobs().isEmpty()) {
      return new Generation.Token(id, Optional.empty());
    }
    float half = (float) Math.log(0.5);
    List<Generation.Candidate> top = new ArrayList<>(List.of(new Generation.Candidate(id, half)));
    for (int other = 'a'; top.size() < request.sampling().logprobs().getAsInt(); other++) {
      top.add(new Generation.Candidate(other, 2 * half));
    }
    return new Generation.Token(id, Optional.of(new Generation.Logprobs(half, top)));
  }

  /** What goes on with the script, or the first that is allowed. */
  private int next(GenerationRequest request, String rest) {
    int wished = tokenizer().encode(rest, Specials.PARSE, false)[0];
    TokenMask mask = request.constraint().map(c -> c.allowed()).orElse(TokenMask.ALL);
    return mask.allows(wished)
        ? wished
        : IntStream.range(0, tokenizer().vocabSize())
            .filter(mask::allows)
            .findFirst()
            .orElseThrow();
  }

  /** What was said, as fast as it was to be. */
  private static final class Said implements Generation {
    /** After so many events it is held: its place in the queue, and its prompt. */
    private static final int HELD = 2;

    private final List<Event> events;
    private final FinishReason reason;
    private final int prompted;
    private final OptionalInt tokensPerSecond;
    private final Optional<Semaphore> hold;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long begun = System.nanoTime();
    private int told;
    private int tokens;

    Said(
        List<Event> events,
        FinishReason reason,
        int prompted,
        OptionalInt tokensPerSecond,
        Optional<Semaphore> hold) {
      this.hold = hold;
      this.events = events;
      this.reason = reason;
      this.prompted = prompted;
      this.tokensPerSecond = tokensPerSecond;
    }

    @Override
    public Event next() throws InterruptedException {
      if (hold.isPresent() && told > 0 && told <= HELD) {
        hold.get().acquire();
      }
      boolean over = closed.getCount() == 0;
      if (!over && told < events.size() && tokensPerSecond.isPresent()) {
        long due = begun + (told + 1) * 1_000_000_000L / tokensPerSecond.getAsInt();
        over = closed.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      if (over || told == events.size()) {
        long took = System.nanoTime() - begun;
        return new End(
            over ? FinishReason.CANCELLED : reason,
            new Usage(prompted, 0, tokens, 1_000, took / 10, took));
      }
      Event event = events.get(told++);
      tokens += event instanceof Token ? 1 : 0;
      return event;
    }

    @Override
    public void close() {
      closed.countDown();
      hold.ifPresent(Semaphore::release);
    }
  }

  @Override
  public void logits(int[] ids, int from, LogitsSink sink, Requester who) {
    throw new UnsupportedOperationException("nobody asks for them");
  }

  @Override
  public float[] score(int[] ids, int from, Requester who) {
    throw new UnsupportedOperationException("nobody asks for it");
  }

  @Override
  public List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who) {
    return sequences.stream().map(ScriptedModel::states).toList();
  }

  private static float[][] states(int[] ids) {
    List<float[]> states = new ArrayList<>();
    Arrays.stream(ids).forEach(id -> states.add(new float[] {1, id % 2, id % 3, id % 5}));
    return states.toArray(float[][]::new);
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public List<MemoryLedger.Holding> memory() {
    return of.memory();
  }

  @Override
  public LoopStats stats() {
    return of.stats();
  }

  @Override
  public Optional<SoleboxException> failure() {
    return of.failure();
  }

  @Override
  public String device() {
    return of.device();
  }

  @Override
  public void close() {
    of.close();
  }
}
