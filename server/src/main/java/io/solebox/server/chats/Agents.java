package io.solebox.server.chats;

import io.solebox.engine.generation.Priority;
import io.solebox.server.answers.Terms;
import io.solebox.server.chats.Beginnings.Wish;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.run.Runs;
import io.solebox.server.chats.store.Agent;
import io.solebox.server.chats.store.AgentStore;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Step;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.http.WorkItem;
import io.solebox.server.models.Models;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Has the tasks of chats done, one after another and behind everything that people wait for, as
 * long as nothing is in the way: a question, the budget, a failure, a person. What is being done is
 * on disk before it begins, so whatever ends the server, the next one goes on from the last step
 * that was kept. Safe for many threads.
 */
final class Agents implements AutoCloseable {
  private static final String ENDED = "server_ended";
  private static final String DRAINING = "shutting_down";

  private final Ground ground;
  private final Models models;
  private final AskedReader asked;
  private final Beginnings beginnings;
  private final AgentStore store;
  private final Function<String, Caller> callers;
  private final Faults faults;
  private final Map<String, Lock> locks = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Agents(
      Ground ground,
      Models models,
      AskedReader asked,
      Beginnings beginnings,
      AgentStore store,
      Function<String, Caller> callers,
      Faults faults) {
    this.ground = ground;
    this.models = models;
    this.asked = asked;
    this.beginnings = beginnings;
    this.store = store;
    this.callers = callers;
    this.faults = faults;
  }

  /** Goes on with what the end of an earlier server has broken off. */
  void goOnAll() {
    store.running().forEach(each -> goOnSoon(each.owner(), each.chat()));
  }

  /** What is to be done in a chat, if anything. */
  Optional<Agent> find(String owner, String chat) {
    return store.find(owner, chat);
  }

  /** Writes what is to be done, or how it is with it. */
  void put(String owner, Agent agent) {
    if (store.put(owner, agent)) {
      ground
          .chats()
          .of(owner, agent.chat())
          .find(owner, agent.chat())
          .ifPresent(chat -> ground.tell(owner, chat));
    }
  }

  /** Tokens that it has taken so far. */
  long used(String owner, Agent agent) {
    return agent.spent()
        + agent.tasks().stream()
            .flatMap(task -> task.answer().stream())
            .flatMap(id -> message(owner, agent.chat(), id).stream())
            .mapToLong(Spent::by)
            .sum();
  }

  private Optional<Message> message(String owner, String chat, String id) {
    return ground.chats().of(owner, chat).message(owner, chat, id);
  }

  /** What an answer is asked for with, where it is one of a task: no more than is left. */
  Order.Asking bounded(String owner, String chat, Message answer, Order.Asking asking) {
    return find(owner, chat)
        .filter(
            agent ->
                agent.tasks().stream()
                    .anyMatch(t -> t.answer().filter(answer.id()::equals).isPresent()))
        .map(
            agent -> {
              long others =
                  used(owner, agent) - message(owner, chat, answer.id()).map(Spent::by).orElse(0L);
              return Spent.bounded(asking, agent.budget() - others);
            })
        .orElse(asking);
  }

  /** An answer of a chat is over; what hangs on it goes on. */
  void ended(Order order) {
    if (find(order.owner(), order.chat()).isPresent()) {
      goOnSoon(order.owner(), order.chat());
    }
  }

  /** Goes on as far as it goes; returns at once. */
  void goOnSoon(String owner, String chat) {
    Thread.ofVirtual().name("agent").start(() -> goOn(owner, chat));
  }

  /** The same when a person wants it: what was in the way is so no more. */
  void goOnAgain(String owner, String chat) {
    Thread.ofVirtual()
        .name("agent")
        .start(
            () -> {
              alone(chat, () -> caught(owner, chat, () -> again(owner, chat)));
              goOn(owner, chat);
            });
  }

  private void again(String owner, String chat) throws InterruptedException {
    Optional<Agent> agent = find(owner, chat);
    Optional<Integer> next = agent.flatMap(Agent::next);
    Optional<Message> answer =
        next.flatMap(at -> agent.get().tasks().get(at).answer())
            .flatMap(id -> message(owner, chat, id));
    if (answer.filter(its -> isOver(its.state())).isPresent()) {
      goOnWith(owner, agent.get(), next.get(), answer.get());
    }
  }

  private static boolean isOver(Message.State state) {
    return switch (state) {
      case DONE, FAILED, STOPPED -> true;
      case RUNNING, WAITING -> false;
    };
  }

  /** Runs what changes one alone. */
  void alone(String chat, Runnable change) {
    Lock lock = locks.computeIfAbsent(chat, _ -> new ReentrantLock());
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private void goOn(String owner, String chat) {
    alone(
        chat,
        () ->
            caught(
                owner,
                chat,
                () -> {
                  boolean more = true;
                  while (more && !closed) {
                    more = step(owner, chat);
                  }
                }));
  }

  /** Something that the end of the server interrupts. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  /** Whatever goes wrong is told where it is looked for. */
  private void caught(String owner, String chat, Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      // the server ends; the next one goes on
    } catch (RuntimeException | Error e) {
      halted(owner, chat, faults.problem(e, ""));
    }
  }

  private void halted(String owner, String chat, Problem problem) {
    if (problem.code().equals(DRAINING) || closed) {
      return; // the next server goes on
    }
    Agent.State state =
        problem.code().equals(Spent.BUDGET_USED) ? Agent.State.BUDGET : Agent.State.FAILED;
    Map<String, Object> why = new LinkedHashMap<>();
    why.put("code", problem.code());
    why.put("message", problem.getMessage());
    find(owner, chat).ifPresent(agent -> put(owner, agent.with(state, Optional.of(why))));
  }

  /** Returns whether there may be another at once. */
  private boolean step(String owner, String chat) throws InterruptedException {
    Optional<Agent> found =
        find(owner, chat)
            .filter(
                agent ->
                    agent.state() == Agent.State.RUNNING || agent.state() == Agent.State.WAITING);
    if (found.isEmpty()) {
      return false;
    }
    Agent agent = found.get();
    if (agent.next().isEmpty()) {
      put(owner, agent.with(Agent.State.DONE, Optional.empty()));
      return false;
    }
    int next = agent.next().get();
    Optional<Message> answer =
        agent.tasks().get(next).answer().flatMap(id -> message(owner, chat, id));
    if (answer.isEmpty()) {
      begin(owner, agent, next);
      return false;
    }
    return after(owner, agent, next, answer.get());
  }

  private boolean after(String owner, Agent agent, int next, Message answer)
      throws InterruptedException {
    boolean brokenOff = code(answer).equals(ENDED);
    return switch (answer.state()) {
      case RUNNING -> false; // its end will be heard of
      case WAITING -> {
        put(owner, agent.with(Agent.State.WAITING, Optional.empty()));
        yield false;
      }
      case DONE -> {
        boolean cut = "length".equals(answer.about().get("finish")) && isUsedUp(owner, agent);
        Agent.Task task = agent.tasks().get(next);
        Agent done = cut ? agent : agent.with(next, task.doneNow());
        put(owner, done.with(cut ? Agent.State.BUDGET : Agent.State.RUNNING, Optional.empty()));
        yield !cut;
      }
      case FAILED, STOPPED -> {
        if (brokenOff && !closed) {
          goOnWith(owner, agent, next, answer);
        } else if (!closed) {
          halt(owner, agent, answer);
        }
        yield false;
      }
    };
  }

  private boolean isUsedUp(String owner, Agent agent) {
    return used(owner, agent) >= agent.budget();
  }

  private static String code(Message answer) {
    return answer.about().get("error") instanceof Map<?, ?> error
        ? String.valueOf(error.get("code"))
        : "";
  }

  @SuppressWarnings("unchecked") // as it was written
  private void halt(String owner, Agent agent, Message answer) {
    Agent.State state =
        switch (answer.state()) {
          case STOPPED -> Agent.State.PAUSED;
          case FAILED ->
              code(answer).equals(Spent.BUDGET_USED) ? Agent.State.BUDGET : Agent.State.FAILED;
          case RUNNING, WAITING, DONE -> throw new IllegalStateException("it is not in the way");
        };
    Optional<Map<String, Object>> why =
        Optional.ofNullable((Map<String, Object>) answer.about().get("error"));
    put(owner, agent.with(state, why));
  }

  /** Its answer is named before it begins: whoever comes later knows it, or knows there is none. */
  private void begin(String owner, Agent agent, int next) throws InterruptedException {
    requireBudget(owner, agent);
    Asked with = asked.again(owner, agent.chat(), agent.asked());
    Optional<String> parent = next == 0 ? agent.parent() : agent.tasks().get(next - 1).answer();
    List<Message> path = new ArrayList<>();
    parent.ifPresent(id -> path.addAll(Prompting.path(with.all(), id)));
    long now = ground.clock().millis();
    String text = agent.tasks().get(next).text();
    Message user = Message.said(Ids.of("msg"), parent, Role.USER, now, text);
    path.add(user);
    Message answer = with.begun(Optional.of(user.id()), now);
    put(
        owner,
        agent
            .with(next, agent.tasks().get(next).answeredBy(answer.id()))
            .with(Agent.State.RUNNING, Optional.empty()));
    run(owner, new Wish(with, path, Optional.of(user), answer));
  }

  /**
   * Goes on with an answer that was broken off. A call that may have been done waits for a person,
   * unless it changes nothing; one that had not begun needs no new word where there is one for all.
   */
  private void goOnWith(String owner, Agent agent, int next, Message before)
      throws InterruptedException {
    requireBudget(owner, agent);
    Asked with = asked.again(owner, agent.chat(), before.about());
    Message ready = before;
    for (Step step : before.steps()) {
      for (Call call : step.calls()) {
        if (call.isUndecided() && with.tools().mayBeRepeated(agent.chat(), call)) {
          ready = ready.with(call.withState(Call.State.APPROVED));
        }
      }
    }
    if (ready.hasUndecided()) {
      ChatStore chats = ground.chats().of(owner, agent.chat());
      chats.update(owner, agent.chat(), ready.withState(Message.State.WAITING).without("error"));
      put(owner, agent.with(Agent.State.WAITING, Optional.empty()));
      return;
    }
    Message begun = TurnRoutes.goingOn(with.with(ready));
    long lost = Spent.by(before) - Spent.by(begun);
    put(
        owner,
        agent
            .withSpent(agent.spent() + lost)
            .with(Agent.State.RUNNING, Optional.empty())
            .with(next, agent.tasks().get(next).answeredBy(begun.id())));
    List<Message> path = new ArrayList<>(Prompting.path(with.all(), before.id()));
    path.removeLast();
    run(owner, new Wish(with, path, Optional.empty(), begun));
  }

  private void requireBudget(String owner, Agent agent) {
    if (isUsedUp(owner, agent)) {
      throw Problem.of(409, Spent.BUDGET_USED, "The tasks of this chat have used their budget.");
    }
  }

  private void run(String owner, Wish wish) throws InterruptedException {
    Caller caller = callers.apply(owner);
    if (caller.account().noTokens().isPresent()) {
      throw Problem.of(429, "rate_limit_exceeded", "Your limit of tokens is used up.");
    }
    RequestNotes notes = new RequestNotes();
    WorkItem item =
        WorkItem.ofChat(wish.answer().id(), wish.answer().id(), Runs.PATH, owner, notes);
    Terms terms = Terms.USUAL.withUser(owner).withPriority(Priority.BACKGROUND);
    Order order = beginnings.order(wish, terms, item);
    ground.runs().begin(order, models.use(notes, caller));
  }

  @Override
  public void close() {
    closed = true;
  }
}
