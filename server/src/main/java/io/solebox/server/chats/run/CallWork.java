package io.solebox.server.chats.run;

import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Call.State;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolResult;
import java.util.List;

/**
 * Does the calls of an answer that may be done, one after another. Of each it is kept that it runs
 * before it does, and what came of it before anything follows: whatever ends the server, none is
 * done twice without a person's word.
 */
final class CallWork {
  private final Run run;

  CallWork(Run run) {
    this.run = run;
  }

  boolean hasApproved() {
    return !approved().isEmpty();
  }

  /**
   * @throws InterruptedException if the answer ends early; a call that ran may have been done
   */
  void doApproved() throws InterruptedException {
    for (Call call : approved()) {
      run.requireWanted();
      run.keep(call.withState(State.RUNNING));
      ToolResult result = done(call);
      run.keep(
          call.withResult(
              result.failed() ? State.FAILED : State.DONE, result.text(), result.shown()));
    }
  }

  private List<Call> approved() {
    return run.message().steps().stream()
        .flatMap(step -> step.calls().stream())
        .filter(call -> call.state() == State.APPROVED)
        .toList();
  }

  private ToolResult done(Call call) throws InterruptedException {
    Order order = run.order();
    if (!order.tools().names().contains(call.name())) {
      return ToolResult.failed("There is no tool '%s' in this chat.".formatted(call.name()));
    }
    ToolCaller who = new ToolCaller(order.owner(), order.chat(), order.answer().id(), call.id());
    return order.tools().toolbox().call(call.name(), call.arguments(), who);
  }
}
