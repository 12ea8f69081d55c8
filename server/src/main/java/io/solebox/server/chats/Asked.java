package io.solebox.server.chats;

import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.run.ToolUse;
import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import io.solebox.storage.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where something is asked, and with what.
 *
 * @param all messages of the chat
 * @param knowledge collections that answers are based on
 * @param tools that the model may call
 */
record Asked(
    String owner,
    Chat chat,
    List<Message> all,
    String system,
    List<Attachment> documents,
    Optional<String> model,
    Map<String, Object> options,
    Knowledge knowledge,
    ToolUse tools) {
  /**
   * Asks for what follows.
   *
   * @param path from the first message to what is answered
   */
  Order.Asking behind(List<Message> path) {
    return answer -> Prompting.body(model, system, documents, path, answer, options, tools.asked());
  }

  /** An answer that begins. */
  Message begun(Optional<String> parent, long now) {
    Message answer =
        Message.said(Ids.of("msg"), parent, Role.ASSISTANT, now, "").withState(State.RUNNING);
    return with(answer);
  }

  /** An answer that is asked for with this. */
  Message with(Message answer) {
    Message its = model.isPresent() ? answer.with("model", model.get()) : answer;
    its = options.isEmpty() ? its.without("options") : its.with("options", options);
    its =
        knowledge.stores().isEmpty()
            ? its.without("knowledge")
            : its.with("knowledge", knowledge.stores());
    return tools.names().isEmpty() ? its.without("tools") : its.with("tools", tools.names());
  }

  /** The messages up to one; none of them is still being written, or waits for a person. */
  List<Message> finished(String last) {
    List<Message> path = Prompting.path(all, last);
    for (Message each : path) {
      if (each.state() == State.RUNNING) {
        throw Ground.conflict(
            "still_running", "This answer is still being written. Wait for it, or stop it.");
      }
      if (each.state() == State.WAITING) {
        throw Ground.conflict(
            "call_undecided",
            "A tool is to be called, and nobody has said whether it may. Approve or refuse it.");
      }
    }
    return path;
  }
}
