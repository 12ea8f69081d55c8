package io.solebox.server.plan;

import java.util.List;
import java.util.Map;

/**
 * What is to be planned for.
 *
 * @param model a model of the box, a shape, or hyperparameters
 * @param said all other fields that were given, by their names, as texts; one for each element of a
 *     list
 */
public record PlanWish(String model, Map<String, List<String>> said) {
  public PlanWish {
    said = Map.copyOf(said);
  }
}
