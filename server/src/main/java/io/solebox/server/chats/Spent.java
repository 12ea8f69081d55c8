package io.solebox.server.chats;

import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** What answers have taken, in tokens that were computed: what was in the prefix cache is free. */
final class Spent {
  /** The code of an error that says so. */
  static final String BUDGET_USED = "budget_used";

  private Spent() {}

  /** By an answer with all its steps, as far as it is. */
  static long by(Message answer) {
    return of(answer.about()) + onTheWay(answer);
  }

  private static long onTheWay(Message answer) {
    return answer.steps().stream().mapToLong(step -> of(step.about())).sum();
  }

  private static long of(Map<String, Object> about) {
    return about.get("usage") instanceof Map<?, ?> usage
        ? count(usage, "prompt_tokens")
            - count(usage, "cached_tokens")
            + count(usage, "completion_tokens")
        : 0;
  }

  private static long count(Map<?, ?> usage, String name) {
    return usage.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /**
   * The same with no longer answers than a budget leaves.
   *
   * @param left for the whole answer with its steps
   */
  static Order.Asking bounded(Order.Asking asking, long left) {
    return answer -> {
      long rest = left - onTheWay(answer);
      if (rest <= 0) {
        throw Problem.of(409, BUDGET_USED, "The tasks of this chat have used their budget.");
      }
      Map<String, Object> body = new LinkedHashMap<>(asking.body(answer));
      String name =
          body.containsKey("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
      body.merge(
          name,
          rest,
          (given, _) ->
              given instanceof Number number ? Math.min(number.longValue(), rest) : given);
      return body;
    };
  }
}
