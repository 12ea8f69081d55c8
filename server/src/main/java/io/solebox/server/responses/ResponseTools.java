package io.solebox.server.responses;

import io.solebox.server.answers.CallRules;
import io.solebox.server.http.Texts;
import io.solebox.server.knowledge.FileSearch;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tools of a request.
 *
 * @param offered as chat templates take them; empty where none may be called
 * @param rules what must be called
 * @param search what is looked up in documents before the model answers
 * @param byName all of them, by the names that the model knows
 * @param given as they were sent, for the answer, but for those that are left out
 * @param leftOut types of tools that nobody here can run, and that the model is not shown
 * @param choice as it was sent, for the answer
 */
record ResponseTools(
    List<Map<String, Object>> offered,
    CallRules rules,
    Optional<FileSearch> search,
    Map<String, ResponseTool> byName,
    List<Object> given,
    List<String> leftOut,
    Object choice) {
  /**
   * @param strict whether tools that run elsewhere are refused, whatever stands beside them
   */
  static ResponseTools read(FieldTable table, Fields body, boolean strict) {
    List<Object> given = body.array("tools").orElse(List.of());
    ToolReader tools = ToolReader.read(table, given, strict);
    List<ResponseTool> all = List.copyOf(tools.byName().values());
    Object asked = body.raw("tool_choice").orElse("auto");
    Optional<FileSearch> search = asked.equals("none") ? Optional.empty() : tools.search();
    Choice choice =
        all.isEmpty() && search.isPresent() && asked.equals("required")
                || choosesSearch(asked, search)
            ? new Choice(List.of(), CallRules.FREE)
            : choice(table, all, asked);
    boolean parallel = body.flag("parallel_tool_calls", true);
    List<Map<String, Object>> offered = choice.shown().stream().map(ResponseTool::offered).toList();
    return new ResponseTools(
        offered,
        tools.strict().with(choice.rules().withSingle(!parallel), offered),
        search,
        tools.byName(),
        tools.kept(),
        tools.leftOut(),
        asked);
  }

  /** It is done in any case, and is all that is to be done. */
  private static boolean choosesSearch(Object choice, Optional<FileSearch> search) {
    return search.isPresent()
        && choice instanceof Map<?, ?> map
        && ToolReader.FILE_SEARCH.equals(map.get("type"));
  }

  /** The tool that the model names. */
  ResponseTool called(String name) {
    return byName.getOrDefault(name, ResponseTool.unknown(name));
  }

  /** What the model is shown, since it would call what it sees, and what it must do. */
  private static Choice choice(FieldTable table, List<ResponseTool> tools, Object choice) {
    return switch (choice) {
      case String mode when mode.equals("auto") -> new Choice(tools, CallRules.FREE);
      case String mode when mode.equals("none") -> new Choice(List.of(), CallRules.FREE);
      case String mode when mode.equals("required") -> required(tools, tools, "tool_choice");
      case Map<?, ?> _ ->
          object(table, Fields.of(table, ResponseFields.CHOICE, choice, "tool_choice"), tools);
      case String text ->
          throw Params.invalidValue(
              "tool_choice",
              "'tool_choice' is '%s', but must be none, auto, required or an object."
                  .formatted(Texts.abbreviated(text)));
      case Object other -> throw Params.invalidType("tool_choice", "a string or an object", other);
    };
  }

  private static Choice required(
      List<ResponseTool> shown, List<ResponseTool> callable, String param) {
    if (callable.isEmpty()) {
      throw Params.invalidValue(param, "A tool must be called, but 'tools' has none.");
    }
    Set<String> names = new HashSet<>();
    callable.forEach(tool -> names.add(tool.name().shown()));
    return new Choice(shown, new CallRules(true, names, false));
  }

  private static Choice object(FieldTable table, Fields choice, List<ResponseTool> tools) {
    String type = choice.string("type").orElseThrow(() -> Params.missing(choice.param("type")));
    Choice chosen =
        switch (type) {
          case "function", "custom" ->
              required(tools, List.of(known(choice, tools)), choice.param("name"));
          case "allowed_tools" -> allowedTools(table, choice, tools);
          default ->
              throw Params.unsupported(
                  choice.param("type"),
                  "Only 'function', 'custom' and 'allowed_tools' are supported, not '%s'."
                      .formatted(Texts.abbreviated(type)));
        };
    choice.settle(false);
    return chosen;
  }

  private static ResponseTool known(Fields named, List<ResponseTool> tools) {
    ToolName name = ToolName.of(named);
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Params.invalidValue(
                    named.param("name"),
                    "There is no '%s' among the tools."
                        .formatted(Texts.abbreviated(name.shown()))));
  }

  private static Choice allowedTools(FieldTable table, Fields choice, List<ResponseTool> tools) {
    List<ResponseTool> shown = new ArrayList<>();
    List<Object> given =
        choice.array("tools").orElseThrow(() -> Params.missing(choice.param("tools")));
    for (int i = 0; i < given.size(); i++) {
      String param = choice.param("tools") + "[" + i + "]";
      Fields named = Fields.of(table, ResponseFields.CHOICE, given.get(i), param);
      named.string("type");
      shown.add(known(named, tools));
      named.settle(false);
    }
    String mode = choice.string("mode").orElse("auto");
    return switch (mode) {
      case "auto" -> {
        Set<String> names = new HashSet<>();
        shown.forEach(tool -> names.add(tool.name().shown()));
        yield new Choice(shown, new CallRules(false, names, false));
      }
      case "required" -> required(shown, shown, choice.param("tools"));
      default ->
          throw Params.invalidValue(choice.param("mode"), "'mode' must be auto or required.");
    };
  }

  /** What follows from {@code tool_choice}. */
  private record Choice(List<ResponseTool> shown, CallRules rules) {}
}
