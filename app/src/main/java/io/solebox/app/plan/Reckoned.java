package io.solebox.app.plan;

import io.solebox.planner.plan.ModelFields;
import io.solebox.planner.plan.ModelReport;
import io.solebox.planner.plan.ModelSections;
import io.solebox.planner.report.MachineReport;
import io.solebox.planner.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan: a model on a machine, and the machine.
 *
 * @param notes of where the model is from, in sentences
 */
record Reckoned(ModelReport model, MachineReport machine, List<String> notes) {
  /** For people. */
  List<Section> sections() {
    var sections = new ArrayList<>(new ModelSections(model).all());
    sections.addAll(machine.sections());
    sections.set(0, sections.getFirst().with(notes));
    return sections;
  }

  /** For programs. */
  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>(ModelFields.of(model));
    fields.put("notes", notes);
    fields.put("machine", machine.fields());
    return fields;
  }
}
