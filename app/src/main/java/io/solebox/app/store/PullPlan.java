package io.solebox.app.store;

import io.solebox.app.session.Expected;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.source.Terms;
import java.util.Map;
import java.util.Optional;

/**
 * What will be fetched, and what is known of it.
 *
 * @param missingBytes that are still to come
 * @param fit what is made of it, where nothing of the source fits
 * @param accepted annotations of a model that was taken under the same terms, where the source has
 *     some
 */
record PullPlan(
    Pull.Order order,
    Outlook outlook,
    long missingBytes,
    Optional<FitPlan> fit,
    Optional<Map<String, String>> accepted) {
  /** The same, with what was accepted kept with the model. */
  PullPlan accepting(Map<String, String> annotations) {
    Pull.Order more = order;
    for (Map.Entry<String, String> each : annotations.entrySet()) {
      more = more.with(each.getKey(), each.getValue());
    }
    return new PullPlan(more, outlook, missingBytes, fit, Optional.of(annotations));
  }

  /** What somebody has yet to accept. */
  Optional<Terms> open() {
    return order.offer().terms().filter(_ -> accepted.isEmpty());
  }

  /** How the model that is asked for would run. */
  Expected expected() {
    return fit.map(f -> outlook.of(f.bytes())).orElseGet(() -> outlook.of(order.variant()));
  }

  /** Under which it will be found. */
  String name() {
    return fit.map(FitPlan::name).orElse(order.name()).toString();
  }
}
