package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.draft.Guess;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.sample.Sampler;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes an answer: samples a token from each step's last row until something ends it. Where a step
 * runs with guessed ids behind the last one, it samples from the row of each guess that was right
 * as well, as if these had been said one by one.
 */
final class AnswerWork implements Work {
  /** Of an answer that may be long. */
  private static final int USUAL_TOKENS = 256;

  private final GenerationRequest request;
  private final Owner owner;
  private final int variant;
  private final Set<Integer> stopIds;
  private Guess guess; // of the step that is made or runs; of no ids between steps
  private final int contextTokens;
  private final boolean isSpeculative;
  private final QueuedGeneration generation;
  private final long submitted = System.nanoTime();
  private Optional<Long> started = Optional.empty();
  private Optional<Long> firstToken = Optional.empty();
  private int cachedTokens;
  private int completionTokens;
  private int drafted;
  private int accepted;
  private int dropped;
  private Optional<FinishReason> reason = Optional.empty();
  private Optional<SoleboxException> failure = Optional.empty();

  /**
   * @param owner whose it is
   * @param contextTokens that the model's longest sequence has
   * @param isSpeculative whether somebody may guess its ids ahead
   */
  AnswerWork(
      GenerationRequest request,
      Owner owner,
      int variant,
      Sampler sampler,
      Set<Integer> stopIds,
      int contextTokens,
      boolean isSpeculative,
      QueuedGeneration generation) {
    this.request = request;
    this.owner = owner;
    this.variant = variant;
    this.guess = new Guess(sampler, stopIds, 0);
    this.stopIds = stopIds;
    this.contextTokens = request.shift().map(ContextShift::window).orElse(contextTokens);
    this.isSpeculative = isSpeculative;
    this.generation = generation;
  }

  @Override
  public int reusablePrefix() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int rows(int from, int to, int length) {
    return to == length ? 1 : 0;
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public int variant() {
    return variant;
  }

  @Override
  public Priority priority() {
    return request.priority();
  }

  @Override
  public Owner owner() {
    return owner;
  }

  @Override
  public Optional<Long> deadlineNanos() {
    return request.deadline().map(d -> submitted + d.toNanos());
  }

  @Override
  public void queued(int ahead) {
    generation.put(new Generation.Queued(ahead));
  }

  @Override
  public void started(int cached, int length) {
    // After a preemption the sequence finds its own blocks again; that is no saving for the user.
    if (started.isEmpty()) {
      started = Optional.of(System.nanoTime());
      cachedTokens = cached;
      generation.put(new Generation.Prefilling(cached, cached, length));
    }
  }

  @Override
  public void computed(int positions, int length) {
    if (firstToken.isEmpty() && positions < length) {
      generation.put(new Generation.Prefilling(positions, cachedTokens, length));
    }
  }

  @Override
  public Optional<RowRequest> request(int token, int position, int length) {
    int ahead = position - (length - 1);
    return ahead < 0 ? Optional.empty() : Optional.of(guess.sampler(ahead).request(token));
  }

  /** Ids that may be guessed behind the {@code length} known ones: the next is no guess. */
  int room(int length) {
    int left = Math.min(request.sampling().maxTokens() - completionTokens, contextTokens - length);
    return isSpeculative ? Math.max(0, left - 1) : 0;
  }

  /**
   * Ids that will be said behind the {@code length} known ones, as far as anybody can tell: most
   * answers are shorter than they may be, and one that has gone on for long goes on for as long
   * again.
   */
  int further(int length) {
    return Math.min(room(length), Math.max(USUAL_TOKENS, completionTokens));
  }

  /** Begins a guess of at most {@code most} ids, for the next step. */
  Guess guess(int most) {
    guess = new Guess(guess.now(), stopIds, most);
    return guess;
  }

  @Override
  public void take(Sequence sequence, int position, Outputs outputs, int slot) {
    if (isDone() || guess.isWrong()) {
      return; // the row stands behind what is not said
    }
    try {
      Sampler.Choice choice = guess.now().choose(outputs, slot);
      int right = guess.right();
      guess.said(choice.id());
      take(sequence, choice, guess.right() > right);
    } catch (SoleboxException e) {
      failure = Optional.of(e); // of this answer alone; its neighbours go on
    }
  }

  @Override
  public int settle() {
    if (guess.size() == 0) {
      return 0;
    }
    int wrong = guess.size() - guess.right();
    drafted += guess.size();
    accepted += guess.right();
    guess = new Guess(guess.now(), stopIds, 0);
    return wrong;
  }

  /**
   * What a constraint leaves no choice about is said here, and computed with the next step. Where
   * the context is full, room comes first.
   */
  @Override
  public void goOn(Sequence sequence) {
    if (completionTokens == 0 || !sequence.isGenerating()) {
      return; // a row of the prompt comes first
    }
    OptionalInt next = guess.now().forced();
    while (!isDone() && shift(sequence.length()).isEmpty() && next.isPresent()) {
      guess.said(next.getAsInt());
      take(sequence, new Sampler.Choice(next.getAsInt(), Optional.empty()), false);
      next = guess.now().forced();
    }
  }

  private void take(Sequence sequence, Sampler.Choice choice, boolean guessed) {
    if (completionTokens++ == 0) {
      firstToken = Optional.of(System.nanoTime());
    }
    if (stopIds.contains(choice.id())) {
      reason = Optional.of(FinishReason.STOP);
      return;
    }
    generation.put(new Generation.Token(choice.id(), choice.logprobs(), guessed));
    sequence.append(choice.id());
    boolean isFull = sequence.length() >= contextTokens && request.shift().isEmpty();
    if (completionTokens == request.sampling().maxTokens() || isFull) {
      reason = Optional.of(FinishReason.LENGTH);
    }
  }

  @Override
  public Optional<ContextShift> shift(int length) {
    return request.shift().filter(_ -> length >= contextTokens);
  }

  @Override
  public void shifted(int tokens) {
    dropped += tokens;
  }

  @Override
  public void finished() {
    failure.ifPresentOrElse(
        this::failed, () -> generation.put(new Generation.End(reason.orElseThrow(), usage())));
  }

  private Generation.Usage usage() {
    long now = System.nanoTime();
    long begun = started.orElse(now);
    long first = firstToken.orElse(now);
    return new Generation.Usage(
        request.prompt().length,
        cachedTokens,
        completionTokens,
        begun - submitted,
        first - begun,
        now - first,
        isSpeculative ? Optional.of(new Drafts(drafted, accepted)) : Optional.empty(),
        dropped);
  }

  @Override
  public boolean isDone() {
    return reason.isPresent() || failure.isPresent();
  }

  @Override
  public Optional<SoleboxException> failure() {
    return failure;
  }

  @Override
  public boolean isCancelled() {
    return generation.isClosed();
  }

  @Override
  public void cancelled() {
    generation.put(new Generation.End(FinishReason.CANCELLED, usage()));
  }

  @Override
  public void failed(SoleboxException error) {
    generation.put(new Generation.Failed(error));
  }
}
