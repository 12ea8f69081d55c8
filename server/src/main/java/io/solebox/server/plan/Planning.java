package io.solebox.server.plan;

import java.util.Map;

/** Says what a model would need and give on a machine; whoever starts a server brings it. */
@FunctionalInterface
public interface Planning {
  /**
   * May ask tools of the system, and take some seconds.
   *
   * @return an object of JSON
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} for what does not
   *     make sense, with the field as its place, {@code MODEL_NOT_FOUND} and the like
   */
  Map<String, Object> plan(PlanWish wish);
}
