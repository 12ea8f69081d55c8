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

/**
 * Lets sequences that are generating run ahead: puts guessed ids behind the last one of each into
 * the next step, where that promises more tokens a second. What a step takes by its size, what
 * guessing takes and how often guesses are right is measured all the time, so it turns itself down
 * where it does not pay: for answers whose guesses are bad, and where many sequences fill the step
 * already. While a prompt is computed nobody runs ahead. None of this changes an answer, so it may
 * depend on the clock. Owned by one engine loop.
 */
final class Speculator {
  /** A sequence that runs ahead in the step that is made or runs. */
  private record Runner(Sequence sequence, Drafting drafting, Guess guess) {}

  private final Drafter drafter;
  private final Guessing guessing;
  private final int maxTokens;
  private final int maxRows;
  private final StepCosts costs = new StepCosts();
  private final LeastOfFew guessTime = new LeastOfFew(); // an id for each
  private final Map<Sequence, Drafting> draftings = new HashMap<>();
  private long drafted;
  private long accepted;

  // Of the step that is made or runs.
  private List<Chunk> plain = List.of(); // without guesses; none where nobody may run ahead
  private final List<Runner> runners = new ArrayList<>();
  private int tokens;
  private double expected;
  private long guessingNanos;

  /**
   * @param maxTokens of a step
   * @param maxRows of a step
   */
  Speculator(Guessing guessing, int maxTokens, int maxRows) {
    this.guessing = guessing;
    this.drafter = guessing.drafter();
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
    guessingNanos = 0;
    if (!decoding || !always() && !costs.isKnown(tokens)) {
      return chunks;
    }
    int room = Math.min(Math.min(budget, maxTokens), maxRows) - tokens;
    guess(room);
    runners.forEach(runner -> take(runner, room));
    runners.removeIf(runner -> runner.guess().size() == 0);
    return chunks.stream().map(this::withGuess).toList();
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
      int wish = drafter.isFree() ? mine : best(drafting, 0, mine);
      if (wish > 0) {
        tokens += drafter.isFree() ? 0 : wish;
        expected += drafter.isFree() ? 0 : promised(wish, drafting.chance(0));
        Guess guess = work.guess(wish);
        runners.add(new Runner(sequence, drafting, guess));
        tasks.add(new Drafter.Task(drafting.track(), sequence.ids(), sequence.length(), guess));
      } else {
        drafting.rests();
      }
    }
    long begin = System.nanoTime();
    drafter.extend(tasks);
    noteGuessing(System.nanoTime() - begin);
    // What the guesses of the others leave to each is counted anew.
    tokens = plain.size();
    expected = plain.size();
  }

  /** What guessing took, unless it was the way through a prompt, which is gone once. */
  private void noteGuessing(long nanos) {
    int longest = runners.stream().mapToInt(r -> r.guess().size()).max().orElse(0);
    if (!drafter.isFree() && longest > 0 && guessTime.took(nanos / longest)) {
      guessingNanos = nanos;
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
      double nanos = costs.of(tokens + n, plain.size()) + n * guessTime.nanos();
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
    double extra = Math.max(0, nanos - usual) + guessingNanos;
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
      drafting.track().release();
    }
  }

  /** A step broke. */
  void forgetContents() {
    drafter.forgetContents();
  }
}
