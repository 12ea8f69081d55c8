package io.solebox.app.store;

import io.solebox.store.pull.Pull;
import java.util.Optional;

/**
 * What will be fetched, and what is known of it.
 *
 * @param missingBytes that are not in the store
 * @param fit what is made of it, where nothing of the source fits
 */
record PullPlan(Pull.Order order, Outlook outlook, long missingBytes, Optional<FitPlan> fit) {
  /** How the model that is asked for would run. */
  Expected expected() {
    return fit.map(f -> outlook.of(f.bytes())).orElseGet(() -> outlook.of(order.variant()));
  }

  /** Under which it will be found. */
  String name() {
    return fit.map(FitPlan::name).orElse(order.name()).toString();
  }
}
