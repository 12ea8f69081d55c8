package io.solebox.server.responses;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.formats.StrictTools;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import io.solebox.server.knowledge.FileSearch;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code tools}. */
final class ToolReader {
  /** Of the tool that looks something up in documents. */
  static final String FILE_SEARCH = "file_search";

  private final FieldTable table;
  private final Map<String, ResponseTool> byName = new LinkedHashMap<>();
  private final List<Object> kept = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final StrictTools strict = new StrictTools();
  private Optional<FileSearch> search = Optional.empty();

  private ToolReader(FieldTable table) {
    this.table = table;
  }

  /**
   * @param strict whether tools that run elsewhere are refused, whatever stands beside them
   * @throws io.solebox.server.http.Problem 400 that names the parameter
   */
  static ToolReader read(FieldTable table, List<Object> given, boolean strict) {
    ToolReader reader = new ToolReader(table);
    List<Fields> elsewhere = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Fields tool = Fields.of(table, ResponseFields.TOOL, given.get(i), "tools[" + i + "]");
      if (isSentUnasked(type(tool))) {
        elsewhere.add(tool);
      } else if (type(tool).equals(FILE_SEARCH)) {
        reader.addSearch(tool);
        reader.kept.add(given.get(i));
      } else {
        reader.add(tool, type(tool));
        reader.kept.add(given.get(i));
      }
    }
    for (Fields tool : elsewhere) {
      if (strict || (reader.byName.isEmpty() && reader.search.isEmpty())) {
        throw foreign(tool, type(tool));
      }
      reader.leftOut.add(type(tool));
    }
    return reader;
  }

  Map<String, ResponseTool> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** Those whose arguments are held to their schemas. */
  StrictTools strict() {
    return strict;
  }

  /** Those of the request that can be called. */
  List<Object> kept() {
    return List.copyOf(kept);
  }

  /** Types of the others. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** What is looked up in documents before the model answers. */
  Optional<FileSearch> search() {
    return search;
  }

  private void addSearch(Fields tool) {
    if (search.isPresent()) {
      throw Params.invalidValue(
          tool.param("type"), "There are two; one can have several 'vector_store_ids'.");
    }
    search = Optional.of(FileSearch.read(tool));
    tool.settle(false);
  }

  private static String type(Fields tool) {
    return tool.string("type").orElseThrow(() -> Params.missing(tool.param("type")));
  }

  private static String name(Fields tool) {
    return tool.string("name").orElseThrow(() -> Params.missing(tool.param("name")));
  }

  /** What agents send whatever the server is; beside tools of their own they do without. */
  private static boolean isSentUnasked(String type) {
    return type.startsWith("web_search") || type.equals("image_generation");
  }

  private static Problem foreign(Fields tool, String type) {
    return Params.unsupported(
        tool.param("type"),
        "Tools of type '%s' run on servers of others; this one has 'function', 'custom' and 'file_search'."
            .formatted(Texts.abbreviated(type)));
  }

  private void add(Fields tool, String type) {
    if (!type.equals("namespace")) {
      add(tool, type, Optional.empty(), "");
      return;
    }
    String space = name(tool);
    // The model is shown no namespaces: what is said of one stands in front of its first tool.
    String about = tool.string("description").map(text -> text + "\n\n").orElse("");
    List<Object> members =
        tool.array("tools").orElseThrow(() -> Params.missing(tool.param("tools")));
    for (int i = 0; i < members.size(); i++) {
      String place = tool.param("tools") + "[" + i + "]";
      Fields member = Fields.of(table, ResponseFields.TOOL, members.get(i), place);
      add(member, type(member), Optional.of(space), i == 0 ? about : "");
    }
    tool.settle(false);
  }

  private void add(Fields tool, String type, Optional<String> space, String about) {
    ToolName name = new ToolName(space, name(tool));
    String description = about + tool.string("description").orElse("");
    ResponseTool read =
        switch (type) {
          case "function" -> ResponseTool.of(name, false, function(tool, name, description));
          case "custom" -> {
            readInput(tool, name);
            yield ResponseTool.of(name, true, CustomTools.function(name.shown(), description));
          }
          default -> throw foreign(tool, type);
        };
    tool.settle(false);
    if (byName.putIfAbsent(name.shown(), read) != null) {
      throw Params.invalidValue(
          tool.param("name"), "Two tools have the name '" + Texts.abbreviated(name.shown()) + "'.");
    }
  }

  /** A text of any kind, or of a grammar. */
  private void readInput(Fields tool, ToolName name) {
    Optional<Fields> given = tool.object("format", ResponseFields.INPUT_FORMAT);
    if (given.isEmpty()) {
      return;
    }
    Fields format = given.get();
    switch (format.string("type").orElseThrow(() -> Params.missing(format.param("type")))) {
      case "text" -> {
        // As without a format.
      }
      case "grammar" ->
          strict.hold(
              name.shown(),
              new Structure.Quoted(CustomTools.INPUT, grammar(format)),
              tool.param("format"),
              format.param("definition"));
      case String other ->
          throw Params.invalidValue(
              format.param("type"),
              "'%s' must be text or grammar, not '%s'."
                  .formatted(format.param("type"), Texts.abbreviated(other)));
    }
    format.settle(false);
  }

  private static Structure grammar(Fields format) {
    String syntax =
        format.string("syntax").orElseThrow(() -> Params.missing(format.param("syntax")));
    String definition =
        format.string("definition").orElseThrow(() -> Params.missing(format.param("definition")));
    return switch (syntax) {
      case "lark" -> new Structure.Lark(definition);
      case "regex" -> new Structure.Regex(definition);
      default ->
          throw Params.invalidValue(
              format.param("syntax"),
              "'%s' must be lark or regex, not '%s'."
                  .formatted(format.param("syntax"), Texts.abbreviated(syntax)));
    };
  }

  private Map<String, Object> function(Fields tool, ToolName name, String description) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name.shown());
    if (!description.isEmpty()) {
      function.put("description", description);
    }
    function.put(
        "parameters",
        tool.raw("parameters")
            .map(schema -> Fields.members(schema, tool.param("parameters")))
            .orElse(Map.of("type", "object", "properties", Map.of())));
    strict.read(tool, name.shown(), "parameters", function.get("parameters"));
    return function;
  }
}
