package io.solebox.app.plan;

import io.solebox.planner.model.PlannedModel;
import java.util.List;

/**
 * A model that a plan is made of.
 *
 * @param notes where it is from, if it is not here, in sentences
 */
record AskedModel(PlannedModel planned, List<String> notes) {
  AskedModel {
    notes = List.copyOf(notes);
  }
}
