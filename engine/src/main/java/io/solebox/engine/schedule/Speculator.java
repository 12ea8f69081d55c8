package io.solebox.engine.schedule;

import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guess;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.Guessing.When;
import io.solebox.engine.schedule.Scheduler.Chunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Lets sequences that are generating run ahead: puts guessed ids behind the last one of each into
 * the next step, where that promises more tokens a second. What a step takes by its size, what
 * guessing takes and how often guesses are right is measured all the time, so it turns itself down
 * where it does not pay: for answers whose guesses are bad, where many sequences fill the step
 * already, and where a draft model's way through the prompt is longer than the answer is worth.
 * While a prompt is computed nobody runs ahead. None of this changes an answer, so it may depend on
 * the clock. Owned by one engine loop.
 */
final class Speculator {
  /**
   * A sequence that runs ahead in the step that is made or runs.
   *
   * @param behind ids that the drafter had to compute before it could guess
   */
  private record Runner(Sequence sequence, Drafting drafting, Guess guess, int behind) {
    /** Ids that the drafter computed of a long way to where it can guess. */
    int gone() {
      int left = drafting.track().behind(sequence.ids(), sequence.length()).orElse(behind);
      return GuessCosts.isFar(behind) ? behind - left : 0;
    }
  }

  private final Drafter drafter;
  private final Guessing guessing;
  private final int maxTokens;
  private final int maxRows;
  private final StepCosts costs = new StepCosts();
  private final GuessCosts guessCosts = new GuessCosts();
  private final Acceptance ofAnswers; // that have ended
  private final Map<Sequence, Drafting> draftings = new HashMap<>();
  private final LongSupplier nanoTime;
  private long drafted;
  private long accepted;

  // Of the step that is made or runs.
  private List<Chunk> plain = List.of(); // without guesses; none where nobody may run ahead
  private final List<Runner> runners = new ArrayList<>();
  private int tokens;
  private double expected;

  /**
   * @param maxTokens of a step
   * @param maxRows of a step
   */
  Speculator(Guessing guessing, int maxTokens, int maxRows) {
    this(guessing, maxTokens, maxRows, System::nanoTime);
  }

  /**
   * The same by another clock.
   *
   * @param nanoTime what guessing takes is measured by
   */
  Speculator(Guessing guessing, int maxTokens, int maxRows, LongSupplier nanoTime) {
    this.guessing = guessing;
    this.drafter = guessing.drafter();
    this.ofAnswers = new Acceptance(drafter);
    this.nanoTime = nanoTime;
    this.maxTokens = maxTokens;
    this.maxRows = maxRows;
  }

  /** Ids that were guessed and run, since the start. */
  long drafted() {
    return drafted;
  }

  /** Those of them that were right. */
  long accepted() {
    return accepted;
  }

  /**
   * The same step with guesses, where they promise to pay.
   *
   * @param budget tokens that the step may have
   */
  List<Chunk> extend(List<Chunk> chunks, int budget) {
    boolean decoding = guessing.isOn() && chunks.stream().allMatch(Speculator::isGenerating);
    plain = decoding ? chunks : List.of();
    runners.clear();
    tokens = plain.size();
    expected = plain.size();
    releasePreempted();
    if (!decoding || !always() && !costs.isKnown(tokens)) {
      return chunks;
    }
    int room = Math.min(Math.min(budget, maxTokens), maxRows) - tokens;
    guess(room);
    runners.forEach(runner -> take(runner, room));
    runners.removeIf(runner -> runner.guess().size() == 0);
    return chunks.stream().map(this::withGuess).toList();
  }

  /** Who gave its memory back leaves the drafter's to others as well. */
  private void releasePreempted() {
    draftings.forEach(
        (sequence, drafting) -> {
          if (sequence.computed() == 0) {
            drafting.track().release();
          }
        });
  }

  private boolean always() {
    return guessing.when() == When.ALWAYS;
  }

  private static boolean isGenerating(Chunk chunk) {
    return switch (chunk.sequence().work()) {
      case AnswerWork _ -> chunk.sequence().uncomputed() == 1;
      case RowWork _ -> false;
    };
  }

  /** Has the next ids of all guessed for whom that may pay. */
  private void guess(int room) {
    var tasks = new ArrayList<Drafter.Task>();
    for (Chunk chunk : plain) {
      Sequence sequence = chunk.sequence();
      var work = (AnswerWork) sequence.work();
      Drafting drafting = drafting(sequence);
      drafting.look(sequence);
      int mine = Math.min(Math.min(guessing.mostTokens(), room), work.room(sequence.length()));
      OptionalInt behind =
          mine > 0
              ? drafting.track().behind(sequence.ids(), sequence.length())
              : OptionalInt.empty();
      int further = work.further(sequence.length());
      int wish = behind.isEmpty() ? 0 : wish(drafting, behind.getAsInt(), mine, further);
      if (wish > 0) {
        tokens += drafter.isFree() ? 0 : wish;
        expected += drafter.isFree() ? 0 : promised(wish, drafting.chance(0));
        Guess guess = work.guess(wish);
        runners.add(new Runner(sequence, drafting, guess, behind.getAsInt()));
        tasks.add(new Drafter.Task(drafting.track(), sequence.ids(), sequence.length(), guess));
      } else {
        drafting.rests();
      }
    }
    long begin = nanoTime.getAsLong();
    drafter.extend(tasks);
    chargeGuessing(nanoTime.getAsLong() - begin);
    // What the guesses of the others leave to each is counted anew.
    tokens = plain.size();
    expected = plain.size();
  }

  /**
   * Ids to have guessed for a sequence; 0 for one that is not worth it.
   *
   * @param behind ids that the drafter would have to compute first
   * @param further ids that the answer is taken to have before it
   */
  private int wish(Drafting drafting, int behind, int limit, int further) {
    if (drafter.isFree()) {
      return limit;
    }
    int size = best(drafting, 0, limit);
    if (size == 0 || always() || !GuessCosts.isFar(behind)) {
      return size;
    }
    double usual = costs.of(plain.size(), plain.size());
    double promised = promised(size, Math.min(drafting.chance(0), ofAnswers.of(0)));
    double took = costs.of(plain.size() + size, plain.size()) - usual + size * guessCosts.ofId();
    double saved = (promised * usual / plain.size() - took) * further / (1 + promised);
    return guessCosts.ofWay(behind, usual) < saved ? size : 0;
  }

  /** Charges guesses to those for whom they were made, whether anything came of them or not. */
  private void chargeGuessing(long nanos) {
    if (drafter.isFree() || runners.isEmpty()) {
      return;
    }
    int longest = runners.stream().mapToInt(r -> r.guess().size()).max().orElse(0);
    int asked = runners.stream().mapToInt(r -> 1 + r.guess().size()).sum();
    int gone = runners.stream().mapToInt(Runner::gone).sum();
    double guesses = guessCosts.took(nanos, longest, gone);
    for (Runner runner : runners) {
      runner.drafting().spend(guesses * (1 + runner.guess().size()) / asked);
    }
  }

  /** Decides how much of a guess runs, and writes it behind its sequence. */
  private void take(Runner runner, int room) {
    Guess guess = runner.guess();
    int left = Math.min(guess.size(), room - (tokens - plain.size()));
    int size = drafter.isFree() ? best(runner.drafting(), guess.evidence(), left) : left;
    if (size == 0 && guess.size() > 0) {
      runner.drafting().putAside(guess, runner.sequence().length());
    }
    guess.cut(size);
    guess.cutForbidden();
    if (guess.size() > 0 && !runner.sequence().guess(guess)) {
      guess.cut(0); // no memory is taken from others for it
    }
    tokens += guess.size();
    expected += promised(guess.size(), runner.drafting().chance(guess.evidence()));
  }

  /** How many ids of a guess of at most {@code limit} give the most tokens a second. */
  private int best(Drafting drafting, int evidence, int limit) {
    if (limit <= 0 || always()) {
      return Math.max(0, limit);
    }
    if (!drafting.hasCredit()) {
      return 0;
    }
    // Into sizes whose cost is not known it goes by small steps.
    int ahead = costs.largestKnown(plain.size()) - plain.size();
    int most = Math.min(limit, plain.size() + 2 * ahead + 1 - tokens);
    double chance = drafting.chance(evidence);
    int best = 0;
    double bestRate = expected / costs.of(tokens, plain.size());
    for (int n = 1; n <= most; n++) {
      double nanos = costs.of(tokens + n, plain.size()) + n * guessCosts.ofId();
      double rate = (expected + promised(n, chance)) / nanos;
      if (rate > bestRate) {
        best = n;
        bestRate = rate;
      }
    }
    return best;
  }

  /** Ids of a guess that will be right, on average. */
  private static double promised(int size, double chance) {
    double sum = 0;
    double allRight = 1;
    for (int i = 0; i < size; i++) {
      allRight *= chance;
      sum += allRight;
    }
    return sum;
  }

  private Chunk withGuess(Chunk chunk) {
    int guessed =
        runners.stream()
            .filter(runner -> runner.sequence() == chunk.sequence())
            .mapToInt(runner -> runner.guess().size())
            .sum();
    return new Chunk(chunk.sequence(), chunk.tokens() + guessed);
  }

  /** The step took {@code nanos}, and its results were handed out. */
  void ran(long nanos) {
    if (plain.isEmpty()) {
      return;
    }
    for (Runner runner : runners) {
      Guess guess = runner.guess();
      runner.drafting().ran(guess.evidence(), guess.right(), guess.size());
      drafted += guess.size();
      accepted += guess.right();
    }
    boolean telling = costs.ran(tokens, nanos);
    if (telling && costs.isKnown(plain.size())) {
      charge(nanos);
    }
  }

  private void charge(long nanos) {
    double usual = costs.of(plain.size(), plain.size());
    double extra = Math.max(0, nanos - usual);
    plain.forEach(chunk -> drafting(chunk.sequence()).charge(nanos, 0));
    for (Runner runner : runners) {
      double share = (double) runner.guess().size() / (tokens - plain.size());
      double gained = runner.guess().right() * usual / plain.size() - share * extra;
      runner.drafting().charge(0, gained);
    }
  }

  private Drafting drafting(Sequence sequence) {
    return draftings.computeIfAbsent(sequence, _ -> new Drafting(drafter));
  }

  /** A sequence has ended. */
  void forget(Sequence sequence) {
    Drafting drafting = draftings.remove(sequence);
    if (drafting != null) {
      drafting.tell(ofAnswers);
      drafting.track().release();
    }
  }

  /** A step broke. */
  void forgetContents() {
    drafter.forgetContents();
  }
}
