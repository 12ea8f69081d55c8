package io.solebox.app.plan;

import io.solebox.app.console.Console;
import io.solebox.app.console.Table;
import io.solebox.app.console.Wrapped;
import io.solebox.planner.report.Section;
import java.util.List;

/** A plan for people: section by section. */
record PlanText(Console console, boolean explain) {
  private static final int INDENT = 2;

  void print(List<Section> sections) {
    for (Section section : sections) {
      console.println(section.title() + ":");
      if (explain) {
        section.lines().forEach(this::withReason);
      } else if (!section.lines().isEmpty()) {
        Table.lines(section.lines().stream().map(PlanText::row).toList()).forEach(console::println);
      }
      section.sentences().stream().forEach(sentence -> print(sentence, INDENT));
    }
  }

  private static List<String> row(Section.Line line) {
    return List.of("  " + line.label(), line.value());
  }

  private void withReason(Section.Line line) {
    console.println("  " + line.label() + ": " + line.value());
    print(line.reason(), 3 * INDENT);
  }

  private void print(String text, int indent) {
    Wrapped.lines(text, indent).forEach(line -> console.println(" ".repeat(indent) + line));
  }
}
