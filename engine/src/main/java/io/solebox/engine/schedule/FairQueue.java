package io.solebox.engine.schedule;

import io.solebox.engine.generation.UserWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weighted fair queuing over tokens (Demers, Keshav and Shenker, SIGCOMM 1989): when would each
 * prompt be done if all users who want something were served at once, each with its share? Virtual
 * time counts the tokens that a user of weight 1 would have had of that. Served in that order, one
 * after the other, nothing ends later than with everybody served at once (Friedman and Henderson,
 * SIGMETRICS 2003).
 *
 * <p>What the cache has costs nothing. An answer's tokens are held against the prompts of its user
 * that come after it. Who was away has no credit for it, and what is computed while nobody waits is
 * held against nobody. Owned by one policy.
 */
final class FairQueue {
  /** One user, as long as it wants something or is ahead of its share. */
  static final class Account {
    private final double weight;
    private final List<Ticket> tickets = new ArrayList<>(); // in the order of their arrival
    private double end; // when the last of them would be done
    private double answered; // virtual time of answers, by which all prompts shift

    private Account(double weight) {
      this.weight = weight;
    }

    double weight() {
      return weight;
    }

    /** Virtual time of all that it asked for. */
    private double total() {
      return end + answered;
    }

    /** Those from {@code index} on would be done later by so many tokens, or earlier. */
    private void shift(int index, double tokens, double now) {
      for (Ticket ticket : tickets.subList(index, tickets.size())) {
        ticket.done = shifted(ticket.done, tokens, now + ticket.tokens / weight);
      }
      end = shifted(end, tokens, now);
    }

    /** Nobody is earlier than if it came now: there is no credit for the time before. */
    private double shifted(double time, double tokens, double earliest) {
      return Math.max(time + tokens / weight, Math.min(time, earliest - answered));
    }
  }

  /** One sequence's place. */
  static final class Ticket {
    private final Account account;
    private final long number;
    private double done;
    private int tokens; // of the prompt, less what the cache has

    private Ticket(Account account, long number, int tokens) {
      this.account = account;
      this.number = number;
      this.tokens = tokens;
    }

    Account account() {
      return account;
    }

    /** In the order of arrival. */
    long number() {
      return number;
    }

    /** Virtual time at which it would be done. */
    double due() {
      return done + account.answered;
    }
  }

  private final UserWeights weights;
  private final Map<Owner, Account> accounts = new HashMap<>();
  private final Set<Account> present = new HashSet<>(); // those of the step that is made
  private final Set<Account> asking = new HashSet<>(); // whose prompts are there to be computed
  private double now;
  private long lastNumber;

  FairQueue(UserWeights weights) {
    this.weights = weights;
  }

  /**
   * @param tokens of the prompt that must be computed, as far as is known
   */
  Ticket enter(Owner owner, int tokens) {
    Account account = accounts.computeIfAbsent(owner, this::account);
    var ticket = new Ticket(account, ++lastNumber, tokens);
    account.end = Math.max(account.end, now - account.answered) + tokens / account.weight;
    ticket.done = account.end;
    account.tickets.add(ticket);
    return ticket;
  }

  private Account account(Owner owner) {
    double weight = weights.weight(owner.user());
    if (!(weight > 0)) {
      throw new IllegalStateException("the weight of " + owner + " is " + weight);
    }
    return new Account(weight);
  }

  /** It begins, and so many tokens of it must be computed after all. */
  void begun(Ticket ticket, int tokens) {
    Account account = ticket.account;
    int more = tokens - ticket.tokens;
    ticket.tokens = tokens;
    account.shift(account.tickets.indexOf(ticket), more, now);
  }

  /** It has ended, and so many tokens of its prompt were never computed. */
  void leave(Ticket ticket, int left) {
    Account account = ticket.account;
    int index = account.tickets.indexOf(ticket);
    account.tickets.remove(index);
    account.shift(index, -Math.min(left, ticket.tokens), now);
  }

  /** A step is about to be made; says of each sequence that it is there. */
  void begin() {
    present.clear();
    asking.clear();
  }

  /**
   * A sequence that is there.
   *
   * @param asks whether its prompt is still to be computed, or again
   */
  void isThere(Ticket ticket, boolean asks) {
    present.add(ticket.account);
    if (asks) {
      asking.add(ticket.account);
    }
  }

  /** All that are there were named. */
  void settle() {
    if (!isAsked()) {
      // Nobody waits: what was computed until now is held against nobody.
      accounts.values().forEach(account -> now = Math.max(now, account.total()));
    }
    accounts.values().removeIf(account -> account.tickets.isEmpty() && account.total() <= now);
  }

  /** Whether prompts are there to be computed. */
  boolean isAsked() {
    return !asking.isEmpty();
  }

  /** Of the users who are there. */
  double weight() {
    return weight(present);
  }

  private static double weight(Set<Account> accounts) {
    return accounts.stream().mapToDouble(Account::weight).sum();
  }

  /**
   * Tokens of a prompt that were never computed before are in the step. Time passes for those who
   * ask; where nobody does, these are none, or the last one of a prompt, which is held against
   * nobody.
   */
  void prompted(int tokens) {
    if (isAsked()) {
      now += tokens / weight(asking);
    }
  }

  /** Tokens of its answer are in the step. */
  void answered(Ticket ticket, int tokens) {
    Account account = ticket.account;
    // Who takes less than its share has no credit for it.
    account.end = Math.max(account.end, now - account.answered);
    account.answered += tokens / account.weight;
    ticket.done = Math.max(ticket.done, now - account.answered);
  }

  /** Users that are remembered. */
  int size() {
    return accounts.size();
  }
}
