package io.solebox.server.chats;

import io.solebox.server.chats.store.Agent;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists of tasks that a model does in a chat while nobody looks. */
final class AgentRoutes {
  private static final String ONE = ChatRoutes.ONE + "/agent";
  private static final int MAX_TASKS = 200;
  private static final int MAX_TEXT = 100_000;

  private final Ground ground;
  private final AskedReader asked;
  private final Optional<Agents> agents;

  /**
   * @param agents empty where nothing may be kept
   */
  AgentRoutes(Ground ground, AskedReader asked, Optional<Agents> agents) {
    this.ground = ground;
    this.asked = asked;
    this.agents = agents;
  }

  List<Route> routes() {
    return List.of(
        ground.get(ONE, this::get),
        ground.post(ONE, this::start),
        ground.act(ONE + "/pause", exchange -> end(exchange, Agent.State.PAUSED)),
        ground.act(ONE + "/stop", exchange -> end(exchange, Agent.State.STOPPED)),
        ground.post(ONE + "/resume", this::resume));
  }

  private void get(Exchange exchange) {
    ground.chats().find(Owners.of(exchange), exchange.parameter("id"));
    send(exchange);
  }

  private void send(Exchange exchange) {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "agent",
        agents
            .flatMap(all -> all.find(owner, chat).map(its -> its.shown(all.used(owner, its))))
            .orElse(null));
    ground.send(exchange, 200, body);
  }

  /**
   * @throws io.solebox.server.http.Problem 400 where the chat is not kept
   */
  private Agents keeping(String owner, String id) {
    Chat chat = ground.chats().find(owner, id);
    return agents
        .filter(_ -> !chat.temporary())
        .orElseThrow(
            () ->
                Params.unsupported(
                    "tasks", "This chat is not kept, and tasks are done when nobody looks."));
  }

  private Agent found(Agents all, String owner, String chat) {
    return all.find(owner, chat).orElseThrow(() -> Chats.notFound("agent", chat));
  }

  private void start(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Agents all = keeping(owner, id);
    Agent made = ground.read(exchange, "agent", body -> made(owner, id, body));
    all.alone(
        id,
        () -> {
          all.find(owner, id)
              .filter(its -> its.state() != Agent.State.DONE && its.state() != Agent.State.STOPPED)
              .ifPresent(
                  _ -> {
                    throw Ground.conflict(
                        "agent_there", "This chat has tasks already. Stop them first.");
                  });
          all.put(owner, made);
        });
    all.goOnSoon(owner, id);
    send(exchange);
  }

  private Agent made(String owner, String id, Fields body) {
    List<Agent.Task> tasks = new ArrayList<>();
    for (Object each : body.array("tasks").orElseThrow(() -> Params.missing("tasks"))) {
      if (!(each instanceof String text) || text.isBlank()) {
        throw Params.invalidType("tasks", "an array of texts", each);
      }
      tasks.add(new Agent.Task(Ground.bounded(text, "tasks", MAX_TEXT), false, Optional.empty()));
    }
    if (tasks.isEmpty() || tasks.size() > MAX_TASKS) {
      throw Params.invalidValue("tasks", "There can be 1 to %d tasks.".formatted(MAX_TASKS));
    }
    Asked with = asked.read(owner, id, body);
    Optional<String> parent = with.chat().current();
    parent.ifPresent(with::finished);
    Message asking = with.begun(parent, ground.clock().millis());
    long budget = budget(body).orElseThrow(() -> Params.missing("budget_tokens"));
    return new Agent(
        id, Agent.State.RUNNING, tasks, budget, 0, asking.about(), parent, Optional.empty());
  }

  private static Optional<Long> budget(Fields body) {
    return body.whole("budget_tokens")
        .map(n -> (long) n.inRange("budget_tokens", 1, Integer.MAX_VALUE));
  }

  private void end(Exchange exchange, Agent.State state) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Agents all = keeping(owner, id);
    all.alone(
        id,
        () -> {
          Agent agent = found(all, owner, id);
          boolean over = agent.state() == Agent.State.DONE || agent.state() == Agent.State.STOPPED;
          if (!over) {
            all.put(owner, agent.with(state, Optional.empty()));
          }
        });
    for (Agent.Task task : found(all, owner, id).tasks()) {
      if (task.answer().isPresent()) {
        ground.runs().stop(owner, task.answer().get());
      }
    }
    send(exchange);
  }

  private void resume(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Agents all = keeping(owner, id);
    Optional<Long> budget = ground.read(exchange, "resume", AgentRoutes::budget);
    all.alone(
        id,
        () -> {
          Agent agent = found(all, owner, id);
          if (!agent.state().isHalted()) {
            throw Ground.conflict("agent_not_halted", "These tasks are not paused.");
          }
          Agent with = budget.map(agent::withBudget).orElse(agent);
          all.put(owner, with.with(Agent.State.RUNNING, Optional.empty()));
        });
    all.goOnAgain(owner, id);
    send(exchange);
  }
}
