package io.solebox.engine.schedule;

import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.UserWeights;
import io.solebox.engine.schedule.FairQueue.Account;
import io.solebox.engine.schedule.FairQueue.Ticket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Shares a model among users by weight, in tokens. Prompts come in the order of {@link FairQueue},
 * a step stays short for others whose next token it brings ({@link CalmStep}), and who holds more
 * of its places than its share gives way to who waits ({@link Places}). Background work has what
 * people leave of a step, and what they owe it ({@link BackgroundTurns}).
 */
final class FairShares implements SchedulerPolicy {
  private static final Comparator<Sequence> GENERATING_FIRST =
      Comparator.comparing(sequence -> !sequence.isGenerating());

  private final FairQueue people;
  private final FairQueue background;
  private final IntSupplier free;
  private final BackgroundTurns turns = new BackgroundTurns();
  private final Map<Sequence, Ticket> tickets = new HashMap<>();
  private final Comparator<Sequence> byDue =
      Comparator.<Sequence>comparingDouble(s -> ticket(s).due())
          .thenComparingLong(s -> ticket(s).number());

  // Of the step that is made.
  private CalmStep step = new CalmStep(1, 0);

  /**
   * @param free tokens that could be computed in the time that a step of none takes, as measured
   */
  FairShares(UserWeights weights, IntSupplier free) {
    this.people = new FairQueue(weights);
    this.background = new FairQueue(weights);
    this.free = free;
  }

  static boolean isBackground(Sequence sequence) {
    return sequence.work().priority() == Priority.BACKGROUND;
  }

  private FairQueue queue(Sequence sequence) {
    return isBackground(sequence) ? background : people;
  }

  private Ticket ticket(Sequence sequence) {
    return tickets.get(sequence);
  }

  private Account account(Sequence sequence) {
    return ticket(sequence).account();
  }

  @Override
  public void arrived(Sequence sequence) {
    Owner owner = sequence.work().owner();
    tickets.put(sequence, queue(sequence).enter(owner, sequence.promptLeft()));
  }

  @Override
  public void admitted(Sequence sequence, boolean first) {
    if (first) {
      queue(sequence).begun(ticket(sequence), sequence.promptLeft());
    }
    if (isBackground(sequence)) {
      turns.admitted(sequence);
    }
  }

  @Override
  public void left(Sequence sequence) {
    queue(sequence).leave(ticket(sequence), sequence.promptLeft());
    tickets.remove(sequence);
    turns.left(sequence);
  }

  @Override
  public void begin(List<Sequence> running, List<Sequence> waiting) {
    people.begin();
    background.begin();
    turns.begin();
    running.forEach(sequence -> isThere(sequence, hasPrompt(sequence)));
    waiting.forEach(sequence -> isThere(sequence, true));
    people.settle();
    background.settle();
    step = new CalmStep(people.weight(), free.getAsInt());
    for (Sequence sequence : running) {
      if (sequence.underway() > 0) {
        // What is under way lengthens the step as well.
        add(sequence, sequence.underway(), sequence.left() == 0);
      }
      if (hasPrompt(sequence)) {
        expect(sequence);
      }
    }
    waiting.forEach(this::expect);
  }

  /** Whether some of it is neither computed nor under way. */
  private static boolean hasPrompt(Sequence sequence) {
    return !sequence.isGenerating() && sequence.left() > 0;
  }

  private void isThere(Sequence sequence, boolean asks) {
    queue(sequence).isThere(ticket(sequence), asks);
    if (isBackground(sequence)) {
      turns.isThere(sequence);
    }
  }

  private void expect(Sequence sequence) {
    step.expect(account(sequence), account(sequence).weight(), sequence);
  }

  /**
   * People's next tokens, background work that is owed some, people's prompts, and what background
   * work there is besides.
   */
  @Override
  public List<Sequence> order(List<Sequence> running, List<Sequence> waiting) {
    var order = new ArrayList<Sequence>();
    var owed = new ArrayList<Sequence>();
    var prompts = new ArrayList<Sequence>();
    var rest = new ArrayList<Sequence>();
    for (Sequence sequence : running) {
      if (isBackground(sequence)) {
        (turns.isDue() ? owed : rest).add(sequence);
      } else {
        (sequence.isGenerating() ? order : prompts).add(sequence);
      }
    }
    for (Sequence sequence : waiting) {
      if (isBackground(sequence)) {
        (turns.enters(sequence) ? owed : rest).add(sequence);
      } else {
        prompts.add(sequence);
      }
    }
    owed.sort(GENERATING_FIRST.thenComparing(byDue));
    prompts.sort(byDue);
    rest.sort(GENERATING_FIRST.thenComparing(byDue));
    order.addAll(owed);
    order.addAll(prompts);
    order.addAll(rest);
    return order;
  }

  @Override
  public int most(Sequence sequence) {
    if (isBackground(sequence)) {
      return turns.isDue() && people.isAsked() ? turns.owed() : step.most();
    }
    Account user = account(sequence);
    boolean isAnswer = sequence.hasMemory() && sequence.isGenerating();
    return isAnswer ? 1 : step.most(user, user.weight(), sequence);
  }

  @Override
  public void scheduled(Sequence sequence, int tokens) {
    Ticket ticket = ticket(sequence);
    int sign = Integer.signum(tokens);
    int size = Math.abs(tokens);
    add(sequence, tokens, size == sequence.left());
    int prompt = sequence.freshPrompt(size);
    queue(sequence).prompted(sign * prompt);
    queue(sequence).answered(ticket, sign * (sequence.fresh(size) - prompt));
    if (isBackground(sequence)) {
      turns.background(tokens);
    } else {
      turns.people(tokens);
    }
  }

  /**
   * So many tokens lengthen the step; fewer than none where they are taken out again.
   *
   * @param isAll whether they end in the next token of an answer
   */
  private void add(Sequence sequence, int tokens, boolean isAll) {
    Account account = account(sequence);
    step.add(account, account.weight(), sequence, tokens, isAll && !isBackground(sequence));
  }

  @Override
  public List<Sequence> yielding(Sequence next, List<Sequence> running) {
    return isBackground(next) ? List.of() : places(running).yielding(next);
  }

  @Override
  public Sequence victim(List<Sequence> running) {
    return places(running).victim();
  }

  private Places places(List<Sequence> running) {
    return new Places(running, this::ticket, turns);
  }
}
