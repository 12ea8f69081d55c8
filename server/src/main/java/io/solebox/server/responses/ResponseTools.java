package io.solebox.server.responses;

import io.solebox.server.answers.CallRules;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tools of a request.
 *
 * @param offered as chat templates take them; empty where none may be called
 * @param rules what must be called
 * @param custom names of those whose input is a text
 * @param given as they were sent, for the answer
 * @param choice as it was sent, for the answer
 */
record ResponseTools(
    List<Map<String, Object>> offered,
    CallRules rules,
    Set<String> custom,
    List<Object> given,
    Object choice) {
  private static final String NO_STRUCTURE =
      "This server does not hold arguments to a schema yet; send 'strict': false.";

  static ResponseTools read(FieldTable table, Fields body) {
    List<Object> tools = body.array("tools").orElse(List.of());
    List<Map<String, Object>> functions = new ArrayList<>();
    Set<String> custom = new HashSet<>();
    for (int i = 0; i < tools.size(); i++) {
      Fields tool = Fields.of(table, ResponseFields.TOOL, tools.get(i), "tools[" + i + "]");
      functions.add(tool(tool, custom));
    }
    Object asked = body.raw("tool_choice").orElse("auto");
    Choice choice = choice(table, functions, asked);
    boolean parallel = body.flag("parallel_tool_calls", true);
    return new ResponseTools(
        choice.shown(), choice.rules().withSingle(!parallel), Set.copyOf(custom), tools, asked);
  }

  private static Map<String, Object> tool(Fields tool, Set<String> custom) {
    String type = tool.string("type").orElseThrow(() -> Params.missing(tool.param("type")));
    Map<String, Object> offered = new LinkedHashMap<>();
    offered.put("type", "function");
    offered.put(
        "function",
        switch (type) {
          case "function" -> function(tool);
          case "custom" -> {
            custom.add(name(tool));
            refuseGrammar(tool);
            yield CustomTools.function(name(tool), tool.string("description").orElse(""));
          }
          default ->
              throw Params.unsupported(
                  tool.param("type"),
                  "Tools of type '%s' run on servers of others; this one has 'function' and 'custom'."
                      .formatted(Texts.abbreviated(type)));
        });
    tool.settle(false);
    return offered;
  }

  private static void refuseGrammar(Fields tool) {
    tool.raw("format")
        .map(format -> Fields.members(format, tool.param("format")).get("type"))
        .filter(type -> !"text".equals(type))
        .ifPresent(
            _ -> {
              throw Params.unsupported(
                  tool.param("format"), "This server does not hold inputs to a grammar yet.");
            });
  }

  private static String name(Fields tool) {
    return tool.string("name").orElseThrow(() -> Params.missing(tool.param("name")));
  }

  private static Map<String, Object> function(Fields tool) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name(tool));
    tool.string("description").ifPresent(text -> function.put("description", text));
    function.put(
        "parameters",
        tool.raw("parameters")
            .map(schema -> Fields.members(schema, tool.param("parameters")))
            .orElse(Map.of("type", "object", "properties", Map.of())));
    if (tool.flag("strict")) {
      throw Params.unsupported(tool.param("strict"), NO_STRUCTURE);
    }
    return function;
  }

  private static String nameOf(Map<String, Object> tool) {
    return (String) ((Map<?, ?>) tool.get("function")).get("name");
  }

  /** What the model is shown, since it would call what it sees, and what it must do. */
  private static Choice choice(FieldTable table, List<Map<String, Object>> tools, Object choice) {
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
      List<Map<String, Object>> shown, List<Map<String, Object>> callable, String param) {
    if (callable.isEmpty()) {
      throw Params.invalidValue(param, "A tool must be called, but 'tools' has none.");
    }
    Set<String> names = new HashSet<>();
    callable.forEach(tool -> names.add(nameOf(tool)));
    return new Choice(shown, new CallRules(true, names, false));
  }

  private static Choice object(FieldTable table, Fields choice, List<Map<String, Object>> tools) {
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

  private static Map<String, Object> known(Fields named, List<Map<String, Object>> tools) {
    String name = name(named);
    return tools.stream()
        .filter(tool -> nameOf(tool).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Params.invalidValue(
                    named.param("name"),
                    "There is no '%s' among the tools.".formatted(Texts.abbreviated(name))));
  }

  private static Choice allowedTools(
      FieldTable table, Fields choice, List<Map<String, Object>> tools) {
    List<Map<String, Object>> shown = new ArrayList<>();
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
        shown.forEach(tool -> names.add(nameOf(tool)));
        yield new Choice(shown, new CallRules(false, names, false));
      }
      case "required" -> required(shown, shown, choice.param("tools"));
      default ->
          throw Params.invalidValue(choice.param("mode"), "'mode' must be auto or required.");
    };
  }

  /** What follows from {@code tool_choice}. */
  private record Choice(List<Map<String, Object>> shown, CallRules rules) {}
}
