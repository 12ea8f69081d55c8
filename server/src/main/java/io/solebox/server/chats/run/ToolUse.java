package io.solebox.server.chats.run;

import io.solebox.server.chats.store.Call;
import io.solebox.server.tools.Approvals;
import io.solebox.server.tools.Toolbox;
import java.util.List;

/**
 * The tools that an answer may call.
 *
 * @param owner whose answer it is
 * @param approvals by which some calls need no question
 * @param names of those that the model is told of; none where it is told of none
 */
public record ToolUse(String owner, Toolbox toolbox, Approvals approvals, List<String> names) {
  public ToolUse {
    names = List.copyOf(names);
  }

  /** As {@code /v1/chat/completions} takes them; without those that are no longer allowed. */
  public List<Object> asked() {
    return names.stream()
        .flatMap(name -> toolbox.usable(owner, name).stream())
        .map(tool -> (Object) tool.spec().asked())
        .toList();
  }

  /**
   * Whether a call that the end of a server has broken off needs no question: there is a word for
   * all of them, and it had not begun, or changes nothing.
   */
  public boolean mayBeRepeated(String chat, Call call) {
    return names.contains(call.name())
        && toolbox
            .usable(owner, call.name())
            .filter(tool -> approvals.covers(owner, chat, tool.spec()))
            .filter(tool -> call.state() == Call.State.ASKED || tool.spec().onlyReads())
            .isPresent();
  }

  /** Whether somebody must be asked before a call; not of one that cannot be done anyway. */
  boolean needsQuestion(String chat, String name) {
    return names.contains(name)
        && toolbox
            .usable(owner, name)
            .filter(tool -> !approvals.covers(owner, chat, tool.spec()))
            .isPresent();
  }
}
