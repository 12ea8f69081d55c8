package io.solebox.server.chats.run;

import io.solebox.server.answers.Terms;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.WorkItem;
import java.util.Map;

/**
 * An answer that is wanted.
 *
 * @param owner of the chat
 * @param store where the chat is
 * @param asking of the model
 * @param sources that it is based on
 * @param tools that it may call
 * @param answer the message as it begins, which runs
 * @param begins writes the messages when the answer is accepted
 */
public record Order(
    String owner,
    ChatStore store,
    String chat,
    Asking asking,
    Sources sources,
    ToolUse tools,
    Message answer,
    Terms terms,
    WorkItem item,
    Begins begins) {
  /** Says what the model is asked. */
  @FunctionalInterface
  public interface Asking {
    /**
     * @param answer as far as it is: the model goes on behind its steps and its text
     * @return a body as {@code /v1/chat/completions} takes it
     */
    Map<String, Object> body(Message answer);
  }

  /** Writes what an accepted answer begins with. */
  @FunctionalInterface
  public interface Begins {
    /**
     * @throws io.solebox.server.http.Problem and then there is no answer
     */
    void write();
  }
}
