package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.ArgumentWriting.Around;
import io.solebox.engine.answer.call.ArgumentWriting.Parameters;
import io.solebox.engine.answer.call.Schema.Kind;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.schema.ArgumentForm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a {@link ParameterReader} of a tool reads, for a grammar. */
final class ParameterForm implements ArgumentForm {
  private final Parameters writing;
  private final Schema schema;
  private final WrittenMarks marks;

  /**
   * @param schema of the tool's parameters
   */
  ParameterForm(Parameters writing, Schema schema, WrittenMarks marks) {
    this.writing = writing;
    this.schema = schema;
    this.marks = marks;
  }

  @Override
  public Expression between() {
    return marks.space();
  }

  @Override
  public String names() {
    return Form.KEYS;
  }

  @Override
  public String end() {
    return writing.end();
  }

  @Override
  public List<Way> ways(String name) {
    return ways(schema.property(name));
  }

  @Override
  public List<Way> waysOfOthers() {
    return ways(schema.others());
  }

  private List<Way> ways(Schema value) {
    List<Way> ways = new ArrayList<>();
    Around first = writing.written().getFirst();
    for (Around around : writing.written()) {
      boolean named = around.opening().contains("{type}") || around.opening().contains("{string}");
      Schema read = named ? Schema.of(Kind.STRING) : value;
      ways.add(way(around, "string", new Value.Text(unlike(around, read))));
    }
    if (first.opening().contains("{type}")) {
      EnumSet.complementOf(EnumSet.of(Kind.STRING))
          .forEach(kind -> ways.add(way(first, kind.type(), json(EnumSet.of(kind), Set.of()))));
    } else if (first.opening().contains("{string}")) {
      ways.add(way(first, "", json(Schema.ANY.readAsJson(), Set.of())));
    } else if (!value.isText()) {
      ways.add(way(first, "", json(value.readAsJson(), value.readAsCapitals())));
    }
    return ways;
  }

  /**
   * @param type what the opening says of the value
   */
  private Way way(Around around, String type, Value value) {
    String opening =
        around
            .opening()
            .replace("{type}", type)
            .replace("{string}", String.valueOf(type.equals("string")));
    return new Way(
        (name, written) ->
            Expression.sequence(
                marks.of(opening, name), written, marks.of(around.ending(), Expression.EMPTY)),
        value);
  }

  private static Value json(Set<Kind> kinds, Set<Kind> capitals) {
    EnumSet<Kind> written = EnumSet.noneOf(Kind.class);
    written.addAll(kinds);
    written.remove(Kind.STRING);
    return new Value.Json(types(written), types(capitals));
  }

  private static Set<String> types(Collection<Kind> kinds) {
    return kinds.stream().map(Kind::type).collect(Collectors.toSet());
  }

  /** What is read as JSON, or as a part of the marks. */
  private Set<String> unlike(Around around, Schema read) {
    Set<String> patterns = new LinkedHashSet<>();
    read.readAsJson().forEach(kind -> patterns.add(kind.texts()));
    if (!read.readAsCapitals().isEmpty()) {
      patterns.add(Schema.CAPITALS);
    }
    for (String opening : writing.openings()) {
      if (opening.startsWith(around.opening()) && !opening.equals(around.opening())) {
        String rest = opening.substring(around.opening().length());
        patterns.add(WrittenMarks.pattern(rest) + "[\\s\\S]*");
      }
    }
    for (String ending : writing.endings()) {
      if (ending.endsWith(around.ending()) && !ending.equals(around.ending())) {
        String before = ending.substring(0, ending.length() - around.ending().length());
        patterns.add("[\\s\\S]*" + WrittenMarks.pattern(before));
      }
    }
    return patterns;
  }
}
