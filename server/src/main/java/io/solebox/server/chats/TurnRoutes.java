package io.solebox.server.chats;

import io.solebox.server.chats.Beginnings.Wish;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What asks a model in a chat: turns, further answers, and going on. */
final class TurnRoutes {
  private static final List<String> OF_AN_END =
      List.of("error", "usage", "finish", "tool_calls", "logprobs", "receipt");

  private final Ground ground;
  private final AskedReader asked;
  private final Beginnings beginnings;

  TurnRoutes(Ground ground, AskedReader asked, Beginnings beginnings) {
    this.ground = ground;
    this.asked = asked;
    this.beginnings = beginnings;
  }

  List<Route> routes() {
    return List.of(
        ground.post(ChatRoutes.ONE + "/turns", this::turn),
        ground.post(ChatRoutes.ONE + "/answers", this::answer),
        ground.post(MessageRoutes.ONE + "/continue", this::goOn));
  }

  private Asked asked(Exchange exchange, Fields body) {
    return asked.read(Owners.of(exchange), exchange.parameter("id"), body);
  }

  private void begin(Exchange exchange, String place, Ground.Reader<Wish> reader)
      throws InterruptedException {
    beginnings.begin(exchange, () -> ground.read(exchange, place, reader));
  }

  private void turn(Exchange exchange) throws InterruptedException {
    begin(
        exchange,
        "turn",
        body -> {
          Asked asked = asked(exchange, body);
          Optional<String> parent = body.string("parent");
          List<Message> path = new ArrayList<>();
          parent.ifPresent(id -> path.addAll(asked.finished(id)));
          String text = body.string("text").orElseThrow(() -> Params.missing("text"));
          long now = ground.clock().millis();
          Message user =
              Message.said(Ids.of("msg"), parent, Role.USER, now, text)
                  .withAttachments(ChatReader.attachments(body));
          path.add(user);
          Message answer = asked.begun(Optional.of(user.id()), now);
          return new Wish(asked, path, Optional.of(user), answer);
        });
  }

  private void answer(Exchange exchange) throws InterruptedException {
    begin(
        exchange,
        "answer",
        body -> {
          Asked asked = asked(exchange, body);
          String parent = body.required("parent");
          List<Message> path = asked.finished(parent);
          if (path.getLast().role() != Role.USER) {
            throw Params.invalidValue("parent", "Only what a user says is answered.");
          }
          Message answer = asked.begun(Optional.of(parent), ground.clock().millis());
          return new Wish(asked, path, Optional.empty(), answer);
        });
  }

  private void goOn(Exchange exchange) throws InterruptedException {
    String id = exchange.parameter("message");
    begin(
        exchange,
        "continue",
        body -> {
          Asked asked = asked(exchange, body);
          List<Message> path = new ArrayList<>(asked.finished(id));
          Message before = path.removeLast();
          String text = body.string("text").orElse(before.text());
          boolean begins = text.isBlank() && before.steps().isEmpty();
          if (before.role() != Role.ASSISTANT || begins) {
            throw Params.invalidValue(
                "text", "There is no text of an assistant to go on with; ask for a new answer.");
          }
          if (before.hasUndecided()) {
            throw Ground.conflict(
                "call_undecided", "Say first whether the tools that it has called may be used.");
          }
          Message begun = goingOn(asked.with(before).withText(text));
          return new Wish(asked, path, Optional.empty(), begun);
        });
  }

  /** An answer that was over, and is not any more. */
  static Message goingOn(Message over) {
    Message begun = over.withState(State.RUNNING);
    for (String name : OF_AN_END) {
      begun = begun.without(name);
    }
    return begun;
  }
}
