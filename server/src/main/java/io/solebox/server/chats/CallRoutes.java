package io.solebox.server.chats;

import io.solebox.server.chats.Beginnings.Wish;
import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.server.tools.PageTool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** What people say to calls of tools; when nothing is left to say, the answer goes on. */
final class CallRoutes {
  private static final String ONE = MessageRoutes.ONE + "/calls/{call}";

  private final Ground ground;
  private final AskedReader asked;
  private final Beginnings beginnings;

  /** Of each owner: one word after the other, so that no call is done twice for two of them. */
  private final Map<String, Lock> locks = new ConcurrentHashMap<>();

  /** What somebody says to a call. */
  private enum Decision {
    ONCE,
    /** To this one, and to all of its tool in the same chat. */
    CHAT,
    /** To this one, and to all of its tool. */
    ALWAYS,
    REFUSE;

    static Decision of(String word) {
      return switch (word) {
        case "once" -> ONCE;
        case "chat" -> CHAT;
        case "always" -> ALWAYS;
        case "refuse" -> REFUSE;
        case String _ ->
            throw Params.invalidValue(
                "decision", "'decision' must be once, chat, always or refuse.");
      };
    }
  }

  CallRoutes(Ground ground, AskedReader asked, Beginnings beginnings) {
    this.ground = ground;
    this.asked = asked;
    this.beginnings = beginnings;
  }

  List<Route> routes() {
    return List.of(ground.post(ONE, this::decide), ground.post(ONE + "/result", this::takeResult));
  }

  /** What a page has done for a tool that pages do the work of; heard while the answer runs. */
  private void takeResult(Exchange exchange) throws InterruptedException {
    ToolResult result =
        ground.read(
            exchange,
            "result",
            body -> {
              String text = body.required("text");
              return body.flag("failed", false) ? ToolResult.failed(text) : ToolResult.of(text);
            });
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    Message kept = ground.chats().message(owner, chat, exchange.parameter("message"));
    String id = exchange.parameter("call");
    Call call =
        ground.current(owner, chat, kept).call(id).orElseThrow(() -> Chats.notFound("call", id));
    ToolCaller who = new ToolCaller(owner, chat, kept.id(), id);
    boolean heard =
        call.state() == Call.State.RUNNING
            && asked.toolbox().usable(owner, call.name()).orElse(null) instanceof PageTool tool
            && tool.answer(who, result);
    if (!heard) {
      throw Ground.conflict("nobody_waits", "Nothing waits for what became of this call.");
    }
    ground.send(exchange, 200, Map.of("heard", true));
  }

  private void decide(Exchange exchange) throws InterruptedException {
    Decision decision =
        ground.read(exchange, "decision", body -> Decision.of(body.required("decision")));
    Lock lock = locks.computeIfAbsent(Owners.of(exchange), _ -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      decide(exchange, decision);
    } finally {
      lock.unlock();
    }
  }

  private void decide(Exchange exchange, Decision decision) throws InterruptedException {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    Message kept = ground.chats().message(owner, chat, exchange.parameter("message"));
    Message before = ground.current(owner, chat, kept);
    String id = exchange.parameter("call");
    Call call = before.call(id).orElseThrow(() -> Chats.notFound("call", id));
    boolean left = before.state() == State.WAITING && !before.hasUndecided(); // it could not go on
    if (before.state() == State.RUNNING || !(call.isUndecided() || left)) {
      throw Ground.conflict("already_decided", "Somebody has said before what is to become of it.");
    }
    Message after = left ? before : decided(owner, chat, before, call, decision);
    if (after.hasUndecided()) {
      ground.chats().of(owner, chat).update(owner, chat, after);
      ground.runs().changed(after.id());
      Chat its = ground.chats().find(owner, chat);
      ground.tell(owner, its);
      ground.send(exchange, 200, Map.of("answer", after.json()));
      return;
    }
    beginnings.begin(exchange, () -> goingOn(owner, chat, after));
  }

  private Message decided(String owner, String chat, Message before, Call call, Decision decision) {
    return switch (decision) {
      case ONCE -> with(before, List.of(call.withState(Call.State.APPROVED)));
      case REFUSE -> with(before, List.of(call.withState(Call.State.REFUSED)));
      case CHAT -> {
        approve(owner, chat, call, Optional.of(chat));
        yield with(before, approvedLike(before, call));
      }
      case ALWAYS -> {
        approve(owner, chat, call, Optional.empty());
        yield with(before, approvedLike(before, call));
      }
    };
  }

  private void approve(String owner, String chat, Call call, Optional<String> where) {
    boolean kept =
        ground.chats().keeps(owner)
            && (where.isEmpty() || !ground.chats().find(owner, chat).temporary());
    asked
        .approvals()
        .add(
            owner,
            asked.toolbox().required(owner, call.name()).spec(),
            where,
            kept,
            ground.clock().millis());
  }

  private static List<Call> approvedLike(Message message, Call call) {
    return message.steps().stream()
        .flatMap(step -> step.calls().stream())
        .filter(each -> each.isUndecided() && each.name().equals(call.name()))
        .map(each -> each.withState(Call.State.APPROVED))
        .toList();
  }

  private static Message with(Message message, List<Call> calls) {
    Message changed = message;
    for (Call call : calls) {
      changed = changed.with(call);
    }
    return changed;
  }

  private Wish goingOn(String owner, String chat, Message answer) {
    Asked its = asked.again(owner, chat, answer.about());
    List<Message> path = new ArrayList<>(Prompting.path(its.all(), answer.id()));
    path.removeLast();
    Message begun = answer.withState(State.RUNNING).without("error");
    return new Wish(its, path, Optional.empty(), begun);
  }
}
