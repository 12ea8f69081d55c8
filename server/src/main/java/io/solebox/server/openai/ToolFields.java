package io.solebox.server.openai;

import io.solebox.server.answers.CallRules;
import io.solebox.server.formats.StrictTools;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}, and {@code functions}
 * and {@code function_call}, which were there before them.
 */
final class ToolFields {
  private static final int MAX_TOOLS = 512;

  /** Somewhat more than OpenAI has: programs put their servers' names in front. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

  private static final String CHOICE = "tool_choice";
  private static final String ALLOWED = "allowed_tools";

  private final FieldTable table;
  private final Fields body;
  private final StrictTools strict = new StrictTools();

  private ToolFields(FieldTable table, Fields body) {
    this.table = table;
    this.body = body;
  }

  /**
   * @throws io.solebox.server.http.Problem 400 that names the parameter
   */
  static ToolUse read(FieldTable table, Fields body) {
    ToolFields fields = new ToolFields(table, body);
    boolean legacy =
        !body.array("functions").orElse(List.of()).isEmpty()
            || body.raw("function_call").filter(Map.class::isInstance).isPresent();
    boolean newer = !body.array("tools").orElse(List.of()).isEmpty();
    if (legacy && newer) {
      throw Params.invalidValue(
          "functions", "'functions' and 'function_call' cannot stand beside 'tools'.");
    }
    ToolUse use = legacy ? fields.legacy() : fields.tools();
    return new ToolUse(use.tools(), fields.strict.with(use.rules(), use.tools()), use.legacy());
  }

  private ToolUse tools() {
    boolean parallel = body.flag("parallel_tool_calls", true);
    Optional<Object> choice = body.raw(CHOICE);
    List<Object> given = body.array("tools").orElse(List.of());
    if (choice.filter("none"::equals).isPresent()) {
      return ToolUse.NONE; // what is not shown is not called
    }
    Map<String, Map<String, Object>> tools = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      Fields tool = Fields.of(table, OpenAiFields.TOOL, given.get(i), "tools[" + i + "]");
      requireFunction(tool);
      add(
          tool.object("function", OpenAiFields.FUNCTION)
              .orElseThrow(() -> Params.missing(tool.param("function"))),
          tools);
      tool.settle(false);
    }
    return chosen(choice.orElse("auto"), tools, parallel);
  }

  private static void requireFunction(Fields tool) {
    String type = tool.string("type").orElseThrow(() -> Params.missing(tool.param("type")));
    if (!type.equals("function")) {
      throw Params.unsupported(
          tool.param("type"),
          "Only tools of type 'function' are supported, not '%s'."
              .formatted(Texts.abbreviated(type)));
    }
  }

  private void add(Fields function, Map<String, Map<String, Object>> tools) {
    String name = function.string("name").orElseThrow(() -> Params.missing(function.param("name")));
    if (!NAME.matcher(name).matches()) {
      throw Params.invalidValue(
          function.param("name"),
          "'%s' is '%s', but a name is 1 to 128 letters, digits and the signs _ - . : /."
              .formatted(function.param("name"), Texts.abbreviated(name)));
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", name);
    function.string("description").ifPresent(text -> shown.put("description", text));
    // As at OpenAI, a function without parameters takes none; templates want to hear it.
    shown.put("parameters", parameters(function));
    strict.read(function, name, "parameters", shown.get("parameters"));
    function.settle(false);
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", shown);
    if (tools.putIfAbsent(name, tool) != null) {
      throw Params.invalidValue(
          function.param("name"), "Two tools have the name '" + Texts.abbreviated(name) + "'.");
    }
    if (tools.size() > MAX_TOOLS) {
      throw Params.invalidValue("tools", "There are more than " + MAX_TOOLS + " tools.");
    }
  }

  private static Object parameters(Fields function) {
    Map<String, Object> none = new LinkedHashMap<>();
    none.put("type", "object");
    none.put("properties", Map.of());
    return function
        .raw("parameters")
        .map(given -> Fields.members(given, function.param("parameters")))
        .filter(schema -> !schema.isEmpty())
        .orElse(none);
  }

  private ToolUse chosen(Object choice, Map<String, Map<String, Object>> tools, boolean parallel) {
    ToolUse use =
        switch (choice) {
          case String mode when mode.equals("auto") -> auto(tools);
          case String mode when mode.equals("required") -> required(tools, tools.keySet());
          case Map<?, ?> _ -> object(tools);
          case String text ->
              throw Params.invalidValue(
                  CHOICE,
                  "'tool_choice' is '%s', but must be none, auto, required or an object."
                      .formatted(Texts.abbreviated(text)));
          case Object other -> throw Params.invalidType(CHOICE, "a string or an object", other);
        };
    return new ToolUse(use.tools(), use.rules().withSingle(!parallel), use.legacy());
  }

  private static ToolUse auto(Map<String, Map<String, Object>> tools) {
    return new ToolUse(List.copyOf(tools.values()), CallRules.FREE, false);
  }

  private static ToolUse required(Map<String, Map<String, Object>> tools, Set<String> names) {
    if (tools.isEmpty()) {
      throw Params.invalidValue(CHOICE, "A tool must be called, but 'tools' has none.");
    }
    return new ToolUse(List.copyOf(tools.values()), new CallRules(true, names, false), false);
  }

  /** One function by its name, or some of them. */
  private ToolUse object(Map<String, Map<String, Object>> tools) {
    Fields choice = body.object(CHOICE, OpenAiFields.TOOL_CHOICE).orElseThrow();
    String type = choice.string("type").orElseThrow(() -> Params.missing(choice.param("type")));
    ToolUse use =
        switch (type) {
          case "function" -> required(tools, Set.of(known(choice, tools)));
          case ALLOWED -> allowed(choice, tools);
          default ->
              throw Params.unsupported(
                  choice.param("type"),
                  "Only 'function' and 'allowed_tools' are supported, not '%s'."
                      .formatted(Texts.abbreviated(type)));
        };
    choice.settle(false);
    return use;
  }

  /** The name of a function that was offered. */
  private static String known(Fields named, Map<String, Map<String, Object>> tools) {
    Fields function =
        named
            .object("function", OpenAiFields.TOOL_CHOICE)
            .orElseThrow(() -> Params.missing(named.param("function")));
    String name = function.string("name").orElseThrow(() -> Params.missing(function.param("name")));
    if (!tools.containsKey(name)) {
      throw Params.invalidValue(
          function.param("name"),
          "There is no function '%s' among the tools.".formatted(Texts.abbreviated(name)));
    }
    function.settle(false);
    return name;
  }

  /** The model is shown those alone, since it would call what it sees. */
  private ToolUse allowed(Fields choice, Map<String, Map<String, Object>> tools) {
    // The members stand in an object of that name, or beside the type.
    Fields members = choice.object(ALLOWED, OpenAiFields.TOOL_CHOICE).orElse(choice);
    Set<String> names = new LinkedHashSet<>();
    List<Object> given =
        members.array("tools").orElseThrow(() -> Params.missing(members.param("tools")));
    for (int i = 0; i < given.size(); i++) {
      String param = members.param("tools") + "[" + i + "]";
      Fields named = Fields.of(table, OpenAiFields.TOOL_CHOICE, given.get(i), param);
      requireFunction(named);
      names.add(known(named, tools));
      named.settle(false);
    }
    String mode = members.string("mode").orElse("auto");
    if (!mode.equals("auto") && !mode.equals("required")) {
      throw Params.invalidValue(
          members.param("mode"),
          "'%s' is '%s', but must be auto or required."
              .formatted(members.param("mode"), Texts.abbreviated(mode)));
    }
    members.settle(false);
    Map<String, Map<String, Object>> shown = new LinkedHashMap<>(tools);
    shown.keySet().retainAll(names);
    if (mode.equals("required")) {
      return required(shown, names);
    }
    List<Map<String, Object>> list = new ArrayList<>(shown.values());
    return new ToolUse(list, new CallRules(false, names, false), false);
  }

  private ToolUse legacy() {
    Object choice = body.raw("function_call").orElse("auto");
    Map<String, Map<String, Object>> tools = new LinkedHashMap<>();
    List<Object> given = body.array("functions").orElse(List.of());
    if (choice.equals("none")) {
      return ToolUse.NONE;
    }
    for (int i = 0; i < given.size(); i++) {
      add(Fields.of(table, OpenAiFields.FUNCTION, given.get(i), "functions[" + i + "]"), tools);
    }
    ToolUse use = choice.equals("auto") ? auto(tools) : required(tools, Set.of(called(tools)));
    return new ToolUse(use.tools(), use.rules().withSingle(true), true);
  }

  private String called(Map<String, Map<String, Object>> tools) {
    if (body.raw("function_call").orElseThrow() instanceof String text) {
      throw Params.invalidValue(
          "function_call",
          "'function_call' is '%s', but must be none, auto or an object with a name."
              .formatted(Texts.abbreviated(text)));
    }
    Fields call = body.object("function_call", OpenAiFields.TOOL_CHOICE).orElseThrow();
    String name = call.string("name").orElseThrow(() -> Params.missing(call.param("name")));
    if (!tools.containsKey(name)) {
      throw Params.invalidValue(
          call.param("name"),
          "There is no function '%s' among 'functions'.".formatted(Texts.abbreviated(name)));
    }
    call.settle(false);
    return name;
  }
}
