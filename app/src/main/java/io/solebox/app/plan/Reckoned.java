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

/** A plan: a model on a machine, and the machine. */
record Reckoned(ModelReport model, MachineReport machine) {
  /** For people. */
  List<Section> sections() {
    var sections = new ArrayList<>(new ModelSections(model).all());
    sections.addAll(machine.sections());
    return sections;
  }

  /** For programs. */
  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>(ModelFields.of(model));
    fields.put("machine", machine.fields());
    return fields;
  }
}
